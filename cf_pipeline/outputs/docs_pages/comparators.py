"""`docs/comparators.md`: where published figures come from, made from the list of what is read.

`python -m cf_pipeline.outputs.docs_pages.comparators > docs/comparators.md` writes the page anew. A test
compares it with the data.
"""

from __future__ import annotations

from cf_pipeline.comparators.neighbours import FEWEST_NEIGHBOURS
from cf_pipeline.comparators.open_data.catalogue import NEIGHBOURS, Catalogue, Dataset, catalogue
from cf_pipeline.comparators.releases import shipped_values

INTRODUCTION = f"""# Published figures

What our figures are set beside. This page is made from the data: `python -m
cf_pipeline.outputs.docs_pages.comparators > docs/comparators.md`.

## Where they come from

Open data of the Department for Education (explore education statistics, and the Local Authority
Interactive Tool) and mid-year population estimates of the Office for National Statistics, under the Open
Government Licence v3.0. A table of them ships with the product, so that a fresh copy compares at once.
Each value keeps its publication, release and file.

## Adding a release

1. Download the CSV of the table, or the long table of the Local Authority Interactive Tool.
2. Put it in `raw/_reference/`, under any name and as it is. A name that holds `release2026` says its
   release; otherwise its newest year does.
3. Run. Every authority is worked out again. A file is known by its columns and words; one of unknown
   shape, or of which no figure can be used, is refused by name (exit status 2, a failed check of
   `reference/comparators`) and the rest is used.

The table that ships holds England, London, Inner and Outer London, the City of London, Hackney and Rutland.
Another council adds the population file, or its rates per 10,000 stay absent with the reason; neighbours
are compared once the files of all authorities are there, and its region once a file with that region is.

Of several releases the newest is in use, value by value; the older ones stay in the lake. Of two files of
one release the data set that stands first below is used.

The layouts of the releases of 2022 to 2025 are known. A renamed column or category is one more spelling in
`cf_pipeline/comparators/open_data/data/datasets.toml`, a new series one row of `series.csv` beside it. A file
that lacks a column of its table is refused for the series of that column, by name; words of a known table
that no row has, and what is left out, are printed by `cf-pipeline run` and listed with
`reference/comparators` in Dagster.
`python -m cf_pipeline.comparators.shipped_table FOLDER` prints the table that ships, rebuilt from
the files of a folder.

An authority is known by DfE's number, by its GSS codes of today and before (Buckinghamshire: 825, E10000002,
E06000060) and by its name; its figures are under the code of our table of authorities. Figures of several
authorities together (Cornwall and Isles of Scilly), or of one that was divided or merged (Northamptonshire,
Cumbria, Dorset before 2019), are used for none of them, and the file is named.

## What is compared, and what is not

- Counts are never set beside another place: only percentages, and rates per 10,000 children.
  The population of a year is that of the middle of the year before (the year to March 2020: mid-2019);
  while it is not published, the newest earlier one, which the figure's `note` names.
- Percentages and rates of a stock: against the latest published year that had ended. Rates of events: a
  whole year, or the year-end forecast, never a part of a year.
- An authority is compared with its region (`region`), England and its statistical neighbours. Of a London
  borough the region is London (`london`, E12000007), and its part Inner London (E13000001) or Outer London
  (E13000002); no other authority is set beside London. Counts of regions and England are
  rounded to 10 where they are published.
- Neighbours: the median of the ten statistical neighbours, when at least {FEWEST_NEIGHBOURS} of them have a
  value that year. How close they are is said with it (`note` in `v_kpi_vs_neighbours`, and the table
  `dim_neighbour`): all ten of the City of London's are "Not close". The neighbours of 2025 ship; the
  department's table of another year in `raw/_reference/` takes their place.
- A KPI that is not what is published nationally (`comparator_note`), such as the narrow count of children
  in need or care leavers of all ages, names no published series. The published figures are there, marked
  `is_comparable = false` with the reason, and nothing is compared with them. Where the difference is
  small the KPI names the series, and the note is said with the comparison.
- Whole years are set beside what was published for the authority itself (`own_published`), counts too:
  the check `near_the_published_figures` of `kpi/comparison` warns where rounding does not explain the
  distance.
- Rates of looked-after children are published as whole numbers, those of children in need with one
  decimal place; they are two collections and are not mixed.

Symbols stand where a value does not, as they are published:

"""


def comparators_page() -> str:
    """The page as Markdown: the rules, the symbols, then every data set with its columns and series."""
    datasets = catalogue()
    symbols = [f"- `{symbol}`: {meaning}" for symbol, meaning in datasets.symbols.items()]
    years = shipped_values().groupby(["kpi_id", "dataset"])["year_ending"].agg(["min", "max"])
    years_shipped = {key: f"{row['min']} to {row['max']}" for key, row in years.iterrows()}
    sections = [_section(dataset, datasets, years_shipped) for dataset in datasets.datasets.values()]
    return INTRODUCTION + "\n".join([*symbols, "", "## What is read", "", *sections])


def _section(dataset: Dataset, datasets: Catalogue, years_shipped: dict[object, str]) -> str:
    series = datasets.series_of(dataset.name)
    publications = sorted({datasets.publications[entry.publication].title for entry in series})
    columns = [
        f"- {role.replace('_', ' ')}: {', '.join(f'`{spelling}`' for spelling in spellings)}"
        for role, spellings in dataset.columns.items()
    ]
    rows = [
        f"| `{entry.kpi_id}` | {entry.category} | {_column_words(entry.measure, entry.per)} | "
        f"{', '.join(f'{role} = {word}' for role, word in entry.where)} | "
        f"{years_shipped.get((entry.kpi_id, entry.dataset), '')} |"
        for entry in series
    ]
    table = ["| series | category | column | rows | ships for years ending |", "|---|---|---|---|---|", *rows]
    title = dataset.title or dataset.name.replace("_", " ").capitalize()
    if dataset.layout == NEIGHBOURS:
        return "\n".join([f"### {title}", "", "Ten columns, `SN_1` to `SN_10`, and how close each is.", ""])
    if not dataset.is_used:
        return "\n".join([f"### {title}", "", "Known, and no figure here is compared with it.", ""])
    lines = [f"### {title}", "", f"{'; '.join(publications)}.", ""]
    if columns:
        lines += ["Columns, newest spelling first:", "", *columns, ""]
    return "\n".join([*lines, *table, ""])


def _column_words(measure: str, per: str) -> str:
    return f"{measure} as a share of {per}" if per else measure


if __name__ == "__main__":
    print(comparators_page(), end="")

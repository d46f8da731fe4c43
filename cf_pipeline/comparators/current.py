"""Published figures of authorities, regions and the country: those that ship, and those a council adds.

`data/comparators.csv` ships facts from open data of the Department for Education and the Office for National
Statistics (Open Government Licence v3.0), for the series of the catalogue. Newer files are added by a council
in `raw/_reference/`. Where several say the same, the newest release is current; the others are kept.
"""

from __future__ import annotations

from importlib import resources

import pandas as pd

from cf_pipeline.comparators.open_data.catalogue import LONG, catalogue
from cf_pipeline.comparators.open_data.extract import KEY, VALUES

DTYPES = {
    "kpi_id": "str",
    "category": "str",
    "authority_code": "str",
    "year_ending": "Int64",
    "value": "Float64",
    "symbol": "str",
    "source": "str",
    "release": "str",
    "file": "str",
    "is_current": "boolean",
}
POPULATION = "pop_0_17"
POPULATION_DTYPES = {"authority_code": "str", "mid_year": "Int64", "persons": "Int64"}


def shipped_values() -> pd.DataFrame:
    """The table that ships, as `open_data` reads files (VALUES)."""
    path = resources.files("cf_pipeline.comparators") / "data" / "comparators.csv"
    with path.open(encoding="utf-8") as lines:
        return pd.read_csv(
            lines, dtype=VALUES, keep_default_na=False, na_values={"value": [""], "symbol": [""]}
        )


def comparators(read: pd.DataFrame) -> pd.DataFrame:
    """The figures that ship and those read from files.

    Args:
        read: the rows of `open_data.read_folder` (VALUES).

    Returns:
        One row a series, category, place, year, release and file: kpi_id (the series), category ('all' or
        an age, duration band or reason), authority_code (GSS), year_ending (2019 is the year that ended in
        2019), value, symbol where there is none (c, x, z, k, u, low, : or -), source, release, file, and
        is_current: the row of the newest release, true once for each series, category, place and year.
    """
    rows = newest_first(read, shipped_values())
    return rows.assign(source=_sources(rows), release=_releases(rows), is_current=~rows.duplicated(KEY))[
        list(DTYPES)
    ].astype(DTYPES)


def newest_first(read: pd.DataFrame, shipped: pd.DataFrame) -> pd.DataFrame:
    """Rows (VALUES) of both, the one in use first of each series, category, place and year.

    The newest release comes first; of one year's releases the data set that stands first in datasets.toml,
    then what was read before what ships. The same file read again stands there once.
    """
    order = {name: dataset.position for name, dataset in catalogue().datasets.items()}
    parts = [part.assign(is_shipped=is_shipped) for part, is_shipped in ((read, False), (shipped, True))]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows.assign(position=rows["dataset"].map(order)).sort_values(
        [*KEY, "released", "position", "is_shipped", "file"],
        ascending=[True] * len(KEY) + [False, True, True, True],
    )
    return rows.drop_duplicates([*KEY, "released", "dataset", "file"], ignore_index=True)[list(VALUES)]


def current(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of `comparators` that are in use: one a series, category, place and year."""
    return rows[rows["is_current"].astype(bool)].drop(columns="is_current").reset_index(drop=True)


def population(rows: pd.DataFrame) -> pd.DataFrame:
    """Children aged 0 to 17 by authority and mid-year, for rates per 10,000.

    Args:
        rows: the rows of `comparators`.

    Returns:
        authority_code, mid_year, persons: one row a place and mid-year (30 June) with an estimate.
    """
    known = current(rows[rows["kpi_id"].eq(POPULATION)])
    known = known[known["value"].notna()]
    return pd.DataFrame(
        {
            "authority_code": known["authority_code"],
            "mid_year": known["year_ending"],
            "persons": known["value"].round(),
        }
    ).astype(POPULATION_DTYPES)


def population_of(rows: pd.DataFrame, authority_code: str) -> pd.DataFrame:
    """mid_year and persons of one authority, out of the rows of `population`."""
    own = rows[rows["authority_code"].eq(authority_code)]
    return own[["mid_year", "persons"]].reset_index(drop=True)


def _sources(rows: pd.DataFrame) -> pd.Series:
    publications = catalogue().publications
    titles = {
        (each.kpi_id, each.category, each.dataset): publications[each.publication].title
        for each in catalogue().series
    }
    keys = pd.MultiIndex.from_frame(rows[["kpi_id", "category", "dataset"]])
    return pd.Series(keys.map(titles), index=rows.index, dtype="str")


def _releases(rows: pd.DataFrame) -> pd.Series:
    titles = {
        name: f"{dataset.title}, " for name, dataset in catalogue().datasets.items() if dataset.layout == LONG
    }
    prefix = rows["dataset"].map(lambda name: titles.get(name, "")).astype("str")
    return prefix + rows["released"].astype("str") + " release"

"""Published figures of authorities, regions and England: which release of each is current.

`data/comparators.csv` ships facts from open data of the Department for Education and the Office for National
Statistics (Open Government Licence v3.0) for the series of the catalogue. A council adds newer files in
`raw/_reference/`. Of several releases of one figure the newest is current; the others are kept.
"""

from __future__ import annotations

from importlib import resources

import pandas as pd

from cf_pipeline.comparators.open_data.catalogue import LONG, catalogue
from cf_pipeline.comparators.open_data.extract import KEY, VALUES
from cf_pipeline.contracts.tables import table_contract

COMPARATORS = table_contract("reference/comparators")
POPULATION_SERIES = "pop_0_17"
POPULATION = table_contract("reference/population")


def shipped_values() -> pd.DataFrame:
    """The published values that ship with the package, with the columns of VALUES."""
    path = resources.files("cf_pipeline.comparators") / "data" / "comparators.csv"
    with path.open(encoding="utf-8") as lines:
        return pd.read_csv(
            lines, dtype=VALUES.dtypes, keep_default_na=False, na_values={"value": [""], "symbol": [""]}
        )


def combine_releases(file_values: pd.DataFrame) -> pd.DataFrame:
    """The published figures that ship and those of the council's files, with the current ones marked.

    Args:
        file_values: the rows of `open_data.read_folder` (VALUES).

    Returns:
        One row a series, category, place, year, release and file: kpi_id (the series), category ('all' or
        an age, duration band or reason), authority_code (GSS), year_ending (2019 is the year that ended in
        2019), value, symbol where there is no value (c, x, z, k, u, low, : or -), source, release, file, and
        is_current: true for the row of the newest release, once for each series, category, place and year.
    """
    rows = order_by_release(file_values, shipped_values())
    return COMPARATORS.cast(
        rows.assign(source=_sources(rows), release=_releases(rows), is_current=~rows.duplicated(KEY))
    )


def order_by_release(file_values: pd.DataFrame, shipped_rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of both (VALUES), the current one first of each series, category, place and year.

    The newest release comes first; within one year's releases the data set that comes first in datasets.toml,
    then values of files before shipped ones. A file that was read twice occurs once.
    """
    positions = {name: dataset.position for name, dataset in catalogue().datasets.items()}
    parts = [file_values.assign(is_shipped=False), shipped_rows.assign(is_shipped=True)]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows.assign(position=rows["dataset"].map(positions)).sort_values(
        [*KEY, "released", "position", "is_shipped", "file"],
        ascending=[True] * len(KEY) + [False, True, True, True],
    )
    return rows.drop_duplicates([*KEY, "released", "dataset", "file"], ignore_index=True)[VALUES.column_names]


def select_current(comparators: pd.DataFrame) -> pd.DataFrame:
    """The current rows of `combine_releases`: one a series, category, place and year."""
    is_current = comparators["is_current"].astype(bool)
    return comparators[is_current].drop(columns="is_current").reset_index(drop=True)


def population_estimates(comparators: pd.DataFrame) -> pd.DataFrame:
    """Children aged 0 to 17 by authority and mid-year, for rates per 10,000.

    Args:
        comparators: as `combine_releases` returns them.

    Returns:
        authority_code, mid_year, persons: one row a place and mid-year (30 June) with an estimate.
    """
    estimates = select_current(comparators[comparators["kpi_id"].eq(POPULATION_SERIES)])
    estimates = estimates[estimates["value"].notna()]
    return POPULATION.cast(
        pd.DataFrame(
            {
                "authority_code": estimates["authority_code"],
                "mid_year": estimates["year_ending"],
                "persons": estimates["value"].round(),
            }
        )
    )


def authority_population(estimates: pd.DataFrame, authority_code: str) -> pd.DataFrame:
    """mid_year and persons of one authority, from the rows of `population_estimates`."""
    own = estimates[estimates["authority_code"].eq(authority_code)]
    return own[["mid_year", "persons"]].reset_index(drop=True)


def _sources(rows: pd.DataFrame) -> pd.Series:
    """The title of the publication of each row."""
    publications = catalogue().publications
    titles = {
        (series.kpi_id, series.category, series.dataset): publications[series.publication].title
        for series in catalogue().series
    }
    keys = pd.MultiIndex.from_frame(rows[["kpi_id", "category", "dataset"]])
    return pd.Series(keys.map(titles), index=rows.index, dtype="str")


def _releases(rows: pd.DataFrame) -> pd.Series:
    """The release of each row, such as '2025 release', after the title of a long table."""
    titles = {
        name: f"{dataset.title}, " for name, dataset in catalogue().datasets.items() if dataset.layout == LONG
    }
    prefix = rows["dataset"].map(lambda name: titles.get(name, "")).astype("str")
    return prefix + rows["released"].astype("str") + " release"

"""Statistical neighbours: the ten authorities most similar to each one, and the median of their figures.

`data/statistical_neighbours.csv` (Department for Education, Local Authority Interactive Tool) has one row an
authority and neighbour, with the neighbour's rank and its closeness in the tool's words. Some authorities
have no close neighbour: all ten of the City of London's are "Not close". Every median carries a note that
says so.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from importlib import resources

import pandas as pd

from cf_pipeline.comparators.open_data.neighbours import CLOSENESS, NEIGHBOURS
from cf_pipeline.contracts.tables import table_contract

FEWEST_NEIGHBOURS = 5
"""With values of fewer than half of the ten neighbours there is no median."""
NEIGHBOURS_SUFFIX = "-N"
MEDIANS = table_contract("published_v1/fact_comparator").without("is_comparable")
_SERIES = ["kpi_id", "category", "year_ending"]


@cache
def statistical_neighbours() -> pd.DataFrame:
    """The neighbours that ship (NEIGHBOURS): rank 1 is the closest, closeness one of CLOSENESS."""
    path = resources.files("cf_pipeline.comparators") / "data" / "statistical_neighbours.csv"
    with path.open(encoding="utf-8") as lines:
        return NEIGHBOURS.cast(pd.read_csv(lines, dtype="str").assign(file=None))


def combine_neighbours(file_rows: pd.DataFrame) -> pd.DataFrame:
    """The neighbours in use (NEIGHBOURS): those of a council's file; of authorities it lacks those that ship.

    Args:
        file_rows: `neighbours` of `open_data.read_folder`.
    """
    shipped = statistical_neighbours()
    kept = shipped[~shipped["authority_code"].isin(file_rows["authority_code"])]
    return NEIGHBOURS.concat([file_rows, kept]).sort_values(NEIGHBOURS.key, ignore_index=True)


def neighbours_code(authority_code: str) -> str:
    """The code of the median of an authority's neighbours, such as 'E09000001-N'."""
    return f"{authority_code}{NEIGHBOURS_SUFFIX}"


def neighbour_medians(
    rows: pd.DataFrame, authority_codes: Collection[str], neighbours: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The medians of the figures that the neighbours of some authorities published.

    Args:
        rows: current published figures (`comparators.select_current`).
        authority_codes: of the authorities whose neighbours are meant.
        neighbours: those in use (`combine_neighbours`); None for those that ship.

    Returns:
        One row (MEDIANS) an authority, series, category and year for which at least FEWEST_NEIGHBOURS
        neighbours have a value; withheld values are left out. authority_code is `neighbours_code`; source,
        release and file are those of the newest value; note gives the number of neighbours with a value and
        their closeness.
    """
    own = statistical_neighbours() if neighbours is None else neighbours
    own = own.drop(columns="file")
    own = own[own["authority_code"].isin(list(authority_codes))]
    known = rows[rows["value"].notna()].rename(columns={"authority_code": "neighbour_code"})
    pairs = own.merge(known, on="neighbour_code")
    if pairs.empty:
        return MEDIANS.empty()
    pairs = pairs.sort_values(["authority_code", *_SERIES, "release", "rank"])
    groups = pairs.groupby(["authority_code", *_SERIES], sort=True)
    medians = groups.agg(
        value=("value", "median"),
        source=("source", "last"),
        release=("release", "last"),
        file=("file", "last"),
        published=("value", "size"),
    )
    counts = pairs.pivot_table(
        index=["authority_code", *_SERIES], columns="closeness", values="rank", aggfunc="size", fill_value=0
    ).reindex(columns=list(CLOSENESS), fill_value=0)
    medians = medians.assign(note=_notes(counts, own.groupby("authority_code").size()))
    medians = medians[medians["published"].ge(FEWEST_NEIGHBOURS)].reset_index()
    codes = medians["authority_code"] + NEIGHBOURS_SUFFIX
    return MEDIANS.cast(medians.assign(authority_code=codes, symbol=None))


def _notes(counts: pd.DataFrame, neighbours: pd.Series) -> pd.Series:
    """One sentence a row of counts by closeness, made once for each distinct row."""
    totals = counts.index.get_level_values("authority_code").map(neighbours.to_dict())
    keys = list(zip(totals, *(counts[word] for word in CLOSENESS), strict=True))
    sentences = {
        key: f"Median of {sum(key[1:])} of its {key[0]} statistical neighbours, {_closeness_words(key[1:])}."
        for key in set(keys)
    }
    return pd.Series([sentences[key] for key in keys], index=counts.index, dtype="str")


def _closeness_words(counts: Collection[int]) -> str:
    words = [(count, word.lower()) for count, word in zip(counts, CLOSENESS, strict=True) if count]
    if len(words) == 1:
        return f"all {words[0][0]} {words[0][1]}"
    return ", ".join(f"{count} {word}" for count, word in words)

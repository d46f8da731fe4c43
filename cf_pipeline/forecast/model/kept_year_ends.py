"""The model's year ends row by row; those of the years before the newest are kept between runs.

Most deliveries change no figure of an earlier year, whose year ends cost as much as those of the newest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cf_pipeline.forecast.model.exceptional_quarters import describe_exceptional_quarters
from cf_pipeline.forecast.model.ranges import LEVELS
from cf_pipeline.forecast.model.year_end import (
    flow_year_ends,
    percentage_year_ends,
    stock_percentage_year_ends,
    stock_year_ends,
)
from cf_pipeline.forecast.series.known_periods import KnownPeriods
from cf_pipeline.forecast.series.period_matrix import TimelinePositions
from cf_pipeline.forecast.series.series_kind import FLOW, SHARE, STOCK, STOCK_SHARE
from cf_pipeline.results import Result, ResultStore, join_tables, result_key, table_of

YEAR_ENDS_BY_KIND = {
    FLOW: flow_year_ends,
    SHARE: percentage_year_ends,
    STOCK: stock_year_ends,
    STOCK_SHARE: stock_percentage_year_ends,
}
LEAST_STOCK_HISTORY = 3
"""Whole years before that the model of a stock needs."""
BOUNDS = {(side, level): f"{side}_{100 * level:.0f}" for level in LEVELS for side in ("lower", "upper")}
"""The column of each bound, by side and level."""
EXCEPTIONAL = "exceptional_quarters"
DTYPES = dict.fromkeys(("point", *BOUNDS.values()), "float64") | {EXCEPTIONAL: "str"}
TABLE = "year_ends"
"""The name of the table of a result."""


@dataclass(frozen=True)
class Group:
    """Rows whose known periods have one shape.

    members: their positions. kind: their series kind. years: the forecast year of each. sides: as
    `describe_exceptional_quarters` takes them.
    """

    members: np.ndarray
    kind: str
    history: KnownPeriods
    years: np.ndarray
    sides: np.ndarray

    def hash(self) -> str:
        """SHA-256 (hex) over all that decides the year ends of its rows."""
        history = self.history
        digest = hashlib.sha256(repr((self.kind, history.season_length, history.elapsed_periods)).encode())
        for values in (history.numerators, history.denominators, self.years, self.sides):
            if values is not None:
                digest.update(repr((values.shape, values.dtype)).encode())
                digest.update(values.tobytes())
        return digest.hexdigest()


def find_year_ends(
    rows: pd.DataFrame, positions: TimelinePositions, sides: np.ndarray, store: ResultStore
) -> Mapping[str, np.ndarray]:
    """The point, the bounds and the exceptional quarters of each row, by column.

    Numbers are NaN and texts '' where there is too little history.

    Args:
        rows: as `years_so_far` returns them.
        positions: of those rows on the timelines.
        sides: of each row, as `describe_exceptional_quarters` takes them.
        store: keeps the year ends of the years before the newest.
    """
    years = rows["year"].to_numpy(dtype="int64")
    is_past = years < years.max(initial=0)
    past, newest = (_group(positions, years, sides, is_wanted) for is_wanted in (is_past, ~is_past))
    found = {
        name: np.full(
            len(rows), "" if dtype == "str" else np.nan, dtype="object" if dtype == "str" else dtype
        )
        for name, dtype in DTYPES.items()
    }
    for groups, year_ends in ((past, _past_year_ends(past, store)), (newest, _year_ends(newest))):
        members = np.concatenate([np.empty(0, dtype="int64"), *(group.members for group in groups)])
        for name, cells in year_ends.items():
            found[name][members] = cells
    return found


def _group(
    positions: TimelinePositions, years: np.ndarray, sides: np.ndarray, is_wanted: np.ndarray
) -> list[Group]:
    """The rows that are wanted and have enough history, by shape."""
    return [
        Group(members, kind, history, years[members], sides[members])
        for members, kind, history in positions.group_by_shape(1, is_wanted)
        if kind not in (STOCK, STOCK_SHARE) or history.whole_years >= LEAST_STOCK_HISTORY
    ]


def _past_year_ends(groups: Sequence[Group], store: ResultStore) -> Mapping[str, np.ndarray]:
    """The year ends of the rows of each group, one group after the other: kept ones, or made and kept."""
    key = result_key("year ends", [group.hash() for group in groups])
    kept = store.find(key)
    if kept is None:
        kept = Result({}, {TABLE: table_of(pd.DataFrame(_year_ends(groups)).astype(DTYPES))})
        store.keep(key, kept)
    frame = join_tables([kept.tables[TABLE]], DTYPES)
    return {name: frame[name].to_numpy() for name in DTYPES}


def _year_ends(groups: Sequence[Group]) -> Mapping[str, np.ndarray]:
    """The year ends of the rows of each group, one group after the other."""
    parts: dict[str, list[np.ndarray]] = {name: [np.empty(0)] for name in DTYPES}
    for group in groups:
        ends = YEAR_ENDS_BY_KIND[group.kind](group.history)
        parts["point"].append(ends.point)
        for level in LEVELS:
            parts[BOUNDS["lower", level]].append(ends.lower[level])
            parts[BOUNDS["upper", level]].append(ends.upper[level])
        texts = np.full(len(group.members), "", dtype="object")
        if ends.past is not None:
            texts = describe_exceptional_quarters(ends.past, group.years, group.sides)
        parts[EXCEPTIONAL].append(texts)
    return {name: np.concatenate(each) for name, each in parts.items()}

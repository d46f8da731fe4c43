"""The model's year ends row by row; those that an earlier run made of the same periods are used again.

Most deliveries change few figures of earlier periods, and the year ends of all would cost as much each time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa

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
HASH_SIZE = 16
"""Bytes of the hash of a row."""
KEY = result_key("year ends")
"""All year ends of an authority are one result: its rows are found by their hashes."""
TABLE, ROW_HASH, FIRST_ROWS = "year_ends", "row_hash", "first_rows"
"""Of that result: its table, a column of hashes in it, the first row of each group by the group's hash."""
NOTHING_KEPT = Result(
    {FIRST_ROWS: {}},
    {
        TABLE: table_of(pd.DataFrame(columns=list(DTYPES)).astype(DTYPES)).append_column(
            ROW_HASH, pa.array([], pa.binary(HASH_SIZE))
        )
    },
)


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

    @cached_property
    def hash(self) -> str:
        """SHA-256 (hex) over all that decides the year ends of its rows."""
        return hashlib.sha256(self._shape + self._bytes.tobytes()).hexdigest()

    @cached_property
    def row_hashes(self) -> list[bytes]:
        """A hash of each row, over all that decides its year ends."""
        content, width = self._bytes.tobytes(), self._bytes.shape[1]
        start = hashlib.blake2b(self._shape, digest_size=HASH_SIZE)
        hashes = []
        for first in range(0, len(content), width):
            digest = start.copy()
            digest.update(content[first : first + width])
            hashes.append(digest.digest())
        return hashes

    def select(self, is_wanted: np.ndarray) -> Group:
        """Some of its rows."""
        history, denominators = self.history, self.history.denominators
        selected = replace(
            history,
            numerators=history.numerators[is_wanted],
            denominators=None if denominators is None else denominators[is_wanted],
        )
        return Group(
            self.members[is_wanted], self.kind, selected, self.years[is_wanted], self.sides[is_wanted]
        )

    @property
    def _shape(self) -> bytes:
        """What its rows have in common."""
        history = self.history
        shapes = [(values.shape[1:], str(values.dtype)) for values in self._values]
        return repr((self.kind, history.season_length, history.elapsed_periods, shapes)).encode()

    @cached_property
    def _bytes(self) -> np.ndarray:
        """The values of its rows as bytes: one row a row."""
        rows = len(self.members)
        return np.hstack(
            [np.ascontiguousarray(each).reshape(rows, -1).view("uint8") for each in self._values]
        )

    @property
    def _values(self) -> list[np.ndarray]:
        values = (self.history.numerators, self.history.denominators, self.years, self.sides)
        return [each for each in values if each is not None]


def find_year_ends(
    rows: pd.DataFrame, positions: TimelinePositions, sides: np.ndarray, store: ResultStore
) -> Mapping[str, np.ndarray]:
    """The point, the bounds and the exceptional quarters of each row, by column.

    Numbers are NaN and texts '' where there is too little history, and where no period is still to come.

    Args:
        rows: as `years_so_far` returns them.
        positions: of those rows on the timelines.
        sides: of each row, as `describe_exceptional_quarters` takes them.
        store: keeps the year ends, for one version of the product.
    """
    years = rows["year"].to_numpy(dtype="int64")
    is_past = years < years.max(initial=0)
    # Apart from the newest year, so that rows of years in which nothing has changed are found together.
    groups = [
        Group(members, kind, history, years[members], sides[members])
        for is_wanted in (is_past, ~is_past)
        for members, kind, history in positions.group_by_shape(1, is_wanted)
        if history.remaining_periods
        and (kind not in (STOCK, STOCK_SHARE) or history.whole_years >= LEAST_STOCK_HISTORY)
    ]
    found = {
        name: np.full(
            len(rows), "" if dtype == "str" else np.nan, dtype="object" if dtype == "str" else dtype
        )
        for name, dtype in DTYPES.items()
    }
    members = np.concatenate([np.empty(0, dtype="int64"), *(group.members for group in groups)])
    year_ends = join_tables([_find_or_make(groups, store)], DTYPES)
    for name, cells in found.items():
        cells[members] = year_ends[name].to_numpy()
    return found


def _find_or_make(groups: Sequence[Group], store: ResultStore) -> pa.Table:
    """The year ends of the rows of each group, one group after the other: kept ones, or made and kept."""
    kept = store.find(KEY) or NOTHING_KEPT
    first_rows, tables = kept.facts[FIRST_ROWS], [kept.tables[TABLE]]
    positions = list[np.ndarray]()
    row_by_hash: Mapping[bytes, int] = {}
    if any(group.hash not in first_rows for group in groups):
        row_by_hash = {each: row for row, each in enumerate(tables[0].column(ROW_HASH).to_pylist())}
    for group in groups:
        if group.hash in first_rows:
            positions.append(first_rows[group.hash] + np.arange(len(group.members)))
            continue
        found = np.array([row_by_hash.get(each, -1) for each in group.row_hashes], dtype="int64")
        if (is_new := found < 0).any():
            found[is_new] = sum(map(len, tables)) + np.arange(is_new.sum())
            tables.append(_year_ends(group.select(is_new)))
        positions.append(found)
    order = np.concatenate([np.empty(0, dtype="int64"), *positions])
    table = pa.concat_tables(tables).take(order)
    if not np.array_equal(order, np.arange(len(tables[0]))):
        starts = np.cumsum([0, *map(len, positions)])[:-1].tolist()
        first_rows = dict(zip((group.hash for group in groups), starts, strict=True))
        store.keep(KEY, Result({FIRST_ROWS: first_rows}, {TABLE: table}))
    return table


def _year_ends(group: Group) -> pa.Table:
    """The year ends of the rows of a group, with their hashes."""
    ends = YEAR_ENDS_BY_KIND[group.kind](group.history)
    cells = {"point": ends.point}
    for level in LEVELS:
        cells[BOUNDS["lower", level]] = ends.lower[level]
        cells[BOUNDS["upper", level]] = ends.upper[level]
    texts = np.full(len(group.members), "", dtype="object")
    if ends.past is not None:
        texts = describe_exceptional_quarters(ends.past, group.years, group.sides)
    frame = pd.DataFrame({**cells, EXCEPTIONAL: texts}).astype(DTYPES)
    return table_of(frame).append_column(ROW_HASH, pa.array(group.row_hashes, pa.binary(HASH_SIZE)))

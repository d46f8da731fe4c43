"""Figures by category and period: numerator, denominator, value, symbol and reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.kpi.definitions.conditions import Rows
from cf_pipeline.kpi.measure.categories.category_codes import CategoryCodes
from cf_pipeline.kpi.measure.periods import Periods, Reasons, has_reason

NOTHING, ABSENT = "z", "x"
NUMBERS = ("numerator", "denominator", "value")
EMPTY_DENOMINATOR = "There was nothing to measure in the period."
Counts = npt.NDArray[Any]
Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Grid:
    """The cell of each counted record: the position of its category and of its period in one number."""

    names: list[str]
    periods: Periods
    cell: npt.NDArray[np.int64]

    @classmethod
    def from_records(
        cls,
        records: Rows,
        periods: Periods,
        categories: CategoryCodes | None = None,
        names: list[str] | None = None,
    ) -> Grid:
        """The grid of some records by category (in the order of `names`) and period; one category if None."""
        names = ["all"] if names is None else names
        period = records["period"].to_numpy(dtype="int64")
        if categories is None:
            return cls(names, periods, period)
        cell = np.multiply(categories.codes_in(names), len(periods), dtype="int64")
        cell += period
        return cls(names, periods, cell)

    def counts(self) -> Counts:
        """The number of records in each category (rows) and period (columns)."""
        return self._by_category(np.bincount(self.cell, minlength=self._size))

    def sums(self, values: pd.Series) -> Counts:
        """The sum of the records' values in each cell."""
        weights = values.to_numpy(dtype="float64")
        return self._by_category(np.bincount(self.cell, weights=weights, minlength=self._size))

    def medians(self, values: pd.Series) -> Counts:
        """The exact median of the records' values in each cell; 0 where there are none.

        Values are sorted once by cell and value; a median is the middle one or the mean of the middle two.
        """
        number = values.to_numpy(dtype="float64")
        ordered = np.append(number[np.lexsort((number, self.cell))], 0.0)
        count = np.bincount(self.cell, minlength=self._size)
        first = np.cumsum(count) - count
        low, high = first + np.maximum(count - 1, 0) // 2, first + count // 2
        return self._by_category(np.where(count > 0, (ordered[low] + ordered[high]) / 2, 0.0))

    @property
    def _size(self) -> int:
        return len(self.names) * len(self.periods)

    def _by_category(self, flat: Counts) -> Counts:
        return flat.reshape(len(self.names), len(self.periods)).astype("float64")


@dataclass(frozen=True)
class Figures:
    """Numerators, denominators and values of some categories (rows) and periods (columns).

    A count has no denominator, a median no numerator. `records` is the number of records of both sides.
    """

    numerator: Counts | None
    denominator: Counts | None
    value: Counts
    records: Counts

    def is_in_use(self, periods: Periods) -> npt.NDArray[np.bool_]:
        """Whether each category (rows) has a record in any period of each basis (columns)."""
        has_record = self.records > 0
        return np.stack([has_record[:, part].any(axis=1) for part in periods.part_slices], axis=1)


def count_figures(numerator: Counts, records: Counts) -> Figures:
    """Figures of a count: the value is the numerator."""
    return Figures(numerator, None, numerator, records)


def ratio_figures(numerator: Counts, denominator: Counts, scale: int, records: Counts) -> Figures:
    """Figures of a ratio times `scale`; without a value where the denominator is 0."""
    value = numerator * scale / np.where(denominator == 0, np.nan, denominator)
    return Figures(numerator, denominator, value, records)


@dataclass(frozen=True)
class KpiTexts:
    """The id of a KPI, and the words beside its figures in each period.

    `reasons` hold why a period is absent, `notes` the reason published beside a figure that is there,
    `population_notes` which other year's population it is worked out with.
    """

    kpi_id: str
    reasons: Reasons
    notes: Reasons
    population_notes: Reasons


@dataclass(frozen=True)
class Block:
    """The figures of one KPI in one breakdown.

    Attributes:
        texts: of the KPI.
        breakdown: name of the breakdown.
        names: its categories, the rows of `figures`.
        figures: numerators, denominators and values.
        has_rows: whether each category has a row in the periods of each basis (columns); all when None.
        only_covered: leave out the periods that the deliveries do not cover.
    """

    texts: KpiTexts
    breakdown: str
    names: list[str]
    figures: Figures
    has_rows: npt.NDArray[np.bool_] | None = None
    only_covered: bool = False


def fact_rows(
    blocks: Sequence[Block], periods: Periods, dtypes: Mapping[str, str], **constants: Any
) -> pd.DataFrame:
    """One row for each category and period of each block: KPI by KPI, each of them basis by basis.

    The rows of all blocks are made at once: a small frame takes longer than counting what is in it.

    Args:
        blocks: the figures, those of a KPI one after the other.
        periods: the periods of the figures.
        dtypes: the columns and their dtypes.
        constants: the columns that are the same on every row.

    Returns:
        quarter_key, basis, kpi_id, breakdown, category, numerator, denominator, value, symbol, reason, note
        and the constant columns. Not covered: 'x'; a denominator of 0: 'z'; both without a value.
    """
    kpis = list({id(block.texts): block.texts for block in blocks}.values())
    is_covered = ~has_reason(np.concatenate([kpi.reasons for kpi in kpis]))
    block, line, kpi, period = _place_rows(blocks, kpis, periods, is_covered)
    place = kpi * len(periods) + period  # of the words of a KPI in a period
    covered = is_covered[place]
    numbers = {name: np.where(covered, _numbers_of(blocks, name)[line, period], np.nan) for name in NUMBERS}
    empty = covered & (numbers["denominator"] == 0)
    numbers["value"][empty] = np.nan
    reasons = np.concatenate([*(each.reasons for each in kpis), *(each.notes for each in kpis)])
    reason, reasons = pd.factorize(np.append(reasons, EMPTY_DENOMINATOR))
    note, notes = pd.factorize(np.concatenate([each.population_notes for each in kpis]))
    names = [name for each in blocks for name in each.names]
    category, categories = pd.factorize(np.array(names, dtype=object))
    texts: dict[str, tuple[Any, Counts]] = {
        "quarter_key": (periods.keys, period),
        "basis": (periods.bases, period),
        "kpi_id": ([each.kpi_id for each in kpis], kpi),
        "breakdown": ([each.breakdown for each in blocks], block),
        "category": (categories, category[line]),
        "symbol": ([ABSENT, NOTHING], np.select([~covered, empty], [0, 1], -1)),
        "reason": (reasons, np.where(empty, reason[-1], reason[place + covered * len(is_covered)])),
        "note": (notes, np.where(covered, note[place], -1)),
    }
    same = np.zeros(len(line), dtype="int64")
    texts |= {name: ([value], same) for name, value in constants.items()}
    columns = {
        name: pd.Series(values, dtype=dtypes[name]).array.take(positions, allow_fill=True)
        for name, (values, positions) in texts.items()
    } | {name: pd.Series(values, dtype=dtypes[name]).array for name, values in numbers.items()}
    return pd.DataFrame({name: columns[name] for name in dtypes}, copy=False)


def _place_rows(
    blocks: Sequence[Block], kpis: Sequence[KpiTexts], periods: Periods, is_covered: npt.NDArray[np.bool_]
) -> tuple[Positions, Positions, Positions, Positions]:
    """The positions of the block of each row, its category among all, its KPI and its period."""
    positions = {id(kpi): position for position, kpi in enumerate(kpis)}
    kpi_of_block = np.array([positions[id(block.texts)] for block in blocks])
    block_of_line = np.repeat(np.arange(len(blocks)), [len(block.names) for block in blocks])
    all_parts = np.ones((1, periods.part_count), dtype=bool)
    has_rows = np.concatenate(
        [
            np.repeat(all_parts, len(block.names), axis=0) if block.has_rows is None else block.has_rows
            for block in blocks
        ]
    )
    only_covered = np.array([block.only_covered for block in blocks])
    covered = is_covered.reshape(len(kpis), len(periods))[kpi_of_block] | ~only_covered[:, None]
    line, period = np.nonzero(has_rows[:, periods.part_positions] & covered[block_of_line])
    kpi = kpi_of_block[block_of_line[line]]
    order = np.argsort(kpi * periods.part_count + periods.part_positions[period], kind="stable")
    line, period, kpi = line[order], period[order], kpi[order]
    return block_of_line[line], line, kpi, period


def _numbers_of(blocks: Sequence[Block], name: str) -> Counts:
    """The numerators, denominators or values by category and period, missing where there are none."""
    numbers = [(block.figures.value, getattr(block.figures, name)) for block in blocks]
    return np.concatenate(
        [np.full(value.shape, np.nan) if found is None else found for value, found in numbers]
    )

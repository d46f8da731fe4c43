"""Members counted into cells: one row a category and period, with value, symbol and reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.kpi.definitions.conditions import Rows
from cf_pipeline.kpi.measure.availability import Words, has_words
from cf_pipeline.kpi.measure.category_codes import Coded
from cf_pipeline.kpi.measure.periods import Periods

NOTHING, ABSENT = "z", "x"
EMPTY_DENOMINATOR = "There was nothing to measure in the period."
Counts = npt.NDArray[Any]


@dataclass(frozen=True)
class Grid:
    """Where each member of a side falls: its category's position, and its period's."""

    names: list[str]
    periods: Periods
    cell: npt.NDArray[np.int64]

    @classmethod
    def of(
        cls,
        members: Rows,
        periods: Periods,
        categories: Coded | None = None,
        names: list[str] | None = None,
    ) -> Grid:
        """The grid of some members by category (in the order of `names`) and period; one category if None."""
        names = ["all"] if names is None else names
        period = members["period"].to_numpy(dtype="int64")
        if categories is None:
            return cls(names, periods, period)
        return cls(names, periods, categories.among(names).astype("int64") * len(periods) + period)

    def counts(self) -> Counts:
        """How many members fall in each category (rows) and period (columns)."""
        return self._shaped(np.bincount(self.cell, minlength=self._size))

    def sums(self, values: pd.Series) -> Counts:
        """The sum of the members' values in each cell."""
        weights = values.to_numpy(dtype="float64")
        return self._shaped(np.bincount(self.cell, weights=weights, minlength=self._size))

    def medians(self, values: pd.Series) -> Counts:
        """The exact median of the members' values in each cell; 0 where there are none.

        Sorted once by cell and value; the middle one of each cell, or the mean of the middle two.
        """
        number = values.to_numpy(dtype="float64")
        ordered = np.append(number[np.lexsort((number, self.cell))], 0.0)
        count = np.bincount(self.cell, minlength=self._size)
        first = np.cumsum(count) - count
        low, high = first + np.maximum(count - 1, 0) // 2, first + count // 2
        return self._shaped(np.where(count > 0, (ordered[low] + ordered[high]) / 2, 0.0))

    @property
    def _size(self) -> int:
        return len(self.names) * len(self.periods)

    def _shaped(self, flat: Counts) -> Counts:
        return flat.reshape(len(self.names), len(self.periods)).astype("float64")


@dataclass(frozen=True)
class Measured:
    """Numerators, denominators and values of some categories (rows) and periods (columns).

    A count has no denominator, a median no numerator.
    """

    above: Counts | None
    below: Counts | None
    value: Counts


def count_of(above: Counts) -> Measured:
    """A count: its value is the numerator."""
    return Measured(above, None, above)


def ratio_of(above: Counts, below: Counts, scale: int) -> Measured:
    """A ratio times `scale`; without a value where the denominator is 0."""
    return Measured(above, below, above * scale / np.where(below == 0, np.nan, below))


@dataclass(frozen=True)
class Cells:
    """The periods of a KPI with the reasons why some lack it and the notes on others.

    `of_kpi` holds the columns that are the same on each of its rows.
    """

    periods: Periods
    reasons: Words
    notes: Words
    of_kpi: dict[str, str]

    def block(
        self, breakdown: str, names: list[str], measured: Measured, only_covered: bool = False
    ) -> dict[str, Counts]:
        """One row a category and period, as arrays of one length; those of a period not covered are optional.

        Returns:
            quarter_key, breakdown, category, numerator, denominator, value, symbol, reason, and what
            `of_kpi` says of every row. Not covered: 'x'; a denominator of 0: 'z'; both without a value.
        """
        size = len(names) * len(self.periods)
        reasons = np.tile(self.reasons, len(names))
        covered = np.tile(~has_words(self.reasons), len(names))
        numerator = _where(covered, measured.above)
        denominator = _where(covered, measured.below)
        empty = covered & (denominator == 0)
        notes = np.tile(self.notes, len(names))
        rows = {name: np.full(size, word, dtype=object) for name, word in self.of_kpi.items()} | {
            "quarter_key": np.tile(np.array(self.periods.keys, dtype=object), len(names)),
            "breakdown": np.full(size, breakdown, dtype=object),
            "category": np.repeat(np.array(names, dtype=object), len(self.periods)),
            "numerator": numerator,
            "denominator": denominator,
            "value": np.where(empty, np.nan, _where(covered, measured.value)),
            "symbol": _words(empty, NOTHING, _words(~covered, ABSENT, np.full(size, None, dtype=object))),
            "reason": _words(empty, EMPTY_DENOMINATOR, np.where(covered, notes, reasons)),
        }
        if only_covered and not covered.all():
            return {name: values[covered] for name, values in rows.items()}
        return rows


def frame_of(blocks: list[dict[str, Counts]], dtypes: Mapping[str, str], **same: Any) -> pd.DataFrame:
    """The rows of all blocks one under the other, and the columns that are the `same` on every row.

    The columns are those of `dtypes`, made of their dtype at once: casting a frame takes longer than
    counting a small one.
    """
    columns = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    rows = sum(len(block["value"]) for block in blocks)
    columns |= {name: np.full(rows, value, dtype=object) for name, value in same.items()}
    return pd.DataFrame({name: pd.Series(columns[name], dtype=dtype) for name, dtype in dtypes.items()})


def _words(mask: npt.NDArray[np.bool_], word: str, others: Counts) -> Counts:
    changed = others.copy()
    changed[mask] = word
    return changed


def _where(covered: npt.NDArray[np.bool_], numbers: Counts | None) -> Counts:
    return np.full(len(covered), np.nan) if numbers is None else np.where(covered, numbers.ravel(), np.nan)

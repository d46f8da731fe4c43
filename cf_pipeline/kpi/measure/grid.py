"""Figures by category and period: numerator, denominator, value, symbol and reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.kpi.definitions.conditions import Rows
from cf_pipeline.kpi.measure.category_codes import CategoryCodes
from cf_pipeline.kpi.measure.periods import Periods, Reasons, has_reason

NOTHING, ABSENT = "z", "x"
EMPTY_DENOMINATOR = "There was nothing to measure in the period."
Counts = npt.NDArray[Any]


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
        return cls(names, periods, categories.codes_in(names).astype("int64") * len(periods) + period)

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

    A count has no denominator, a median no numerator.
    """

    numerator: Counts | None
    denominator: Counts | None
    value: Counts


def count_figures(numerator: Counts) -> Figures:
    """Figures of a count: the value is the numerator."""
    return Figures(numerator, None, numerator)


def ratio_figures(numerator: Counts, denominator: Counts, scale: int) -> Figures:
    """Figures of a ratio times `scale`; without a value where the denominator is 0."""
    value = numerator * scale / np.where(denominator == 0, np.nan, denominator)
    return Figures(numerator, denominator, value)


@dataclass(frozen=True)
class FactRows:
    """Makes the fact rows of one KPI, of periods of one basis or several.

    `reasons` hold why a period is absent, `notes` the reason published beside a figure that is there,
    `population_notes` which other year's population it is worked out with; `constants` the columns that are
    the same on every row.
    """

    periods: Periods
    reasons: Reasons
    notes: Reasons
    population_notes: Reasons
    constants: dict[str, str]

    def block(
        self,
        breakdown: str,
        names: list[str],
        figures: Figures,
        names_of_parts: Sequence[Sequence[str]] = (),
        only_covered: bool = False,
    ) -> dict[str, Counts]:
        """One row for each category and period, as arrays of one length.

        Args:
            breakdown: name of the breakdown.
            names: its categories, the rows of `figures`.
            figures: numerators, denominators and values.
            names_of_parts: the categories that have a row in the periods of each basis; all when empty.
            only_covered: leave out the periods that the deliveries do not cover.

        Returns:
            quarter_key, basis, breakdown, category, numerator, denominator, value, symbol, reason, note and
            the constant columns. Not covered: 'x'; a denominator of 0: 'z'; both without a value.
        """
        size = len(names) * len(self.periods)
        reasons = np.tile(self.reasons, len(names))
        covered = np.tile(~has_reason(self.reasons), len(names))
        numerator = _only_where(covered, figures.numerator)
        denominator = _only_where(covered, figures.denominator)
        empty = covered & (denominator == 0)
        notes = np.tile(self.notes, len(names))
        rows = {name: np.full(size, text, dtype=object) for name, text in self.constants.items()} | {
            "quarter_key": np.tile(np.array(self.periods.keys, dtype=object), len(names)),
            "basis": np.tile(np.array(self.periods.bases, dtype=object), len(names)),
            "breakdown": np.full(size, breakdown, dtype=object),
            "category": np.repeat(np.array(names, dtype=object), len(self.periods)),
            "numerator": numerator,
            "denominator": denominator,
            "value": np.where(empty, np.nan, _only_where(covered, figures.value)),
            "symbol": _replace(np.full(size, None, dtype=object), {ABSENT: ~covered, NOTHING: empty}),
            "reason": _replace(np.where(covered, notes, reasons), {EMPTY_DENOMINATOR: empty}),
        }
        rows["note"] = np.tile(self.population_notes, len(names))
        rows["note"][~covered] = None
        is_kept = covered if only_covered else np.ones(size, dtype=bool)
        if names_of_parts:
            is_kept = is_kept & self._is_named(names, names_of_parts)
        return rows if is_kept.all() else {name: values[is_kept] for name, values in rows.items()}

    def _is_named(self, names: list[str], names_of_parts: Sequence[Sequence[str]]) -> Counts:
        """Whether each category (of all `names`) has a row in each period."""
        in_part = np.array([[name in part for part in names_of_parts] for name in names], dtype=bool)
        in_part = in_part.reshape(len(names), len(names_of_parts))
        return in_part[:, self.periods.part_positions].ravel()


def names_in_use(names: list[str], counts: Counts, periods: Periods) -> list[list[str]]:
    """Of each basis the categories that have a record in any of its periods.

    Args:
        names: the categories, the rows of `counts`.
        counts: the number of records in each category and period.
        periods: the periods, the columns of `counts`.
    """
    parts = periods.part_positions
    used: list[Counts] = [
        np.any(counts[:, parts == part], axis=1) for part in range(len(periods.parts or (periods,)))
    ]
    return [[name for name, is_used in zip(names, mask, strict=True) if is_used] for mask in used]


def in_order_of_bases(blocks: Iterable[dict[str, Counts]], periods: Periods) -> list[dict[str, Counts]]:
    """Blocks of one basis each, one basis after another, from blocks with the periods of several bases."""
    made = list(blocks)
    return [
        {name: values[is_of_basis] for name, values in block.items()}
        for part in periods.parts
        for block in made
        if (is_of_basis := block["basis"] == part.basis).any()
    ]


def concat_blocks(
    blocks: list[dict[str, Counts]], dtypes: Mapping[str, str], **constants: Any
) -> pd.DataFrame:
    """The rows of all blocks, and the columns that are the same on every row.

    The columns are those of `dtypes`. Each is made with its dtype at once: casting a DataFrame takes longer
    than counting a small one.
    """
    columns = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    rows = sum(len(block["value"]) for block in blocks)
    columns |= {name: np.full(rows, value, dtype=object) for name, value in constants.items()}
    return pd.DataFrame({name: pd.Series(columns[name], dtype=dtype) for name, dtype in dtypes.items()})


def _replace(texts: Counts, masks: Mapping[str, npt.NDArray[np.bool_]]) -> Counts:
    """Set each text of `masks` where its mask is true."""
    for text, mask in masks.items():
        texts[mask] = text
    return texts


def _only_where(mask: npt.NDArray[np.bool_], numbers: Counts | None) -> Counts:
    return np.full(len(mask), np.nan) if numbers is None else np.where(mask, numbers.ravel(), np.nan)

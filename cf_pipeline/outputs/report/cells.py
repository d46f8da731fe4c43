"""The cells of the report's tables: a figure with its digits, or in words why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from cf_pipeline.contracts.rounding import (
    as_written,
    displayed_figure,
    exact,
    round_exactly,
    round_half_up,
    round_range,
)
from cf_pipeline.outputs.report.model import Cell
from cf_pipeline.outputs.report.words import phrase

NOT_AVAILABLE = "not available"
NONE_IN_PERIOD = "none in the period"
WITHOUT_VALUE = {
    "x": NOT_AVAILABLE,
    "z": NONE_IN_PERIOD,
    "c": "c",
    "k": "rounds to 0",
    "u": "too uncertain to show",
}
"""Why there is no figure, in words, by the symbol in its place."""
_SMALL_DENOMINATOR = 20
_SAFE_DECIMALS = 9


HIDDEN_CELL = Cell(WITHOUT_VALUE["c"], is_figure=False, unseen=phrase("report", "hidden"))
"""The cell of a figure that is hidden: its symbol, which screen readers read as 'hidden'."""
NOT_COMPARED = Cell("", is_figure=False, unseen=phrase("report", "not_compared"))
"""The cell of a comparison that is not made: a dash, which screen readers read as 'not compared'."""


@dataclass
class NoteList:
    """The reasons of missing or unusual figures, each listed once and numbered from 1."""

    texts: list[str] = field(default_factory=list)

    def number(self, text: str) -> int:
        """The number of a note; the next free one when the text is new."""
        if text not in self.texts:
            self.texts.append(text)
        return self.texts.index(text) + 1


def figure_cell(row: Any, kpi: Any, notes: NoteList, *, in_full: bool = False) -> Cell:
    """The cell of one row of `fact_kpi_quarterly`.

    A percentage of fewer than 20 is written as 'n of d': one case more would move it by points.

    Args:
        row: the row, or None when there is none.
        kpi: its row of `dim_kpi`.
        notes: where the reason of a missing or unusual figure goes.
        in_full: add to a percentage the counts behind it.
    """
    if row is None:
        reason = phrase("measures", "no_figure_of_period")
        return Cell(NOT_AVAILABLE, note=notes.number(reason), is_figure=False)
    if not pd.isna(row.symbol) and row.symbol == "c":
        return HIDDEN_CELL
    sentences = [str(text) for text in (row.reason, getattr(row, "note", None)) if not pd.isna(text) and text]
    note = notes.number(" ".join(sentences)) if sentences else None
    if not pd.isna(row.symbol) or pd.isna(row.value):
        symbol = "x" if pd.isna(row.symbol) else str(row.symbol)
        return Cell(WITHOUT_VALUE.get(symbol, NOT_AVAILABLE), note=note, is_figure=False)
    if is_share(kpi):
        return _share(row, kpi, note, in_full=in_full)
    return Cell(format_number(row.value, kpi.decimals), note=note)


def _share(row: Any, kpi: Any, note: int | None, *, in_full: bool) -> Cell:
    whole = exact(row.denominator)
    if whole is None or pd.isna(row.numerator) or not whole:
        return Cell(f"{format_number(row.value, kpi.decimals)}%", note=note)
    counts = f"{format_number(row.numerator, 0)} of {format_number(row.denominator, 0)}"
    if whole < _SMALL_DENOMINATOR:
        return Cell(counts, note=note)
    percentage = displayed_figure(row.numerator, row.denominator, int(kpi.decimals))
    return Cell(f"{percentage}%", detail=counts if in_full else "", note=note)


def band_cell(row: Any, notes: NoteList, *, in_full: bool = True) -> Cell:
    """The cell of one band of a distribution: the count; in full with its share of 20 or more."""
    if row is None or not pd.isna(row.symbol) or pd.isna(row.numerator):
        return figure_cell(row, None, notes)
    whole = exact(row.denominator)
    if whole is None or whole < _SMALL_DENOMINATOR or not in_full:
        return Cell(format_number(row.numerator, 0))
    return Cell(
        format_number(row.numerator, 0), detail=f"{displayed_figure(row.numerator, row.denominator, 0)}%"
    )


def is_share(kpi: Any) -> bool:
    """Whether a KPI is a percentage (0 to 100)."""
    return kpi is not None and kpi.kind in {"percentage", "distribution"}


def value_cell(value: Any, kpi: Any) -> Cell:
    """The cell of a figure that is stored without its integers: a forecast, or a published one."""
    return Cell(f"{format_number(value, kpi.decimals)}{'%' if is_share(kpi) else ''}")


def range_words(lower: Any, upper: Any, kpi: Any) -> str:
    """A range, such as '6 to 7' or '0% to 1%'; a range that has a width is never shown without one."""
    low, high = (round_exactly(as_written(end), _SAFE_DECIMALS) for end in (lower, upper))
    unit = "%" if is_share(kpi) else ""
    return " to ".join(f"{end:,}{unit}" for end in round_range(low, high, int(kpi.decimals)))


def format_number(value: Any, decimals: Any) -> str:
    """A number rounded half up (docs/rulings.md#1), with commas at the thousands.

    A float may lie a little below the tie that its integers give: 57.49999999999999 for 57.5. So it is first
    rounded to 9 decimals. A ratio of integers below ten million lies that near a tie only when it is one.
    """
    figure = exact(value)
    if figure is None:
        raise ValueError("a missing figure cannot be shown")
    return f"{round_half_up(round_exactly(figure, _SAFE_DECIMALS), int(decimals)):,}"

"""The cells of the public page's tables: a figure, the symbol of a hidden one, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from cf_pipeline.outputs.public_release import PERCENTAGES
from cf_pipeline.outputs.report.cells import format_number

NOT_AVAILABLE = "not available"
NONE_IN_PERIOD = "none in the period"
WITHOUT_VALUE = {
    "x": NOT_AVAILABLE,
    "z": NONE_IN_PERIOD,
    "k": "rounds to 0",
    "u": "too uncertain to show",
}
"""What stands for each symbol but that of hidden figures."""
SMALL_DENOMINATOR = 20


@dataclass(frozen=True)
class PublicCell:
    """One cell: its text, a detail in smaller type, and what it is.

    `is_hidden`: the text is the symbol, which screen readers read as 'hidden'. A cell without text stands
    where there is no such figure.
    """

    text: str = ""
    detail: str = ""
    is_figure: bool = False
    is_hidden: bool = False


@dataclass(frozen=True)
class CellWriter:
    """Writes figures of a release, whose hidden figures have `symbol`."""

    symbol: str

    def figure(self, row: Any, kpi: Any) -> PublicCell:
        """The cell of a row of `fact_kpi_quarterly`, or of None where there is none.

        A percentage of fewer than 20 is written as 'n of d': one case more would move it by points.
        """
        if row is None:
            return PublicCell()
        if not pd.isna(row.symbol) or pd.isna(row.value):
            return self._symbol("x" if pd.isna(row.symbol) else str(row.symbol))
        text = value_text(row.value, kpi)
        if kpi.kind not in PERCENTAGES or pd.isna(row.numerator) or pd.isna(row.denominator):
            return PublicCell(text, is_figure=True)
        counts = f"{format_number(row.numerator, 0)} of {format_number(row.denominator, 0)}"
        if row.denominator < SMALL_DENOMINATOR:
            return PublicCell(counts, is_figure=True)
        return PublicCell(text, counts, is_figure=True)

    def _symbol(self, symbol: str) -> PublicCell:
        if symbol == self.symbol:
            return PublicCell(symbol, is_hidden=True)
        return PublicCell(WITHOUT_VALUE.get(symbol, NOT_AVAILABLE))


def value_text(value: Any, kpi: Any) -> str:
    """A value as it is shown: percentages whole, others with the KPI's decimals."""
    if kpi.kind in PERCENTAGES:
        return f"{format_number(value, 0)}%"
    return format_number(value, kpi.decimals)

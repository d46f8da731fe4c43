"""Cells of the pages: a figure as the reports show it, with the published number for the files."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cf_pipeline.dashboard.content import Cell
from cf_pipeline.outputs.charts.words import has_value
from cf_pipeline.outputs.report import cells as report
from cf_pipeline.outputs.report.cells import NoteList, format_number
from cf_pipeline.outputs.report.model import Cell as ReportCell

NOT_COMPARED = Cell("–", value="", unseen="not compared")
"""The cell of a comparison that is not made."""


def figure_cell(row: Any, kpi: Any, href: str | None = None) -> Cell:
    """The figure of a row of `fact_kpi_quarterly`, or why there is none; a share has its counts below.

    Args:
        row: the row, None without one.
        kpi: its row of `dim_kpi`.
        href: where the figure leads to.
    """
    shown = report.figure_cell(row, kpi, NoteList(), in_full=True)
    value = float(row.value) if has_value(row) else None
    return Cell(shown.text, value, href if value is not None else None, shown.detail, shown.unseen)


def band_cell(row: Any) -> Cell:
    """The count of one group of a distribution, with its share of 20 or more below."""
    shown = report.band_cell(row, NoteList())
    is_known = row is not None and pd.isna(row.symbol) and not pd.isna(row.numerator)
    return Cell(shown.text, float(row.numerator) if is_known else None, None, shown.detail, shown.unseen)


def value_cell(value: Any, kpi: Any) -> Cell:
    """A figure without its integers: a target, a forecast, one of another place; a dash for none."""
    if value is None or pd.isna(value):
        return NOT_COMPARED
    return Cell(report.value_cell(value, kpi).text, float(value))


def count_cell(count: Any, href: str | None = None) -> Cell:
    """A whole number; a dash where it is not known."""
    if count is None or pd.isna(count):
        return Cell("–", value="", unseen="not known")
    return Cell(format_number(count, 0), float(count), href)


def report_cell(cell: ReportCell, value: Any = None) -> Cell:
    """A cell of a report, with the number that its files hold."""
    known = None if value is None or pd.isna(value) else float(value)
    if not cell.text:
        return Cell("–", value="", unseen=cell.unseen)
    return Cell(cell.text, known, None, cell.detail, cell.unseen)


def note_of(row: Any) -> str:
    """Why there is no figure, or what must be said with it; '' for a plain figure."""
    if row is None:
        return "No figure was worked out for this period."
    return " ".join(str(text) for text in (row.reason, row.note) if not pd.isna(text) and text)


def percent_cell(error: Any) -> Cell:
    """An error in percent of what the year came to, with one decimal place; a dash where none is known."""
    if error is None or pd.isna(error):
        return Cell("–", value="", unseen="not worked out")
    return Cell(f"{format_number(error, 1)}%", float(error))

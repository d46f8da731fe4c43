"""How a published figure was corrected: the cells of a row of `kpi_revision`."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.contracts.english import sentence
from cf_pipeline.dashboard.content import Cell, Column
from cf_pipeline.dashboard.pages.figures.cells import value_cell
from cf_pipeline.dashboard.pages.figures.scope import BASES
from cf_pipeline.outputs.charts.words import quarter_text
from cf_pipeline.outputs.report.words import day

REVISION_COLUMNS = (
    Column("Period"),
    Column("Of"),
    Column("First reported", is_number=True),
    Column("Reported as at"),
    Column("Now", is_number=True),
    Column("Corrected as at"),
    Column("Why"),
)


def revision_cells(row: Any, kpi: Any) -> tuple[Cell, ...]:
    """What a figure was and is, by which deliveries, and why it changed."""
    return (
        Cell(quarter_text(Quarter.parse(str(row.quarter_key))), str(row.quarter_key)),
        Cell(BASES[str(row.basis)]),
        _figure(row.from_value, kpi),
        _date(row.from_as_at),
        _figure(row.to_value, kpi),
        _date(row.to_as_at),
        Cell(sentence(str(row.reason))),
    )


def _figure(value: Any, kpi: Any) -> Cell:
    return Cell("not available") if pd.isna(value) else value_cell(value, kpi)


def _date(date: Any) -> Cell:
    return Cell(day(date), "" if pd.isna(date) else f"{date:%Y-%m-%d}")

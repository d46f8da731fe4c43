"""The figures of a KPI period by period, each beside last year's, other places' and the target."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR, Quarter
from cf_pipeline.dashboard.content import Cell, Column, TableView
from cf_pipeline.dashboard.pages.figures.cells import count_cell, figure_cell, note_of, value_cell
from cf_pipeline.dashboard.pages.figures.kpi.rows import KpiRows
from cf_pipeline.dashboard.pages.figures.records import records_href
from cf_pipeline.dashboard.pages.figures.scope import BASES
from cf_pipeline.dashboard.pages.figures.signals import signal_cell
from cf_pipeline.outputs.charts.words import quarter_text
from cf_pipeline.outputs.report.cells import range_words
from cf_pipeline.outputs.report.places import COUNTS


def quarters_table(rows: KpiRows) -> TableView:
    """A row a period, the newest first."""
    has_notes = any(note_of(rows.total(quarter)) for quarter in rows.periods)
    places = rows.figures.places() if rows.kpi.kind not in COUNTS else []
    columns = (
        Column("Period"),
        Column("Figure", is_number=True),
        *(Column(name, is_number=True) for name in count_names(rows.kpi)),
        Column("Same quarter last year" if rows.basis != "year" else "Year before", is_number=True),
        *(Column(name, is_number=True) for _, name in places),
        Column("Target", is_number=True),
        *((Column("Usual range"), Column("Signal")) if rows.basis == "quarter" else ()),
        *([Column("Note")] if has_notes else []),
    )
    return TableView(
        "periods",
        f"{rows.kpi.title}: figures of {BASES[rows.basis]}",
        columns,
        tuple(
            (
                *_cells(quarter, rows, [name for name, _ in places]),
                *([Cell(note_of(rows.total(quarter)))] if has_notes else []),
            )
            for quarter in reversed(rows.periods)
        ),
        "There is no figure of any period.",
    )


def count_names(kpi: Any) -> tuple[str, ...]:
    """The columns of the counts behind a figure; none where the figure is the count."""
    if kpi.kind in COUNTS:
        return ()
    return ("Out of",) if kpi.kind == "median_days" else ("Counted", "Out of")


def count_cells(row: Any, rows: KpiRows) -> tuple[Cell, ...]:
    """The counts behind a figure, each leading to its list."""
    roles = {"Counted": "numerator", "Out of": "denominator"}
    return tuple(
        count_cell(
            None if row is None else getattr(row, roles[name]),
            records_href(rows.scope, rows.kpi, row, roles[name]),
        )
        for name in count_names(rows.kpi)
    )


def shown_cell(row: Any, rows: KpiRows) -> Cell:
    """The figure; one that is a count leads to its list."""
    href = records_href(rows.scope, rows.kpi, row) if rows.kpi.kind in COUNTS else None
    return figure_cell(row, rows.kpi, href)


def period_text(quarter: Quarter, basis: str) -> str:
    """'Q3 2019/20', 'to Q3 2019/20', or '2019/20'."""
    return {"ytd": f"to {quarter_text(quarter)}", "year": quarter.fiscal_year}.get(
        basis, quarter_text(quarter)
    )


def _cells(quarter: Quarter, rows: KpiRows, places: list[str]) -> tuple[Cell, ...]:
    row, kpi = rows.total(quarter), rows.kpi
    references = [rows.figures.comparison(rows.kpi_id, against, quarter, rows.basis) for against in places]
    target = rows.figures.target(rows.kpi_id, quarter.end)
    return (
        Cell(period_text(quarter, rows.basis), quarter.key),
        shown_cell(row, rows),
        *count_cells(row, rows),
        value_cell(_last_year(quarter, rows), kpi),
        *(value_cell(None if each is None else each.reference, kpi) for each in references),
        value_cell(None if target is None else target.value, kpi),
        *(_limit_cells(quarter, rows) if rows.basis == "quarter" else ()),
    )


def _last_year(quarter: Quarter, rows: KpiRows) -> Any:
    row = rows.total(quarter)
    if row is not None and not pd.isna(row.value_last_year):
        return row.value_last_year
    earlier = rows.total(quarter.previous(QUARTERS_PER_YEAR))
    return None if earlier is None else earlier.value


def _limit_cells(quarter: Quarter, rows: KpiRows) -> tuple[Cell, Cell]:
    """The usual range and the signal of a quarter."""
    limit = rows.limits.get(quarter.key)
    if limit is None or limit.status != "firm":
        return Cell("–", value="", unseen="no firm limits"), signal_cell(limit)
    return Cell(range_words(max(float(limit.lower), 0.0), limit.upper, rows.kpi)), signal_cell(limit)

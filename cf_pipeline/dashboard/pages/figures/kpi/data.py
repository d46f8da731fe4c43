"""What is wrong in the lists behind a KPI, and how its figures were corrected."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cf_pipeline.dashboard.content import Cell, Column, Section, TableView, Text
from cf_pipeline.dashboard.pages.figures.cells import count_cell
from cf_pipeline.dashboard.pages.figures.frame_rows import rows_of
from cf_pipeline.dashboard.pages.figures.kpi.rows import KpiRows
from cf_pipeline.dashboard.pages.figures.revisions import REVISION_COLUMNS, revision_cells

SEVERITIES = ("error", "warning", "info")
"""The worst first."""


def data_section(rows: KpiRows) -> Section:
    """The issues of the newest deliveries that touch the KPI, the worst first."""
    found = [row for row in rows_of(rows.tables["data_quality"]) if _touches(row, rows.kpi_id)]
    found.sort(key=lambda row: (SEVERITIES.index(str(row.severity)), -int(row.issues)))
    table = TableView(
        "issues",
        f"Issues in the newest data that touch {rows.kpi.title}",
        (
            Column("Rule"),
            Column("Severity"),
            Column("Issues", is_number=True),
            Column("List"),
            Column("What it means"),
            Column("What to do"),
        ),
        tuple(
            (
                Cell(str(row.rule).replace("_", " ")),
                Cell(str(row.severity), mark="bad" if row.severity == "error" else ""),
                count_cell(row.issues),
                Cell("all lists" if pd.isna(row.list) else str(row.list).replace("_", " ")),
                Cell("" if pd.isna(row.message) else str(row.message)),
                Cell("" if pd.isna(row.suggestion) else str(row.suggestion)),
            )
            for row in found
        ),
        "No issue in the newest data touches this measure.",
    )
    more = Text("", (rows.scope.link("Every issue, and what to do", "data_quality"),))
    return Section("data", "How good is the data behind it?", (table, more), is_folded=not found)


def revisions_section(rows: KpiRows) -> Section:
    """The figures of the KPI that a later delivery or definition changed, the newest first."""
    found = sorted(
        rows_of(rows.tables["kpi_revision"]),
        key=lambda row: (row.to_as_at, row.quarter_key, row.basis),
        reverse=True,
    )
    table = TableView(
        "corrections",
        f"{rows.kpi.title}: figures that were corrected",
        REVISION_COLUMNS,
        tuple(revision_cells(row, rows.kpi) for row in found),
        "No figure of this measure was corrected since it was first reported.",
    )
    return Section("revisions", "Was it corrected?", (table,), is_folded=not found)


def _touches(issue: Any, kpi_id: str) -> bool:
    return not pd.isna(issue.kpis) and kpi_id in str(issue.kpis).split(";")

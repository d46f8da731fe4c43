"""What the newest delivery changed, and how the quarter's figures were corrected since they were reported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cf_pipeline.dashboard.content import Block, Cell, Column, Section, TableView, Text
from cf_pipeline.dashboard.pages.figures.cells import count_cell
from cf_pipeline.dashboard.pages.figures.overview.rows import OverviewRows
from cf_pipeline.dashboard.pages.figures.revisions import REVISION_COLUMNS, revision_cells
from cf_pipeline.outputs.report.data_quality import STATUSES_LEFT_OUT
from cf_pipeline.outputs.report.words import day


def newest_section(rows: OverviewRows) -> Section:
    """The deliveries and their rows, the figures that the newest one corrected, and the changed cases.

    A delivery that is left out changes nothing: the newest is the newest that figures use.
    """
    deliveries = sorted(rows.facts.deliveries, key=lambda row: row.as_at, reverse=True)
    newest = next((row.as_at for row in deliveries if row.status not in STATUSES_LEFT_OUT), None)
    corrected = [row for row in rows.facts.revisions if row.to_as_at == newest]
    links = (rows.scope.link("New, closed and moved cases", "changes"),) if rows.scope.sees_records else ()
    told = "Nothing that figures could use was received yet."
    if newest is not None:
        told = f"The newest delivery that figures use is as at {day(newest)}."
    blocks: list[Block] = [Text(told, links), _deliveries(deliveries)]
    if corrected:
        blocks.append(
            _revisions("corrected-now", "Figures that the newest delivery corrected", corrected, rows)
        )
    return Section("newest", "What changed since the last delivery?", tuple(blocks))


def corrected_section(rows: OverviewRows) -> Section:
    """How the figures of the quarter changed since they were first reported, and why."""
    key = rows.scope.quarter.key
    corrected = [row for row in rows.facts.revisions if row.quarter_key == key]
    title = f"How did the figures of {rows.facts.quarter_name} change since they were first reported?"
    table = _revisions(
        "corrected-figures", f"Figures of {rows.facts.quarter_name} that were corrected", corrected, rows
    )
    return Section("corrected", title, (table,), is_folded=not corrected)


def _deliveries(deliveries: Sequence[Any]) -> TableView:
    return TableView(
        "deliveries",
        "Deliveries received, the newest first",
        (
            Column("Delivery"),
            Column("As at"),
            Column("Status"),
            Column("Rows read", is_number=True),
            Column("Loaded", is_number=True),
            Column("Set aside", is_number=True),
            Column("Replaced by a newer delivery", is_number=True),
        ),
        tuple(
            (
                Cell(str(row.delivery_id)),
                Cell(day(row.as_at), f"{row.as_at:%Y-%m-%d}"),
                Cell(str(row.status), mark="" if row.status == "read" else "bad"),
                *(
                    count_cell(getattr(row, name))
                    for name in ("rows_read", "rows_core", "rows_quarantined", "rows_superseded")
                ),
            )
            for row in deliveries
        ),
        "Nothing was received yet.",
    )


def _revisions(name: str, caption: str, revisions: Sequence[Any], rows: OverviewRows) -> TableView:
    known = sorted(
        (row for row in revisions if row.kpi_id in rows.kpis),
        key=lambda row: (str(rows.kpis[row.kpi_id].title), row.basis, row.to_as_at),
    )
    return TableView(
        name,
        caption,
        (Column("Measure"), *REVISION_COLUMNS),
        tuple(
            (
                Cell(str(rows.kpis[row.kpi_id].title), href=rows.kpi_href(str(row.kpi_id))),
                *revision_cells(row, rows.kpis[row.kpi_id]),
            )
            for row in known
        ),
        "No figure of the quarter was corrected since it was first reported.",
    )

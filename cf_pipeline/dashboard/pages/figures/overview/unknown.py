"""What is not known, and why: measures without a figure, errors in the newest data, what may still move."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cf_pipeline.dashboard.content import Cell, Column, Section, TableView, Text
from cf_pipeline.dashboard.pages.figures.cells import count_cell
from cf_pipeline.dashboard.pages.figures.frame_rows import rows_of
from cf_pipeline.dashboard.pages.figures.overview.rows import OverviewRows
from cf_pipeline.dashboard.pages.figures.report_blocks import text_blocks
from cf_pipeline.outputs.charts.words import has_value, reason_text
from cf_pipeline.outputs.report.cells import NOT_AVAILABLE, WITHOUT_VALUE
from cf_pipeline.outputs.report.data_quality import summarise_data_quality
from cf_pipeline.outputs.report.unknown import unknown_section as report_section


def unknown_section(rows: OverviewRows) -> Section:
    """The sentences of the report, the open errors by list, and the way to the data quality."""
    found = report_section(rows.facts, summarise_data_quality(rows.facts))
    links = (rows.scope.link("Data quality, and what to do", "data_quality"),)
    return Section("unknown", found.title, (*text_blocks(found.blocks), Text("", links), _errors(rows)))


def without_figure_section(rows: OverviewRows) -> Section:
    """Every measure that has no figure in the quarter, with the published reason."""
    missing = [
        (kpi, total)
        for kpi in rows.facts.kpis
        if (total := rows.facts.total(kpi.kpi_id, rows.facts.quarter)) is not None and not has_value(total)
    ]
    table = TableView(
        "missing-figures",
        f"Measures without a figure, {rows.facts.quarter_name}",
        (Column("Measure"), Column("Area"), Column("What stands there"), Column("Why")),
        tuple(
            (
                Cell(str(kpi.title), href=rows.kpi_href(str(kpi.kpi_id))),
                Cell(str(kpi.area)),
                Cell(WITHOUT_VALUE.get(str(total.symbol), NOT_AVAILABLE)),
                Cell(reason_text(total)),
            )
            for kpi, total in sorted(missing, key=lambda each: str(each[0].title))
        ),
        "Every measure has a figure.",
    )
    return Section("without-figure", "Measures without a figure", (table,), is_folded=True)


def _errors(rows: OverviewRows) -> TableView:
    """The errors in the newest delivery of each list, with the change since the delivery before."""
    quality = rows.tables["data_quality"]
    is_open = (
        quality["is_newest"].fillna(value=False) & quality["severity"].eq("error") & quality["issues"].gt(0)
    )
    lists = quality[is_open].assign(list=quality["list"].fillna("")).groupby("list")
    counts = pd.DataFrame({"issues": lists["issues"].sum(), "trend": lists["trend"].sum(min_count=1)})
    ordered = counts.reset_index().sort_values(["issues", "list"], ascending=[False, True])
    return TableView(
        "errors",
        "Errors in the newest delivery of each list",
        (
            Column("List"),
            Column("Errors", is_number=True),
            Column("Change since the delivery before", is_number=True),
        ),
        tuple(
            (
                Cell(str(row.list).replace("_", " ").capitalize() or "All lists", str(row.list)),
                count_cell(row.issues),
                _trend(row.trend),
            )
            for row in rows_of(ordered)
        ),
        "No errors are known in the newest data.",
    )


def _trend(trend: Any) -> Cell:
    if pd.isna(trend):
        return Cell("–", value="", unseen="no delivery before")
    number = int(trend)
    return Cell(f"{number:+,}" if number else "0", number)

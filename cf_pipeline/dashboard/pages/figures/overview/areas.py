"""The areas of the service side by side: headlines, a small line, the signals, what is off target."""

from __future__ import annotations

from typing import Any

from cf_pipeline.dashboard.content import Cell, Column, Section, TableView
from cf_pipeline.dashboard.pages.figures.overview.rows import OverviewRows, sparkline_figures
from cf_pipeline.dashboard.pages.figures.scope import slug_of
from cf_pipeline.dashboard.pages.figures.signals import sum_of_signals
from cf_pipeline.outputs.charts.chart import Chart
from cf_pipeline.outputs.charts.kinds.sparkline import sparkline
from cf_pipeline.outputs.charts.selection import selection

_COLUMNS = (
    Column("Area"),
    Column("Headlines"),
    Column("Trend"),
    Column("Signals"),
    Column("Off target", is_number=True),
)


def areas_section(rows: OverviewRows) -> Section:
    """A row an area, in the order of the committee's table."""
    headlines: dict[str, list[str]] = {}
    for row in rows.facts.headlines:
        headlines.setdefault(str(row.area), []).extend(str(row.text).split("\n"))
    trends = _trends(rows)
    table = TableView(
        "area-list",
        f"Areas of the service, {rows.facts.quarter_name}",
        _COLUMNS,
        tuple(
            (
                Cell(area, href=rows.scope.href("area", area=slug_of(area))),
                Cell(
                    " ".join(headlines.get(area, [])) or "No headline", lines=tuple(headlines.get(area, ()))
                ),
                trends.get(area, Cell("–", value="", unseen="no chart")),
                sum_of_signals(rows.limits.get(str(kpi.kpi_id)) for kpi in kpis),
                _off_target(area, rows),
            )
            for area, kpis in rows.scope.areas.items()
        ),
        "There are no measures.",
    )
    return Section("areas", "Areas", (table,))


def _trends(rows: OverviewRows) -> dict[str, Cell]:
    """Area -> its small line, where one can be drawn."""
    figures = sparkline_figures(rows)
    known: dict[str, Chart] = {
        area: sparkline(figures, kpi_id)
        for area, kpi_id in selection()["sparklines"].items()
        if kpi_id in rows.kpis
    }
    return {area: Cell(chart.title, chart=chart) for area, chart in known.items() if chart.spec}


def _off_target(area: str, rows: OverviewRows) -> Cell:
    """How many of the area's targets are not met; a dash where none is set."""
    judged: list[Any] = [result.meets for result in rows.targets if result.kpi.area == area]
    if not judged:
        return Cell("–", value="", unseen="no target")
    missed = judged.count(False)
    return Cell(str(missed), missed, detail=f"of {len(judged)}", mark="bad" if missed else "")

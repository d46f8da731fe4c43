"""Which charts a report shows: those that `data/selection.toml` names and the figures have a picture of."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from cf_pipeline.outputs.charts.chart import Chart
from cf_pipeline.outputs.charts.figures import Figures
from cf_pipeline.outputs.charts.kinds.bands import bands_chart
from cf_pipeline.outputs.charts.kinds.durations import durations_chart
from cf_pipeline.outputs.charts.kinds.flow import flow_chart
from cf_pipeline.outputs.charts.kinds.panels import area_chart, teams_chart
from cf_pipeline.outputs.charts.kinds.places import places_chart
from cf_pipeline.outputs.charts.kinds.revisions import revisions_charts
from cf_pipeline.outputs.charts.kinds.sparkline import sparkline
from cf_pipeline.outputs.charts.kinds.trend import trend_chart
from cf_pipeline.outputs.charts.kinds.year_end import year_end_chart

KINDS: Mapping[str, Callable[[Figures, str], Chart]] = {
    "bands": bands_chart,
    "durations": durations_chart,
    "places": places_chart,
    "teams": teams_chart,
    "trend": trend_chart,
    "year_end": year_end_chart,
}
"""A chart of one KPI each, by the name of its kind; "flow" and "area" are charts of several."""


@dataclass(frozen=True)
class ReportCharts:
    """The charts of a report, each with a picture.

    `areas`: area -> its charts, in order. `sparklines`: area -> its small line. `revisions`: of all areas.
    """

    areas: dict[str, list[Chart]] = field(default_factory=dict)
    sparklines: dict[str, Chart] = field(default_factory=dict)
    revisions: list[Chart] = field(default_factory=list)


def report_charts(figures: Figures) -> ReportCharts:
    """The charts of the figures' quarter; a KPI that is not among the figures has none."""
    names = dict.fromkeys(entry["area"] for entry in selection()["charts"])
    areas = {area: charts for area in names if (charts := area_charts(figures, area))}
    sparklines = {
        area: sparkline(figures, kpi_id)
        for area, kpi_id in selection()["sparklines"].items()
        if kpi_id in figures.kpis
    }
    return ReportCharts(
        areas=areas,
        sparklines={area: chart for area, chart in sparklines.items() if chart.spec},
        revisions=[chart for chart in revisions_charts(figures) if chart.spec],
    )


def area_charts(figures: Figures, area: str) -> list[Chart]:
    """The charts of one area that the figures have a picture of, in order."""
    entries = (entry for entry in selection()["charts"] if entry["area"] == area)
    return [
        chart for entry in entries for chart in _charts(figures, area, entry["kind"], entry.get("kpis", []))
    ]


@cache
def selection() -> dict[str, Any]:
    """`data/selection.toml`."""
    path = resources.files("cf_pipeline.outputs.charts") / "data" / "selection.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _charts(figures: Figures, area: str, kind: str, kpi_ids: list[str]) -> list[Chart]:
    if kind == "flow":
        charts = [flow_chart(figures)]
    elif kind == "area":
        charts = [area_chart(figures, area)]
    else:
        charts = [KINDS[kind](figures, kpi_id) for kpi_id in kpi_ids if kpi_id in figures.kpis]
    return [chart for chart in charts if chart.spec]

"""A line without words, for a cell of a table: the shape of nine to twelve quarters at a glance."""

from __future__ import annotations

from dataclasses import replace

from cf_pipeline.outputs.charts.chart import Chart
from cf_pipeline.outputs.charts.figures import Figures
from cf_pipeline.outputs.charts.kinds.trend import quarters_with_figures, trend_chart
from cf_pipeline.outputs.charts.parts.canvas import CONFIG, SCHEMA
from cf_pipeline.outputs.charts.parts.marks import line, points
from cf_pipeline.outputs.charts.parts.palette import OWN
from cf_pipeline.outputs.charts.words import drawn_value

WIDTH, HEIGHT = 100, 20
_MARGIN = 5


def sparkline(figures: Figures, kpi_id: str) -> Chart:
    """The trend of a KPI as a small line from 0 up, with the title, description and table of `trend_chart`.

    There is a picture where the trend has one.
    """
    trend = trend_chart(figures, kpi_id)
    name = trend.name.replace("trend-", "sparkline-")
    if trend.spec is None:
        return replace(trend, name=name)
    kpi = figures.kpis[kpi_id]
    rows = [
        {"x": x, "value": drawn_value(kpi, figures.total(kpi_id, quarter))}
        for x, quarter in enumerate(quarters_with_figures(figures, kpi_id))
    ]
    largest = max(row["value"] or 0 for row in rows)
    encoding = {
        channel: {
            "field": field,
            "type": "quantitative",
            "axis": None,
            "scale": {"domain": domain, "nice": False},
        }
        for channel, field, domain in (("x", "x", [0, len(rows) - 1]), ("y", "value", [0, largest or 1]))
    }
    spec = {
        "$schema": SCHEMA,
        "autosize": "none",
        "width": WIDTH,
        "height": HEIGHT,
        "padding": _MARGIN,
        "config": CONFIG,
        "layer": [line(rows, encoding, OWN, strokeWidth=2), points(rows[-1:], encoding, OWN, size=40)],
    }
    return replace(trend, name=name, spec=spec)

"""Where the points of a chart lie, for the script that shows the figures of one under the pointer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cf_pipeline.outputs.charts.chart import Chart


@dataclass(frozen=True)
class ChartPoints:
    """Points that lie side by side, one for each of the first rows of the chart's table.

    `first` and `last`: where the outer ones lie, as shares of the width. `count`: how many there are.
    """

    first: float
    last: float
    count: int


def find_chart_points(chart: Chart) -> ChartPoints | None:
    """The points of a chart whose horizontal axis is one of quarters; None for every other chart."""
    spec = chart.spec
    encoding = None if spec is None else next(filter(None, map(_along_quarters, spec["layer"])), None)
    if spec is None or encoding is None:
        return None
    values, (start, end) = encoding["axis"]["values"], encoding["scale"]["domain"]
    left, right = spec["padding"]["left"], spec["padding"]["right"]
    width = left + spec["width"] + right
    first, last = (
        (left + (value - start) / (end - start) * spec["width"]) / width for value in (values[0], values[-1])
    )
    return ChartPoints(round(first, 4), round(last, 4), len(values))


def _along_quarters(layer: dict[str, Any]) -> dict[str, Any] | None:
    """The horizontal encoding of a layer that is one of quarters: its axis has no lines across."""
    x = layer.get("encoding", {}).get("x", {})
    axis = x.get("axis") or {}
    return x if axis.get("grid") is False and "values" in axis else None

"""Marks as layers in Vega-Lite: lines, points, areas, bars and texts, each with its own few rows of data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cf_pipeline.outputs.charts.chart import Spec
from cf_pipeline.outputs.charts.parts.canvas import GAP, Canvas
from cf_pipeline.outputs.charts.parts.palette import INK, PAPER, QUIET
from cf_pipeline.outputs.charts.parts.text_size import LINE_HEIGHT

Rows = Sequence[Mapping[str, Any]]
DASH = [6, 4]
LONG_DASH = [12, 5]
DOTS = [2, 3]


def layer(rows: Rows, mark: Mapping[str, Any], encoding: Mapping[str, Any]) -> Spec:
    """One layer."""
    return {"data": {"values": [dict(row) for row in rows]}, "mark": dict(mark), "encoding": dict(encoding)}


def line(rows: Rows, encoding: Mapping[str, Any], colour: str, **style: Any) -> Spec:
    """A line through the rows in the order of their x; a row without a value breaks it."""
    return layer(
        rows, {"type": "line", "color": colour, "invalid": "break-paths-show-domains", **style}, encoding
    )


def points(rows: Rows, encoding: Mapping[str, Any], colour: str, **style: Any) -> Spec:
    """A point a row: filled, or, with `fill`, of another colour inside."""
    mark = {"type": "point", "stroke": colour, "fill": colour, "opacity": 1, "strokeWidth": 2, **style}
    return layer(rows, mark, encoding)


def area(rows: Rows, encoding: Mapping[str, Any], colour: str, **style: Any) -> Spec:
    """The area between the fields of y and y2."""
    return layer(rows, {"type": "area", "color": colour, "opacity": 1, **style}, encoding)


def label(x: float, y: float, lines: Sequence[str], colour: str = INK, **style: Any) -> Spec:
    """A text at a place in pixels, its first line `y` px below the upper edge; left-aligned unless told."""
    mark = {"type": "text", "text": list(lines), "align": "left", "color": colour, **style}
    return layer([{}], mark, {"x": {"value": round(x, 1)}, "y": {"value": round(y, 1)}})


def label_on_line(x: float, y: float, lines: Sequence[str], colour: str = INK, **style: Any) -> list[Spec]:
    """A text that may lie on a line: with an edge in the colour of the paper."""
    edge = {"stroke": PAPER, "strokeWidth": 4, "strokeJoin": "round"}
    return [label(x, y, lines, PAPER, **style, **edge), label(x, y, lines, colour, **style)]


def rule(x: tuple[float, float], y: tuple[float, float], colour: str) -> Spec:
    """A thin line between two places in pixels."""
    ends = {"x": x[0], "x2": x[1], "y": y[0], "y2": y[1]}
    encoding = {channel: {"value": round(pixel, 1)} for channel, pixel in ends.items()}
    return layer([{}], {"type": "rule", "color": colour, "strokeWidth": 1}, encoding)


def unit_label(unit: str, canvas: Canvas) -> list[Spec]:
    """The unit of the vertical axis, written level above it; no layer where there is none."""
    return [label(GAP - canvas.left, LINE_HEIGHT / 2 - canvas.top, [unit], QUIET)] if unit else []

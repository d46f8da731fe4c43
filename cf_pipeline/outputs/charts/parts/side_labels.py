"""Labels beside the last points of lines, at the right: what a legend would say, where it is seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cf_pipeline.outputs.charts.chart import Spec
from cf_pipeline.outputs.charts.parts.canvas import GAP, Canvas
from cf_pipeline.outputs.charts.parts.labels import spread_labels
from cf_pipeline.outputs.charts.parts.marks import label, rule
from cf_pipeline.outputs.charts.parts.text_size import LINE_HEIGHT, widest

_LEADER = 6
"""The width for the thin line from a point to its label."""
_MOVED = 5
"""A label that stands so many px from its point has a thin line to it."""


@dataclass(frozen=True)
class SideLabel:
    """The lines of a label for a value of the vertical axis, and how they are written."""

    value: float
    lines: tuple[str, ...]
    colour: str
    is_bold: bool = False


def side_room(labels: Sequence[SideLabel]) -> float:
    """The width of the margin that the labels need."""
    return _LEADER + GAP + max((widest(each.lines, is_bold=each.is_bold) for each in labels), default=0)


def side_labels(labels: Sequence[SideLabel], canvas: Canvas, start: float) -> list[Spec]:
    """The layers of the labels, none on another, each with a thin line to its point where it is moved.

    Args:
        labels: in any order.
        canvas: of the picture.
        start: how far right the points end, in pixels.
    """
    points = [canvas.y_pixel(each.value) for each in labels]
    heights = [len(each.lines) * LINE_HEIGHT + 1 for each in labels]
    centres = spread_labels(points, heights, -canvas.top, canvas.height + canvas.bottom)
    edge = canvas.plot_width
    layers: list[Spec] = []
    for each, point, centre in zip(labels, points, centres, strict=True):
        if abs(point - centre) > _MOVED:
            layers.append(rule((start, edge + _LEADER), (point, centre), each.colour))
        top = centre - (len(each.lines) - 1) * LINE_HEIGHT / 2
        weight = "bold" if each.is_bold else "normal"
        layers.append(label(edge + _LEADER + GAP / 2, top, each.lines, each.colour, fontWeight=weight))
    return layers

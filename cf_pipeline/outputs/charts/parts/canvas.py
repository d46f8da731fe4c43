"""The frame of a picture: its size, its two axes, and the places of values on it in pixels."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cf_pipeline.outputs.charts.chart import Spec
from cf_pipeline.outputs.charts.parts.palette import GRID, INK, PAPER, QUIET
from cf_pipeline.outputs.charts.parts.text_size import FONT, FONT_SIZE, LINE_HEIGHT, widest

WIDTH = 420
"""Of every picture. On a screen of 320 px, where 288 are left for it, its text still has 9.6 px."""
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
GAP = 6
Lines = list[str]


@dataclass(frozen=True)
class Canvas:
    """The room for the marks, `height` px high, and the margins around it for labels.

    `x_domain`: the values at its left and right edge. `y_ticks`: the ticks from the lower edge to the upper.
    """

    left: float
    right: float
    top: float
    bottom: float
    height: float
    x_domain: tuple[float, float]
    y_ticks: Sequence[float] = ()

    @property
    def plot_width(self) -> float:
        """The width of the room for the marks."""
        return WIDTH - self.left - self.right

    def x_pixel(self, value: float) -> float:
        """Where a value lies, from the left edge of the room for the marks."""
        first, last = self.x_domain
        return (value - first) / (last - first) * self.plot_width

    def y_pixel(self, value: float) -> float:
        """Where a value lies, from its upper edge."""
        return self.height * (1 - value / self.y_ticks[-1])

    def x(self, field: str = "x", axis: dict[str, Any] | None = None) -> Spec:
        """The encoding of a field of numbers along the horizontal axis."""
        scale = {"domain": list(self.x_domain), "nice": False, "zero": False}
        return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}

    def y(self, field: str, axis: dict[str, Any] | None) -> Spec:
        """The encoding of a field of numbers along the vertical axis."""
        scale = {"domain": [0, self.y_ticks[-1]], "nice": False}
        return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}

    def spec(self, layers: Sequence[Spec]) -> Spec:
        """The whole picture, the first layer at the back."""
        return {
            "$schema": SCHEMA,
            "background": PAPER,
            "autosize": "none",
            "width": self.plot_width,
            "height": self.height,
            "padding": {"left": self.left, "right": self.right, "top": self.top, "bottom": self.bottom},
            "config": CONFIG,
            "layer": list(layers),
        }


CONFIG: dict[str, Any] = {
    "aria": False,  # Vega would write each value into the attributes of its mark
    "font": FONT,
    "text": {"fontSize": FONT_SIZE, "color": INK, "baseline": "middle", "lineHeight": LINE_HEIGHT},
    "axis": {
        "labelFontSize": FONT_SIZE,
        "labelColor": QUIET,
        "labelLineHeight": LINE_HEIGHT,
        "labelLimit": 0,
        "labelOverlap": False,
        "labelFlush": False,
        "gridColor": GRID,
        "domain": False,
        "ticks": False,
        "title": None,
        "labelPadding": GAP,
    },
    "view": {"stroke": None},
}


def label_expression(labels: Sequence[str | Lines]) -> str:
    """Vega's expression for the label at each whole number from 0: a text, or a list of lines."""
    return f"{json.dumps(list(labels), ensure_ascii=False)}[datum.value]"


def value_axis(ticks: Sequence[float], *, is_share: bool, is_vertical: bool = True) -> dict[str, Any]:
    """The axis of the figures: light lines across, and round numbers with their unit."""
    labels = {tick: tick_label(tick, is_share=is_share) for tick in ticks}
    return {
        "values": list(ticks),
        "labelExpr": f"{json.dumps({f'{tick:.10g}': text for tick, text in labels.items()})}[datum.value]",
        "orient": "left" if is_vertical else "bottom",
        "grid": True,
    }


def tick_label(tick: float, *, is_share: bool) -> str:
    """A tick in words: '1,000', '0.5', '20%'."""
    return f"{tick:,.10g}{'%' if is_share else ''}"


def axis_room(ticks: Sequence[float], *, is_share: bool) -> float:
    """The width that the labels of a vertical axis take."""
    return widest([tick_label(tick, is_share=is_share) for tick in ticks]) + GAP + 2

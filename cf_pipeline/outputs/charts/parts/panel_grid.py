"""Small multiples: panels side by side, each with its words, its figure and a small line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cf_pipeline.outputs.charts.chart import Spec
from cf_pipeline.outputs.charts.parts.canvas import WIDTH, Canvas
from cf_pipeline.outputs.charts.parts.marks import layer
from cf_pipeline.outputs.charts.parts.palette import GRID, INK, OWN
from cf_pipeline.outputs.charts.parts.text_size import LINE_HEIGHT, text_width, wrap_text

COLUMNS = 2
_MARGIN, _GUTTER, _PLOT, _BELOW = 4, 24, 52, 18
_POINT = 5


@dataclass(frozen=True)
class Panel:
    """One panel: its words, a value a quarter, the figure at the last point, the value at the upper edge."""

    words: str
    values: tuple[float | None, ...]
    figure: str
    largest: float


def panel_spec(panels: Sequence[Panel]) -> Spec:
    """The picture: two columns of panels, row by row; the scale of each goes from 0 to its largest value."""
    width = (WIDTH - 2 * _MARGIN - _GUTTER * (COLUMNS - 1)) / COLUMNS
    words = [wrap_text(panel.words, width) for panel in panels]
    tops = _tops([len(lines) for lines in words])
    figure_width = max(text_width(panel.figure, is_bold=True) for panel in panels) + 2 * _POINT
    canvas = Canvas(
        left=_MARGIN,
        right=_MARGIN,
        top=_MARGIN,
        bottom=_MARGIN,
        height=tops[-1],
        x_domain=(0, WIDTH - 2 * _MARGIN),
    )
    texts, feet, rows, last = [], [], [], []
    for index, panel in enumerate(panels):
        left, top = (index % COLUMNS) * (width + _GUTTER), tops[index // COLUMNS]
        foot = tops[index // COLUMNS + 1] - _BELOW
        texts.append({"left": left, "top": top + LINE_HEIGHT / 2, "words": words[index]})
        feet.append({"left": left, "right": left + width - figure_width, "top": foot})
        step = (width - figure_width - _POINT) / max(len(panel.values) - 1, 1)
        points = [
            {
                "panel": index,
                "left": left + step * quarter,
                "foot": foot,
                "largest": panel.largest,
                "value": value,
            }
            for quarter, value in enumerate(panel.values)
        ]
        rows.extend(points)
        last.append({**points[-1], "figure": panel.figure})
    return canvas.spec(_layers(texts, feet, rows, last, canvas))


def _tops(lines: Sequence[int]) -> list[float]:
    """The upper edge of each row of panels, and the lower edge of the last."""
    tops = [0.0]
    for start in range(0, len(lines), COLUMNS):
        most = max(lines[start : start + COLUMNS])
        tops.append(tops[-1] + most * LINE_HEIGHT + _PLOT + _BELOW)
    return tops


def _layers(
    texts: list[dict[str, Any]],
    feet: list[dict[str, Any]],
    rows: list[dict[str, Any]],
    last: list[dict[str, Any]],
    canvas: Canvas,
) -> list[Spec]:
    scale = {"domain": [0, canvas.height], "range": [0, canvas.height], "nice": False}
    down = {"type": "quantitative", "axis": None, "scale": scale}
    # The height of a value is worked out by Vega, so that the data hold the figures as the table has them.
    height = f"datum.foot - {_PLOT - 2 * _POINT} * datum.value / datum.largest"
    place = [{"calculate": f"isValid(datum.value) ? {height} : null", "as": "y"}]
    x, y = canvas.x("left"), {**down, "field": "y"}
    line = {"type": "line", "color": OWN, "strokeWidth": 2, "invalid": "break-paths-show-domains"}
    dot = {"type": "point", "fill": OWN, "stroke": OWN, "opacity": 1, "size": 50}
    figure = {"type": "text", "align": "left", "dx": _POINT + 3, "fontWeight": "bold", "color": OWN}
    foot = {"x": x, "x2": {"field": "right"}, "y": {**down, "field": "top"}}
    words = {"x": x, "y": {**down, "field": "top"}, "text": {"field": "words"}}
    split = {"x": x, "y": y, "detail": {"field": "panel", "type": "nominal"}}
    return [
        layer(feet, {"type": "rule", "color": GRID, "strokeWidth": 1}, foot),
        layer(texts, {"type": "text", "align": "left", "color": INK}, words),
        {**layer(rows, line, split), "transform": place},
        {**layer(last, dot, {"x": x, "y": y}), "transform": place},
        {**layer(last, figure, {"x": x, "y": y, "text": {"field": "figure"}}), "transform": place},
    ]

"""A picture of rows, each with its words at the left, a mark along a scale, and its figure beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cf_pipeline.outputs.charts.chart import Spec
from cf_pipeline.outputs.charts.parts.canvas import GAP, Canvas, Lines
from cf_pipeline.outputs.charts.parts.marks import layer
from cf_pipeline.outputs.charts.parts.palette import INK
from cf_pipeline.outputs.charts.parts.text_size import LINE_HEIGHT, widest, wrap_text

WORDS_WIDTH = 185
"""The room for the words of a row; longer ones go on below."""
_BETWEEN = 9
_MARGIN = 4
_AXIS_ROOM = LINE_HEIGHT + 12


@dataclass(frozen=True)
class RowFrame:
    """The words of each row, and the canvas with a vertical scale in pixels from the upper edge down."""

    words: list[Lines]
    centres: list[float]
    canvas: Canvas
    axis: dict[str, Any] | None
    bold_rows: tuple[int, ...]

    def x(self, field: str = "x") -> Spec:
        """The encoding of a field along the scale."""
        return self.canvas.x(field, self.axis)

    def y(self) -> Spec:
        """The encoding of the field `y`, a row's centre."""
        scale = {"domain": [0, self.canvas.height], "range": [0, self.canvas.height], "nice": False}
        return {"field": "y", "type": "quantitative", "scale": scale, "axis": None}

    def words_layers(self) -> list[Spec]:
        """The layers of the words of each row."""
        groups = {
            "normal": [row for row in range(len(self.words)) if row not in self.bold_rows],
            "bold": list(self.bold_rows),
        }
        return [
            layer(
                [self._first_line(index) for index in rows],
                {"type": "text", "align": "left", "color": INK, "fontWeight": weight},
                {"x": {"value": GAP - self.canvas.left}, "y": self.y(), "text": {"field": "words"}},
            )
            for weight, rows in groups.items()
            if rows
        ]

    def _first_line(self, index: int) -> dict[str, Any]:
        lines = self.words[index]
        return {"y": self.centres[index] - (len(lines) - 1) * LINE_HEIGHT / 2, "words": lines}


def row_frame(
    words: Sequence[str],
    figures: Sequence[str],
    ticks: Sequence[float],
    *,
    axis: dict[str, Any] | None = None,
    bold_rows: Sequence[int] = (),
) -> RowFrame:
    """The frame of rows.

    Args:
        words: of each row, top to bottom.
        figures: the figures beside the marks; the margin at the right holds the widest.
        ticks: of the scale, from its left to its right edge.
        axis: the axis below; None where the figures beside the marks say enough.
        bold_rows: the rows whose words are in bold type.
    """
    lines = [wrap_text(text, WORDS_WIDTH) for text in words]
    heights = [len(each) * LINE_HEIGHT + _BETWEEN for each in lines]
    centres = [sum(heights[:index]) + height / 2 for index, height in enumerate(heights)]
    canvas = Canvas(
        left=max(widest(each, is_bold=row in bold_rows) for row, each in enumerate(lines)) + 2 * GAP,
        right=widest(figures, is_bold=True) + 2 * GAP + _MARGIN,
        top=_MARGIN,
        bottom=_MARGIN if axis is None else _AXIS_ROOM,
        height=sum(heights),
        x_domain=(ticks[0], ticks[-1]),
    )
    return RowFrame(lines, centres, canvas, axis, tuple(bold_rows))


def figures_beside(
    rows: Sequence[dict[str, Any]], frame: RowFrame, colour: str = INK, dx: float = GAP
) -> Spec:
    """The layer of the figures (field `figure`) to the right of the rows' marks (fields `x` and `y`)."""
    encoding = {"x": frame.x(), "y": frame.y(), "text": {"field": "figure"}}
    return layer(rows, {"type": "text", "align": "left", "dx": dx, "color": colour}, encoding)

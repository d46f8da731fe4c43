"""A picture of rows: the words of each at the left, its mark along a horizontal scale, its figure beside the mark."""

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


@dataclass(frozen=True)
class RowFrame:
    """The words of each row, and the canvas with a vertical scale in pixels from the upper edge down."""

    words: list[Lines]
    centres: list[float]
    canvas: Canvas
    bold_rows: tuple[int, ...] = ()

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
    x_domain: tuple[float, float],
    *,
    bottom: float = _MARGIN,
    bold_rows: Sequence[int] = (),
) -> RowFrame:
    """The frame of rows.

    Args:
        words: of each row, top to bottom.
        figures: the figures beside the marks; the margin at the right holds the widest.
        x_domain: the values at the left and right edge of the scale.
        bottom: the room for an axis.
        bold_rows: the rows whose words are in bold type.
    """
    lines = [wrap_text(text, WORDS_WIDTH) for text in words]
    heights = [len(each) * LINE_HEIGHT + _BETWEEN for each in lines]
    centres = [sum(heights[:index]) + height / 2 for index, height in enumerate(heights)]
    canvas = Canvas(
        left=max(widest(each, is_bold=row in bold_rows) for row, each in enumerate(lines)) + 2 * GAP,
        right=widest(figures, is_bold=True) + 2 * GAP + _MARGIN,
        top=_MARGIN,
        bottom=bottom,
        height=sum(heights),
        x_domain=x_domain,
    )
    return RowFrame(lines, centres, canvas, tuple(bold_rows))


def figures_beside(
    rows: Sequence[dict[str, Any]], frame: RowFrame, colour: str = INK, dx: float = GAP
) -> Spec:
    """The layer of the figures (field `figure`) to the right of the marks of the rows (fields `x` and `y`)."""
    encoding = {"x": frame.canvas.x(), "y": frame.y(), "text": {"field": "figure"}}
    return layer(rows, {"type": "text", "align": "left", "dx": dx, "color": colour}, encoding)

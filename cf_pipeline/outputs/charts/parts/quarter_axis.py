"""The horizontal axis of quarters: 'Q1' to 'Q4', and below them each financial year once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.outputs.charts.chart import Spec
from cf_pipeline.outputs.charts.parts.canvas import Canvas, label_expression
from cf_pipeline.outputs.charts.parts.marks import label
from cf_pipeline.outputs.charts.parts.palette import QUIET
from cf_pipeline.outputs.charts.parts.text_size import LINE_HEIGHT, text_width

ROOM = 2 * LINE_HEIGHT + 10
"""The height below the picture that both lines take."""


def quarter_domain(quarters: Sequence[Quarter]) -> tuple[float, float]:
    """The values at both edges: half a quarter beyond the first and the last."""
    return -0.5, len(quarters) - 0.5


def quarter_axis(quarters: Sequence[Quarter]) -> dict[str, Any]:
    """The axis of quarters that lie at 0, 1, 2 and so on."""
    return {
        "values": list(range(len(quarters))),
        "labelExpr": label_expression([f"Q{quarter.number}" for quarter in quarters]),
        "grid": False,
    }


def year_labels(quarters: Sequence[Quarter], canvas: Canvas) -> list[Spec]:
    """The layers of the years below the quarters; a year with too little room there is left out."""
    layers: list[Spec] = []
    for year, group in groupby(enumerate(quarters), key=lambda pair: pair[1].fiscal_year):
        places = [index for index, _ in group]
        first, last = canvas.x_pixel(places[0] - 0.5), canvas.x_pixel(places[-1] + 0.5)
        if text_width(year) < last - first:
            height = canvas.height + ROOM - LINE_HEIGHT / 2 - 2
            layers.append(label((first + last) / 2, height, [year], QUIET, align="center"))
    return layers

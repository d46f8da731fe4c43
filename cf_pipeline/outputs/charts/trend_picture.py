"""The picture of a trend: a line of quarters with the usual range, another place and the target behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR, Quarter
from cf_pipeline.outputs.charts.chart import Spec
from cf_pipeline.outputs.charts.parts.canvas import Canvas, axis_room, value_axis
from cf_pipeline.outputs.charts.parts.marks import (
    DASH,
    LONG_DASH,
    area,
    label_on_line,
    line,
    points,
    unit_label,
)
from cf_pipeline.outputs.charts.parts.palette import OWN, PAPER, PLACE, PLACE_TEXT, QUIET, SHADE, TARGET
from cf_pipeline.outputs.charts.parts.quarter_axis import ROOM, quarter_axis, quarter_domain, year_labels
from cf_pipeline.outputs.charts.parts.side_labels import SideLabel, side_labels, side_room
from cf_pipeline.outputs.charts.parts.text_size import LINE_HEIGHT
from cf_pipeline.outputs.charts.parts.ticks import round_ticks

HEIGHT = 190
TOP_OF_UNIT, TOP = 2 * LINE_HEIGHT, LINE_HEIGHT
POINT = 7
"""Half the width of the last point, with the room beside it."""
Values = tuple[float | None, ...]


@dataclass(frozen=True)
class Companion:
    """What stands beside the council's own line: a value a quarter, and the lines of its label."""

    name: str
    values: Values
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Trend:
    """What a trend shows: a value for each quarter, None where there is none, as shown in the table.

    `last_year`: the words of the same quarter last year; '' where there is no figure. `lower` and `upper`: the
    firm limits of each quarter.
    """

    quarters: tuple[Quarter, ...]
    unit: str
    is_share: bool
    values: Values
    last: str
    last_year: str = ""
    lower: Values = ()
    upper: Values = ()
    place: Companion | None = None
    target: Companion | None = None

    @property
    def largest(self) -> float:
        """The largest value shown."""
        beside = [each.values for each in (self.place, self.target) if each]
        every = [value for values in (self.values, self.upper, *beside) for value in values]
        return max((value for value in every if value is not None), default=0)


def trend_spec(trend: Trend) -> Spec:
    """The picture."""
    ticks = round_ticks(trend.largest, is_share=trend.is_share)
    labels = _labels(trend)
    canvas = Canvas(
        left=axis_room(ticks, is_share=trend.is_share),
        right=side_room(labels),
        top=TOP_OF_UNIT if trend.unit else TOP,
        bottom=ROOM,
        height=HEIGHT,
        x_domain=quarter_domain(trend.quarters),
        y_ticks=ticks,
    )
    layers = [
        *_limits(trend, canvas),
        *_companion(trend.place, canvas, trend, PLACE, DASH),
        *_companion(trend.target, canvas, trend, TARGET, LONG_DASH),
        *_own_line(trend, canvas),
        *unit_label(trend.unit, canvas),
        *year_labels(trend.quarters, canvas),
        *side_labels(labels, canvas, canvas.x_pixel(len(trend.quarters) - 1) + POINT),
    ]
    return canvas.spec(layers)


def _encoding(trend: Trend, canvas: Canvas, field: str = "value") -> dict[str, Any]:
    return {
        "x": canvas.x(axis=quarter_axis(trend.quarters)),
        "y": canvas.y(field, value_axis(canvas.y_ticks, is_share=trend.is_share)),
    }


def _own_line(trend: Trend, canvas: Canvas) -> list[Spec]:
    encoding = _encoding(trend, canvas)
    rows = [{"x": x, "value": value} for x, value in enumerate(trend.values)]
    known = [row for row in rows if row["value"] is not None]
    layers = [
        line(rows, encoding, OWN, strokeWidth=3),
        points(known, encoding, OWN, size=22),
        points(known[-1:], encoding, OWN, size=90),
    ]
    place = len(trend.values) - 1 - QUARTERS_PER_YEAR
    if trend.last_year and place >= 0:
        layers.append(points([rows[place]], encoding, OWN, shape="diamond", fill=PAPER, size=110))
        layers.extend(_last_year_label(trend, canvas, place))
    return layers


def _last_year_label(trend: Trend, canvas: Canvas, place: int) -> list[Spec]:
    """The figure of last year's quarter, on the side of its point on which the line leaves more room."""
    here = trend.values[place] or 0
    beside = [value for value in trend.values[place - 1 : place + 2] if value is not None]
    is_above = sum(beside) / len(beside) <= here
    offset = -LINE_HEIGHT if is_above else LINE_HEIGHT
    y = canvas.y_pixel(here) + offset
    if y > canvas.height - LINE_HEIGHT / 2:
        y = canvas.y_pixel(here) - LINE_HEIGHT
    return label_on_line(canvas.x_pixel(place), y, [trend.last_year], OWN, align="center", fontWeight="bold")


def _limits(trend: Trend, canvas: Canvas) -> list[Spec]:
    rows = [
        {"x": x, "lower": low, "upper": high}
        for x, (low, high) in enumerate(zip(trend.lower, trend.upper, strict=True))
        if low is not None and high is not None
    ]
    if not rows:
        return []
    encoding = _encoding(trend, canvas, "lower")
    return [
        area(rows, {**encoding, "y2": {"field": "upper"}}, SHADE),
        line(rows, encoding, QUIET, strokeWidth=1),
        line(rows, _encoding(trend, canvas, "upper"), QUIET, strokeWidth=1),
    ]


def _companion(
    companion: Companion | None, canvas: Canvas, trend: Trend, colour: str, dash: list[int]
) -> list[Spec]:
    """The line of another place or of the target, which is one value until the next holds."""
    if companion is None:
        return []
    rows = [{"x": x, "value": value} for x, value in enumerate(companion.values)]
    style = {"strokeWidth": 2, "strokeDash": dash, "interpolate": "step-after"}
    return [line(rows, _encoding(trend, canvas), colour, **style)]


def _labels(trend: Trend) -> list[SideLabel]:
    """The labels at the right: the latest figure, then what stands beside it."""
    found: list[tuple[Values, tuple[str, ...], str, bool]] = [(trend.values, (trend.last,), OWN, True)]
    found += [
        (each.values, each.lines, colour, False)
        for each, colour in ((trend.place, PLACE_TEXT), (trend.target, TARGET))
        if each is not None
    ]
    labels = [
        SideLabel(values[-1], lines, colour, is_bold)
        for values, lines, colour, is_bold in found
        if values[-1] is not None
    ]
    if trend.upper and trend.upper[-1] is not None and trend.lower[-1] is not None:
        middle = (trend.upper[-1] + trend.lower[-1]) / 2
        labels.append(SideLabel(middle, ("usual", "range"), QUIET))
    return labels

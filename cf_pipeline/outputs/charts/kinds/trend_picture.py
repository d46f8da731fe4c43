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
from cf_pipeline.outputs.charts.parts.palette import OWN, PAPER, PLACE, QUIET, SHADE, TARGET
from cf_pipeline.outputs.charts.parts.quarter_axis import ROOM, quarter_axis, quarter_domain, year_labels
from cf_pipeline.outputs.charts.parts.side_labels import SideLabel, side_labels, side_room
from cf_pipeline.outputs.charts.parts.text_size import LINE_HEIGHT, text_width
from cf_pipeline.outputs.charts.parts.ticks import round_ticks
from cf_pipeline.outputs.charts.words import number_of, range_ends

HEIGHT = 190
TOP_OF_UNIT, TOP = 2 * LINE_HEIGHT, LINE_HEIGHT
POINT = 7
"""Half the width of the last point, with the room beside it."""
Values = tuple[float | None, ...]


@dataclass(frozen=True)
class Companion:
    """What stands beside the council's own line: a figure a quarter as shown, and the lines of its label.

    A figure that is not known is ''.
    """

    name: str
    cells: tuple[str, ...]
    lines: tuple[str, ...]

    @property
    def numbers(self) -> Values:
        """The figures as numbers."""
        return tuple(number_of(cell) if cell else None for cell in self.cells)


@dataclass(frozen=True)
class Trend:
    """What a trend shows: a value for each quarter, None where there is none, as shown in the table.

    `last_year`: the words of the same quarter last year; '' where there is no figure. `ranges`: the firm
    limits of each quarter, as in '52 to 105'; empty where there are none.
    """

    quarters: tuple[Quarter, ...]
    unit: str
    is_share: bool
    values: Values
    last: str
    last_year: str = ""
    ranges: tuple[str, ...] = ()
    place: Companion | None = None
    target: Companion | None = None

    @property
    def limits(self) -> list[tuple[int, float, float]]:
        """The place of each quarter that has limits, and both."""
        return [(x, *range_ends(words)) for x, words in enumerate(self.ranges) if words]

    @property
    def largest(self) -> float:
        """The largest value shown."""
        beside = [each.numbers for each in (self.place, self.target) if each]
        upper = tuple(high for _, _, high in self.limits)
        every = [value for numbers in (self.values, upper, *beside) for value in numbers]
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
    half = text_width(trend.last_year, is_bold=True) / 2
    x = min(max(canvas.x_pixel(place), half), canvas.plot_width - half)
    beside = [
        value
        for quarter, value in enumerate(trend.values)
        if value is not None and abs(canvas.x_pixel(quarter) - x) < half + POINT
    ]
    above, below = (canvas.y_pixel(here) + offset for offset in (-LINE_HEIGHT, LINE_HEIGHT))
    has_room_above = above > LINE_HEIGHT / 2 - canvas.top
    has_room_below = below < canvas.height - LINE_HEIGHT / 2
    is_above = max(beside) - here <= here - min(beside)
    y = above if (is_above and has_room_above) or not has_room_below else below
    return label_on_line(x, y, [trend.last_year], OWN, align="center", fontWeight="bold")


def _limits(trend: Trend, canvas: Canvas) -> list[Spec]:
    rows = [{"x": x, "lower": low, "upper": high} for x, low, high in trend.limits]
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
    rows = [{"x": x, "value": value} for x, value in enumerate(companion.numbers)]
    style = {"strokeWidth": 2, "strokeDash": dash, "interpolate": "step-after"}
    return [line(rows, _encoding(trend, canvas), colour, **style)]


def _labels(trend: Trend) -> list[SideLabel]:
    """The labels at the right: the latest figure, then what stands beside it."""
    found: list[tuple[Values, tuple[str, ...], str, bool]] = [(trend.values, (trend.last,), OWN, True)]
    found += [
        (each.numbers, each.lines, colour, False)
        for each, colour in ((trend.place, PLACE), (trend.target, TARGET))
        if each is not None
    ]
    labels = [
        SideLabel(values[-1], lines, colour, is_bold)
        for values, lines, colour, is_bold in found
        if values[-1] is not None
    ]
    if trend.ranges and trend.ranges[-1]:
        labels.append(SideLabel(sum(range_ends(trend.ranges[-1])) / 2, ("usual", "range"), QUIET))
    return labels

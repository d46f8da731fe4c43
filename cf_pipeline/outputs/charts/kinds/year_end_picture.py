"""The picture of a year's end: two years quarter by quarter, and a fan from today to the end of this one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR
from cf_pipeline.outputs.charts.chart import Spec
from cf_pipeline.outputs.charts.parts.canvas import Canvas, axis_room, label_expression, value_axis
from cf_pipeline.outputs.charts.parts.marks import DASH, DOTS, LONG_DASH, area, line, points, unit_label
from cf_pipeline.outputs.charts.parts.palette import FAR, NEAR, OWN, PAPER, PLACE, QUIET, TARGET
from cf_pipeline.outputs.charts.parts.side_labels import SideLabel, side_labels, side_room
from cf_pipeline.outputs.charts.parts.text_size import LINE_HEIGHT
from cf_pipeline.outputs.charts.parts.ticks import round_ticks
from cf_pipeline.outputs.charts.words import number_of, range_ends

HEIGHT, BOTTOM = 200, LINE_HEIGHT + 10
TOP_OF_UNIT, TOP = 2 * LINE_HEIGHT, LINE_HEIGHT
POINT = 8
Values = tuple[float | None, ...]


@dataclass(frozen=True)
class YearEnd:
    """What a year's end shows, as in its table.

    `values` and `last_values`: the figures to date of each quarter. `forecast`, `last_total` (last year's
    end), `inner` and `outer` (the 80% and the 95% range, as in '316 to 340') and `target` are in words, ''
    where there is none.
    """

    year: str
    last_year: str
    unit: str
    is_share: bool
    values: Values
    last_values: Values
    forecast: str
    method: str
    last_total: str = ""
    inner: str = ""
    outer: str = ""
    target: str = ""

    @property
    def has_quarters_left(self) -> bool:
        """Whether the year still goes on."""
        return len(self.values) < QUARTERS_PER_YEAR

    @property
    def largest(self) -> float:
        """The largest value shown."""
        ends = [end for words in (self.inner, self.outer) if words for end in range_ends(words)]
        single = [number_of(words) for words in (self.forecast, self.target) if words]
        every = [*self.values, *self.last_values, *single, *ends]
        return max((value for value in every if value is not None), default=0)


def year_end_spec(year_end: YearEnd) -> Spec:
    """The picture."""
    ticks = round_ticks(year_end.largest, is_share=year_end.is_share)
    labels = _labels(year_end)
    canvas = Canvas(
        left=axis_room(ticks, is_share=year_end.is_share),
        right=side_room(labels),
        top=TOP_OF_UNIT if year_end.unit else TOP,
        bottom=BOTTOM,
        height=HEIGHT,
        x_domain=(0.7, QUARTERS_PER_YEAR + 0.15),
        y_ticks=ticks,
    )
    end = canvas.x_pixel(QUARTERS_PER_YEAR) + POINT
    layers = [
        *_fan(year_end, canvas),
        *_target(year_end, canvas),
        *_lines(year_end, canvas),
        *unit_label(year_end.unit, canvas),
        *side_labels(labels, canvas, end),
    ]
    return canvas.spec(layers)


def _encoding(year_end: YearEnd, canvas: Canvas, field: str = "value") -> dict[str, Any]:
    numbers = range(QUARTERS_PER_YEAR + 1)
    axis = {
        "values": list(numbers[1:]),
        "labelExpr": label_expression([f"Q{number}" for number in numbers]),
        "grid": False,
    }
    return {
        "x": canvas.x(axis=axis),
        "y": canvas.y(field, value_axis(canvas.y_ticks, is_share=year_end.is_share)),
    }


def _rows(values: Values) -> list[dict[str, Any]]:
    return [{"x": number, "value": value} for number, value in enumerate(values, start=1)]


def _fan(year_end: YearEnd, canvas: Canvas) -> list[Spec]:
    """The areas of both ranges, from the figure to date to the year's end, with a thin edge each."""
    now = year_end.values[-1]
    if now is None:
        return []
    layers: list[Spec] = []
    for ends, colour in ((year_end.outer, FAR), (year_end.inner, NEAR)):
        if not ends:
            continue
        low, high = range_ends(ends)
        rows = [
            {"x": len(year_end.values), "lower": now, "upper": now},
            {"x": QUARTERS_PER_YEAR, "lower": low, "upper": high},
        ]
        lower, upper = (_encoding(year_end, canvas, field) for field in ("lower", "upper"))
        layers.append(area(rows, {**lower, "y2": {"field": "upper"}}, colour))
        layers.extend(line(rows, edge, QUIET, strokeWidth=1) for edge in (lower, upper))
    return layers


def _target(year_end: YearEnd, canvas: Canvas) -> list[Spec]:
    if not year_end.target:
        return []
    rows = [{"x": number, "value": number_of(year_end.target)} for number in (1, QUARTERS_PER_YEAR)]
    return [line(rows, _encoding(year_end, canvas), TARGET, strokeWidth=2, strokeDash=LONG_DASH)]


def _lines(year_end: YearEnd, canvas: Canvas) -> list[Spec]:
    encoding = _encoding(year_end, canvas)
    last, this = _rows(year_end.last_values), _rows(year_end.values)
    layers = [
        line(last, encoding, PLACE, strokeWidth=2, strokeDash=DASH),
        points(
            [r for r in last if r["value"] is not None], encoding, PLACE, shape="diamond", fill=PAPER, size=60
        ),
    ]
    if year_end.has_quarters_left and year_end.forecast:
        end = {"x": QUARTERS_PER_YEAR, "value": number_of(year_end.forecast)}
        layers.append(line([this[-1], end], encoding, OWN, strokeWidth=2, strokeDash=DOTS))
        layers.append(points([end], encoding, OWN, fill=PAPER, size=90))
    layers.append(line(this, encoding, OWN, strokeWidth=3))
    layers.append(points([r for r in this if r["value"] is not None], encoding, OWN, size=60))
    return layers


def _labels(year_end: YearEnd) -> list[SideLabel]:
    labels: list[SideLabel] = []
    if year_end.forecast:
        words = "forecast" if year_end.has_quarters_left else year_end.year
        lines = (f"{words} {year_end.forecast}", *([year_end.inner] if year_end.inner else []))
        labels.append(SideLabel(number_of(year_end.forecast), lines, OWN, is_bold=True))
    last = year_end.last_values[-1]
    if last is not None:
        labels.append(SideLabel(last, (f"{year_end.last_year} {year_end.last_total}",), PLACE))
    if year_end.target:
        labels.append(SideLabel(number_of(year_end.target), (f"target {year_end.target}",), TARGET))
    return labels

"""A distribution of durations over nine to twelve quarters, as stacked bars."""

from __future__ import annotations

from typing import Any

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR, Quarter
from cf_pipeline.outputs.charts.chart import Chart, ChartTable, Spec
from cf_pipeline.outputs.charts.figures import Figures, trend_quarters
from cf_pipeline.outputs.charts.kinds.bands import Group, groups_of, largest_groups, whole_of
from cf_pipeline.outputs.charts.parts.canvas import Canvas, axis_room, value_axis
from cf_pipeline.outputs.charts.parts.marks import layer
from cf_pipeline.outputs.charts.parts.palette import INK, PAPER, STEPS
from cf_pipeline.outputs.charts.parts.quarter_axis import ROOM, quarter_axis, quarter_domain, year_labels
from cf_pipeline.outputs.charts.parts.side_labels import SideLabel, side_labels, side_room
from cf_pipeline.outputs.charts.parts.text_size import LINE_HEIGHT, wrap_text
from cf_pipeline.outputs.charts.parts.ticks import round_ticks
from cf_pipeline.outputs.charts.words import (
    FEWEST_CASES,
    FEWEST_POINTS,
    figure_text,
    has_value,
    quarter_text,
    reason_text,
    sentence_of,
    unit_of_groups,
)
from cf_pipeline.outputs.report.cells import format_number

MOST_GROUPS = len(STEPS)
"""More shades cannot be told apart: such a distribution is shown as bars of one quarter (`bands_chart`)."""
HEIGHT = 210
_LABEL_WIDTH = 110
_BAR = 0.36
"""Half the width of a bar, in quarters."""
Stacks = list[tuple[Quarter, list[Group]]]


def durations_chart(figures: Figures, kpi_id: str) -> Chart:
    """The groups of a distribution quarter by quarter; the table has a row a quarter and a column a group."""
    kpi = figures.kpis[kpi_id]
    stacks = [(quarter, groups_of(figures, kpi_id, quarter)) for quarter in trend_quarters(figures.quarter)]
    known = [index for index, (_, groups) in enumerate(stacks) if whole_of(groups)]
    stacks = stacks[known[0] :] if known else stacks[-1:]
    unit = unit_of_groups(kpi.band_code_set)
    reason = _reason(stacks)
    return Chart(
        name=f"durations-{kpi_id.replace('_', '-')}",
        title=_title(kpi, stacks, unit),
        description=reason
        or sentence_of(
            "durations", "picture", first=quarter_text(stacks[0][0]), last=quarter_text(stacks[-1][0])
        ),
        table=_table(kpi, stacks, unit),
        spec=None if reason else _spec(stacks, unit),
    )


def _reason(stacks: Stacks) -> str:
    wholes = [whole_of(groups) for _, groups in stacks]
    last = stacks[-1][1]
    if not wholes[-1]:
        missing = next((group.row for group in last if not has_value(group.row)), None)
        return sentence_of("shared", "no_figure", reason=reason_text(missing)).strip()
    if sum(map(bool, wholes)) < FEWEST_POINTS:
        return sentence_of("shared", "too_few", fewest=FEWEST_POINTS)
    if len(last) > MOST_GROUPS:
        return sentence_of("shared", "too_many_groups", most=MOST_GROUPS)
    small = [whole for whole in wholes if 0 < whole < FEWEST_CASES]
    return sentence_of("shared", "small_share", fewest=FEWEST_CASES) if small else ""


def _title(kpi: Any, stacks: Stacks, unit: str) -> str:
    quarter, groups = stacks[-1]
    words: dict[str, Any] = {"measure": kpi.title, "quarter": quarter_text(quarter)}
    largest = largest_groups(groups)
    if not largest:
        return sentence_of("bands", "missing", **words)
    label = largest[0].label
    title = sentence_of(
        "durations",
        "title",
        **words,
        largest=f"{label} {unit}".strip(),
        count=f"{largest[0].count:,}",
        whole=f"{whole_of(groups):,}",
    )
    before = dict(stacks).get(quarter.previous(QUARTERS_PER_YEAR), [])
    then = next((group for group in before if group.label == label and has_value(group.row)), None)
    if then is None:
        return title
    return sentence_of(
        "durations", "compared", title=title, count=f"{then.count:,}", whole=f"{whole_of(before):,}"
    )


def _table(kpi: Any, stacks: Stacks, unit: str) -> ChartTable:
    labels = [group.label for group in stacks[-1][1]]
    rows = []
    for quarter, groups in stacks:
        rows_by_label = {group.label: group.row for group in groups}
        cells = [_cell(kpi, rows_by_label.get(label)) for label in labels]
        rows.append((quarter_text(quarter), *cells))
    return ChartTable(("Quarter", *(f"{label} {unit}".strip() for label in labels)), tuple(rows))


def _cell(kpi: Any, row: Any) -> str:
    return format_number(row.numerator, 0) if has_value(row) else figure_text(kpi, row)


def _spec(stacks: Stacks, unit: str) -> Spec:
    ticks = round_ticks(max(whole_of(groups) for _, groups in stacks))
    quarters = [quarter for quarter, _ in stacks]
    rows = _stacked_rows(stacks)
    labels = _labels([row for row in rows if row["x"] == len(stacks) - 1], unit)
    canvas = Canvas(
        left=axis_room(ticks, is_share=False),
        right=side_room(labels),
        top=LINE_HEIGHT,
        bottom=ROOM,
        height=HEIGHT,
        x_domain=quarter_domain(quarters),
        y_ticks=ticks,
    )
    encoding = {
        "x": canvas.x("left", quarter_axis(quarters)),
        "x2": {"field": "right"},
        "y": canvas.y("lower", value_axis(ticks, is_share=False)),
        "y2": {"field": "upper"},
        "fill": {"field": "colour", "type": "nominal", "scale": None},
    }
    bars = layer(rows, {"type": "rect", "stroke": PAPER, "strokeWidth": 1.5}, encoding)
    stripes = {**encoding, "x": canvas.x(axis=quarter_axis(quarters))}
    del stripes["x2"], stripes["fill"]
    lines = layer(_stripes(rows), {"type": "rule", "color": PAPER, "strokeWidth": 1}, stripes)
    last = canvas.x_pixel(len(stacks) - 1 + _BAR) + 2
    return canvas.spec([bars, lines, *year_labels(quarters, canvas), *side_labels(labels, canvas, last)])


def _stacked_rows(stacks: Stacks) -> list[dict[str, Any]]:
    """A row for each group of each quarter that holds any, from the foot up."""
    rows = []
    for x, (_, groups) in enumerate(stacks):
        foot = 0
        for group, colour in zip(groups, STEPS, strict=False):
            if group.count:
                ends = {"left": x - _BAR, "right": x + _BAR, "lower": foot, "upper": foot + group.count}
                words = {"value": group.count, "group": group.label, "colour": colour}
                rows.append({"x": x, **words, **ends})
            foot += group.count
    return rows


def _stripes(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The white lines up a group, one more than in the group before: they tell groups without colour."""
    return [
        {"x": row["left"] + 2 * _BAR * number / (count + 1), "lower": row["lower"], "upper": row["upper"]}
        for row in rows
        for count in [STEPS.index(row["colour"])]
        for number in range(1, count + 1)
    ]


def _labels(rows: list[dict[str, Any]], unit: str) -> list[SideLabel]:
    return [
        SideLabel(
            (row["lower"] + row["upper"]) / 2,
            tuple(wrap_text(f"{row['group']} {unit}".strip() + f": {row['value']:,}", _LABEL_WIDTH)),
            INK,
        )
        for row in rows
    ]

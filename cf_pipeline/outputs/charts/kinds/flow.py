"""From contact to plan: how many of each step in the quarter, beside the same quarter last year."""

from __future__ import annotations

from typing import Any

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR
from cf_pipeline.contracts.english import join_words
from cf_pipeline.outputs.charts.chart import Chart, ChartTable, Spec
from cf_pipeline.outputs.charts.figures import Figures
from cf_pipeline.outputs.charts.parts.marks import layer
from cf_pipeline.outputs.charts.parts.palette import OWN, QUIET
from cf_pipeline.outputs.charts.parts.row_frame import RowFrame, figures_beside, row_frame
from cf_pipeline.outputs.charts.words import (
    drawn_value,
    figure_text,
    has_value,
    join_sentences,
    quarter_text,
    reason_for_no_picture,
    reason_text,
    sentence_of,
    words_of,
)

_THICKNESS, _THIN = 13, 5
"""Of the bar of this quarter, and of that of last year below it."""


def flow_chart(figures: Figures) -> Chart:
    """The steps that `[steps]` of `data/words.toml` names, in its order.

    The table has a row a step: this quarter, and the same quarter last year.
    """
    quarter, before = figures.quarter, figures.quarter.previous(QUARTERS_PER_YEAR)
    steps = [
        (figures.kpis[kpi_id], nouns) for kpi_id, nouns in words_of("steps").items() if kpi_id in figures.kpis
    ]
    now = [figures.total(kpi.kpi_id, quarter) for kpi, _ in steps]
    then = [figures.total(kpi.kpi_id, before) for kpi, _ in steps]
    missing = next((row for row in now if not has_value(row)), None)
    is_whole = all(map(has_value, now))
    reason = sentence_of("shared", "no_figure", reason=reason_text(missing)).strip()
    if is_whole:
        reason = reason_for_no_picture(steps[0][0], [*now, *then])
    counts = [
        f"{figure_text(kpi, row)} {nouns[0] if row.value == 1 else nouns[1]}"
        for (kpi, nouns), row in zip(steps, now, strict=True)
        if has_value(row)
    ]
    name = "title" if counts else "missing"
    return Chart(
        name="flow-contact-to-plan",
        title=sentence_of(
            "flow", name, quarter=quarter_text(quarter), values=join_words(counts) if counts else ""
        ),
        description=join_sentences(reason or sentence_of("flow", "picture"), sentence_of("flow", "caution")),
        table=ChartTable(
            ("Step", quarter_text(quarter), quarter_text(before)),
            tuple(
                (str(kpi.title), figure_text(kpi, row), figure_text(kpi, earlier))
                for (kpi, _), row, earlier in zip(steps, now, then, strict=True)
            ),
        ),
        spec=None if reason else _spec([kpi for kpi, _ in steps], now, then),
    )


def _spec(kpis: list[Any], now: list[Any], then: list[Any]) -> Spec:
    values = [
        (drawn_value(kpi, row) or 0, drawn_value(kpi, earlier))
        for kpi, row, earlier in zip(kpis, now, then, strict=True)
    ]
    figures = [
        figure_text(kpi, row) + (f" (last year {figure_text(kpi, earlier)})" if has_value(earlier) else "")
        for kpi, row, earlier in zip(kpis, now, then, strict=True)
    ]
    largest = max(max(value, earlier or 0) for value, earlier in values)
    frame = row_frame([str(kpi.title) for kpi in kpis], figures, (0, largest or 1))
    rows = [
        {"value": value, "last_year": earlier, "x": max(value, earlier or 0), "y": y, "figure": figure}
        for (value, earlier), y, figure in zip(values, frame.centres, figures, strict=True)
    ]
    return frame.canvas.spec(
        [
            _bars(rows, frame, "value", OWN, _THICKNESS, -_THIN / 2),
            _bars(
                [row for row in rows if row["last_year"] is not None],
                frame,
                "last_year",
                QUIET,
                _THIN,
                _THICKNESS / 2,
            ),
            figures_beside(rows, frame),
            *frame.words_layers(),
        ]
    )


def _bars(
    rows: list[dict[str, Any]], frame: RowFrame, field: str, colour: str, height: float, down: float
) -> Spec:
    mark = {"type": "bar", "color": colour, "orient": "horizontal", "height": height, "yOffset": down}
    return layer(rows, mark, {"x": {**frame.x(field), "stack": None}, "y": frame.y()})

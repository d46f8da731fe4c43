"""From contact to plan: how many of each step there were in the quarter, beside the same quarter last year."""

from __future__ import annotations

from typing import Any

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR
from cf_pipeline.contracts.english import join_words
from cf_pipeline.outputs.charts.chart import Chart, ChartTable, Spec
from cf_pipeline.outputs.charts.figures import Figures
from cf_pipeline.outputs.charts.parts.marks import layer, points
from cf_pipeline.outputs.charts.parts.palette import INK, OWN, PAPER
from cf_pipeline.outputs.charts.parts.row_frame import row_frame
from cf_pipeline.outputs.charts.parts.text_size import LINE_HEIGHT
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

_THICKNESS = 18
"""Of a bar."""


def flow_chart(figures: Figures) -> Chart:
    """The steps of `data/words.toml`, `[steps]`; the table has a row a step, this quarter and the same last year."""
    quarter, before = figures.quarter, figures.quarter.previous(QUARTERS_PER_YEAR)
    steps = [(figures.kpis[kpi_id], nouns) for kpi_id, nouns in words_of("steps").items() if kpi_id in figures.kpis]
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
    values = [(drawn_value(kpi, row) or 0, drawn_value(kpi, old)) for kpi, row, old in zip(kpis, now, then, strict=True)]
    figures = [f"{value:,g}" if old is None else f"{value:,g} (last year {old:,g})" for value, old in values]
    largest = max(max(value, old or 0) for value, old in values)
    frame = row_frame([str(kpi.title) for kpi in kpis], figures, (0, largest or 1))
    rows = [
        {"value": value, "last_year": old, "x": max(value, old or 0), "y": y, "figure": figure}
        for (value, old), y, figure in zip(values, frame.centres, figures, strict=True)
    ]
    earlier = [row for row in rows if row["last_year"] is not None]
    bars = {"type": "bar", "color": OWN, "orient": "horizontal", "height": _THICKNESS}
    x, y = frame.canvas.x(), frame.y()
    return frame.canvas.spec(
        [
            layer(rows, bars, {"x": {**x, "field": "value", "stack": None}, "y": y}),
            points(earlier, {"x": {**x, "field": "last_year"}, "y": y}, OWN, shape="diamond", fill=PAPER, size=90),
            layer(
                rows,
                {"type": "text", "align": "left", "dx": LINE_HEIGHT / 2 + 2, "color": INK},
                {"x": x, "y": y, "text": {"field": "figure"}},
            ),
            *frame.words_layers(),
        ]
    )

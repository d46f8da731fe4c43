"""Figures of earlier quarters that a later delivery or definition changed: from what, to what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.outputs.charts.chart import Chart, ChartTable, Spec
from cf_pipeline.outputs.charts.figures import Figures, trend_quarters
from cf_pipeline.outputs.charts.parts.canvas import value_axis
from cf_pipeline.outputs.charts.parts.marks import layer, points
from cf_pipeline.outputs.charts.parts.palette import INK, OWN, PAPER, QUIET
from cf_pipeline.outputs.charts.parts.row_frame import RowFrame, figures_beside, row_frame
from cf_pipeline.outputs.charts.parts.ticks import FEW, round_ticks
from cf_pipeline.outputs.charts.words import (
    FEWEST_CASES,
    FEWEST_POINTS,
    cases,
    join_sentences,
    number_of,
    quarter_text,
    sentence_of,
    value_text,
)

_NO_FIGURE = "no figure"
_RING, _DOT = 190, 50
"""The ring is larger, so that it is seen around the dot where a figure hardly moved."""


@dataclass(frozen=True)
class Revision:
    """One figure that changed, as shown before and after; '' where there is none."""

    measure: str
    quarter: str
    before: str
    after: str
    reason: str
    is_small: bool

    @property
    def is_drawn(self) -> bool:
        """Whether it has two figures, and each of cases enough."""
        return bool(self.before and self.after) and not self.is_small

    @property
    def change(self) -> float:
        """How far it moved."""
        return number_of(self.after) - number_of(self.before)


def revisions_charts(figures: Figures) -> list[Chart]:
    """A chart for each unit (percentages, counts of children and so on) in which figures changed.

    Shares of fewer than six stand in the table alone. The quarters are those of a trend; a row that changed
    twice is there twice.
    """
    keys = {quarter.key for quarter in trend_quarters(figures.quarter)}
    units: dict[str, list[Revision]] = {}
    for row in figures.revisions:
        if row.quarter_key in keys and row.basis == "quarter":
            units.setdefault(str(figures.kpis[row.kpi_id].unit), []).append(_revision(figures, row))
    return [_chart(unit, revisions) for unit, revisions in sorted(units.items())]


def _revision(figures: Figures, row: Any) -> Revision:
    kpi, quarter = figures.kpis[row.kpi_id], Quarter.parse(row.quarter_key)
    now = figures.total(row.kpi_id, quarter)
    whole = None if now is None else cases(kpi, now)
    before, after = (
        "" if pd.isna(value) else value_text(kpi, value) for value in (row.from_value, row.to_value)
    )
    is_small = whole is not None and whole < FEWEST_CASES
    return Revision(str(kpi.title), quarter_text(quarter), before, after, str(row.reason), is_small)


def _chart(unit: str, revisions: list[Revision]) -> Chart:
    is_percent = unit == "%"
    drawn = [revision for revision in revisions if revision.is_drawn]
    reason = "" if 2 * len(drawn) >= FEWEST_POINTS else sentence_of("shared", "too_few", fewest=FEWEST_POINTS)
    slug = "percentages" if is_percent else "-".join(unit.lower().replace(",", "").split())
    left_out = any(revision.is_small for revision in revisions)
    return Chart(
        name=f"revisions-{slug}",
        title=_title(revisions),
        description=join_sentences(
            reason or sentence_of("revisions", "picture"),
            sentence_of("shared", "small_shares", fewest=FEWEST_CASES) if left_out and not reason else "",
        ),
        table=ChartTable(
            ("Measure", "Quarter", "Before", "Now", "Why"),
            tuple(
                (each.measure, each.quarter, each.before or _NO_FIGURE, each.after or _NO_FIGURE, each.reason)
                for each in revisions
            ),
        ),
        spec=None if reason else _spec(drawn, is_percent=is_percent),
    )


def _title(revisions: list[Revision]) -> str:
    known = [revision for revision in revisions if revision.before and revision.after]
    largest = max(known or revisions, key=lambda each: abs(each.change) if known else 0)
    words = {
        "measure": largest.measure,
        "quarter": largest.quarter,
        "before": largest.before or _NO_FIGURE,
        "after": largest.after or _NO_FIGURE,
    }
    name = "title_one" if len(revisions) == 1 else "title"
    return sentence_of("revisions", name, **words, count=len(revisions))


def _spec(revisions: list[Revision], *, is_percent: bool) -> Spec:
    words = [f"{revision.measure}, {revision.quarter}" for revision in revisions]
    figures = [f"{revision.before} to {revision.after}" for revision in revisions]
    ends = [(number_of(revision.before), number_of(revision.after)) for revision in revisions]
    ticks = round_ticks(max(max(pair) for pair in ends), is_share=is_percent, most=FEW)
    axis = value_axis(ticks, is_share=is_percent, is_vertical=False)
    frame = row_frame(words, figures, ticks, axis=axis)
    rows = [
        {"before": pair[0], "after": pair[1], "x": max(pair), "y": y, "figure": figure}
        for pair, y, figure in zip(ends, frame.centres, figures, strict=True)
    ]
    return frame.canvas.spec([*_changes(rows, frame), *frame.words_layers()])


def _changes(rows: list[dict[str, Any]], frame: RowFrame) -> list[Spec]:
    before, after, y = frame.x("before"), frame.x("after"), frame.y()
    line = {"type": "rule", "color": QUIET, "strokeWidth": 2}
    return [
        layer(rows, line, {"x": before, "x2": {"field": "after"}, "y": y}),
        points(rows, {"x": before, "y": y}, QUIET, fill=PAPER, size=_RING),
        points(rows, {"x": after, "y": y}, OWN, size=_DOT),
        figures_beside(rows, frame, INK, dx=10),
    ]

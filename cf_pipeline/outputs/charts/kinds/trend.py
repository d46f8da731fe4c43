"""A KPI over nine to twelve quarters: last year's quarter, usual range, a place and the target beside it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR, Quarter
from cf_pipeline.contracts.english import NUMBER_WORDS
from cf_pipeline.outputs.charts.chart import Chart, ChartTable
from cf_pipeline.outputs.charts.figures import Figures, trend_quarters
from cf_pipeline.outputs.charts.kinds.trend_picture import Companion, Trend, trend_spec
from cf_pipeline.outputs.charts.words import (
    difference_text,
    direction_text,
    drawn_value,
    figure_text,
    has_value,
    join_sentences,
    quarter_text,
    reason_for_no_picture,
    reason_text,
    sentence_of,
    short_text,
    target_text,
    value_text,
)
from cf_pipeline.outputs.report.cells import is_share, range_words

_HIGH, _LOW = ("special_high",), ("special_low",)
OUTSIDE_LIMITS = "outside the limits"
"""The published cause of a variation that one quarter shows by itself; the others take several."""
_GOOD, _BAD = "special_improvement", "special_concern"


def trend_chart(figures: Figures, kpi_id: str) -> Chart:
    """The trend of a KPI's totals up to the quarter of the figures.

    The table has a row a quarter, oldest first: the figure, the usual range (firm limits), the published
    figure of the region or, without one, of England, and the target. It begins with the first figure.
    """
    kpi = figures.kpis[kpi_id]
    quarters = quarters_with_figures(figures, kpi_id)
    trend = _trend(figures, kpi, quarters)
    rows = [figures.total(kpi_id, quarter) for quarter in quarters]
    reason = _reason(kpi, rows)
    return Chart(
        name=f"trend-{kpi_id.replace('_', '-')}",
        title=_title(figures, kpi),
        description=_description(trend, kpi, rows)
        if not reason
        else join_sentences(reason, direction_text(kpi)),
        table=_table(trend, kpi, rows),
        spec=None if reason else trend_spec(trend),
    )


def quarters_with_figures(figures: Figures, kpi_id: str) -> list[Quarter]:
    """The quarters of a trend from the first that has a figure; the latest alone where none has one."""
    quarters = trend_quarters(figures.quarter)
    known = [index for index, quarter in enumerate(quarters) if has_value(figures.total(kpi_id, quarter))]
    return quarters[known[0] :] if known else quarters[-1:]


def _reason(kpi: Any, rows: list[Any]) -> str:
    if not has_value(rows[-1]):
        return sentence_of("shared", "no_figure", reason=reason_text(rows[-1])).strip()
    return reason_for_no_picture(kpi, rows)


def _trend(figures: Figures, kpi: Any, quarters: list[Quarter]) -> Trend:
    rows = [figures.total(kpi.kpi_id, quarter) for quarter in quarters]
    last_year = rows[-1 - QUARTERS_PER_YEAR] if len(rows) > QUARTERS_PER_YEAR else None
    return Trend(
        quarters=tuple(quarters),
        unit="" if is_share(kpi) else str(kpi.unit),
        is_share=is_share(kpi),
        values=tuple(drawn_value(kpi, row) for row in rows),
        last=short_text(kpi, rows[-1]),
        last_year=f"last year {short_text(kpi, last_year)}" if has_value(last_year) else "",
        ranges=_ranges(figures, kpi, quarters),
        place=_place(figures, kpi, quarters),
        target=_target(figures, kpi, quarters),
    )


def _ranges(figures: Figures, kpi: Any, quarters: list[Quarter]) -> tuple[str, ...]:
    """The firm limits of each quarter in words, '' where there are none; a limit below 0 is 0."""
    rows = [figures.limits(kpi.kpi_id, quarter) for quarter in quarters]
    # A stock follows itself, so its distance from the limits says nothing: the caveat says so.
    texts = [
        "" if row is None or not pd.isna(row.caveat) else range_words(max(row.lower, 0.0), row.upper, kpi)
        for row in rows
    ]
    return tuple(texts) if any(texts) else ()


def _place(figures: Figures, kpi: Any, quarters: list[Quarter]) -> Companion | None:
    """The region, else England while nothing of it is published; never for a count (docs/rulings.md#18)."""
    if kpi.kind in {"flow_count", "stock"}:
        return None
    for against, name in figures.places():
        rows = [figures.comparison(kpi.kpi_id, against, quarter) for quarter in quarters]
        if rows[-1] is not None:
            cells = tuple("" if row is None else value_text(kpi, row.reference) for row in rows)
            return Companion(name, cells, (name, cells[-1]))
    return None


def _target(figures: Figures, kpi: Any, quarters: list[Quarter]) -> Companion | None:
    rows = [figures.target(kpi.kpi_id, quarter.end) for quarter in quarters]
    cells = tuple("" if row is None else target_text(kpi, row.value) for row in rows)
    return Companion("Target", cells, (f"target {cells[-1]}",)) if cells[-1] else None


def _table(trend: Trend, kpi: Any, rows: list[Any]) -> ChartTable:
    header = ["Quarter", str(kpi.title)]
    columns = [[quarter_text(quarter) for quarter in trend.quarters], [figure_text(kpi, row) for row in rows]]
    if trend.ranges:
        header.append("Usual range")
        columns.append(list(trend.ranges))
    for companion in (trend.place, trend.target):
        if companion is not None:
            header.append(companion.name)
            columns.append(list(companion.cells))
    return ChartTable(tuple(header), tuple(zip(*columns, strict=True)))


def _title(figures: Figures, kpi: Any) -> str:
    quarter = figures.quarter
    row = figures.total(kpi.kpi_id, quarter)
    if not has_value(row):
        return sentence_of("trend", "missing", measure=kpi.title, quarter=quarter_text(quarter))
    title = sentence_of(
        "trend", "title", measure=kpi.title, value=short_text(kpi, row), quarter=quarter_text(quarter)
    )
    return _with_chance(_with_target(_with_difference(title, figures, kpi), figures, kpi, row), figures, kpi)


def _with_difference(title: str, figures: Figures, kpi: Any) -> str:
    """The title with the published words of the comparison with the quarters before, else with last year."""
    quarter = figures.quarter
    before = figures.comparison(kpi.kpi_id, "previous_quarters", quarter)
    last_year = figures.comparison(kpi.kpi_id, "same_quarter_last_year", quarter)
    row = last_year if before is None else before
    if row is None:
        return title
    words = {
        "title": title,
        "difference": difference_text(row.phrase),
        "reference": value_text(kpi, row.reference),
    }
    if before is None:
        return sentence_of("trend", "against_last_year", **words)
    if quarter.number <= 2:  # in quarter 1 the one before is last year's quarter 4 (docs/rulings.md#12)
        return sentence_of("trend", "against_previous_one", **words)
    is_within = "range" in str(row.phrase)
    name = "against_previous_quarters" if is_within else "against_previous"
    return sentence_of("trend", name, **words, count=f"{NUMBER_WORDS[quarter.number - 1]} quarters")


def _with_target(title: str, figures: Figures, kpi: Any, row: Any) -> str:
    target = figures.target(kpi.kpi_id, figures.quarter.end)
    if target is None:
        return title
    text = target_text(kpi, target.value)
    if kpi.polarity == "higher_better":
        name = "off_target" if row.value < target.value else "on_target"
    elif kpi.polarity == "lower_better":
        name = "over_limit" if row.value > target.value else "at_limit"
    else:
        name = "with_target"
    return sentence_of("trend", name, title=title, target=text)


def _with_chance(title: str, figures: Figures, kpi: Any) -> str:
    """The title with what firm limits say of the quarter; nothing where they say that it is usual."""
    row = figures.limits(kpi.kpi_id, figures.quarter)
    if row is None or not pd.isna(row.caveat) or not str(row.variation).startswith("special"):
        return title
    is_good = row.variation == _GOOD
    is_higher = row.variation in _HIGH or (
        row.variation in (_GOOD, _BAD) and is_good == (kpi.polarity == "higher_better")
    )
    cause = "alone" if row.cause == OUTSIDE_LIMITS else "run"
    return sentence_of("trend", f"{'higher' if is_higher else 'lower'}_{cause}", title=title)


def _description(trend: Trend, kpi: Any, rows: list[Any]) -> str:
    known = [(drawn_value(kpi, row), row) for row in rows if has_value(row)]
    lowest, highest = (pick(known, key=lambda pair: pair[0] or 0)[1] for pick in (min, max))
    picture = sentence_of(
        "trend",
        "picture",
        count=len(trend.quarters),
        first=quarter_text(trend.quarters[0]),
        last=quarter_text(trend.quarters[-1]),
        highest=short_text(kpi, highest),
        lowest=short_text(kpi, lowest),
    )
    return join_sentences(
        picture,
        sentence_of("trend", "gap") if len(known) < len(rows) else "",
        direction_text(kpi),
        sentence_of("trend", "last_year") if trend.last_year else "",
        sentence_of("trend", "usual_range") if trend.ranges else "",
        sentence_of("trend", "place", place=trend.place.name) if trend.place else "",
        sentence_of("trend", "target") if trend.target else "",
    )

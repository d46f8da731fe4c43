"""The year so far and where it is expected to end, beside last year."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR, Quarter
from cf_pipeline.outputs.charts.chart import Chart, ChartTable
from cf_pipeline.outputs.charts.figures import Figures
from cf_pipeline.outputs.charts.kinds.year_end_picture import YearEnd, year_end_spec
from cf_pipeline.outputs.charts.words import (
    difference_text,
    direction_text,
    drawn_value,
    figure_text,
    has_value,
    join_sentences,
    reason_for_no_picture,
    sentence_of,
    short_text,
    target_text,
    value_text,
)
from cf_pipeline.outputs.report.cells import is_share, range_words


def year_end_chart(figures: Figures, kpi_id: str) -> Chart:
    """The year to date quarter by quarter, this year and last, and the fan to the year's end.

    The table has a row a quarter with both years' figures to date, then the forecast and its ranges.
    """
    kpi = figures.kpis[kpi_id]
    last, this = _years(figures, kpi_id)
    forecast = figures.forecast(kpi_id)
    is_known = forecast is not None and pd.isna(forecast.symbol) and not pd.isna(forecast.forecast)
    year_end = _year_end(figures, kpi, last, this)
    drawn = [*last, *this]
    points = sum(map(has_value, drawn)) + 1
    reason = reason_for_no_picture(kpi, drawn, points) if is_known else sentence_of("shared", "not_drawn")
    return Chart(
        name=f"year-end-{kpi_id.replace('_', '-')}",
        title=_title(figures, kpi, year_end),
        description=join_sentences(
            reason or _picture_words(year_end),
            direction_text(kpi),
            str(forecast.explanation) if is_known and not pd.isna(forecast.explanation) else "",
        ),
        table=_table(year_end, kpi, last, this),
        spec=None if reason else year_end_spec(year_end),
    )


def _years(figures: Figures, kpi_id: str) -> tuple[list[Any], list[Any]]:
    """The rows of the figures to date: of last year's four quarters, and of this year's up to now."""
    quarter = figures.quarter
    before = [Quarter(quarter.year - 1, number) for number in range(1, QUARTERS_PER_YEAR + 1)]
    last, this = (
        [figures.total(kpi_id, each, "ytd") for each in quarters]
        for quarters in (before, quarter.year_quarters())
    )
    return last, this


def _year_end(figures: Figures, kpi: Any, last: list[Any], this: list[Any]) -> YearEnd:
    row, model, quarter = figures.forecast(kpi.kpi_id), figures.forecast_range(kpi.kpi_id), figures.quarter
    is_complete = quarter.number == QUARTERS_PER_YEAR
    text = "" if row is None or pd.isna(row.forecast) else value_text(kpi, row.forecast)
    ends = None if is_complete else model
    return YearEnd(
        year=quarter.fiscal_year,
        last_year=Quarter(quarter.year - 1, 1).fiscal_year,
        unit="" if is_share(kpi) else str(kpi.unit),
        is_share=is_share(kpi),
        values=tuple(drawn_value(kpi, row) for row in this),
        last_values=tuple(drawn_value(kpi, row) for row in last),
        forecast=text,
        method="" if row is None else str(row.label),
        last_total=short_text(kpi, last[-1]) if has_value(last[-1]) else "",
        inner="" if ends is None else range_words(ends.lower_80, ends.upper_80, kpi),
        outer=""
        if ends is None or pd.isna(ends.lower_95)
        else range_words(ends.lower_95, ends.upper_95, kpi),
        target=_target(figures, kpi),
    )


def _target(figures: Figures, kpi: Any) -> str:
    """The target of the year's last day, which is one of a quarter's value: none where quarters add up."""
    quarter = Quarter(figures.quarter.year, QUARTERS_PER_YEAR)
    row = None if bool(kpi.is_additive) else figures.target(kpi.kpi_id, quarter.end)
    return "" if row is None else target_text(kpi, row.value)


def _title(figures: Figures, kpi: Any, year_end: YearEnd) -> str:
    if not year_end.forecast:
        return sentence_of("year_end", "missing", measure=kpi.title)
    name = "complete" if figures.quarter.number == QUARTERS_PER_YEAR else "title"
    title = sentence_of("year_end", name, measure=kpi.title, forecast=year_end.forecast)
    against = "last_year" if name == "complete" else "forecast_vs_last_year"
    row = figures.comparison(kpi.kpi_id, against, figures.quarter, "year")
    if row is None:
        return title
    reference = value_text(kpi, row.reference)
    return sentence_of(
        "year_end", "compared", title=title, difference=difference_text(row.phrase), reference=reference
    )


def _picture_words(year_end: YearEnd) -> str:
    return join_sentences(
        sentence_of("year_end", "picture", year=year_end.year, last_year=year_end.last_year),
        sentence_of("year_end", "forecast", method=year_end.method) if year_end.has_quarters_left else "",
        sentence_of("year_end", "range") if year_end.inner else "",
        sentence_of("trend", "target") if year_end.target else "",
    )


def _table(year_end: YearEnd, kpi: Any, last: list[Any], this: list[Any]) -> ChartTable:
    padded = [*this, *[None] * (QUARTERS_PER_YEAR - len(this))]
    rows = [
        (f"Q{number}", figure_text(kpi, before), figure_text(kpi, now) if number <= len(this) else "")
        for number, (before, now) in enumerate(zip(last, padded, strict=True), start=1)
    ]
    if year_end.forecast and year_end.has_quarters_left:
        rows.append((f"Year-end forecast ({year_end.method})", "", year_end.forecast))
    for words, ends in (("8 years in 10", year_end.inner), ("19 years in 20", year_end.outer)):
        if ends:
            rows.append((f"Range of {words}", "", ends))
    if year_end.target:
        rows.append(("Target", "", year_end.target))
    return ChartTable(("Year to the end of", year_end.last_year, year_end.year), tuple(rows))

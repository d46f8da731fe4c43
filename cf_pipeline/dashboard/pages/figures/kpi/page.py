"""The page of one KPI."""

from __future__ import annotations

from cf_pipeline.dashboard.content import Block, ChartView, Content, Field, Section
from cf_pipeline.dashboard.pages.figures.kpi.breakdowns import breakdown_section
from cf_pipeline.dashboard.pages.figures.kpi.data import data_section, revisions_section
from cf_pipeline.dashboard.pages.figures.kpi.definition import (
    definition_section,
    judgement,
    limits_section,
)
from cf_pipeline.dashboard.pages.figures.kpi.places import places_section
from cf_pipeline.dashboard.pages.figures.kpi.quarters import quarters_table
from cf_pipeline.dashboard.pages.figures.kpi.rows import KpiRows, read_kpi
from cf_pipeline.dashboard.pages.figures.kpi.year_end import year_end_section
from cf_pipeline.dashboard.pages.figures.scope import BASES, slug_of
from cf_pipeline.dashboard.visit import Visit
from cf_pipeline.outputs.charts.kinds.bands import bands_chart
from cf_pipeline.outputs.charts.kinds.durations import durations_chart
from cf_pipeline.outputs.charts.kinds.panels import teams_chart
from cf_pipeline.outputs.charts.kinds.trend import trend_chart
from cf_pipeline.outputs.charts.words import quarter_text


def kpi_content(visit: Visit) -> Content:
    """The page of the KPI of the address."""
    rows = read_kpi(visit)
    is_split = rows.kpi.kind == "distribution"
    whole = () if is_split else (places_section(rows), year_end_section(rows), limits_section(rows))
    return Content(
        title=f"{rows.kpi.title}, {quarter_text(rows.scope.quarter)}",
        trail=rows.scope.trail(
            rows.scope.link(str(rows.kpi.area), "area", area=slug_of(str(rows.kpi.area))),
        ),
        summary=(_form(rows), *(() if is_split else (judgement(rows),))),
        sections=(
            _trend_section(rows),
            breakdown_section(rows),
            *whole,
            definition_section(rows.kpi),
            data_section(rows),
            revisions_section(rows),
        ),
    )


def _form(rows: KpiRows) -> Block:
    bases = tuple((name, words.capitalize()) for name, words in BASES.items())
    breakdowns = (("", "nothing"), *rows.breakdowns.items())
    return rows.scope.form(
        Field("basis", "Figures of", rows.basis, bases),
        Field("breakdown", "Split by", rows.breakdown, breakdowns),
    )


def _trend_section(rows: KpiRows) -> Section:
    """The chart of twelve quarters and the table of every period; of a distribution its groups."""
    if rows.kpi.kind == "distribution":
        drawn = (bands_chart(rows.figures, rows.kpi_id), durations_chart(rows.figures, rows.kpi_id))
        return Section("trend", "Groups", tuple(ChartView(chart) for chart in drawn))
    charts: list[Block] = [ChartView(trend_chart(rows.figures, rows.kpi_id))]
    if rows.breakdown == "team":
        charts.append(ChartView(teams_chart(rows.figures, rows.kpi_id)))
    return Section("trend", "Trend", (*charts, quarters_table(rows)))

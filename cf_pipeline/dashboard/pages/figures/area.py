"""The page of one area of the service: its measures side by side, and its charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR
from cf_pipeline.dashboard.content import Cell, ChartView, Column, Content, Links, Section, TableView, Text
from cf_pipeline.dashboard.pages.figures.cells import figure_cell, value_cell
from cf_pipeline.dashboard.pages.figures.frame_rows import rows_in_order, rows_of
from cf_pipeline.dashboard.pages.figures.records import records_href
from cf_pipeline.dashboard.pages.figures.scope import Scope, choose_scope, slug_of
from cf_pipeline.dashboard.pages.figures.signals import signal_cell, sum_of_signals
from cf_pipeline.dashboard.visit import Visit
from cf_pipeline.outputs.charts.figures import Figures, trend_quarters
from cf_pipeline.outputs.charts.selection import area_charts
from cf_pipeline.outputs.charts.words import quarter_text
from cf_pipeline.outputs.report.places import COUNTS
from cf_pipeline.outputs.report.words import phrase


def area_content(visit: Visit) -> Content:
    """The page of the area of the address.

    Raises:
        PageError: there is no such authority, quarter or area.
    """
    scope = choose_scope(visit)
    names = {slug_of(area): area for area in scope.areas}
    slug = visit.path_values["area"]
    if slug not in names:
        raise visit.unknown("area", slug, list(names))
    area, kpis = names[slug], scope.areas[names[slug]]
    tables = visit.read_figures(_rows(scope, [str(kpi.kpi_id) for kpi in kpis]))
    figures = Figures(tables, scope.code, scope.quarter.key)
    limits = {str(row.kpi_id): row for row in _limits_now(scope, tables)}
    split = [kpi for kpi in kpis if kpi.kind == "distribution"]
    whole = [kpi for kpi in kpis if kpi.kind != "distribution"]
    return Content(
        title=f"{area}, {quarter_text(scope.quarter)}",
        trail=scope.trail(),
        summary=(
            scope.form(),
            *(Text(text) for text in _headlines(area, tables)),
            Text(f"Signals: {_signals(limits.values())}."),
            Links("Areas", tuple(_area_link(scope, each, each == area) for each in scope.areas)),
        ),
        sections=(
            Section("measures", "Measures", (_table(whole, scope, figures, limits), *_groups(split, scope))),
            *_charts(figures, area),
        ),
    )


def _rows(scope: Scope, kpi_ids: Sequence[str]) -> dict[str, Mapping[str, object]]:
    quarter = scope.quarter
    trend = [each.key for each in trend_quarters(quarter)]
    own: dict[str, object] = {"authority_code": scope.code}
    kpis: dict[str, object] = {"kpi_id": list(kpi_ids)}
    return {
        "dim_authority": {},
        "dim_kpi": kpis,
        "dim_category": {"breakdown": ["band", "team"]},
        "dim_neighbour": own,
        "fact_kpi_quarterly": {
            **own,
            **kpis,
            "quarter_key": trend,
            "basis": ["quarter", "ytd"],
            "breakdown": ["total", "band", "team"],
        },
        "fact_kpi_comparison": {**own, **kpis, "quarter_key": trend},
        "fact_kpi_forecast": {**own, **kpis, "breakdown": "total", "quarter_key": quarter.key},
        "fact_control_limit": {**own, **kpis, "quarter_key": trend},
        "fact_target": {**own, **kpis},
        "fact_comparator": {**kpis, "category": "all", "year_ending": [quarter.year, quarter.year + 1]},
        "fact_headline": {**own, "quarter_key": quarter.key},
    }


def _limits_now(scope: Scope, tables: Mapping[str, pd.DataFrame]) -> list[Any]:
    limits = tables["fact_control_limit"]
    return rows_of(limits[limits["quarter_key"].eq(scope.quarter.key)])


def _headlines(area: str, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    rows = rows_in_order(tables["fact_headline"].query("area == @area"), "position")
    return [line for row in rows for line in str(row.text).split("\n") if line.strip()]


def _signals(limits: Any) -> str:
    cell = sum_of_signals(limits)
    return f"{cell.text} ({cell.detail})" if cell.detail else cell.text


def _area_link(scope: Scope, area: str, is_current: bool) -> Any:
    link = scope.link(area, "area", area=slug_of(area))
    return type(link)(link.text, link.href, is_current)


def _table(kpis: Sequence[Any], scope: Scope, figures: Figures, limits: Mapping[str, Any]) -> TableView:
    """A row a measure: the quarter, the one before, a year before, other places, target, year end, signal."""
    quarter = scope.quarter
    return TableView(
        "measure-list",
        f"Measures, {quarter_text(quarter)}",
        (
            Column("Measure"),
            Column(quarter_text(quarter), is_number=True),
            Column(quarter_text(quarter.previous()), is_number=True),
            Column(phrase("main_measures", "last_year"), is_number=True),
            *(Column(name, is_number=True) for _, name in figures.places()),
            Column("Target", is_number=True),
            Column("Year-end forecast", is_number=True),
            Column("Signal"),
        ),
        tuple(_row(kpi, scope, figures, limits.get(str(kpi.kpi_id))) for kpi in kpis),
        "No measure of this area has a total.",
    )


def _row(kpi: Any, scope: Scope, figures: Figures, limit: Any) -> tuple[Cell, ...]:
    quarter, kpi_id = scope.quarter, str(kpi.kpi_id)
    now = figures.total(kpi_id, quarter)
    earlier = [figures.total(kpi_id, quarter.previous(back)) for back in (1, QUARTERS_PER_YEAR)]
    target, forecast = figures.target(kpi_id, quarter.end), figures.forecast(kpi_id)
    return (
        Cell(str(kpi.title), href=scope.href("kpi", kpi_id=kpi_id), detail=phrase("polarity", kpi.polarity)),
        figure_cell(now, kpi, records_href(scope, kpi, now)),
        *(figure_cell(row, kpi, records_href(scope, kpi, row)) for row in earlier),
        *(_place_cell(kpi, figures, against) for against, _ in figures.places()),
        value_cell(None if target is None else target.value, kpi),
        value_cell(None if forecast is None else forecast.forecast, kpi),
        signal_cell(limit),
    )


def _place_cell(kpi: Any, figures: Figures, against: str) -> Cell:
    """The published figure of a place; counts are never compared (docs/rulings.md#18)."""
    row = None if kpi.kind in COUNTS else figures.comparison(str(kpi.kpi_id), against, figures.quarter)
    return value_cell(None if row is None else row.reference, kpi)


def _groups(kpis: Sequence[Any], scope: Scope) -> tuple[Links, ...]:
    """The ways to the measures that are published by group."""
    links = tuple(scope.link(str(kpi.title), "kpi", kpi_id=str(kpi.kpi_id)) for kpi in kpis)
    return (Links("Published by group", links),) if links else ()


def _charts(figures: Figures, area: str) -> tuple[Section, ...]:
    charts = tuple(ChartView(chart) for chart in area_charts(figures, area))
    return (Section("charts", "Charts", charts),) if charts else ()

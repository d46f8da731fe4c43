"""What is off target, and the main measures beside their target, last year, the region and the year's end."""

from __future__ import annotations

from typing import Any

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR
from cf_pipeline.dashboard.content import Cell, Column, Section, TableView
from cf_pipeline.dashboard.pages.figures.cells import figure_cell, report_cell, value_cell
from cf_pipeline.dashboard.pages.figures.overview.rows import OverviewRows
from cf_pipeline.dashboard.pages.figures.year_ends import YEAR_END_COLUMNS, YearEnds
from cf_pipeline.outputs.charts.words import has_value
from cf_pipeline.outputs.report.overview import TargetResult, measures
from cf_pipeline.outputs.report.places import place_cell, place_name
from cf_pipeline.outputs.report.words import phrase


def targets_section(rows: OverviewRows) -> Section:
    """Every measure with a target: those that miss it first, then those without a figure, then the others."""
    results = sorted(rows.targets, key=lambda result: (result.meets is not False, result.meets is True))
    tables = rows.tables
    year_ends = YearEnds(rows.scope.quarter, tables["fact_kpi_forecast"], tables["fact_target"])
    table = TableView(
        "target-list",
        f"Measures with a target, {rows.facts.quarter_name}",
        (
            Column("Measure"),
            Column("Figure", is_number=True),
            Column("Target", is_number=True),
            Column("Reached"),
            *YEAR_END_COLUMNS,
        ),
        tuple(_target_row(result, rows, year_ends) for result in results),
        phrase("targets", "none_set"),
    )
    return Section("targets", phrase("titles", "targets"), (table,))


def main_section(rows: OverviewRows) -> Section:
    """The main measures: is it good, and are children seen and decisions made in time?"""
    facts = rows.facts
    kpis = [rows.kpis[kpi_id] for kpi_id in measures()["main_measures"] if kpi_id in rows.kpis]
    table = TableView(
        "main-measure-list",
        phrase("main_measures", "caption", quarter=facts.quarter_name),
        (
            Column(phrase("main_measures", "subject")),
            Column(facts.quarter_name, is_number=True),
            Column(phrase("main_measures", "target"), is_number=True),
            Column(phrase("main_measures", "last_year"), is_number=True),
            Column(place_name(facts), is_number=True),
            Column(phrase("main_measures", "forecast"), is_number=True),
        ),
        tuple(_main_row(kpi, rows) for kpi in kpis),
        "None of the main measures is published.",
    )
    return Section("main-measures", phrase("titles", "main_measures"), (table,))


def _main_row(kpi: Any, rows: OverviewRows) -> tuple[Cell, ...]:
    facts, kpi_id = rows.facts, str(kpi.kpi_id)
    beside, forecast = facts.beside_place(kpi_id), facts.forecast(kpi_id)
    return (
        Cell(str(kpi.title), href=rows.kpi_href(kpi_id), detail=phrase("polarity", kpi.polarity)),
        figure_cell(facts.total(kpi_id, facts.quarter), kpi),
        value_cell(facts.target(kpi_id), kpi),
        figure_cell(facts.earlier_total(kpi_id, QUARTERS_PER_YEAR), kpi),
        report_cell(place_cell(kpi, facts), None if beside is None else beside.reference),
        value_cell(None if forecast is None else forecast.forecast, kpi),
    )


def _target_row(result: TargetResult, rows: OverviewRows, year_ends: YearEnds) -> tuple[Cell, ...]:
    facts, kpi = rows.facts, result.kpi
    row = facts.total(kpi.kpi_id, facts.quarter)
    shown = figure_cell(row, kpi)
    words, mark = _reached(result, row)
    return (
        Cell(str(kpi.title), href=rows.kpi_href(str(kpi.kpi_id)), detail=phrase("polarity", kpi.polarity)),
        Cell(result.value, shown.value, detail=shown.detail),
        Cell(result.target, float(facts.target(kpi.kpi_id))),
        Cell(words, mark=mark),
        *year_ends.cells(kpi),
    )


def _reached(result: TargetResult, row: Any) -> tuple[str, str]:
    """Whether a target is reached, in words, and the mark beside them."""
    if result.meets is None:
        return ("for context" if has_value(row) else "no figure", "")
    return ("reached", "good") if result.meets else ("not reached", "bad")

"""Where the year of a KPI will end, how sure that is, and how right such forecasts were."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cf_pipeline.dashboard.content import Block, Cell, ChartView, Column, Section, TableView, Text
from cf_pipeline.dashboard.pages.figures.cells import percent_cell, value_cell
from cf_pipeline.dashboard.pages.figures.frame_rows import rows_of
from cf_pipeline.dashboard.pages.figures.kpi.rows import KpiRows
from cf_pipeline.outputs.charts.kinds.year_end import year_end_chart
from cf_pipeline.outputs.report.words import all_words


def year_end_section(rows: KpiRows) -> Section:
    """The year so far with the fan to its end, the forecast by each method, and the record of each."""
    row = rows.figures.forecast(rows.kpi_id)
    if row is None:
        return Section("year-end", "Where will the year end?", (Text("There is no year-end forecast."),))
    blocks: list[Block] = [ChartView(year_end_chart(rows.figures, rows.kpi_id))]
    if not pd.isna(row.outside_range):
        blocks.append(Text(str(row.outside_range), kind="notice"))
    return Section("year-end", "Where will the year end?", (*blocks, _methods(rows), _record(rows)))


def _methods(rows: KpiRows) -> TableView:
    """A row a method: its forecast of this year and its range."""
    found = rows.tables["fact_kpi_forecast"]
    return TableView(
        "forecasts",
        f"Forecasts of {rows.scope.quarter.fiscal_year} after quarter {rows.scope.quarter.number}",
        (
            Column("Method"),
            Column("Forecast", is_number=True),
            Column("Likely from", is_number=True),
            Column("Likely to", is_number=True),
            Column("What was done"),
        ),
        tuple(
            (
                Cell(_method(row.method), mark="notice" if row.is_selected else "", detail=_shown(row)),
                value_cell(row.forecast, rows.kpi),
                value_cell(row.lower_80, rows.kpi),
                value_cell(row.upper_80, rows.kpi),
                Cell("" if pd.isna(row.label) else str(row.label)),
            )
            for row in rows_of(found)
        ),
        "There is no forecast.",
    )


def _record(rows: KpiRows) -> TableView:
    """A row an earlier year and method: what would have been forecast then, and what came."""
    record = rows.tables["fact_forecast_record"]
    shown = record[
        record["quarters_used"].eq(rows.scope.quarter.number)
        & record["fiscal_year"].lt(rows.scope.quarter.fiscal_year)
    ].sort_values(["fiscal_year", "method"], ascending=[False, True])
    return TableView(
        "forecast-record",
        f"How right forecasts after quarter {rows.scope.quarter.number} were",
        (
            Column("Year"),
            Column("Method"),
            Column("Forecast", is_number=True),
            Column("The year came to", is_number=True),
            Column("Error in percent", is_number=True),
            Column("Inside the range of 8 years in 10"),
        ),
        tuple(
            (
                Cell(str(row.fiscal_year)),
                Cell(_method(row.method)),
                value_cell(row.forecast, rows.kpi),
                value_cell(row.outturn, rows.kpi),
                percent_cell(row.abs_pct_error),
                Cell("–", value="", unseen="no range")
                if pd.isna(row.in_80)
                else Cell("yes" if row.in_80 else "no"),
            )
            for row in rows_of(shown)
        ),
        "There is no complete earlier year to judge forecasts by.",
    )


def _method(method: object) -> str:
    return str(all_words()["methods"].get(str(method), method))


def _shown(row: Any) -> str:
    return "shown in reports" if row.is_selected else ""

"""The page of forecasts: where the year of every measure will end, and how right such forecasts were."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from cf_pipeline.dashboard.content import Cell, Column, Content, Section, TableView, Text
from cf_pipeline.dashboard.pages.figures.cells import count_cell, figure_cell, percent_cell
from cf_pipeline.dashboard.pages.figures.frame_rows import rows_of
from cf_pipeline.dashboard.pages.figures.scope import Scope, choose_scope
from cf_pipeline.dashboard.pages.figures.year_ends import YEAR_END_COLUMNS, YearEnds
from cf_pipeline.dashboard.visit import Visit
from cf_pipeline.outputs.charts.words import quarter_text
from cf_pipeline.outputs.report.words import all_words, phrase


def forecasts_content(visit: Visit) -> Content:
    """The forecasts of the authority of the address, as they stood at the quarter chosen."""
    scope = choose_scope(visit)
    own = {"authority_code": scope.code}
    tables = visit.read_figures(
        {
            "fact_kpi_forecast": {**own, "breakdown": "total", "quarter_key": scope.quarter.key},
            "fact_target": own,
            "fact_forecast_record": own,
            "fact_kpi_quarterly": {
                **own,
                "breakdown": "total",
                "basis": "ytd",
                "quarter_key": scope.quarter.key,
            },
        }
    )
    return Content(
        title=f"Year-end forecasts, after {quarter_text(scope.quarter)}",
        trail=scope.trail(),
        summary=(scope.form(), Text(phrase("year_end", "range_meaning"))),
        sections=(
            Section("forecasts", "Where will the year end?", (_forecasts(scope, tables),)),
            Section("methods", "How right were such forecasts?", (_methods(scope, tables),)),
        ),
    )


def _forecasts(scope: Scope, tables: Mapping[str, pd.DataFrame]) -> TableView:
    """A row a measure: those with a target of the year's end first."""
    year_ends = YearEnds(scope.quarter, tables["fact_kpi_forecast"], tables["fact_target"])
    so_far = {str(row.kpi_id): row for row in rows_of(tables["fact_kpi_quarterly"])}
    kpis = [kpi for kpi_id, kpi in scope.kpis.items() if year_ends.has_forecast(kpi)]
    kpis.sort(key=lambda kpi: year_ends.target(kpi) is None)
    return TableView(
        "forecast-list",
        f"Forecasts of {scope.quarter.fiscal_year}",
        (Column("Measure"), Column("Area"), Column("Year to date", is_number=True), *YEAR_END_COLUMNS),
        tuple(
            (
                Cell(str(kpi.title), href=scope.href("kpi", kpi_id=str(kpi.kpi_id))),
                Cell(str(kpi.area)),
                figure_cell(so_far.get(str(kpi.kpi_id)), kpi),
                *year_ends.cells(kpi),
            )
            for kpi in kpis
        ),
        phrase("year_end", "no_forecast"),
    )


def _methods(scope: Scope, tables: Mapping[str, pd.DataFrame]) -> TableView:
    """A row a measure: the method whose forecasts of earlier years came nearest, by their mean error."""
    record = tables["fact_forecast_record"]
    return TableView(
        "best-methods",
        "The method that came nearest on this authority's own record",
        (
            Column("Measure"),
            Column("Method"),
            Column("Forecasts", is_number=True),
            Column("Mean error in percent", is_number=True),
            Column("Mean error of the model", is_number=True),
        ),
        tuple(_method_row(scope, str(kpi_id), methods) for kpi_id, methods in best_methods(record)),
        phrase("year_end", "no_record"),
    )


def best_methods(record: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """KPI -> method, forecasts, mean error in percent, the best method first.

    Args:
        record: `fact_forecast_record`; forecasts without an error are left out.
    """
    judged = record[record["abs_pct_error"].notna()]
    means = judged.groupby(["kpi_id", "method"], as_index=False).agg(
        forecasts=("abs_pct_error", "size"), error=("abs_pct_error", "mean")
    )
    ordered = means.sort_values(["error", "method"], kind="stable")
    return [(str(kpi_id), methods) for kpi_id, methods in ordered.groupby("kpi_id")]


def _method_row(scope: Scope, kpi_id: str, methods: pd.DataFrame) -> tuple[Cell, ...]:
    best: Any = rows_of(methods)[0]
    model = methods.loc[methods["method"].eq("model"), "error"]
    return (
        Cell(str(scope.kpis[kpi_id].title), href=scope.href("kpi", kpi_id=kpi_id)),
        Cell(str(all_words()["methods"].get(best.method, best.method)), str(best.method)),
        count_cell(best.forecasts),
        percent_cell(best.error),
        percent_cell(model.iloc[0] if len(model) else None),
    )

"""Where the year of a KPI will end: the cells of a table of forecasts, targets and last year."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR, Quarter
from cf_pipeline.dashboard.content import Cell, Column
from cf_pipeline.dashboard.pages.figures.cells import NOT_COMPARED, value_cell
from cf_pipeline.dashboard.pages.figures.frame_rows import rows_of
from cf_pipeline.outputs.charts.figures import target_in_force
from cf_pipeline.outputs.report.cells import NOT_AVAILABLE

YEAR_END_COLUMNS = (
    Column("Year-end forecast", is_number=True),
    Column("Likely from", is_number=True),
    Column("Likely to", is_number=True),
    Column("Year-end target", is_number=True),
    Column("Last year", is_number=True),
)


@dataclass(frozen=True)
class YearEnds:
    """The forecasts of one authority as they stood at a quarter, and its targets.

    `forecasts`: rows of `fact_kpi_forecast` of totals. `targets`: rows of `fact_target`.
    """

    quarter: Quarter
    forecasts: pd.DataFrame
    targets: pd.DataFrame

    @cached_property
    def _selected(self) -> dict[str, Any]:
        return _by_kpi(self.forecasts[self.forecasts["is_selected"].astype(bool)])

    @cached_property
    def _ranges(self) -> dict[str, Any]:
        rows = self.forecasts
        return _by_kpi(rows[rows["method"].eq("model") & rows["lower_80"].notna()])

    @cached_property
    def _targets(self) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for row in rows_of(self.targets):
            found.setdefault(str(row.kpi_id), []).append(row)
        return found

    def cells(self, kpi: Any) -> tuple[Cell, ...]:
        """The selected forecast, its range of 8 years in 10, the target of the year's last day, last year."""
        row, model = self._selected.get(kpi.kpi_id), self._ranges.get(kpi.kpi_id)
        if row is None:
            return (*([NOT_COMPARED] * 3), value_cell(self.target(kpi), kpi), NOT_COMPARED)
        is_known = self.has_forecast(kpi)
        ends = (None, None) if model is None or not is_known else (model.lower_80, model.upper_80)
        reason = "" if pd.isna(row.label) else str(row.label)
        return (
            value_cell(row.forecast, kpi) if is_known else Cell(NOT_AVAILABLE, detail=reason),
            *(value_cell(end, kpi) for end in ends),
            value_cell(self.target(kpi), kpi),
            value_cell(row.last_year, kpi),
        )

    def target(self, kpi: Any) -> Any:
        """The target of the year's last day; None without one, and where the quarters of a KPI add up."""
        if bool(kpi.is_additive):
            return None
        own = self._targets.get(str(kpi.kpi_id), [])
        row = target_in_force(own, Quarter(self.quarter.year, QUARTERS_PER_YEAR).end)
        return None if row is None else row.value

    def has_forecast(self, kpi: Any) -> bool:
        """Whether a forecast of the KPI was worked out."""
        row = self._selected.get(kpi.kpi_id)
        return row is not None and pd.isna(row.symbol) and not pd.isna(row.forecast)


def _by_kpi(rows: pd.DataFrame) -> dict[str, Any]:
    return {str(row.kpi_id): row for row in rows_of(rows)}

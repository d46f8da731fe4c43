"""The published rows that the overview shows, and no others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from cf_pipeline.dashboard.pages.figures.frame_rows import rows_of
from cf_pipeline.dashboard.pages.figures.scope import Scope
from cf_pipeline.outputs.charts import figures as charts
from cf_pipeline.outputs.charts.figures import Figures
from cf_pipeline.outputs.charts.selection import selection
from cf_pipeline.outputs.report.overview import TargetResult, target_results
from cf_pipeline.outputs.report.published_facts import PublishedFacts
from cf_pipeline.outputs.report.report_tables import TABLES, rows_of_quarter

_DIMENSIONS = ("dim_authority", "dim_kpi", "dim_category", "dim_neighbour", "fact_comparator")


@dataclass(frozen=True)
class OverviewRows:
    """The rows of one authority and quarter.

    Attributes:
        scope: the authority and the quarter.
        tables: table -> its rows, as read.
        facts: the same rows by KPI and period.
    """

    scope: Scope
    tables: Mapping[str, pd.DataFrame]
    facts: PublishedFacts

    @property
    def kpis(self) -> Mapping[str, Any]:
        """KPI -> its row of `dim_kpi`, in order."""
        return self.scope.kpis

    @cached_property
    def limits(self) -> dict[str, Any]:
        """KPI -> its row of `fact_control_limit` of the quarter."""
        return {str(row.kpi_id): row for row in rows_of(self.tables["fact_control_limit"])}

    @cached_property
    def targets(self) -> list[TargetResult]:
        """Every KPI with a target, and whether it meets it."""
        return target_results(self.facts)

    def kpi_href(self, kpi_id: str) -> str:
        """The address of a KPI's page of the same quarter."""
        return self.scope.href("kpi", kpi_id=kpi_id)


def read_overview(scope: Scope) -> OverviewRows:
    """The rows of the overview; of figures the totals alone."""
    where = rows_of_quarter(scope.quarter.key)
    trend = [quarter.key for quarter in charts.trend_quarters(scope.quarter)]
    own = {"authority_code": scope.code}
    rows: dict[str, Mapping[str, object]] = {
        name: {**values, **where.get(name, {}), **({} if name in _DIMENSIONS else own)}
        for name, values in TABLES.items()
    }
    rows["fact_kpi_quarterly"] = {**own, "breakdown": "total", "quarter_key": trend}
    rows["fact_kpi_comparison"] = {**own, "quarter_key": scope.quarter.key}
    rows["fact_control_limit"] = {**own, "quarter_key": scope.quarter.key}
    tables = scope.visit.read_figures(rows)
    return OverviewRows(scope, tables, PublishedFacts(tables, scope.code, scope.quarter.key))


def sparkline_figures(rows: OverviewRows) -> Figures:
    """The figures of the small lines: a KPI an area."""
    facts = rows.tables["fact_kpi_quarterly"]
    shown = facts["kpi_id"].isin(list(selection()["sparklines"].values())) & facts["basis"].eq("quarter")
    needed = {name: charts.table_of(rows.tables, name) for name in charts.TABLES}
    return Figures({**needed, "fact_kpi_quarterly": facts[shown]}, rows.scope.code, rows.scope.quarter.key)

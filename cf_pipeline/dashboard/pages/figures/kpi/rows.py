"""The published rows that the page of a KPI shows, and the choices that its address holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR, Quarter
from cf_pipeline.dashboard.pages.figures.frame_rows import rows_of
from cf_pipeline.dashboard.pages.figures.scope import BASES, Scope, choose_scope
from cf_pipeline.dashboard.visit import Visit
from cf_pipeline.outputs.charts import figures as charts
from cf_pipeline.outputs.charts.figures import Figures

QUARTERS_SHOWN = 12
TEAM_AND = {"team_age_band": "age_band", "team_gender": "gender"}
"""Breakdowns of two at once: the team, and within it age or gender (`fact_kpi_by_team`)."""


@dataclass(frozen=True)
class KpiRows:
    """The rows of one KPI of one authority.

    Attributes:
        scope: the authority and the quarter.
        kpi: its row of `dim_kpi`.
        basis: what the figures of the tables are of.
        breakdown: what they are split by; '' for nothing.
        breakdowns: what they can be split by -> its name.
        tables: table -> its rows, as read.
        figures: those that charts show.
    """

    scope: Scope
    kpi: Any
    basis: str
    breakdown: str
    breakdowns: Mapping[str, str]
    tables: Mapping[str, pd.DataFrame]
    figures: Figures

    @property
    def kpi_id(self) -> str:
        """Its name."""
        return str(self.kpi.kpi_id)

    @cached_property
    def periods(self) -> list[Quarter]:
        """The twelve quarters up to the one that is shown, oldest first; of whole years their quarter 4."""
        quarters = [self.scope.quarter.previous(back) for back in reversed(range(QUARTERS_SHOWN))]
        if self.basis != "year":
            return quarters
        keys = set(self._of_basis["quarter_key"])
        return [Quarter.parse(key) for key in sorted(keys) if Quarter.parse(key) <= self.scope.quarter]

    @property
    def period(self) -> Quarter:
        """The period that is shown: the quarter, or the newest whole year that ended with it or before."""
        return self.periods[-1] if self.periods else self.scope.quarter

    @cached_property
    def limits(self) -> dict[str, Any]:
        """Quarter -> the row of `fact_control_limit`, firm or not."""
        rows = rows_of(self.tables["fact_control_limit"])
        return {str(row.quarter_key): row for row in rows}

    @cached_property
    def categories(self) -> list[Any]:
        """The categories of the breakdown that have a figure in a period shown, in their order."""
        facts = self._of_basis[self._of_basis["breakdown"].eq(self.breakdown)]
        keys = set(facts["category_key"])
        known = self.tables["dim_category"].sort_values("position")
        return [row for row in rows_of(known) if row.category_key in keys]

    def total(self, quarter: Quarter) -> Any:
        """The row of the total of a period."""
        return self.figures.total(self.kpi_id, quarter, self.basis)

    def of_category(self, category: str, quarter: Quarter) -> Any:
        """The row of a category of the breakdown in a period; None without one."""
        return self._by_category.get((category, quarter.key))

    @cached_property
    def _of_basis(self) -> pd.DataFrame:
        facts = self.tables["fact_kpi_quarterly"]
        return facts[facts["basis"].eq(self.basis)]

    @cached_property
    def _by_category(self) -> dict[tuple[str, str], Any]:
        rows = self._of_basis[self._of_basis["breakdown"].eq(self.breakdown)]
        return {(row.category, row.quarter_key): row for row in rows_of(rows)}


def read_kpi(visit: Visit) -> KpiRows:
    """The rows of the KPI of the address.

    Raises:
        PageError: there is no such authority, quarter, KPI, basis or breakdown.
    """
    scope = choose_scope(visit)
    kpi = scope.kpi(visit.path_values["kpi_id"])
    tables = visit.read_figures(_rows(scope, str(kpi.kpi_id)))
    breakdowns = breakdowns_of(tables)
    default = "band" if kpi.kind == "distribution" and "band" in breakdowns else ""
    breakdown = visit.choice("breakdown", ["", *breakdowns], default, "breakdown")
    facts = tables["fact_kpi_quarterly"]
    shown = {"total", "band", breakdown}
    drawn = {**tables, "fact_kpi_quarterly": facts[facts["breakdown"].isin(shown)]}
    return KpiRows(
        scope=scope,
        kpi=kpi,
        basis=visit.choice("basis", list(BASES), "quarter", "basis"),
        breakdown=breakdown,
        breakdowns=breakdowns,
        tables=tables,
        figures=Figures(drawn, scope.code, scope.quarter.key),
    )


def breakdowns_of(tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """What the figures of a KPI can be split by -> its name, as in 'age band'."""
    found = sorted(set(tables["fact_kpi_quarterly"]["breakdown"]) - {"total"})
    by_team = set(tables["fact_kpi_by_team"]["breakdown"])
    named = {name: breakdown_name(name) for name in found}
    named |= {name: f"team and {breakdown_name(part)}" for name, part in TEAM_AND.items() if part in by_team}
    return named


def breakdown_name(breakdown: str) -> str:
    """A breakdown in words."""
    return {"band": "group"}.get(breakdown, breakdown.replace("_", " "))


def _rows(scope: Scope, kpi_id: str) -> dict[str, Mapping[str, object]]:
    own = {"authority_code": scope.code}
    kpi = {"kpi_id": kpi_id}
    return {
        "dim_authority": {},
        "dim_kpi": kpi,
        "dim_category": {},
        "dim_neighbour": own,
        "fact_kpi_quarterly": {**own, **kpi, "quarter_key": _quarter_keys(scope)},
        "fact_kpi_comparison": {**own, **kpi},
        "fact_kpi_forecast": {**own, **kpi, "breakdown": "total", "quarter_key": scope.quarter.key},
        "fact_control_limit": {**own, **kpi},
        "fact_target": {**own, **kpi},
        "fact_comparator": {**kpi, "category": "all"},
        "fact_forecast_record": {**own, **kpi},
        "fact_kpi_by_team": {**own, **kpi, "quarter_key": scope.quarter.key},
        "data_quality": {**own, "is_newest": True},
        "kpi_revision": {**own, **kpi},
    }


def _quarter_keys(scope: Scope) -> list[str]:
    """The quarters shown, those of a trend and a year-end chart, and the last of every year."""
    recent = [scope.quarter.previous(back).key for back in range(QUARTERS_SHOWN)]
    trend = [quarter.key for quarter in charts.trend_quarters(scope.quarter)]
    years = [key for key in scope.quarter_keys if Quarter.parse(key).number == QUARTERS_PER_YEAR]
    return sorted({*recent, *trend, *years})

"""What a council decides about its forecasts: the method shown, and where a series begins anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

METHODS = ("model", "pro_rata", "last_year_remainder", "latest_value")
"""The methods by the names under which their forecasts are stored."""


@dataclass(frozen=True)
class StepChange:
    """A recorded decision that a KPI means something else from a day on: a new definition, team or process.

    It holds for one authority, or for all when `authority_code` is None.
    """

    kpi_id: str
    start: dt.date
    reason: str
    who: str
    authority_code: str | None = None

    @property
    def first_year(self) -> int:
        """The first financial year that lies whole after it, by the calendar year it starts in."""
        return self.start.year + (self.start > dt.date(self.start.year, 4, 1))


@dataclass(frozen=True)
class Choices:
    """The method shown, overall and for KPIs of their own; targets; and the declared step changes."""

    method: str = "pro_rata"
    by_kpi: Mapping[str, str] = field(default_factory=dict)
    targets: Mapping[str, float] = field(default_factory=dict)
    step_changes: tuple[StepChange, ...] = ()

    def selected(self, kpi_ids: pd.Series) -> pd.Series:
        """The method shown for each KPI."""
        shown = {kpi_id: self.by_kpi.get(kpi_id, self.method) for kpi_id in kpi_ids.unique()}
        return kpi_ids.map(shown).astype("str")

    def first_years(self, rows: pd.DataFrame) -> pd.Series:
        """The first year that each row's forecast may rest on, by authority_code and kpi_id; 0 for any."""
        years = pd.Series(0, index=rows.index, dtype="int64")
        for change in self.step_changes:
            touched = rows["kpi_id"].eq(change.kpi_id)
            if change.authority_code is not None:
                touched &= rows["authority_code"].eq(change.authority_code)
            years = years.mask(touched & years.lt(change.first_year), change.first_year)
        return years

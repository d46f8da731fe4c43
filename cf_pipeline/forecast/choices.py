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

    @property
    def first_quarter(self) -> str:
        """The key of the first quarter that lies whole after it."""
        months = (self.start.year * 12 + self.start.month - 4) + (self.start.day > 1)
        year, quarter = divmod(-(-months // 3), 4)
        return f"{year}/{(year + 1) % 100:02d} Q{quarter + 1}"

    def touches(self, rows: pd.DataFrame) -> pd.Series:
        """Whether each row (authority_code, kpi_id) is of its KPI and authority."""
        of_kpi = rows["kpi_id"].eq(self.kpi_id)
        return (
            of_kpi if self.authority_code is None else of_kpi & rows["authority_code"].eq(self.authority_code)
        )


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
            years = years.mask(change.touches(rows) & years.lt(change.first_year), change.first_year)
        return years

    def phases(self, rows: pd.DataFrame) -> pd.Series:
        """How many step changes each row's quarter (column `quarter_key`) lies whole after."""
        phases = pd.Series(0, index=rows.index, dtype="int64")
        for change in self.step_changes:
            phases += (change.touches(rows) & rows["quarter_key"].ge(change.first_quarter)).astype("int64")
        return phases

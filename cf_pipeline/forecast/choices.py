"""The council's choices on forecasts and control limits: methods, targets and step changes.

They are settings of `pipeline.toml`; `project/council_choices.py` reads and checks them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from cf_pipeline.contracts.dates.quarters import Quarter

METHOD_NAMES = ("model", "pro_rata", "last_year_remainder", "latest_value")
"""The methods by the names under which their forecasts are stored."""


@dataclass(frozen=True)
class StepChange:
    """A decision on record that a KPI has another meaning from a day on: new definition, team or process.

    It applies to one authority, or to all when `authority_code` is None.
    """

    kpi_id: str
    start: dt.date
    reason: str
    decided_by: str
    authority_code: str | None = None

    @property
    def first_year(self) -> int:
        """The first financial year that lies wholly after the change, by the calendar year it starts in."""
        return self.start.year + (self.start > dt.date(self.start.year, 4, 1))

    @property
    def first_quarter(self) -> str:
        """The key of the first quarter that lies wholly after the change."""
        quarter = Quarter.of(self.start)
        return (quarter if quarter.start == self.start else quarter.next()).key

    def applies_to(self, rows: pd.DataFrame) -> pd.Series:
        """Whether each row (authority_code, kpi_id) has the change's KPI and authority."""
        has_kpi = rows["kpi_id"].eq(self.kpi_id)
        if self.authority_code is None:
            return has_kpi
        return has_kpi & rows["authority_code"].eq(self.authority_code)


@dataclass(frozen=True)
class CouncilChoices:
    """The selected method, overall and by KPI; targets by KPI; and the declared step changes."""

    method: str = "pro_rata"
    method_by_kpi: Mapping[str, str] = field(default_factory=dict)
    targets: Mapping[str, float] = field(default_factory=dict)
    step_changes: tuple[StepChange, ...] = ()

    def selected_methods(self, kpi_ids: pd.Series) -> pd.Series:
        """The name of the selected method of each KPI."""
        methods = {kpi_id: self.method_by_kpi.get(kpi_id, self.method) for kpi_id in kpi_ids.unique()}
        return kpi_ids.map(methods).astype("str")

    def first_usable_years(self, rows: pd.DataFrame) -> pd.Series:
        """The first year that each row's forecast may use; 0 for any.

        Args:
            rows: with authority_code and kpi_id.
        """
        years = pd.Series(0, index=rows.index, dtype="int64")
        for change in self.step_changes:
            is_earlier = change.applies_to(rows) & years.lt(change.first_year)
            years = years.mask(is_earlier, change.first_year)
        return years

    def count_step_changes(self, rows: pd.DataFrame) -> pd.Series:
        """How many step changes lie wholly before each row's quarter.

        Args:
            rows: with authority_code, kpi_id and quarter_key.
        """
        counts = pd.Series(0, index=rows.index, dtype="int64")
        for change in self.step_changes:
            is_after = change.applies_to(rows) & rows["quarter_key"].ge(change.first_quarter)
            counts += is_after.astype("int64")
        return counts

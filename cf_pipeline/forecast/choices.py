"""The council's choices on forecasts and control limits: methods, targets and step changes.

They are settings of `pipeline.toml`; `project/council_choices.py` reads and checks them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.forecast.series.series_keys import series_numbers
from cf_pipeline.forecast.targets import Target

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
class AuthorityMethods:
    """The methods that one authority selects for itself: for all its KPIs (None: as elsewhere) and by KPI."""

    method: str | None = None
    method_by_kpi: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CouncilChoices:
    """The selected method, overall, by KPI and by authority; the targets; and the declared step changes.

    Source of the default method: `docs/rulings.md#13`.
    """

    method: str = "model"
    method_by_kpi: Mapping[str, str] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()
    step_changes: tuple[StepChange, ...] = ()
    methods_by_authority: Mapping[str, AuthorityMethods] = field(default_factory=dict)
    """By authority code."""

    @property
    def method_names(self) -> set[str]:
        """Every method that is selected for something."""
        names = {self.method, *self.method_by_kpi.values()}
        for own in self.methods_by_authority.values():
            names |= {own.method or self.method, *own.method_by_kpi.values()}
        return names

    def selected_methods(self, rows: pd.DataFrame) -> pd.Series:
        """The name of the selected method of each row.

        What an authority selects for itself comes first: for the KPI, then for all its KPIs. Without it the
        method is that of the KPI elsewhere, then the overall one.

        Args:
            rows: with authority_code and kpi_id.
        """
        codes, distinct = series_numbers(rows, ["authority_code", "kpi_id"])
        methods = [self._method(*key) for key in distinct.itertuples(index=False)]
        return pd.Series(methods, dtype="str").take(codes).set_axis(rows.index)

    def _method(self, authority_code: str, kpi_id: str) -> str:
        own = self.methods_by_authority.get(authority_code, AuthorityMethods())
        elsewhere = self.method_by_kpi.get(kpi_id, self.method)
        return own.method_by_kpi.get(kpi_id) or own.method or elsewhere

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

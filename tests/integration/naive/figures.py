"""The thirty KPIs of the committee report for every period, and their year-end forecasts.

Written from the KPI catalogue and the rulings of the design: which list must cover the period, how it
is counted, and what a straight line makes of the year so far.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from fractions import Fraction

import pandas as pd

from tests.integration.naive import care, cases, demand
from tests.integration.naive.core import ABSENT, OF_NOTHING, Cell, Core
from tests.integration.naive.days import Quarter, quarters_of

Counted = Callable[[Core, dt.date, dt.date], Cell]

# What happens in a period: the lists that must cover all of it.
FLOWS: dict[str, tuple[Counted, tuple[str, ...]]] = {
    "contacts_count": (demand.contacts, ("contacts",)),
    "contacts_1wd_pct": (demand.contacts_in_one_day, ("contacts",)),
    "referrals_count": (demand.referrals, ("referrals",)),
    "contact_to_referral_pct": (demand.conversion, ("contacts", "referrals")),
    "eh_referrals_count": (demand.early_help, ("early_help_referrals",)),
    "short_breaks_children_count": (demand.short_breaks, ("short_breaks",)),
    "assess_started_count": (demand.assessments_started, ("assessments",)),
    "assess_completed_count": (demand.assessments_completed, ("assessments",)),
    "assess_45wd_pct": (demand.assessments_in_45_days, ("assessments",)),
    "icpc_15wd_pct": (cases.conferences_in_15_days, ("section_47_enquiries",)),
    "cla_visits_in_time_pct": (care.visits_in_time, ("cla_visits",)),
    "missing_episodes_count": (care.missing_count, ("missing_episodes", "children_in_care")),
    "missing_rhi_accepted_count": (care.interviews_accepted, ("missing_episodes", "children_in_care")),
}
# What is open on a period's last day, known from dates alone: the lists that must cover that day.
STOCKS: dict[str, tuple[Counted, tuple[str, ...]]] = {
    "cpp_stock": (cases.on_plans_count, ("child_protection_plans",)),
    "cpp_12_24m_count": (cases.on_plans_12_to_24_months, ("child_protection_plans",)),
    "cla_stock": (care.in_care_count, ("children_in_care",)),
    "missing_cla_open_stock": (care.missing_at_end, ("missing_episodes", "children_in_care")),
}
# What only a delivery near the last day can say: the list that delivery must hold.
STATES: dict[str, tuple[Counted, str]] = {
    "cin_open_stock": (cases.in_need_count, "children_in_need"),
    "cin_6m_or_less_pct": (cases.in_need_six_months, "children_in_need"),
    "cla_3plus_placements_count": (care.moved_often, "children_in_care"),
    "cla_3plus_placements_pct": (care.moved_often_share, "children_in_care"),
    "cl_stock": (care.leavers_count, "care_leavers"),
    "cl_eet_count": (care.in_eet, "care_leavers"),
    "cl_eet_pct": (care.in_eet_share, "care_leavers"),
    "cl_suitable_accom_pct": (care.suitably_housed, "care_leavers"),
    "cl_in_touch_plan_pct": (care.in_touch, "care_leavers"),
    "cl_pathway_plan_uptodate_pct": (care.with_plan, "care_leavers"),
    "cl_plan_and_touch_pct": (care.with_plan_and_in_touch, "care_leavers"),
}
DURATIONS = ("cin_duration_bands", "cpp_duration_bands")
KPIS = (*FLOWS, *STOCKS, *STATES, *DURATIONS)
DISTINCT = "short_breaks_children_count"


class NaiveFigures:
    """Every figure of one authority, counted when asked for and remembered."""

    def __init__(self, tables: dict[str, pd.DataFrame]) -> None:
        self.core = Core(tables)
        self.quarters = quarters_of(self.core.deliveries.first_day, self.core.deliveries.newest)
        self._cells: dict[tuple[str, dt.date, dt.date, str], Cell] = {}

    def cell(self, kpi: str, quarter: Quarter, basis: str = "quarter", category: str = "all") -> Cell:
        """The figure of a KPI; `category` is the band of a distribution."""
        # What stands on the last day is the same for the quarter and for the year so far.
        start = quarter.start_on(basis) if kpi in FLOWS else quarter.end
        key = (kpi, start, quarter.end, category)
        if key not in self._cells:
            self._cells[key] = self._counted(*key)
        return self._cells[key]

    def _counted(self, kpi: str, start: dt.date, end: dt.date, category: str) -> Cell:
        deliveries = self.core.deliveries
        if kpi in FLOWS or kpi in STOCKS:
            counted, lists = FLOWS[kpi] if kpi in FLOWS else STOCKS[kpi]
            is_known = all(deliveries.covers(name, start, end) for name in lists)
            return counted(self.core, start, end) if is_known else ABSENT
        if kpi in STATES:
            counted, name = STATES[kpi]
            return ABSENT if deliveries.near(name, end) is None else counted(self.core, start, end)
        if kpi == "cpp_duration_bands":
            is_known = deliveries.covers("child_protection_plans", end, end)
            return cases.on_plans_of_duration(self.core, end, category) if is_known else ABSENT
        is_known = deliveries.near("children_in_need", end) is not None
        return cases.in_need_of_duration(self.core, end, category) if is_known else ABSENT

    def every_cell(self) -> dict[tuple[str, str, str, str], Cell]:
        """Every figure by KPI, quarter, basis and category."""
        found = {}
        for kpi in KPIS:
            for quarter in self.quarters:
                for basis in ("quarter", "ytd", "year") if quarter.number == 4 else ("quarter", "ytd"):
                    for category in cases.DURATION_BANDS if kpi in DURATIONS else ("all",):
                        cell = self.cell(kpi, quarter, basis, category)
                        found[kpi, quarter.key, basis, category] = cell
        return found

    def outturn(self, kpi: str, year: int) -> Fraction | None:
        """The value of a whole year; None when it is not known."""
        return self.cell(kpi, Quarter(year, 4), "year").value

    def forecast(self, kpi: str, quarter: Quarter) -> Fraction | None:
        """The year's end on a straight line from the year so far (ruling 13); unrounded.

        A flow count grows with the year; a share, a stock and different children stay as they are. In
        quarter 4 it is the outturn. There is none in the first quarter of the first year known.
        """
        so_far = self.cell(kpi, quarter, "ytd")
        years = [year for year in range(self.quarters[0].year, quarter.year) if self._is_known(kpi, year)]
        if so_far.symbol is not None or (not years and quarter.number < 2):
            return None
        grows = kpi in FLOWS and so_far.denominator is None and kpi != DISTINCT
        value = so_far.value
        return value * 4 / quarter.number if grows and value is not None else value

    def _is_known(self, kpi: str, year: int) -> bool:
        return self.cell(kpi, Quarter(year, 4), "year").symbol in (None, OF_NOTHING)

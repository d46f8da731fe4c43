"""The figures that the committee's table draws on, and where a straight line takes their years."""

from __future__ import annotations

from fractions import Fraction

from tests.second_opinion.counting.days import Period, Quarter
from tests.second_opinion.counting.figures import KPIS, Figures
from tests.second_opinion.counting.history import History
from tests.second_opinion.counting.measures import NOT_COVERED, OF_NOTHING, Figure

TOTALS = [
    "contacts_count",
    "contacts_1wd_pct",
    "referrals_count",
    "contact_to_referral_pct",
    "eh_referrals_count",
    "short_breaks_children_count",
    "assess_started_count",
    "assess_completed_count",
    "assess_45wd_pct",
    "cin_open_stock",
    "cin_6m_or_less_pct",
    "cpp_stock",
    "cpp_12_24m_count",
    "icpc_15wd_pct",
    "cla_stock",
    "cla_3plus_placements_count",
    "cla_3plus_placements_pct",
    "cla_visits_in_time_pct",
    "missing_cla_open_stock",
    "missing_episodes_count",
    "missing_rhi_accepted_count",
    "cl_stock",
    "cl_eet_count",
    "cl_eet_pct",
    "cl_suitable_accom_pct",
    "cl_pathway_plan_uptodate_pct",
    "cl_in_touch_plan_pct",
    "cl_plan_and_touch_pct",
]
DISTRIBUTIONS = ("cin_duration_bands", "cpp_duration_bands")
COMMITTEE_KPIS = (*TOTALS, *DISTRIBUTIONS)


class CommitteeFigures:
    """The figures of one history, counted when asked for and remembered."""

    def __init__(self, history: History) -> None:
        self._figures = Figures(history, {})
        self._known: dict[tuple[str, Period], Figure] = {}
        self.quarters = list(dict.fromkeys(period.quarter for period in self._figures.periods))

    def cell(self, kpi: str, quarter: Quarter, basis: str = "quarter") -> Figure:
        """The figure of a KPI."""
        period = Period(quarter, basis)
        if (kpi, period) not in self._known:
            self._known[kpi, period] = self._figures.total(kpi, period)
        return self._known[kpi, period]

    def outturn(self, kpi: str, year: int) -> Fraction | None:
        """The value of a whole year; None when it is not known."""
        return self.cell(kpi, Quarter(year, 4), "year").value

    def forecast(self, kpi: str, quarter: Quarter) -> Fraction | None:
        """The year's end on a straight line from the year so far (docs/rulings.md#13); unrounded.

        A count of events grows with the year; a share, a stock and different children stay as they are. In
        quarter 4 it is the outturn. There is none in the first quarter of the first year known.
        """
        so_far = self.cell(kpi, quarter, "ytd")
        years = [year for year in range(self.quarters[0].year, quarter.year) if self._is_known(kpi, year)]
        if so_far.symbol == NOT_COVERED or so_far.value is None or (not years and quarter.number < 2):
            return None
        grows = KPIS[kpi].kind == "count"
        return so_far.value * 4 / quarter.number if grows else so_far.value

    def _is_known(self, kpi: str, year: int) -> bool:
        return self.cell(kpi, Quarter(year, 4), "year").symbol in (None, OF_NOTHING)

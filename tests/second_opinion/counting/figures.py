"""Every cell of every KPI: totals, breakdowns and bands, by quarter, year to date and year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tests.second_opinion.counting.areas import (
    adoption,
    assessments,
    care_entries_placements_and_health,
    care_leavers,
    care_profile_and_reviews,
    care_stock_and_visits,
    child_protection_plans,
    children_in_need,
    children_missing,
    contacts,
    context,
    early_help,
    enquiries_and_conferences,
    referrals,
    workforce,
)
from tests.second_opinion.counting.days import Period, newest_quarter, periods_between
from tests.second_opinion.counting.deliveries import Row
from tests.second_opinion.counting.history import History
from tests.second_opinion.counting.measures import ABSENT, Figure, Item, Kpi, figure, first_of_each, share

AREAS = (
    adoption,
    assessments,
    care_entries_placements_and_health,
    care_leavers,
    care_profile_and_reviews,
    care_stock_and_visits,
    child_protection_plans,
    children_in_need,
    children_missing,
    contacts,
    context,
    early_help,
    enquiries_and_conferences,
    referrals,
    workforce,
)
KPIS: dict[str, Kpi] = {name: kpi for area in AREAS for name, kpi in area.KPIS.items()}
UNKNOWN = "unknown"
ANY_BAND = "any"
"""Stands for every band of a distribution that is absent or of nothing."""
AGE_BANDS = ((-1, "unborn"), (0, "<1"), (4, "1-4"), (9, "5-9"), (15, "10-15"), (17, "16-17"))
LEAVER_AGE_BANDS = ((15, UNKNOWN), (17, "16-17"), (18, "18"), (21, "19-21"), (25, "22-25"))
OF_THE_PERSON = {"gender": "gender", "ethnicity": "ethnicity", "disability": "has_disability"}
TEAMS = ("allocated_team", "contact_team")
OVERLAPPING = ("provider", "short_break_type")
"""A child with breaks of two kinds is in both."""


class Key(NamedTuple):
    """Where a figure stands."""

    kpi: str
    quarter: str
    basis: str
    breakdown: str
    category: str


def age_band(history: History, item: Item) -> str:
    age = history.age_at(item.row, item.day)
    if age is None:
        return UNKNOWN
    is_leaver = item.row["_list"] == "care_leavers" and "_among_children" not in item.row
    for oldest, band in LEAVER_AGE_BANDS if is_leaver else AGE_BANDS:
        if age <= oldest:
            return band
    return UNKNOWN if is_leaver else "18+"


def category(history: History, item: Item, breakdown: str) -> str:
    """The category of a counted record: of its own row, of the child where the row lacks it."""
    if breakdown == "age_band":
        return age_band(history, item)
    if breakdown in OF_THE_PERSON:
        return str(history.own_or_persons(item.row, OF_THE_PERSON[breakdown]) or UNKNOWN)
    row: Row = item.row
    columns = TEAMS if breakdown == "team" else (breakdown,)
    return str(next((row[each] for each in columns if row.get(each) is not None), UNKNOWN))


class Figures:
    """The figures of one history for the breakdowns that each KPI has."""

    def __init__(self, history: History, breakdowns: Mapping[str, tuple[str, ...]]) -> None:
        self.history = history
        self.breakdowns = breakdowns
        received = history.received
        newest = newest_quarter(received.newest)
        self.periods = periods_between(min(received.first_day, newest.start), received.newest)

    def total(self, name: str, period: Period) -> Figure:
        """The figure of a KPI that is no distribution, without its breakdowns."""
        kpi = KPIS[name]
        if not kpi.covered(self.history, period):
            return ABSENT
        below = kpi.below(self.history, period) if kpi.below else []
        population = self.history.persons(period.quarter.year)
        return figure(kpi.kind, kpi.top(self.history, period), below, population)

    def every_cell(self) -> dict[Key, Figure]:
        """Every figure; a category of a breakdown in which nothing was counted is not there."""
        found: dict[Key, Figure] = {}
        for name in self.breakdowns:
            for period in self.periods:
                for (breakdown, group), cell in self._of(KPIS[name], name, period).items():
                    found[Key(name, period.quarter.key, period.basis, breakdown, group)] = cell
        return found

    def _of(self, kpi: Kpi, name: str, period: Period) -> dict[tuple[str, str], Figure]:
        has_bands = kpi.kind.startswith("bands")
        if not kpi.covered(self.history, period):
            return {("band", ANY_BAND) if has_bands else ("total", "all"): ABSENT}
        top = kpi.top(self.history, period)
        below = kpi.below(self.history, period) if kpi.below else []
        if has_bands:
            return self._bands(kpi, period, top, below)
        population = self.history.persons(period.quarter.year)
        found = {("total", "all"): figure(kpi.kind, top, below, population)}
        for breakdown in self.breakdowns[name]:
            above, under = (
                self._grouped(kpi, breakdown, top),
                self._grouped(kpi, breakdown, below),
            )
            for group in {**above, **under}:
                cell = figure(kpi.kind, above.get(group, []), under.get(group, []))
                found[breakdown, group] = cell
        return found

    def _grouped(self, kpi: Kpi, breakdown: str, items: list[Item]) -> dict[str, list[Item]]:
        if kpi.kind.endswith("children") and breakdown not in OVERLAPPING:
            items = first_of_each(items)
        found: dict[str, list[Item]] = {}
        for item in items:
            found.setdefault(category(self.history, item, breakdown), []).append(item)
        return found

    def _bands(
        self, kpi: Kpi, period: Period, top: list[Item], below: list[Item]
    ) -> dict[tuple[str, str], Figure]:
        is_of_children = kpi.kind.endswith("children")
        items = first_of_each(top) if is_of_children else top
        whole = len(first_of_each(below) if is_of_children else below)
        if whole == 0:
            return {("band", ANY_BAND): share(0, 0)}
        counts: dict[str, int] = {}
        for item in items:
            band = kpi.band(self.history, item, period) if kpi.band else None
            counts[band or UNKNOWN] = counts.get(band or UNKNOWN, 0) + 1
        return {("band", band): share(count, whole) for band, count in counts.items()}

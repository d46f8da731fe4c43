"""Assessments and children in need."""

from __future__ import annotations

import datetime as dt

from tests.naive_kpi.days import Period, plus_months, working_days
from tests.naive_kpi.front_door import assessment_of, waiting_days
from tests.naive_kpi.history import History
from tests.naive_kpi.measures import Covered, Item, Kpi, Select, first_of_each
from tests.naive_kpi.selecting import (
    at_end,
    every,
    flow,
    having,
    is_yes,
    near,
    populated,
    share_of,
    stock,
    whole,
)

ASSESSMENT_DAYS, SEEN_DAYS = 45, 20
DURATION_BANDS = ("<=3m", ">3-6m", ">6m-<1y", "1-<2y", "2y+")
STARTED = flow("assessments", "assessment_start_date")
AUTHORISED = flow("assessments", "assessment_authorised_date")
OPEN_ASSESSMENTS = stock("assessments")
CLOSED = flow("children_in_need", "cin_closure_date")


def within(start: str, end: str, days: int, select: Select) -> Select:
    """Those with at most so many working days between two dates."""

    def is_in_time(history: History, item: Item, _: Period) -> bool:
        taken = working_days(item.row[start], item.row[end])
        return taken is not None and taken <= days

    return having(select, is_in_time)


def duration_band(since: dt.date, end: dt.date) -> str:
    """Calendar months from the start to a day."""
    if plus_months(since, 3) >= end:
        return "<=3m"
    if plus_months(since, 6) >= end:
        return ">3-6m"
    if plus_months(since, 12) > end:
        return ">6m-<1y"
    return "1-<2y" if plus_months(since, 24) > end else "2y+"


def days_band(edges: tuple[int, ...], start: str, end: str, history: History, item: Item) -> str | None:
    """'0-10', '11-20' ... and '61+' by working days between two dates."""
    taken = working_days(item.row[start], item.row[end])
    if taken is None:
        return None
    below = 0
    for edge in edges:
        if taken <= edge:
            return f"{below}-{edge}"
        below = edge + 1
    return f"{below}+"


def in_need(history: History, period: Period) -> list[Item]:
    return first_of_each([Item(row, period.end) for row in history.in_need_rows(period.end)])


def all_in_need(history: History, period: Period) -> list[Item]:
    """Open in list 6, 7 or 8, or a care leaver (qualifying ones too) on list 9; by the first of them."""
    parts = (
        history.open_rows("children_in_need", period.end),
        history.open_rows("child_protection_plans", period.end),
        history.in_care_rows(period.end),
        [row | {"_among_children": True} for row in history.leavers(period.end, ("R", "FR", "Q"))],
    )
    found: dict[str, Item] = {}
    for part in parts:
        for item in first_of_each([Item(row, period.end) for row in part]):
            found.setdefault(item.person, item)
    return list(found.values())


def is_disabled(history: History, item: Item, _: Period) -> bool:
    return bool(history.person(item.person, "has_disability") == "Y")


def months_open(months: int, column: str, select: Select) -> Select:
    """Those whose start + so many months has come by the period's end."""
    return having(select, lambda _, item, period: plus_months(item.row[column], months) <= period.end)


def from_referral(history: History, period: Period) -> list[Item]:
    """Assessments authorised in the period that a referral led to."""
    found = []
    for item in AUTHORISED(history, period):
        days = [
            row["referral_date"]
            for row in history.of_child("referrals", item.person)
            if (linked := assessment_of(history, row)) is not None
            and linked["assessment_start_date"] == item.row["assessment_start_date"]
        ]
        if days:
            found.append(item._replace(row=item.row | {"linked_referral_date": max(days)}))
    return found


def seen_near(name: str, column: str, days: int) -> object:
    """Whether the row near the period's end shows a date at most so many working days before the end."""

    def is_in_time(history: History, item: Item, period: Period) -> bool:
        shown = history.near_row(item.row, period.end)
        seen = None if shown is None else shown[column]
        if seen is None:
            return False
        taken = working_days(min(seen, period.end), period.end)
        return taken is not None and taken <= days

    return is_in_time


def near_says(column: str, *codes: str) -> object:
    """Whether the row near the period's end has one of these codes."""

    def says(history: History, item: Item, period: Period) -> bool:
        shown = history.near_row(item.row, period.end)
        return shown is not None and shown[column] in codes

    return says


def near_has(column: str) -> object:
    """Whether the row near the period's end has something in a column."""

    def is_there(history: History, item: Item, period: Period) -> bool:
        shown = history.near_row(item.row, period.end)
        return shown is not None and shown[column] is not None

    return is_there


def is_short(_: History, item: Item, period: Period) -> bool:
    return period.end <= plus_months(item.row["cin_start_date"], 6)


def overdue(_: History, item: Item, period: Period) -> bool:
    return (working_days(item.row["assessment_start_date"], period.end) or 0) > ASSESSMENT_DAYS


ASSESSED = whole("assessments")
KNOWN: Covered = every(at_end("children_in_need"), near("children_in_need"))
ANY_NEED: Covered = every(
    at_end("children_in_need", "child_protection_plans", "children_in_care"), near("care_leavers")
)
CIN = whole("children_in_need")

KPIS = {
    "assess_started_count": Kpi("count", ASSESSED, STARTED),
    "assess_completed_count": Kpi("count", ASSESSED, AUTHORISED),
    "assess_completed_rate_10k": Kpi("rate", every(ASSESSED, populated), AUTHORISED),
    "assess_45wd_pct": Kpi(
        "share",
        ASSESSED,
        within("assessment_start_date", "assessment_authorised_date", ASSESSMENT_DAYS, AUTHORISED),
        AUTHORISED,
    ),
    "assess_45wd_from_referral_pct": Kpi(
        "share",
        whole("assessments", "referrals"),
        within("linked_referral_date", "assessment_authorised_date", ASSESSMENT_DAYS, from_referral),
        from_referral,
    ),
    "assess_median_wd": Kpi(
        "median", ASSESSED, waiting_days(AUTHORISED, "assessment_start_date", "assessment_authorised_date")
    ),
    "assess_duration_bands": Kpi(
        "bands",
        ASSESSED,
        AUTHORISED,
        AUTHORISED,
        lambda history, item, _: days_band(
            (10, 20, 30, 40, 45, 50, 60), "assessment_start_date", "assessment_authorised_date", history, item
        ),
    ),
    "assess_open_stock": Kpi("count", at_end("assessments"), OPEN_ASSESSMENTS),
    "assess_open_over_45wd_count": Kpi("count", at_end("assessments"), having(OPEN_ASSESSMENTS, overdue)),
    "assess_child_seen_pct": share_of(AUTHORISED, is_yes("child_seen"), ASSESSED),
    "assess_support_needed_pct": share_of(AUTHORISED, is_yes("requires_social_care_support"), ASSESSED),
    "cin_open_stock": Kpi("children", KNOWN, in_need),
    "cin_all_stock": Kpi("children", ANY_NEED, all_in_need),
    "cin_rate_10k": Kpi("rate_of_children", every(ANY_NEED, populated), all_in_need),
    "cin_started_count": Kpi("count", CIN, flow("children_in_need", "cin_start_date")),
    "cin_ended_count": Kpi("count", CIN, CLOSED),
    "cin_duration_bands": Kpi(
        "bands_of_children",
        KNOWN,
        in_need,
        in_need,
        lambda _, item, period: duration_band(item.row["cin_start_date"], period.end),
    ),
    "cin_6m_or_less_pct": Kpi("share_of_children", KNOWN, having(in_need, is_short), in_need),
    "cin_2y_plus_pct": Kpi("share_of_children", KNOWN, months_open(24, "cin_start_date", in_need), in_need),
    "cin_ceased_duration_bands": Kpi(
        "bands",
        CIN,
        CLOSED,
        CLOSED,
        lambda _, item, __: duration_band(item.row["cin_start_date"], item.row["cin_closure_date"]),
    ),
    "cin_primary_need": Kpi(
        "bands_of_children", KNOWN, in_need, in_need, lambda _, item, __: item.row["primary_need"]
    ),
    "cin_seen_in_time_pct": Kpi(
        "share_of_children",
        KNOWN,
        having(in_need, seen_near("children_in_need", "last_seen_date", SEEN_DAYS)),
        in_need,
    ),
    "cin_disability_pct": Kpi("share_of_children", ANY_NEED, having(all_in_need, is_disabled), all_in_need),
}

"""Child protection plans."""

from __future__ import annotations

import datetime as dt

from tests.second_opinion.counting.days import Period, plus_months
from tests.second_opinion.counting.durations import duration_band, months_open, seen_near
from tests.second_opinion.counting.history import History
from tests.second_opinion.counting.measures import Item, Kpi
from tests.second_opinion.counting.selecting import (
    at_end,
    each_child,
    every,
    flow,
    having,
    near,
    near_has,
    near_says,
    populated,
    share_of,
    stock,
    whole,
)

CONFERENCE_DAYS, CP_VISIT_DAYS, FIRST_REVIEW_MONTHS, NEXT_REVIEW_MONTHS = 15, 10, 3, 6
PLANS = each_child(stock("child_protection_plans"))
PLANS_STARTED = flow("child_protection_plans", "cp_plan_start_date")
PLANS_ENDED = flow("child_protection_plans", "cp_plan_end_date")


def is_12_to_24_months(_: History, item: Item, period: Period) -> bool:
    start = item.row["cp_plan_start_date"]
    return plus_months(start, 12) <= period.end < plus_months(start, 24)


def was_two_years(_: History, item: Item, __: Period) -> bool:
    return plus_months(item.row["cp_plan_start_date"], 24) <= item.row["cp_plan_end_date"]


def newest_review(
    history: History, name: str, column: str, child: str, start: dt.date, end: dt.date
) -> dt.date | None:
    """The last review of a child from a day to a period's end that was not cancelled."""
    held = [
        row[column]
        for row in history.of_child(name, child)
        if row.get("is_cancelled") != "Y" and row[column] is not None and start <= row[column] <= end
    ]
    return max(held, default=None)


def is_reviewed_in_time(history: History, item: Item, period: Period) -> bool:
    """The first review within 3 months of the start, each next within 6, the next one not overdue.

    Reviews before the first day that is delivered are not known: of an older plan, the next is due within 6
    months of that day.
    """
    start = item.row["cp_plan_start_date"]
    known_from = min(each.covers_from("cp_reviews") for each in history.received.of("cp_reviews"))
    due = plus_months(start, FIRST_REVIEW_MONTHS)
    if start < known_from:
        start, due = known_from, plus_months(known_from, NEXT_REVIEW_MONTHS)
    held = [
        row["cp_review_date"]
        for row in history.of_child("cp_reviews", item.person)
        if row["cp_review_date"] is not None and start <= row["cp_review_date"] <= period.end
    ]
    if history.is_newest("cp_reviews"):
        held = []  # of newest rows alone the last decides; an older one may be hidden
        until = history.newest_until("cp_reviews", period.end)
        if known := newest_review(history, "cp_reviews", "cp_review_date", item.person, start, until):
            due = plus_months(known, NEXT_REVIEW_MONTHS)
    for day in sorted(held):
        if day > due:
            return False
        due = plus_months(day, NEXT_REVIEW_MONTHS)
    return period.end <= due


ENQUIRED, PLANNED = whole("section_47_enquiries"), whole("child_protection_plans")
ON_PLAN = at_end("child_protection_plans")
ON_PLAN_NEAR = every(ON_PLAN, near("child_protection_plans"))
VISITED = having(PLANS, near_has("cp_last_visit_date"))
THREE_MONTHS = months_open(FIRST_REVIEW_MONTHS, "cp_plan_start_date", PLANS)
KPIS = {
    "cpp_stock": Kpi("children", ON_PLAN, PLANS),
    "cpp_rate_10k": Kpi("rate_of_children", every(ON_PLAN, populated), PLANS),
    "cpp_started_count": Kpi("count", PLANNED, PLANS_STARTED),
    "cpp_started_rate_10k": Kpi("rate", every(PLANNED, populated), PLANS_STARTED),
    "cpp_ended_count": Kpi("count", PLANNED, PLANS_ENDED),
    "cpp_second_subsequent_pct": share_of(
        PLANS_STARTED, lambda row: (row["previous_cp_plans"] or 0) >= 1, PLANNED
    ),
    "cpp_duration_bands": Kpi(
        "bands_of_children",
        ON_PLAN,
        PLANS,
        PLANS,
        lambda _, item, period: duration_band(item.row["cp_plan_start_date"], period.end),
    ),
    "cpp_12_24m_count": Kpi("children", ON_PLAN, having(PLANS, is_12_to_24_months)),
    "cpp_2y_plus_pct": Kpi("share_of_children", ON_PLAN, months_open(24, "cp_plan_start_date", PLANS), PLANS),
    "cpp_ceased_2y_plus_pct": Kpi("share", PLANNED, having(PLANS_ENDED, was_two_years), PLANS_ENDED),
    "cpp_visit_in_time_pct": Kpi(
        "share_of_children",
        ON_PLAN_NEAR,
        having(PLANS, seen_near("child_protection_plans", "cp_last_visit_date", CP_VISIT_DAYS)),
        PLANS,
    ),
    "cpp_seen_alone_pct": Kpi(
        "share_of_children", ON_PLAN_NEAR, having(VISITED, near_says("cp_seen_alone", "Y")), VISITED
    ),
    "cpp_category": Kpi(
        "bands_of_children", ON_PLAN, PLANS, PLANS, lambda _, item, __: item.row["cp_latest_category"]
    ),
    "cpp_review_in_time_pct": Kpi(
        "share_of_children",
        every(ON_PLAN, lambda history, period: history.shows_reviews("cp_reviews", period.end)),
        having(THREE_MONTHS, is_reviewed_in_time),
        THREE_MONTHS,
    ),
}

"""Section 47 enquiries, initial conferences and child protection plans."""

from __future__ import annotations

from tests.naive_kpi.cases import (
    days_band,
    duration_band,
    months_open,
    near_has,
    near_says,
    seen_near,
    within,
)
from tests.naive_kpi.days import Period, plus_months
from tests.naive_kpi.front_door import repeats, waiting_days
from tests.naive_kpi.history import History
from tests.naive_kpi.measures import Item, Kpi
from tests.naive_kpi.selecting import (
    at_end,
    each_child,
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

CONFERENCE_DAYS, CP_VISIT_DAYS, FIRST_REVIEW_MONTHS, NEXT_REVIEW_MONTHS = 15, 10, 3, 6
S47 = flow("section_47_enquiries", "s47_start_date")
CONFERENCES = flow("section_47_enquiries", "icpc_date")
PLANS = each_child(stock("child_protection_plans"))
PLANS_STARTED = flow("child_protection_plans", "cp_plan_start_date")
PLANS_ENDED = flow("child_protection_plans", "cp_plan_end_date")


def is_12_to_24_months(_: History, item: Item, period: Period) -> bool:
    start = item.row["cp_plan_start_date"]
    return plus_months(start, 12) <= period.end < plus_months(start, 24)


def was_two_years(_: History, item: Item, __: Period) -> bool:
    return plus_months(item.row["cp_plan_start_date"], 24) <= item.row["cp_plan_end_date"]


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
    "s47_count": Kpi("count", ENQUIRED, S47),
    "s47_rate_10k": Kpi("rate", every(ENQUIRED, populated), S47),
    "s47_to_icpc_pct": share_of(S47, lambda row: row["icpc_date"] is not None, ENQUIRED),
    "s47_icpc_unnecessary_pct": share_of(S47, is_yes("icpc_unnecessary"), ENQUIRED),
    "s47_repeat_12m_pct": Kpi(
        "share", ENQUIRED, repeats(S47, "section_47_enquiries", "s47_start_date", "s47_last_12m"), S47
    ),
    "icpc_count": Kpi("count", ENQUIRED, CONFERENCES),
    "icpc_rate_10k": Kpi("rate", every(ENQUIRED, populated), CONFERENCES),
    "icpc_15wd_pct": Kpi(
        "share", ENQUIRED, within("s47_start_date", "icpc_date", CONFERENCE_DAYS, CONFERENCES), CONFERENCES
    ),
    "icpc_median_wd": Kpi("median", ENQUIRED, waiting_days(CONFERENCES, "s47_start_date", "icpc_date")),
    "icpc_duration_bands": Kpi(
        "bands",
        ENQUIRED,
        CONFERENCES,
        CONFERENCES,
        lambda history, item, _: days_band((10, 15, 20), "s47_start_date", "icpc_date", history, item),
    ),
    "icpc_to_cpp_pct": share_of(CONFERENCES, is_yes("icpc_resulted_in_cp_plan"), ENQUIRED),
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
        at_end("child_protection_plans", "cp_reviews"),
        having(THREE_MONTHS, is_reviewed_in_time),
        THREE_MONTHS,
    ),
}

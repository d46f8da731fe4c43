"""Children on plans and in care, and care leavers: visits, reviews, placements."""

from __future__ import annotations

import datetime as dt

from tests.second_opinion.counting.areas import (
    care_leavers,
    care_profile_and_reviews,
    care_stock_and_visits,
    child_protection_plans,
)
from tests.second_opinion.counting.areas.child_protection_plans import newest_review
from tests.second_opinion.counting.days import plus_days, plus_months, plus_working_days
from tests.second_opinion.counting.measures import Item, first_of_each
from tests.second_opinion.counting.today.recount import Entry, Recount

PROTECTION_VISIT_WORKING_DAYS = 10
"""The interval that the council of the test has set."""


def protection_visits(today: Recount) -> list[Entry]:
    is_visited = today.counted_by(child_protection_plans.KPIS["cpp_visit_in_time_pct"])
    found = []
    for item in child_protection_plans.PLANS(today.history, today.period):
        shown = today.history.near_row(item.row, today.day) or {}
        start, last = item.row["cp_plan_start_date"], shown.get("cp_last_visit_date")
        due = plus_working_days(last or start, PROTECTION_VISIT_WORKING_DAYS)
        category = item.row["cp_latest_category"]
        counted = is_visited(item.row)
        found.append(
            today.entry(item.row, start=start, last=last, due=due, category=category, is_counted=counted)
        )
    return found


def next_review(
    today: Recount, name: str, column: str, child: str, first: tuple[dt.date, dt.date, int]
) -> tuple[dt.date | None, dt.date]:
    """The last review of a child up to the day, and when the next is due.

    `first`: the start of the record, the day the first review is due, and the months to the second.
    """
    start, due, months = first
    known_from = min(each.covers_from(name) for each in today.history.received.of(name))
    is_older = start < known_from
    if is_older:
        start, due = known_from, plus_months(known_from, 6)
    last = newest_review(today.history, name, column, child, start, today.day)
    if last is None:
        return None, due
    return last, plus_months(last, months if last <= due and not is_older else 6)


def protection_reviews(today: Recount) -> list[Entry]:
    is_in_time = today.counted_by(child_protection_plans.KPIS["cpp_review_in_time_pct"])
    found = []
    for item in child_protection_plans.PLANS(today.history, today.period):
        start = item.row["cp_plan_start_date"]
        last, due = next_review(
            today, "cp_reviews", "cp_review_date", item.person, (start, plus_months(start, 3), 6)
        )
        category, counted = item.row["cp_latest_category"], is_in_time(item.row)
        found.append(
            today.entry(item.row, start=start, last=last, due=due, category=category, is_counted=counted)
        )
    return found


def in_care(today: Recount) -> list[Item]:
    return care_stock_and_visits.in_care(today.history, today.period)


def care_visits(today: Recount) -> list[Entry]:
    is_visited = today.counted_by(care_stock_and_visits.KPIS["cla_visit_uptodate_pct"])
    found = []
    for item in in_care(today):
        shown = today.history.near_row(item.row, today.day) or {}
        start, last, plan = item.row["cla_start_date"], shown["last_visit_date"], shown["permanence_plan"]
        if last is not None:
            due = plus_days(last, 91 if plan in ("LTFOST", "RESPLMT") else 42)
        else:
            due = plus_days(shown["placement_start_date"] or start, 7)
        counted = is_visited(item.row)
        found.append(
            today.entry(item.row, start=start, last=last, due=due, category=plan, is_counted=counted)
        )
    return found


def care_reviews(today: Recount) -> list[Entry]:
    is_in_time = today.counted_by(care_profile_and_reviews.KPIS["cla_review_in_time_pct"])
    found = []
    for item in in_care(today):
        start = item.row["cla_start_date"]
        last, due = next_review(
            today, "cla_reviews", "cla_review_date", item.person, (start, plus_working_days(start, 20), 3)
        )
        shown = today.history.near_row(item.row, today.day) or {}
        category, counted = shown["legal_status"], is_in_time(item.row)
        found.append(
            today.entry(item.row, start=start, last=last, due=due, category=category, is_counted=counted)
        )
    return found


def care_placements(today: Recount) -> list[Entry]:
    has_three = today.counted_by(care_stock_and_visits.KPIS["cla_3plus_placements_count"])
    found = []
    for item in in_care(today):
        shown = today.history.near_row(item.row, today.day) or {}
        found.append(
            today.entry(
                item.row,
                start=item.row["cla_start_date"],
                last=shown["placement_start_date"],
                category=shown["placement_type"],
                number=shown["placements_last_12m"],
                is_counted=has_three(item.row),
            )
        )
    return found


def leavers(today: Recount) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {name: [] for name in ("contact", "plan", "accommodation", "activity")}
    counted = {
        name: today.counted_by(care_leavers.KPIS[kpi])
        for name, kpi in (
            ("contact", "cl_in_touch_plan_pct"),
            ("plan", "cl_pathway_plan_uptodate_pct"),
            ("accommodation", "cl_suitable_accom_pct"),
            ("activity", "cl_eet_pct"),
        )
    }
    for item in first_of_each(care_leavers.leavers(today.history, today.period)):
        row, plans = item.row, care_leavers.plans_known(today.history, item.row)
        latest = row["latest_contact_date"]
        frequency = (plans[-1]["contact_frequency_days"] if plans else None) or 56
        reviewed = [plan["pathway_plan_review_date"] for plan in plans]
        reviewed += [row["pathway_plan_review_date"]] if row["pathway_plan_review_date"] else []
        plan = max(reviewed, default=None)
        known = {
            "contact": {
                "last": latest,
                "due": None if latest is None else plus_days(latest, int(frequency)),
                "category": row["in_touch"],
            },
            "plan": {
                "last": plan,
                "due": None if plan is None else plus_months(plan, 6),
                "category": row["eligibility"],
            },
            "accommodation": {"category": row["accommodation_type"]},
            "activity": {"category": row["activity_status"]},
        }
        for name, values in known.items():
            found[name].append(today.entry(row, is_counted=counted[name](row), **values))
    return {f"care_leaver_{name}": entries for name, entries in found.items()}

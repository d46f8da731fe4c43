"""Contacts, referrals, assessments, enquiries, missing children, and open cases."""

from __future__ import annotations

from tests.second_opinion.counting.areas import assessments, children_missing, referrals
from tests.second_opinion.counting.days import plus_days, plus_months, plus_working_days
from tests.second_opinion.counting.deliveries import as_day
from tests.second_opinion.counting.lists import KEY_DATES
from tests.second_opinion.counting.measures import Item
from tests.second_opinion.counting.today.recount import STATUS_ORDER, Entry, Recount


def contacts_undecided(today: Recount) -> list[Entry]:
    return [
        today.entry(
            row,
            start=row["contact_date"],
            due=plus_working_days(row["contact_date"], 1),
            category=row["contact_source"],
        )
        for row in today.open_between("contacts", "contact_date", "contact_completed_date")
    ]


def contacts_recent(today: Recount) -> list[Entry]:
    first = plus_months(today.day.replace(day=1), -1)
    return [
        today.entry(
            row,
            start=row["contact_date"],
            last=row["contact_completed_date"],
            category=row["contact_source"],
        )
        for row in today.history.events("contacts", "contact_date", first, today.day)
    ]


def referrals_undecided(today: Recount) -> list[Entry]:
    found = []
    for row in today.history.rows("referrals"):
        day = row["referral_date"]
        if day is None or day > today.day or row["referral_nfa"] not in (None, "U"):
            continue
        linked = referrals.assessment_of(today.history, row)
        if linked is None or linked["assessment_start_date"] > today.day:
            due = plus_working_days(day, 1)
            found.append(today.entry(row, start=day, due=due, category=row["referral_source"]))
    return found


def rereferrals(today: Recount) -> list[Entry]:
    found = []
    for item in referrals.KPIS["rereferrals_12m_pct"].top(today.history, today.period):
        day = item.row["referral_date"]
        closed = [
            (row["cin_closure_date"], row["closure_reason"])
            for row in today.history.of_child("children_in_need", item.person)
            if row["cin_closure_date"] is not None and row["cin_closure_date"] <= day
        ]
        date, reason = max(closed, key=lambda closure: closure[0], default=(None, None))
        found.append(today.entry(item.row, start=day, last=date, category=reason))
    return found


def assessments_open(today: Recount) -> list[Entry]:
    is_late = today.counted_by(assessments.KPIS["assess_open_over_45wd_count"])
    return [
        today.entry(
            item.row,
            start=item.row["assessment_start_date"],
            due=plus_working_days(item.row["assessment_start_date"], 45),
            is_counted=is_late(item.row),
        )
        for item in assessments.OPEN_ASSESSMENTS(today.history, today.period)
    ]


def enquiries_awaiting_conference(today: Recount) -> list[Entry]:
    found = []
    for row in today.open_between("section_47_enquiries", "s47_start_date", "icpc_date"):
        start = row["s47_start_date"]
        held = [
            other["icpc_date"]
            for other in today.history.of_child("section_47_enquiries", row["child_id"])
            if other["icpc_date"] is not None and start <= other["icpc_date"] <= today.day
        ]
        if row["icpc_unnecessary"] != "Y" and not held:
            found.append(today.entry(row, start=start, due=plus_working_days(start, 15)))
    return found


def cases(today: Recount, items: list[Item]) -> list[Entry]:
    found = []
    for item in items:
        name = item.row["_list"]
        lists = [case.row["_list"] for case in today.cases if case.person == item.person]
        status = next(each for each in STATUS_ORDER if each in lists)
        start = item.row.get(KEY_DATES.get(name, ""))
        found.append(today.entry(item.row, start=start, category=status))
    return found


def missing_now(today: Recount) -> list[Entry]:
    is_in_care = today.counted_by(children_missing.KPIS["missing_cla_open_stock"])
    return [
        today.entry(row, start=as_day(row["missing_start"]), is_counted=is_in_care(row))
        for row in today.open_between("missing_episodes", "missing_start", "missing_end")
        if row["missing_type"] in ("M", None)
    ]


def return_interviews_due(today: Recount) -> list[Entry]:
    found = []
    for row in today.history.rows("missing_episodes"):
        back, held = as_day(row["missing_end"]), row["rhi_date"]
        is_due = back is not None and back <= today.day and (held is None or held > today.day)
        if is_due and row["missing_type"] in ("M", None) and row["rhi_accepted"] != "N":
            found.append(today.entry(row, start=back, due=plus_days(back, 3), category=row["rhi_offered"]))
    return found

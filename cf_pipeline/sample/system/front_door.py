"""The front door, quarter by quarter: contacts, referrals, early help, assessments.

Every count of a quarter equals its target.
"""

from __future__ import annotations

import numpy as np

from cf_pipeline.sample.system.days import (
    NEVER,
    Days,
    Ints,
    QuarterDays,
    add_working_days,
    is_working_day,
    uniform_days,
    working_days,
)
from cf_pipeline.sample.system.plan import Targets
from cf_pipeline.sample.system.records import draw_codes, pick_rows
from cf_pipeline.sample.system.register import Register, draw_people, people_free_for_a_case

SOURCES = {
    "1A": 6.0, "1B": 2.0, "1C": 2.0, "1D": 2.0, "2A": 14.0, "2B": 3.0, "3A": 3.0, "3B": 3.0, "3C": 2.0,
    "3D": 3.0, "3E": 4.0, "3F": 3.0, "4": 4.0, "5A": 6.0, "5B": 4.0, "5C": 3.0, "5D": 3.0, "6": 28.0,
    "7": 2.0, "8": 3.0, "9": 1.5, "10": 0.5,
}  # fmt: skip
OUTCOMES = {
    "NFA_FLAG": 45.0,
    "ADVICE_FLAG": 40.0,
    "EXISTING_REFERRAL_FLAG": 10.0,
    "OTHER_OUTCOMES_EXIST_FLAG": 5.0,
}


def draw_days(rng: np.random.Generator, quarter: QuarterDays, count: int) -> Days:
    """Days of the quarter, mostly working days; from six on also its first and its last day."""
    day = uniform_days(rng, np.full(count, quarter.start), quarter.end)
    at_weekend = ~is_working_day(day) & (rng.random(count) < 0.8)
    day[at_weekend] = np.maximum(add_working_days(day[at_weekend], 0), quarter.start)
    if count >= 6:
        day[:2] = [quarter.start, quarter.end]
    return day


def add_contacts_and_referrals(
    register: Register, rng: np.random.Generator, quarter: QuarterDays, target: Targets
) -> Ints:
    """Add the quarter's contacts and referrals; returns the referrals' row numbers."""
    count, referred = target.contacts, min(target.referrals, target.contacts)
    children = draw_people(
        register,
        rng,
        quarter.start,
        target.referrals,
        known_people=people_free_for_a_case(register, quarter.start),
        share=0.2,
    )
    people = register.people
    seen_before = people.rows_where((people["born"] > quarter.end - 17 * 365) & ~people["is_leaver"])
    others = draw_people(register, rng, quarter.start, count - referred, known_people=seen_before, share=0.4)
    date = draw_days(rng, quarter, count)
    source = draw_codes(rng, SOURCES, count)
    chosen = pick_rows(rng, np.arange(count), referred)
    person = np.empty(count, dtype=np.int64)
    person[chosen] = children[:referred]
    person[np.setdiff1d(np.arange(count), chosen)] = others
    completed = _completion_dates(rng, quarter, date, target.contacts_late)
    referral_date = np.concatenate([date[chosen], draw_days(rng, quarter, target.referrals - referred)])
    referrals = register.referrals.add(
        target.referrals,
        person=children,
        date=referral_date,
        source=np.concatenate([source[chosen], draw_codes(rng, SOURCES, target.referrals - referred)]),
        nfa=draw_codes(rng, {"Y": 70.0, "N": 30.0}, target.referrals),
    )
    outcome = draw_codes(rng, OUTCOMES, count)
    outcome[chosen] = "NEW_REFERRAL_FLAG"
    link = np.full(count, -1)
    link[chosen] = referrals[:referred]
    register.contacts.add(
        count, person=person, date=date, completed=completed, source=source, outcome=outcome, referral=link
    )
    return referrals


def _completion_dates(rng: np.random.Generator, quarter: QuarterDays, date: Days, late: int) -> Days:
    """When each contact was completed: within one working day and the quarter, except `late` of them."""
    next_day = add_working_days(date, 1)
    completed = np.where((rng.random(len(date)) < 0.5) & (next_day <= quarter.end), next_day, date)
    # A late one is so old at the quarter's end that it is late even while not completed.
    old_enough = np.flatnonzero(working_days(date, quarter.end) >= 3)
    is_late = pick_rows(rng, old_enough, late)
    completed[is_late] = add_working_days(date[is_late], rng.integers(2, 7, len(is_late)))
    completed[is_late[:1]] = add_working_days(date[is_late[:1]], 2)
    if len(is_late) > 1:
        completed[is_late[-1]] = NEVER
    return completed


def add_early_help(
    register: Register, rng: np.random.Generator, quarter: QuarterDays, target: Targets
) -> None:
    """Add the quarter's referrals to early help, and the help most of them led to."""
    count = target.early_help
    known = people_free_for_a_case(register, quarter.start)
    date = draw_days(rng, quarter, count)
    is_accepted = rng.random(count) < 0.85
    start = np.where(is_accepted, date + rng.integers(3, 25, count).astype("m8[D]"), NEVER)
    register.early_help.add(
        count,
        person=draw_people(register, rng, quarter.start, count, known_people=known, share=0.4),
        date=date,
        source=draw_codes(rng, SOURCES, count),
        accepted=np.where(is_accepted, "Y", "N"),
        start=start,
        end=start + rng.integers(60, 300, count).astype("m8[D]"),
        assessed=np.where(rng.random(count) < 0.8, start, NEVER),
    )


def add_assessments(
    register: Register, rng: np.random.Generator, quarter: QuarterDays, target: Targets, referrals: Ints
) -> None:
    """Start and authorise the quarter's assessments; an assessed referral opens a case."""
    table = register.referrals
    assessed = pick_rows(rng, referrals, target.assess_started)
    table["nfa"][assessed] = "N"
    person, since = table["person"][assessed], table["date"][assessed]
    begun = np.minimum(since + rng.integers(0, 8, len(assessed)).astype("m8[D]"), quarter.end)
    case = register.open_case(person, since)
    register.assessments.add(len(assessed), person=person, case=case, start=begun)
    # More assessments than referrals: children already in need are assessed again.
    again = pick_rows(rng, np.flatnonzero(register.in_need()), target.assess_started - len(assessed))
    register.assessments.add(
        len(again),
        person=register.cases["person"][again],
        case=again,
        start=draw_days(rng, quarter, len(again)),
    )
    missing = target.assess_started - len(assessed) - len(again)
    if missing > 0:
        start = draw_days(rng, quarter, missing)
        new = draw_people(register, rng, quarter.start, missing)
        register.assessments.add(missing, person=new, case=register.open_case(new, start), start=start)
    _authorise_assessments(register, rng, quarter, target)


def _authorise_assessments(
    register: Register, rng: np.random.Generator, quarter: QuarterDays, target: Targets
) -> None:
    """Authorise exactly the planned number, `assess_late` of them after 45 working days."""
    table = register.assessments
    rows = table.rows_where(np.isnat(table["authorised"]) & (table["start"] < quarter.end))
    rows = rows[np.argsort(table["start"][rows], kind="stable")]
    start = table["start"][rows]
    first = np.maximum(start + 1, quarter.start)
    soonest = working_days(start, first) + ~is_working_day(first)
    latest = working_days(start, quarter.end)
    late = np.flatnonzero((latest > 45) & (latest >= soonest))[: target.assess_late]
    in_time = np.flatnonzero((soonest <= 45) & (latest >= soonest))
    in_time = np.setdiff1d(in_time, late)[: target.assess_completed - len(late)]
    days = np.zeros(len(rows), dtype=np.int64)
    low = np.maximum(soonest[late], 46)
    days[late] = rng.integers(low, np.minimum(latest[late], low + 15) + 1)
    days[in_time] = rng.integers(soonest[in_time], np.minimum(latest[in_time], 45) + 1)
    # The boundary itself: one on working day 46, one on working day 45.
    days[late[:1]] = low[:1]
    on_45 = in_time[latest[in_time] >= 45][:1]
    days[on_45] = 45
    done = np.concatenate([late, in_time])
    table["authorised"][rows[done]] = add_working_days(start[done], days[done])

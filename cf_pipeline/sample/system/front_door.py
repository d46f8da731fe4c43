"""The front door, quarter by quarter: contacts, referrals, early help, assessments.

Every count of the quarter's targets is met by construction.
"""

from __future__ import annotations

import numpy as np

from cf_pipeline.sample.system.days import (
    NEVER,
    Days,
    Ints,
    Quarter,
    add_working_days,
    is_working_day,
    uniform_days,
    working_days,
)
from cf_pipeline.sample.system.plan import Targets
from cf_pipeline.sample.system.records import drawn, pick
from cf_pipeline.sample.system.register import Book, free_people, some_people

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


def days_in(rng: np.random.Generator, quarter: Quarter, count: int) -> Days:
    """Days of the quarter, mostly working days; from six on also its first and its last day."""
    day = uniform_days(rng, np.full(count, quarter.start), quarter.end)
    at_weekend = ~is_working_day(day) & (rng.random(count) < 0.8)
    day[at_weekend] = np.maximum(add_working_days(day[at_weekend], 0), quarter.start)
    if count >= 6:
        day[:2] = [quarter.start, quarter.end]
    return day


def contacts_and_referrals(book: Book, rng: np.random.Generator, quarter: Quarter, target: Targets) -> Ints:
    """Add the quarter's contacts and referrals; returns the referrals' row numbers."""
    count, referred = target.contacts, min(target.referrals, target.contacts)
    children = some_people(
        book, rng, quarter.start, target.referrals, known=free_people(book, quarter.start), share=0.2
    )
    people = book.people
    seen_before = people.where((people["born"] > quarter.end - 17 * 365) & ~people["is_leaver"])
    others = some_people(book, rng, quarter.start, count - referred, known=seen_before, share=0.4)
    date = days_in(rng, quarter, count)
    source = drawn(rng, SOURCES, count)
    chosen = pick(rng, np.arange(count), referred)
    person = np.empty(count, dtype=np.int64)
    person[chosen] = children[:referred]
    person[np.setdiff1d(np.arange(count), chosen)] = others
    completed = _completed(rng, quarter, date, target.contacts_late)
    referral_date = np.concatenate([date[chosen], days_in(rng, quarter, target.referrals - referred)])
    referrals = book.referrals.add(
        target.referrals,
        person=children,
        date=referral_date,
        source=np.concatenate([source[chosen], drawn(rng, SOURCES, target.referrals - referred)]),
        nfa=drawn(rng, {"Y": 70.0, "N": 30.0}, target.referrals),
    )
    outcome = drawn(rng, OUTCOMES, count)
    outcome[chosen] = "NEW_REFERRAL_FLAG"
    link = np.full(count, -1)
    link[chosen] = referrals[:referred]
    book.contacts.add(
        count, person=person, date=date, completed=completed, source=source, outcome=outcome, referral=link
    )
    return referrals


def _completed(rng: np.random.Generator, quarter: Quarter, date: Days, late: int) -> Days:
    """When each contact was completed: within one working day and the quarter, except `late` of them."""
    next_day = add_working_days(date, 1)
    completed = np.where((rng.random(len(date)) < 0.5) & (next_day <= quarter.end), next_day, date)
    # A late one is so old at the quarter's end that it is late even while not completed.
    old_enough = np.flatnonzero(working_days(date, quarter.end) >= 3)
    is_late = pick(rng, old_enough, late)
    completed[is_late] = add_working_days(date[is_late], rng.integers(2, 7, len(is_late)))
    completed[is_late[:1]] = add_working_days(date[is_late[:1]], 2)
    if len(is_late) > 1:
        completed[is_late[-1]] = NEVER
    return completed


def early_help(book: Book, rng: np.random.Generator, quarter: Quarter, target: Targets) -> None:
    """Add the quarter's referrals to early help, and the help most of them led to."""
    count = target.early_help
    known = free_people(book, quarter.start)
    date = days_in(rng, quarter, count)
    is_accepted = rng.random(count) < 0.85
    start = np.where(is_accepted, date + rng.integers(3, 25, count).astype("m8[D]"), NEVER)
    book.early_help.add(
        count,
        person=some_people(book, rng, quarter.start, count, known=known, share=0.4),
        date=date,
        source=drawn(rng, SOURCES, count),
        accepted=np.where(is_accepted, "Y", "N"),
        start=start,
        end=start + rng.integers(60, 300, count).astype("m8[D]"),
        assessed=np.where(rng.random(count) < 0.8, start, NEVER),
    )


def assessments(
    book: Book, rng: np.random.Generator, quarter: Quarter, target: Targets, referrals: Ints
) -> None:
    """Start and authorise the quarter's assessments; an assessed referral opens a case."""
    table = book.referrals
    assessed = pick(rng, referrals, target.assess_started)
    table["nfa"][assessed] = "N"
    person, since = table["person"][assessed], table["date"][assessed]
    begun = np.minimum(since + rng.integers(0, 8, len(assessed)).astype("m8[D]"), quarter.end)
    case = book.open_case(person, since)
    book.assessments.add(len(assessed), person=person, case=case, start=begun)
    # More assessments than referrals: children already in need are assessed again.
    again = pick(rng, np.flatnonzero(book.in_need()), target.assess_started - len(assessed))
    book.assessments.add(
        len(again), person=book.cases["person"][again], case=again, start=days_in(rng, quarter, len(again))
    )
    missing = target.assess_started - len(assessed) - len(again)
    if missing > 0:
        start = days_in(rng, quarter, missing)
        new = some_people(book, rng, quarter.start, missing)
        book.assessments.add(missing, person=new, case=book.open_case(new, start), start=start)
    _authorise(book, rng, quarter, target)


def _authorise(book: Book, rng: np.random.Generator, quarter: Quarter, target: Targets) -> None:
    """Authorise exactly the planned number, `assess_late` of them after 45 working days."""
    table = book.assessments
    rows = table.where(np.isnat(table["authorised"]) & (table["start"] < quarter.end))
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

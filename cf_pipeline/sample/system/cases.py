"""How cases move, quarter by quarter: into care, onto plans, into need, and out again.

Every stock at a quarter's end is met by construction. Order matters: care first, then child
protection, then need, because a case in care or on a plan is not counted as in need.
"""

from __future__ import annotations

import numpy as np

from cf_pipeline.sample.system.days import (
    Days,
    Flags,
    Ints,
    Quarter,
    add_months,
    add_working_days,
    age_on,
    uniform_days,
)
from cf_pipeline.sample.system.people import births, eighteenth_birthday, welcome
from cf_pipeline.sample.system.plan import Targets
from cf_pipeline.sample.system.records import pick
from cf_pipeline.sample.system.register import Book, free_people, some_people


def _birthdays(book: Book, case: Ints) -> Days:
    return eighteenth_birthday(book.people, book.cases["person"][case])


def _can_enter(book: Book, quarter: Quarter, case: Ints) -> Flags:
    """Born, and still under 18 after the quarter."""
    born = book.people["born"][book.cases["person"][case]]
    return np.asarray((_birthdays(book, case) > quarter.end) & (born < quarter.start))


def _fresh_cases(book: Book, rng: np.random.Generator, quarter: Quarter, count: int) -> Ints:
    """Cases of children new to the council or long closed, without an assessment of ours."""
    start = uniform_days(rng, np.full(count, quarter.start), quarter.end - 1)
    known = free_people(book, quarter.start)
    return book.open_case(some_people(book, rng, quarter.start - 200, count, known=known, share=0.3), start)


def _arrivals(book: Book, rng: np.random.Generator, quarter: Quarter, count: int) -> Ints:
    """Unaccompanied young people: cases that begin in care."""
    born = births(rng, quarter.end, count, 15.0, 17.4)
    person = welcome(book.people, rng, born)
    book.people["is_uasc"][person] = True
    return book.open_case(person, uniform_days(rng, np.full(count, quarter.start), quarter.end - 1))


def children_in_care(book: Book, rng: np.random.Generator, quarter: Quarter, target: Targets) -> None:
    """End and begin care spells so that `target.cla` children are in care at the quarter's end."""
    cases = book.cases
    pool = cases.where(book.in_care())
    grown_up = pool[_birthdays(book, pool) <= quarter.end]
    starts = max(target.cla_starts, target.cla - (len(pool) - len(grown_up)))
    starts = min(starts, target.cla)
    others = pick(rng, np.setdiff1d(pool, grown_up), len(pool) + starts - target.cla - len(grown_up))
    ends = np.concatenate([grown_up, others])
    first = np.maximum(cases["cla_start"][others] + 1, quarter.start)
    on = np.concatenate([_birthdays(book, grown_up), uniform_days(rng, first, quarter.end)])
    cases["cla_end"][ends] = on
    book.close_case(ends, on)
    person = cases["person"][ends]
    book.people["is_leaver"][person] |= age_on(book.people["born"][person], on) >= 16
    _enter_care(book, rng, quarter, starts, protect=target.cpp_12_24 >= 0)


def _enter_care(
    book: Book, rng: np.random.Generator, quarter: Quarter, starts: int, *, protect: bool
) -> None:
    cases = book.cases
    on_plan = np.empty(0, dtype=np.int64) if protect else np.flatnonzero(book.on_plan())
    shares = (
        (on_plan, 0.1),
        (np.flatnonzero(book.in_need()), 0.2),
        (np.flatnonzero(book.in_assessment()), 0.35),
    )
    chosen = []
    for pool, share in shares:
        able = pool[_can_enter(book, quarter, pool)]
        chosen.append(pick(rng, able, min(int(starts * share), len(able) // 2)))
    arrivals = _arrivals(book, rng, quarter, (starts - sum(map(len, chosen)) + 1) // 2)
    entrants = np.concatenate([*chosen, arrivals])
    fresh = _fresh_cases(book, rng, quarter, starts - len(entrants))
    entrants = np.concatenate([entrants, fresh])
    start = uniform_days(rng, np.maximum(cases["start"][entrants], quarter.start), quarter.end)
    new = np.isin(entrants, np.concatenate([arrivals, fresh]))
    start = np.where(new, cases["start"][entrants], start)
    cases["cla_start"][entrants] = start
    was_on_plan = np.isin(entrants, chosen[0])
    cases["cp_end"][entrants[was_on_plan]] = start[was_on_plan]


def child_protection(book: Book, rng: np.random.Generator, quarter: Quarter, target: Targets) -> None:
    """End and begin plans so that `target.cpp` are open at the quarter's end, and hold conferences."""
    cases, last = book.cases, book.last_day
    pool = cases.where(book.on_plan())
    started = cases["cp_start"][pool]
    # Plans that the last quarter's 12 to 24 months band needs are the last to end.
    is_needed = (add_months(started, 12) <= last) & (last < add_months(started, 24))
    grown_up = _birthdays(book, pool) <= quarter.end
    starts = min(max(target.cpp_starts, target.cpp - int((~grown_up).sum())), target.cpp)
    count = max(len(pool) + starts - target.cpp, 0)
    keep = is_needed.copy()
    if target.cpp_12_24 >= 0:
        keep[np.flatnonzero(is_needed)[target.cpp_12_24 :]] = False
    order = np.lexsort((rng.random(len(pool)), keep, ~grown_up))
    ends = pool[order][:count]
    first = np.maximum(cases["cp_start"][ends] + 1, quarter.start)
    on = np.minimum(uniform_days(rng, first, quarter.end), _birthdays(book, ends))
    steps_down = (rng.random(len(ends)) < 0.4) & (_birthdays(book, ends) > quarter.end)
    on[steps_down] = np.minimum(on[steps_down], quarter.end - 1)
    cases["cp_end"][ends] = on
    book.close_case(ends[~steps_down], on[~steps_down])
    never = np.isnat(cases["plan_from"][ends]) & steps_down
    cases["plan_from"][ends[never]] = on[never]
    _hold_conferences(book, rng, quarter, target, _enter_plans(book, rng, quarter, starts))


def _enter_plans(book: Book, rng: np.random.Generator, quarter: Quarter, starts: int) -> Ints:
    cases = book.cases
    pool = np.flatnonzero(book.in_assessment())
    pool = pool[(_birthdays(book, pool) > quarter.end) & (cases["start"][pool] + 14 <= quarter.end)]
    entrants = pick(rng, pool, starts)
    fresh = _fresh_cases(book, rng, quarter, starts - len(entrants))
    entrants = np.concatenate([entrants, fresh])
    first = np.maximum(cases["start"][entrants] + 14, quarter.start)
    on = uniform_days(rng, np.minimum(first, quarter.end), quarter.end)
    cases["cp_start"][entrants] = np.maximum(add_working_days(on, 0), quarter.start)
    return entrants


def _hold_conferences(
    book: Book, rng: np.random.Generator, quarter: Quarter, target: Targets, planned: Ints
) -> None:
    """Section 47 enquiries: one before each conference of the quarter, and those without one."""
    cases = book.cases
    known = np.flatnonzero(book.in_need() | book.in_assessment())
    extra = cases["person"][pick(rng, known, target.icpc_extra)]
    extra = np.concatenate([extra, some_people(book, rng, quarter.start, target.icpc_extra - len(extra))])
    icpc = uniform_days(rng, np.full(len(extra), quarter.start), quarter.end)
    icpc = np.concatenate([cases["cp_start"][planned], np.maximum(add_working_days(icpc, 0), quarter.start)])
    count = len(icpc)
    days = rng.integers(6, 15, count)
    days[:1] = 15
    is_late = pick(rng, np.arange(count), target.icpc_late)
    days[is_late] = rng.integers(17, 25, len(is_late))
    days[is_late[:1]] = 16
    book.enquiries.add(
        count,
        person=np.concatenate([cases["person"][planned], extra]),
        start=add_working_days(icpc, -days),
        icpc=icpc,
        led_to_plan=np.arange(count) < len(planned),
    )
    alone = cases["person"][pick(rng, known, target.s47_only)]
    alone = np.concatenate([alone, some_people(book, rng, quarter.start, target.s47_only - len(alone))])
    start = uniform_days(rng, np.full(len(alone), quarter.start), quarter.end)
    book.enquiries.add(len(alone), person=alone, start=start)


def children_in_need(book: Book, rng: np.random.Generator, quarter: Quarter, target: Targets) -> None:
    """End and begin child in need plans so that `target.cin` are open, `target.cin_recent` of them recent."""
    cases = book.cases
    pool = cases.where(book.in_need())
    grown_up = _birthdays(book, pool) <= quarter.end
    able = pool[~grown_up]
    is_recent = add_months(cases["start"][able], 6) >= quarter.end
    if target.cin_recent >= 0:
        old = pick(rng, able[~is_recent], target.cin - target.cin_recent)
        room = target.cin - len(old)
        kept = np.concatenate([old, pick(rng, able[is_recent], min(room, max(room - target.cin_starts, 0)))])
    else:
        kept = pick(rng, able, min(target.cin - min(target.cin_starts, target.cin), len(able)))
    ends = np.setdiff1d(pool, kept)
    first = np.maximum(np.maximum(cases["start"][ends], cases["plan_from"][ends]) + 1, quarter.start)
    book.close_case(ends, np.minimum(uniform_days(rng, first, quarter.end), _birthdays(book, ends)))
    _enter_need(book, rng, quarter, target.cin - len(kept))
    _close_assessed(book, quarter)


def _enter_need(book: Book, rng: np.random.Generator, quarter: Quarter, starts: int) -> None:
    cases = book.cases
    pool = np.flatnonzero(book.in_assessment())
    pool = pool[add_months(cases["start"][pool], 6) >= quarter.end]
    entrants = pick(rng, pool, starts)
    entrants = np.concatenate([entrants, _fresh_cases(book, rng, quarter, starts - len(entrants))])
    authorised = _authorised(book)[entrants]
    early = uniform_days(rng, np.maximum(cases["start"][entrants], quarter.start), quarter.end)
    cases["plan_from"][entrants] = np.where(np.isnat(authorised), early, authorised)


def _close_assessed(book: Book, quarter: Quarter) -> None:
    """Cases whose assessment led to nothing close on the day it was authorised."""
    pool = np.flatnonzero(book.in_assessment())
    authorised = _authorised(book)[pool]
    done = ~np.isnat(authorised) & (authorised <= quarter.end)
    book.close_case(pool[done], authorised[done])
    book.cases["is_assessed_only"][pool[done]] = True


def _authorised(book: Book) -> Days:
    """When the latest assessment of each case was authorised; NaT while open or without one."""
    found = np.full(len(book.cases), np.datetime64("NaT", "D"))
    found[book.assessments["case"]] = book.assessments["authorised"]
    return found

"""The course of cases, quarter by quarter: into care, onto plans, into need, and out again.

Every stock at a quarter's end equals its target. Care comes first, then child protection, then need,
because a case in care or on a plan is not counted as in need.
"""

from __future__ import annotations

import numpy as np

from cf_pipeline.sample.system.days import (
    Days,
    Flags,
    Ints,
    QuarterDays,
    add_months,
    add_working_days,
    age_on,
    uniform_days,
)
from cf_pipeline.sample.system.people import add_people, draw_births, eighteenth_birthday
from cf_pipeline.sample.system.plan import Targets
from cf_pipeline.sample.system.records import pick_rows
from cf_pipeline.sample.system.register import Register, draw_people, people_free_for_a_case


def _birthdays(register: Register, case: Ints) -> Days:
    return eighteenth_birthday(register.people, register.cases["person"][case])


def _can_enter(register: Register, quarter: QuarterDays, case: Ints) -> Flags:
    """Whether the child of each case is born and still under 18 after the quarter."""
    born = register.people["born"][register.cases["person"][case]]
    return np.asarray((_birthdays(register, case) > quarter.end) & (born < quarter.start))


def _open_new_cases(register: Register, rng: np.random.Generator, quarter: QuarterDays, count: int) -> Ints:
    """Open cases without an assessment, of children new to the council or long closed."""
    start = uniform_days(rng, np.full(count, quarter.start), quarter.end - 1)
    known = people_free_for_a_case(register, quarter.start)
    return register.open_case(
        draw_people(register, rng, quarter.start - 200, count, known_people=known, share=0.3), start
    )


def _open_cases_of_arrivals(
    register: Register, rng: np.random.Generator, quarter: QuarterDays, count: int
) -> Ints:
    """Open cases of unaccompanied young people, which begin in care."""
    born = draw_births(rng, quarter.end, count, 15.0, 17.4)
    person = add_people(register.people, rng, born)
    register.people["is_uasc"][person] = True
    return register.open_case(person, uniform_days(rng, np.full(count, quarter.start), quarter.end - 1))


def meet_care_target(
    register: Register, rng: np.random.Generator, quarter: QuarterDays, target: Targets
) -> None:
    """End and begin care spells so that `target.cla` children are in care at the quarter's end."""
    cases = register.cases
    pool = cases.rows_where(register.in_care())
    grown_up = pool[_birthdays(register, pool) <= quarter.end]
    starts = max(target.cla_starts, target.cla - (len(pool) - len(grown_up)))
    starts = min(starts, target.cla)
    others = pick_rows(rng, np.setdiff1d(pool, grown_up), len(pool) + starts - target.cla - len(grown_up))
    ends = np.concatenate([grown_up, others])
    first = np.maximum(cases["cla_start"][others] + 1, quarter.start)
    on = np.concatenate([_birthdays(register, grown_up), uniform_days(rng, first, quarter.end)])
    cases["cla_end"][ends] = on
    register.close_case(ends, on)
    person = cases["person"][ends]
    register.people["is_leaver"][person] |= age_on(register.people["born"][person], on) >= 16
    _enter_care(register, rng, quarter, starts, protect=target.cpp_12_24 >= 0)


def _enter_care(
    register: Register, rng: np.random.Generator, quarter: QuarterDays, starts: int, *, protect: bool
) -> None:
    cases = register.cases
    on_plan = np.empty(0, dtype=np.int64) if protect else np.flatnonzero(register.on_plan())
    shares = (
        (on_plan, 0.1),
        (np.flatnonzero(register.in_need()), 0.2),
        (np.flatnonzero(register.in_assessment()), 0.35),
    )
    chosen = []
    for pool, share in shares:
        able = pool[_can_enter(register, quarter, pool)]
        chosen.append(pick_rows(rng, able, min(int(starts * share), len(able) // 2)))
    arrivals = _open_cases_of_arrivals(register, rng, quarter, (starts - sum(map(len, chosen)) + 1) // 2)
    entrants = np.concatenate([*chosen, arrivals])
    fresh = _open_new_cases(register, rng, quarter, starts - len(entrants))
    entrants = np.concatenate([entrants, fresh])
    start = uniform_days(rng, np.maximum(cases["start"][entrants], quarter.start), quarter.end)
    new = np.isin(entrants, np.concatenate([arrivals, fresh]))
    start = np.where(new, cases["start"][entrants], start)
    cases["cla_start"][entrants] = start
    was_on_plan = np.isin(entrants, chosen[0])
    cases["cp_end"][entrants[was_on_plan]] = start[was_on_plan]


def meet_protection_target(
    register: Register, rng: np.random.Generator, quarter: QuarterDays, target: Targets
) -> None:
    """End and begin plans so that `target.cpp` are open at the quarter's end, and hold conferences."""
    cases, last = register.cases, register.last_day
    pool = cases.rows_where(register.on_plan())
    started = cases["cp_start"][pool]
    # Plans that the last quarter's 12 to 24 months band needs are the last to end.
    is_needed = (add_months(started, 12) <= last) & (last < add_months(started, 24))
    grown_up = _birthdays(register, pool) <= quarter.end
    starts = min(max(target.cpp_starts, target.cpp - int((~grown_up).sum())), target.cpp)
    count = max(len(pool) + starts - target.cpp, 0)
    keep = is_needed.copy()
    if target.cpp_12_24 >= 0:
        keep[np.flatnonzero(is_needed)[target.cpp_12_24 :]] = False
    order = np.lexsort((rng.random(len(pool)), keep, ~grown_up))
    ends = pool[order][:count]
    first = np.maximum(cases["cp_start"][ends] + 1, quarter.start)
    on = np.minimum(uniform_days(rng, first, quarter.end), _birthdays(register, ends))
    steps_down = (rng.random(len(ends)) < 0.4) & (_birthdays(register, ends) > quarter.end)
    on[steps_down] = np.minimum(on[steps_down], quarter.end - 1)
    cases["cp_end"][ends] = on
    register.close_case(ends[~steps_down], on[~steps_down])
    never = np.isnat(cases["plan_from"][ends]) & steps_down
    cases["plan_from"][ends[never]] = on[never]
    _hold_conferences(register, rng, quarter, target, _enter_plans(register, rng, quarter, starts))


def _enter_plans(register: Register, rng: np.random.Generator, quarter: QuarterDays, starts: int) -> Ints:
    cases = register.cases
    pool = np.flatnonzero(register.in_assessment())
    pool = pool[(_birthdays(register, pool) > quarter.end) & (cases["start"][pool] + 14 <= quarter.end)]
    entrants = pick_rows(rng, pool, starts)
    fresh = _open_new_cases(register, rng, quarter, starts - len(entrants))
    entrants = np.concatenate([entrants, fresh])
    first = np.maximum(cases["start"][entrants] + 14, quarter.start)
    on = uniform_days(rng, np.minimum(first, quarter.end), quarter.end)
    cases["cp_start"][entrants] = np.maximum(add_working_days(on, 0), quarter.start)
    return entrants


def _hold_conferences(
    register: Register, rng: np.random.Generator, quarter: QuarterDays, target: Targets, new_plans: Ints
) -> None:
    """Section 47 enquiries: one before each conference of the quarter, and those without one."""
    cases = register.cases
    known = np.flatnonzero(register.in_need() | register.in_assessment())
    extra = cases["person"][pick_rows(rng, known, target.icpc_extra)]
    extra = np.concatenate([extra, draw_people(register, rng, quarter.start, target.icpc_extra - len(extra))])
    icpc = uniform_days(rng, np.full(len(extra), quarter.start), quarter.end)
    icpc = np.concatenate(
        [cases["cp_start"][new_plans], np.maximum(add_working_days(icpc, 0), quarter.start)]
    )
    count = len(icpc)
    days = rng.integers(6, 15, count)
    days[:1] = 15
    is_late = pick_rows(rng, np.arange(count), target.icpc_late)
    days[is_late] = rng.integers(17, 25, len(is_late))
    days[is_late[:1]] = 16
    register.enquiries.add(
        count,
        person=np.concatenate([cases["person"][new_plans], extra]),
        start=add_working_days(icpc, -days),
        icpc=icpc,
        led_to_plan=np.arange(count) < len(new_plans),
    )
    alone = cases["person"][pick_rows(rng, known, target.s47_only)]
    alone = np.concatenate([alone, draw_people(register, rng, quarter.start, target.s47_only - len(alone))])
    start = uniform_days(rng, np.full(len(alone), quarter.start), quarter.end)
    register.enquiries.add(len(alone), person=alone, start=start)


def meet_need_target(
    register: Register, rng: np.random.Generator, quarter: QuarterDays, target: Targets
) -> None:
    """End and begin child in need plans so that `target.cin` are open, `target.cin_recent` of them recent."""
    cases = register.cases
    pool = cases.rows_where(register.in_need())
    grown_up = _birthdays(register, pool) <= quarter.end
    able = pool[~grown_up]
    is_recent = add_months(cases["start"][able], 6) >= quarter.end
    if target.cin_recent >= 0:
        old = pick_rows(rng, able[~is_recent], target.cin - target.cin_recent)
        room = target.cin - len(old)
        kept = np.concatenate(
            [old, pick_rows(rng, able[is_recent], min(room, max(room - target.cin_starts, 0)))]
        )
    else:
        kept = pick_rows(rng, able, min(target.cin - min(target.cin_starts, target.cin), len(able)))
    ends = np.setdiff1d(pool, kept)
    first = np.maximum(np.maximum(cases["start"][ends], cases["plan_from"][ends]) + 1, quarter.start)
    register.close_case(ends, np.minimum(uniform_days(rng, first, quarter.end), _birthdays(register, ends)))
    _enter_need(register, rng, quarter, target.cin - len(kept))
    _close_after_assessment(register, quarter)


def _enter_need(register: Register, rng: np.random.Generator, quarter: QuarterDays, starts: int) -> None:
    cases = register.cases
    pool = np.flatnonzero(register.in_assessment())
    pool = pool[add_months(cases["start"][pool], 6) >= quarter.end]
    entrants = pick_rows(rng, pool, starts)
    entrants = np.concatenate([entrants, _open_new_cases(register, rng, quarter, starts - len(entrants))])
    authorised = _authorisation_dates(register)[entrants]
    early = uniform_days(rng, np.maximum(cases["start"][entrants], quarter.start), quarter.end)
    cases["plan_from"][entrants] = np.where(np.isnat(authorised), early, authorised)


def _close_after_assessment(register: Register, quarter: QuarterDays) -> None:
    """Close each case whose assessment led to nothing on the day it was authorised."""
    pool = np.flatnonzero(register.in_assessment())
    authorised = _authorisation_dates(register)[pool]
    done = ~np.isnat(authorised) & (authorised <= quarter.end)
    register.close_case(pool[done], authorised[done])
    register.cases["is_assessed_only"][pool[done]] = True


def _authorisation_dates(register: Register) -> Days:
    """The date on which the latest assessment of each case was authorised; NaT while open or without one."""
    dates = np.full(len(register.cases), np.datetime64("NaT", "D"))
    dates[register.assessments["case"]] = register.assessments["authorised"]
    return dates

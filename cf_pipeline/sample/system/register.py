"""The council's register while it is written: every table, and the cases that are open at the start."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from cf_pipeline.sample.system.days import Days, Flags, Ints, uniform_days
from cf_pipeline.sample.system.people import add_people, draw_births, empty_people
from cf_pipeline.sample.system.plan import Plan
from cf_pipeline.sample.system.records import Records, pick_rows


def _contacts() -> Records:
    return Records(person="i8", date="M8[D]", completed="M8[D]", source="O", outcome="O", referral="i8")


def _referrals() -> Records:
    return Records(person="i8", date="M8[D]", source="O", nfa="O")


def _early_help() -> Records:
    return Records(
        person="i8", date="M8[D]", source="O", accepted="O", start="M8[D]", end="M8[D]", assessed="M8[D]"
    )


def _assessments() -> Records:
    return Records(person="i8", case="i8", start="M8[D]", authorised="M8[D]")


def _enquiries() -> Records:
    return Records(person="i8", start="M8[D]", icpc="M8[D]", led_to_plan="b1")


def _cases() -> Records:
    return Records(
        person="i8",
        start="M8[D]",  # the referral that led to this episode of need
        plan_from="M8[D]",  # child in need plan
        cp_start="M8[D]",
        cp_end="M8[D]",
        cla_start="M8[D]",
        cla_end="M8[D]",
        closure="M8[D]",
        is_assessed_only="b1",
    )


@dataclass
class Register:
    """Tables under construction. A case is one episode of need with at most one plan and one care spell."""

    plan: Plan
    people: Records = field(default_factory=empty_people)
    contacts: Records = field(default_factory=_contacts)
    referrals: Records = field(default_factory=_referrals)
    early_help: Records = field(default_factory=_early_help)
    assessments: Records = field(default_factory=_assessments)
    enquiries: Records = field(default_factory=_enquiries)
    cases: Records = field(default_factory=_cases)

    @property
    def first_day(self) -> np.datetime64:
        """First day of the first quarter."""
        return self.plan[0][0].start

    @property
    def last_day(self) -> np.datetime64:
        """Last day of the last quarter: the newest as-at date."""
        return self.plan[-1][0].end

    def open_case(self, person: Ints, start: Days) -> Ints:
        """Open a case for each person; returns the case numbers."""
        self.people["has_open_case"][person] = True
        return self.cases.add(len(person), person=person, start=start)

    def close_case(self, case: Ints, on: Days) -> None:
        """Close the cases on their days; an open plan ends with its case."""
        cases, person = self.cases, self.cases["person"][case]
        cases["closure"][case] = on
        self.people["has_open_case"][person] = False
        self.people["last_closure"][person] = on

    def in_care(self) -> Flags:
        """Cases in care now."""
        return np.asarray(~np.isnat(self.cases["cla_start"]) & np.isnat(self.cases["cla_end"]))

    def on_plan(self) -> Flags:
        """Cases on a child protection plan now."""
        return np.asarray(~np.isnat(self.cases["cp_start"]) & np.isnat(self.cases["cp_end"]))

    def in_need(self) -> Flags:
        """Cases with a child in need plan and nothing more now: status c) of list 6."""
        has_plan = ~np.isnat(self.cases["plan_from"]) & np.isnat(self.cases["closure"])
        return np.asarray(has_plan & ~self.in_care() & ~self.on_plan())

    def in_assessment(self) -> Flags:
        """Open cases that are only being assessed: status d) of list 6."""
        is_open = np.isnat(self.cases["closure"])
        return np.asarray(is_open & np.isnat(self.cases["plan_from"]) & ~self.in_care() & ~self.on_plan())


def starting_register(plan: Plan, rng: np.random.Generator) -> Register:
    """The register on the eve of the first quarter, with the stocks of that quarter."""
    register = Register(plan)
    eve, target = register.first_day - 1, plan[0][1]
    need = register.open_case(*_draw_past(register, rng, target.cin, 600))
    register.cases["plan_from"][need] = uniform_days(rng, register.cases["start"][need], eve)
    at_risk = register.open_case(*_draw_past(register, rng, target.cpp, 500))
    register.cases["cp_start"][at_risk] = uniform_days(rng, register.cases["start"][at_risk], eve)
    cared_for = register.open_case(*_draw_past(register, rng, target.cla, 1200, oldest=16.0))
    register.cases["cla_start"][cared_for] = uniform_days(rng, register.cases["start"][cared_for], eve)
    assessed = register.open_case(*_draw_past(register, rng, max(target.assess_started // 2, 1), 40))
    register.assessments.add(
        len(assessed),
        person=register.cases["person"][assessed],
        case=assessed,
        start=register.cases["start"][assessed],
    )
    return register


def _draw_past(
    register: Register, rng: np.random.Generator, count: int, longest: int, oldest: float = 15.0
) -> tuple[Ints, Days]:
    """New people whose case began up to `longest` days before the first quarter, and the day it began."""
    start = uniform_days(rng, np.full(count, register.first_day - longest), register.first_day - 2)
    return add_people(
        register.people, rng, draw_births(rng, register.first_day - longest, count, 0.1, oldest - 2)
    ), start


def people_free_for_a_case(register: Register, before: np.datetime64) -> Ints:
    """Children for whom a case can be opened: under 17, none open, the last closed over six months ago.

    The pause keeps two cases of one child from sharing a rolling window, where lists 6 to 8 show
    only the newer one and the older one's end would never be seen.
    """
    people = register.people
    closed = people["last_closure"]
    is_long_closed = np.isnat(closed) | (closed < before - 190)
    under_17 = people["born"] > before - int(17 * 365.25)
    is_free = under_17 & is_long_closed & ~people["has_open_case"] & ~people["is_leaver"]
    return people.rows_where(is_free & (people["born"] < before))


def draw_people(
    register: Register,
    rng: np.random.Generator,
    on: np.datetime64,
    count: int,
    *,
    known_people: Ints | None = None,
    share: float = 0.0,
) -> Ints:
    """`count` different people: a share of the known ones given, the rest new to the council."""
    known_people = np.empty(0, dtype=np.int64) if known_people is None else known_people
    old = pick_rows(rng, known_people, min(round(count * share), len(known_people)))
    born = draw_births(rng, on, count - len(old))
    is_unborn = rng.random(len(born)) < 0.012
    born[is_unborn] = draw_births(rng, on, int(is_unborn.sum()), -0.4, -0.05)
    return rng.permutation(np.concatenate([old, add_people(register.people, rng, born)]))

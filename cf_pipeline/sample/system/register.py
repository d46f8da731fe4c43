"""The council's register while it is being written: every table, and how things stood at the start."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from cf_pipeline.sample.system.days import Days, Flags, Ints, uniform_days
from cf_pipeline.sample.system.people import births, no_people, welcome
from cf_pipeline.sample.system.plan import Plan
from cf_pipeline.sample.system.records import Records, pick


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
class Book:
    """Tables under construction. A case is one episode of need with at most one plan and one care spell."""

    plan: Plan
    people: Records = field(default_factory=no_people)
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


def opening(plan: Plan, rng: np.random.Generator) -> Book:
    """The register on the eve of the first quarter, with the stocks that quarter will keep."""
    book = Book(plan)
    eve, target = book.first_day - 1, plan[0][1]
    need = book.open_case(*_past(book, rng, target.cin, 600))
    book.cases["plan_from"][need] = uniform_days(rng, book.cases["start"][need], eve)
    at_risk = book.open_case(*_past(book, rng, target.cpp, 500))
    book.cases["cp_start"][at_risk] = uniform_days(rng, book.cases["start"][at_risk], eve)
    cared_for = book.open_case(*_past(book, rng, target.cla, 1200, oldest=16.0))
    book.cases["cla_start"][cared_for] = uniform_days(rng, book.cases["start"][cared_for], eve)
    assessed = book.open_case(*_past(book, rng, max(target.assess_started // 2, 1), 40))
    book.assessments.add(
        len(assessed),
        person=book.cases["person"][assessed],
        case=assessed,
        start=book.cases["start"][assessed],
    )
    return book


def _past(
    book: Book, rng: np.random.Generator, count: int, longest: int, oldest: float = 15.0
) -> tuple[Ints, Days]:
    """New people of a past that began up to `longest` days ago, and the day it began."""
    start = uniform_days(rng, np.full(count, book.first_day - longest), book.first_day - 2)
    return welcome(book.people, rng, births(rng, book.first_day - longest, count, 0.1, oldest - 2)), start


def free_people(book: Book, before: np.datetime64) -> Ints:
    """Children whom a new case may take: under 17, none open, the last closed over six months ago.

    The pause keeps two cases of one child from sharing a rolling window, where lists 6 to 8 show
    only the newer one and the older one's end would never be seen.
    """
    people = book.people
    closed = people["last_closure"]
    is_long_closed = np.isnat(closed) | (closed < before - 190)
    under_17 = people["born"] > before - int(17 * 365.25)
    is_free = under_17 & is_long_closed & ~people["has_open_case"] & ~people["is_leaver"]
    return people.where(is_free & (people["born"] < before))


def some_people(
    book: Book,
    rng: np.random.Generator,
    on: np.datetime64,
    count: int,
    *,
    known: Ints | None = None,
    share: float = 0.0,
) -> Ints:
    """`count` different people: a share of the known ones given, the rest new to the council."""
    known = np.empty(0, dtype=np.int64) if known is None else known
    old = pick(rng, known, min(round(count * share), len(known)))
    born = births(rng, on, count - len(old))
    is_unborn = rng.random(len(born)) < 0.012
    born[is_unborn] = births(rng, on, int(is_unborn.sum()), -0.4, -0.05)
    return rng.permutation(np.concatenate([old, welcome(book.people, rng, born)]))

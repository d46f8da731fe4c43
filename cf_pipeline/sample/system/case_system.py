"""One council's case system: every true record, drawn from a seed."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from cf_pipeline.contracts.authorities import LONDON, authorities
from cf_pipeline.sample.system import adoption, care, cases, front_door, protection, short_breaks
from cf_pipeline.sample.system.care import Spells
from cf_pipeline.sample.system.days import NEVER, Days, Ints
from cf_pipeline.sample.system.leavers import Leavers, care_leavers
from cf_pipeline.sample.system.people import child_ids
from cf_pipeline.sample.system.plan import Plan, paper_plan, random_plan
from cf_pipeline.sample.system.records import Records, Texts, drawn, pick
from cf_pipeline.sample.system.register import Book, opening

FIRST_AUTHORITY = "city-of-london"
DEFAULT_SEED = 2019


@dataclass(frozen=True)
class LegalStatuses:
    """The legal status of each spell: the first, and the one it changed to (NaT: it did not)."""

    first: Texts
    second: Texts
    changed: Days


@dataclass(frozen=True)
class CaseSystem:
    """Everything a council's case system holds, as tables of rows that refer to people by number."""

    slug: str
    seed: int
    plan: Plan
    book: Book
    child_id: Texts
    worker: Texts
    need: Texts
    category: Texts
    spells: Spells
    legal: LegalStatuses
    respite: Ints  # cases of children with short breaks in list 8 (legal status V4): not in care
    placements: Records
    visits: Records
    reviews: Records
    missing: Records
    plan_visits: Records
    plan_reviews: Records
    leavers: Leavers
    adoptions: Records
    adopters: Records
    packages: Records

    def chance(self, *topic: int | str) -> np.random.Generator:
        """A generator of random numbers for one topic: the same for the same seed, council and topic."""
        return _chance(self.seed, self.slug, *topic)


def council_slugs(count: int) -> list[str]:
    """The first `count` London councils, City of London first.

    Raises:
        ValueError: fewer than one, or more than London has.
    """
    london = sorted(
        a.slug for a in authorities().values() if a.region_code == LONDON and a.kind == "local_authority"
    )
    london.remove(FIRST_AUTHORITY)
    if not 1 <= count <= len(london) + 1:
        raise ValueError(f"the sample has 1 to {len(london) + 1} authorities, not {count}")
    return [FIRST_AUTHORITY, *london[: count - 1]]


@lru_cache(maxsize=4)
def case_system(
    slug: str = FIRST_AUTHORITY, years: int = 3, children: int | None = None, seed: int = DEFAULT_SEED
) -> CaseSystem:
    """The case system of one council. City of London with the default seed is the committee paper's.

    `children` is roughly how many children the council knows over the whole time; None draws a
    size (and gives City of London, at the default seed, the paper's plan).

    Raises:
        ValueError: fewer than one year before the quarterly deliveries, or fewer than 30 children.
    """
    if years < 1:
        raise ValueError(f"the sample needs at least 1 year of history, not {years}")
    if children is not None and children < 30:
        raise ValueError(f"the sample needs at least 30 children, not {children}")
    rng = _chance(seed, slug, "plan")
    is_city = slug == FIRST_AUTHORITY
    if is_city and seed == DEFAULT_SEED and children is None:
        plan = paper_plan(years)
    else:
        size = int(rng.integers(120, 900) if is_city else rng.integers(400, 1200))
        plan = random_plan(rng, years, children or size)
    return _system(slug, seed, plan)


def _system(slug: str, seed: int, plan: Plan) -> CaseSystem:
    rng = _chance(seed, slug, "cases")
    book = opening(plan, rng)
    for quarter, target in plan:
        referrals = front_door.contacts_and_referrals(book, rng, quarter, target)
        front_door.early_help(book, rng, quarter, target)
        front_door.assessments(book, rng, quarter, target, referrals)
        cases.children_in_care(book, rng, quarter, target)
        cases.child_protection(book, rng, quarter, target)
        cases.children_in_need(book, rng, quarter, target)
    spells = care.spells_of(book, rng)
    leavers = care_leavers(book, rng, spells)
    packages = short_breaks.packages(book, rng)
    people, count = len(book.people), len(book.cases)
    respite = _respite(book, rng, spells)
    return CaseSystem(
        slug=slug,
        seed=seed,
        plan=plan,
        book=book,
        child_id=child_ids(rng, people),
        worker=rng.choice(np.array(WORKERS, dtype=object), people),
        need=drawn(rng, NEEDS, count),
        category=drawn(rng, CATEGORIES, count),
        spells=spells,
        legal=_legal_statuses(book, rng, spells),
        respite=respite,
        placements=care.placements(book, rng, spells, plan[-1][1].cla_3plus),
        visits=care.visits(book, rng, spells),
        reviews=care.reviews(book, rng, spells),
        missing=care.missing_episodes(book, rng, spells),
        plan_visits=protection.plan_visits(book, rng),
        plan_reviews=protection.plan_reviews(book, rng),
        leavers=leavers,
        adoptions=adoption.adoptions(book, rng, spells),
        adopters=adoption.adopters(book, rng),
        packages=packages,
    )


NEEDS = {
    "N1": 48.0,
    "N2": 9.0,
    "N3": 5.0,
    "N4": 9.0,
    "N5": 14.0,
    "N6": 3.0,
    "N7": 1.0,
    "N8": 8.0,
    "N9": 1.0,
    "N0": 2.0,
}
CATEGORIES = {"NEG": 45.0, "EMO": 35.0, "PHY": 10.0, "SAB": 5.0, "MUL": 5.0}
WORKERS = tuple(
    f"{first} {last}"
    for first in ("Amina", "Brendan", "Chloe", "Dipesh", "Efua", "Fergus")
    for last in ("Okoro", "Marsh", "Villiers", "Teague")
)


def _respite(book: Book, rng: np.random.Generator, spells: Spells) -> Ints:
    """One child in need in a hundred, at least one, has a series of short breaks in list 8."""
    need = np.flatnonzero(book.in_need())
    person = book.cases["person"][need]
    need = need[~np.isin(person, spells.person) & (book.people["born"][person] < book.first_day)]
    # A council that never had a child in care has no list 8 for them either.
    chosen = pick(rng, need, max(1, len(need) // 100) if len(spells.person) else 0)
    book.people["disability"][book.cases["person"][chosen]] = "Y"
    return chosen


def _legal_statuses(book: Book, rng: np.random.Generator, spells: Spells) -> LegalStatuses:
    count = len(spells.person)
    is_uasc = book.people["is_uasc"][spells.person]
    first = np.where(is_uasc, "V2", drawn(rng, {"V2": 55.0, "C1": 38.0, "L2": 4.0, "L1": 3.0}, count))
    later = np.where(first == "V2", rng.random(count) < 0.25, rng.random(count) < 0.9)
    changed = spells.start + rng.integers(120, 260, count).astype("m8[D]")
    changed = np.where(later & ~is_uasc & (changed < spells.until), changed, NEVER)
    return LegalStatuses(first, np.full(count, "C2", dtype=object), changed)


def _chance(seed: int, *topic: Any) -> np.random.Generator:
    return np.random.default_rng([seed, *(zlib.crc32(str(part).encode()) for part in topic)])

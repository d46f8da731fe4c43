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
from cf_pipeline.sample.system.records import Records, Texts, draw_codes, pick_rows
from cf_pipeline.sample.system.register import Register, starting_register

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
    register: Register
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
        return _random_generator(self.seed, self.slug, *topic)


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
    rng = _random_generator(seed, slug, "plan")
    is_city = slug == FIRST_AUTHORITY
    if is_city and seed == DEFAULT_SEED and children is None:
        plan = paper_plan(years)
    else:
        size = int(rng.integers(120, 900) if is_city else rng.integers(400, 1200))
        plan = random_plan(rng, years, children or size)
    return _draw_case_system(slug, seed, plan)


def _draw_case_system(slug: str, seed: int, plan: Plan) -> CaseSystem:
    rng = _random_generator(seed, slug, "cases")
    register = starting_register(plan, rng)
    for quarter, target in plan:
        referrals = front_door.add_contacts_and_referrals(register, rng, quarter, target)
        front_door.add_early_help(register, rng, quarter, target)
        front_door.add_assessments(register, rng, quarter, target, referrals)
        cases.meet_care_target(register, rng, quarter, target)
        cases.meet_protection_target(register, rng, quarter, target)
        cases.meet_need_target(register, rng, quarter, target)
    spells = care.care_spells(register, rng)
    leavers = care_leavers(register, rng, spells)
    packages = short_breaks.packages(register, rng)
    people, count = len(register.people), len(register.cases)
    respite = _draw_respite(register, rng, spells)
    return CaseSystem(
        slug=slug,
        seed=seed,
        plan=plan,
        register=register,
        child_id=child_ids(rng, people),
        worker=rng.choice(np.array(WORKERS, dtype=object), people),
        need=draw_codes(rng, NEEDS, count),
        category=draw_codes(rng, CATEGORIES, count),
        spells=spells,
        legal=_draw_legal_statuses(register, rng, spells),
        respite=respite,
        placements=care.placements(register, rng, spells, plan[-1][1].cla_3plus),
        visits=care.visits(register, rng, spells),
        reviews=care.reviews(register, rng, spells),
        missing=care.missing_episodes(register, rng, spells),
        plan_visits=protection.plan_visits(register, rng),
        plan_reviews=protection.plan_reviews(register, rng),
        leavers=leavers,
        adoptions=adoption.adoptions(register, rng, spells),
        adopters=adoption.adopters(register, rng),
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


def _draw_respite(register: Register, rng: np.random.Generator, spells: Spells) -> Ints:
    """One child in need in a hundred, at least one, has a series of short breaks in list 8."""
    need = np.flatnonzero(register.in_need())
    person = register.cases["person"][need]
    need = need[~np.isin(person, spells.person) & (register.people["born"][person] < register.first_day)]
    # A council that never had a child in care has no list 8 for them either.
    chosen = pick_rows(rng, need, max(1, len(need) // 100) if len(spells.person) else 0)
    register.people["disability"][register.cases["person"][chosen]] = "Y"
    return chosen


def _draw_legal_statuses(register: Register, rng: np.random.Generator, spells: Spells) -> LegalStatuses:
    count = len(spells.person)
    is_uasc = register.people["is_uasc"][spells.person]
    first = np.where(is_uasc, "V2", draw_codes(rng, {"V2": 55.0, "C1": 38.0, "L2": 4.0, "L1": 3.0}, count))
    later = np.where(first == "V2", rng.random(count) < 0.25, rng.random(count) < 0.9)
    changed = spells.start + rng.integers(120, 260, count).astype("m8[D]")
    changed = np.where(later & ~is_uasc & (changed < spells.until), changed, NEVER)
    return LegalStatuses(first, np.full(count, "C2", dtype=object), changed)


def _random_generator(seed: int, *topic: Any) -> np.random.Generator:
    return np.random.default_rng([seed, *(zlib.crc32(str(part).encode()) for part in topic)])

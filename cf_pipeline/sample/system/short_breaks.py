"""Short breaks: packages of disabled children, and those that no measure counts."""

from __future__ import annotations

import numpy as np

from cf_pipeline.sample.system.days import Ints, QuarterDays, age_on, uniform_days
from cf_pipeline.sample.system.records import Records, draw_codes, pick_rows
from cf_pipeline.sample.system.register import Register

KINDS = {
    "Group or activity": 35.0,
    "Day care": 20.0,
    "Overnight": 20.0,
    "Direct payment": 15.0,
    "Domiciliary": 10.0,
}
PROVIDERS = {"Holly Street Short Breaks": 3.0, "Harbour Play Project": 3.0, "Own provision": 2.0}


def packages(register: Register, rng: np.random.Generator) -> Records:
    """Packages within financial years, so that the children new in each quarter add up to the year's."""
    table = Records(
        person="i8", disability="O", start="M8[D]", end="M8[D]", kind="O", nights="i8", hours="f8",
        provider="O", delivered="O",
    )  # fmt: skip
    usual = np.empty(0, dtype=np.int64)
    this_year = np.empty(0, dtype=np.int64)
    for quarter, target in register.plan:
        year_end = quarter.year_end
        if quarter.number == 1:
            usual, this_year = this_year, np.empty(0, dtype=np.int64)
        age = age_on(register.people["born"], year_end)
        able = np.flatnonzero((age >= 4) & (age < 17) & ~register.people["is_leaver"])
        again = np.setdiff1d(np.intersect1d(usual, able), this_year)[: target.short_breaks]
        fresh = np.setdiff1d(able, np.concatenate([this_year, usual, table["person"]]))
        new = np.concatenate([again, pick_rows(rng, fresh, target.short_breaks - len(again))])
        register.people["disability"][new] = "Y"
        this_year = np.concatenate([this_year, new])
        _add_packages(rng, table, quarter, new)
        if quarter.number == 1:
            spare = pick_rows(rng, np.setdiff1d(fresh, new), 2)
            register.people["disability"][spare[:1]] = "Y"
            register.people["disability"][spare[1:]] = "N"
            _add_packages(rng, table, quarter, spare[:1], is_delivered="N")  # offered, not received
            _add_packages(rng, table, quarter, spare[1:], disability="N")  # a break, but no disability
    return table


def _add_packages(
    rng: np.random.Generator,
    table: Records,
    quarter: QuarterDays,
    person: Ints,
    *,
    disability: str = "Y",
    is_delivered: str = "Y",
) -> None:
    count, year_end = len(person), quarter.year_end
    start = uniform_days(rng, np.full(count, quarter.start), quarter.end)
    start[:1] = quarter.end if quarter.number > 1 else quarter.start
    kind = draw_codes(rng, KINDS, count)
    table.add(
        count,
        person=person,
        disability=disability,
        start=start,
        end=np.minimum(start + rng.integers(60, 400, count).astype("m8[D]"), year_end),
        kind=kind,
        nights=np.where(kind == "Overnight", rng.integers(4, 30, count), -1),
        hours=np.where(kind == "Overnight", np.nan, rng.integers(10, 120, count) + 0.5),
        provider=draw_codes(rng, PROVIDERS, count),
        delivered=is_delivered,
    )

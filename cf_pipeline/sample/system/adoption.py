"""Adoption: children with a decision to be placed, and the adopters."""

from __future__ import annotations

import numpy as np

from cf_pipeline.sample.system.care import Spells
from cf_pipeline.sample.system.days import NEVER, Days, Flags, age_on, uniform_days
from cf_pipeline.sample.system.people import DISABILITY, ETHNICITIES, GENDERS
from cf_pipeline.sample.system.records import Records, draw_codes, texts_where
from cf_pipeline.sample.system.register import Register


def adoptions(register: Register, rng: np.random.Generator, spells: Spells) -> Records:
    """Adoption processes: adopted children, and young children in care with a decision."""
    long_enough = (spells.until - spells.start) > np.timedelta64(240)
    age = age_on(register.people["born"][spells.person], spells.until)
    adopted = spells.reason == "E11"
    waiting = np.isnat(spells.end) & long_enough & (age < 6) & (rng.random(len(age)) < 0.5)
    rows = np.flatnonzero(adopted | waiting)
    start, until, done = spells.start[rows], spells.until[rows], adopted[rows]
    length = (until - start).astype(np.int64)
    count = len(rows)

    def after(share: float, happens: Flags) -> Days:
        return np.where(happens, start + (length * share).astype(np.int64).astype("m8[D]"), NEVER)

    reversed_ = ~done & (rng.random(count) < 0.25)
    table = Records(
        person="i8", entered="M8[D]", decided="M8[D]", ordered="M8[D]", matched="M8[D]", placed="M8[D]",
        adopted="M8[D]", reversed="M8[D]", reason="O", fostered="M8[D]",
    )  # fmt: skip
    matched = done | (~reversed_ & (rng.random(count) < 0.5))
    table.add(
        count,
        person=spells.person[rows],
        entered=start,
        decided=after(0.4, np.ones(count, dtype=np.bool_)),
        ordered=after(0.55, ~reversed_),
        matched=after(0.7, matched),
        placed=after(0.75, matched),
        adopted=np.where(done, spells.end[rows], NEVER),
        reversed=after(0.8, reversed_),
        reason=texts_where(reversed_, draw_codes(rng, {"RD1": 50.0, "RD3": 30.0, "RD4": 20.0}, count)),
        fostered=after(0.2, done & (rng.random(count) < 0.2)),
    )
    return table


def adopters(register: Register, rng: np.random.Generator) -> Records:
    """Prospective adopters by enquiry; about one a quarter for every 400 children known."""
    count = max(2, len(register.people) * len(register.plan) // 6000)
    enquiry = uniform_days(rng, np.full(count, register.first_day), register.last_day - 30)
    stage = rng.integers(0, 8, count)
    gaps = (14, 60, 5, 110, 3, 10, 60, 40, 180)
    day, days = enquiry, []
    for step, gap in enumerate(gaps):
        day = day + (gap + rng.integers(0, 20, count)).astype("m8[D]")
        days.append(np.where(stage >= step, day, NEVER))
    left = (stage < 5) & (rng.random(count) < 0.4)
    table = Records(
        gender="O", ethnicity="O", disability="O", fosters="O", enquiry="M8[D]", stage1="M8[D]",
        stage1_end="M8[D]", stage2="M8[D]", stage2_end="M8[D]", applied="M8[D]", approved="M8[D]",
        matched="M8[D]", placed="M8[D]", children="i8", adopted="M8[D]", left="M8[D]", reason="O",
    )  # fmt: skip
    table.add(
        count,
        gender=draw_codes(rng, {"M": GENDERS["M"], "F": GENDERS["F"]}, count),
        ethnicity=draw_codes(rng, ETHNICITIES, count),
        disability=draw_codes(rng, DISABILITY, count),
        fosters=draw_codes(rng, {"N": 80.0, "Y": 20.0}, count),
        enquiry=enquiry,
        **dict(
            zip(
                ("stage1", "stage1_end", "stage2", "stage2_end", "applied", "approved", "matched", "placed"),
                days,
                strict=False,
            )
        ),
        children=np.where(np.isnat(days[7]), -1, rng.integers(1, 3, count)),
        left=np.where(left, day, NEVER),
        reason=texts_where(left, draw_codes(rng, {"1": 60.0, "2": 25.0, "3": 15.0}, count)),
    )
    return table

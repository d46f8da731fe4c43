"""Child protection plans: visits and review conferences."""

from __future__ import annotations

import numpy as np

from cf_pipeline.sample.system.days import NEVER, add_months
from cf_pipeline.sample.system.records import Records, draw_codes
from cf_pipeline.sample.system.register import Register


def plan_visits(register: Register, rng: np.random.Generator) -> Records:
    """A visit about every ten working days of each plan; one in twenty late."""
    cases = register.cases
    plan = cases.rows_where(~np.isnat(cases["cp_start"]))
    start = cases["cp_start"][plan]
    until = np.where(np.isnat(cases["cp_end"][plan]), register.last_day, cases["cp_end"][plan])
    slots = np.maximum((until - start).astype(np.int64) // 14, 0)
    row = np.repeat(np.arange(len(plan)), slots)
    place = np.arange(len(row)) - np.repeat(np.cumsum(slots) - slots, slots) + 1
    due = start[row] + (place * 14).astype("m8[D]")
    lateness = np.where(
        rng.random(len(row)) < 0.05, rng.integers(1, 6, len(row)), -rng.integers(0, 5, len(row))
    )
    table = Records(person="i8", due="M8[D]", made="M8[D]", seen="O", alone="O")
    table.add(
        len(row),
        person=cases["person"][plan][row],
        due=due,
        made=np.minimum(due + lateness.astype("m8[D]"), until[row]),
        seen=draw_codes(rng, {"Y": 96.0, "N": 4.0}, len(row)),
        alone=draw_codes(rng, {"Y": 75.0, "N": 22.0, "U": 3.0}, len(row)),
    )
    return table


def plan_reviews(register: Register, rng: np.random.Generator) -> Records:
    """Review conferences: the first within three months, then every six."""
    cases = register.cases
    plan = cases.rows_where(~np.isnat(cases["cp_start"]))
    end = cases["cp_end"][plan]
    until = np.where(np.isnat(end), register.last_day, end)
    table = Records(person="i8", due="M8[D]", held="M8[D]", goes_on="O")
    due, step = add_months(cases["cp_start"][plan], 3), 6
    while (due <= until).any():
        rows = np.flatnonzero(due <= until)
        held = np.minimum(due[rows] + rng.integers(-8, 2, len(rows)).astype("m8[D]"), until[rows])
        ends_here = ~np.isnat(end[rows]) & (add_months(due[rows], step) > until[rows])
        table.add(
            len(rows),
            person=cases["person"][plan][rows],
            due=due[rows],
            held=np.where(rng.random(len(rows)) < 0.98, held, NEVER),
            goes_on=np.where(ends_here, "N", "Y"),
        )
        due = add_months(due, step)
    return table

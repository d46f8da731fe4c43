"""Care leavers: the young people of each quarter, their pathway plans, their state on each as-at date."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.dates.birthdays import birthday_of_days
from cf_pipeline.sample.system.care import Spells
from cf_pipeline.sample.system.days import (
    NEVER,
    Days,
    Flags,
    Ints,
    QuarterDays,
    add_months,
    age_on,
    uniform_days,
)
from cf_pipeline.sample.system.people import add_people, draw_births
from cf_pipeline.sample.system.plan import Targets
from cf_pipeline.sample.system.records import Records, Timeline, draw_codes, pick_rows, texts_where
from cf_pipeline.sample.system.register import Register

IN_WORK_OR_LEARNING = {"F1": 12.0, "F2": 30.0, "P2": 8.0, "F4": 10.0, "F5": 28.0, "P5": 12.0}
NOT_IN_WORK = {"G4": 25.0, "G5": 55.0, "G6": 20.0}
HOMES = {"U": 45.0, "D": 18.0, "Z": 12.0, "E": 8.0, "B": 9.0, "T": 6.0, "K": 2.0}
UNSUITABLE_HOMES = {"X": 40.0, "S": 25.0, "W": 20.0, "V": 15.0}


@dataclass(frozen=True)
class Leavers:
    """Support spells of care leavers, and every review of a pathway plan."""

    spells: Records
    plans: Records


def care_leavers(register: Register, rng: np.random.Generator, spells: Spells) -> Leavers:
    """Support spells that meet the planned number of relevant and former relevant young people."""
    table = Records(
        person="i8", joined="M8[D]", left="M8[D]", category="O", died="M8[D]", frequency="i8", rank="f8",
        accommodation="O", activity="O", idle="O",
    )  # fmt: skip
    eve = register.first_day - 1
    born = draw_births(rng, eve, register.plan[0][1].leavers, 17.0, 20.5)
    _add_leavers(register, rng, table, add_people(register.people, rng, born), on=eve)
    ended_at = np.where(np.isnat(spells.end), np.datetime64("2100-01-01", "D"), spells.end)
    grown = age_on(register.people["born"][spells.person], ended_at) >= 16
    for quarter, target in register.plan:
        leaving_care = np.flatnonzero(grown & (spells.end >= quarter.start) & (spells.end <= quarter.end))
        _meet_leaver_target(
            register, rng, table, quarter=quarter, target=target, spells=spells, leaving_care=leaving_care
        )
    last = register.plan[-1][0]
    others = add_people(register.people, rng, draw_births(rng, last.start, 1 + len(table) // 25, 18.0, 20.5))
    _add_leavers(register, rng, table, others, on=last.start - 500, category="Q")
    died = add_people(register.people, rng, draw_births(rng, last.start, 1, 19.0, 20.5))
    row = _add_leavers(register, rng, table, died, on=last.start + 10)
    table["died"][row] = last.start + 50
    return Leavers(table, _pathway_plans(register, rng, table))


def _add_leavers(
    register: Register,
    rng: np.random.Generator,
    table: Records,
    person: Ints,
    *,
    on: Days | np.datetime64,
    category: str = "LEAVER",
) -> Ints:
    count = len(person)
    register.people["is_leaver"][person] = True
    return table.add(
        count,
        person=person,
        joined=on,
        category=category,
        frequency=draw_codes(rng, {"56": 80.0, "28": 20.0}, count).astype(np.int64),
        rank=rng.random(count),
        accommodation=draw_codes(rng, HOMES, count),
        activity=draw_codes(rng, IN_WORK_OR_LEARNING, count),
        idle=draw_codes(rng, NOT_IN_WORK, count),
    )


def _meet_leaver_target(
    register: Register,
    rng: np.random.Generator,
    table: Records,
    *,
    quarter: QuarterDays,
    target: Targets,
    spells: Spells,
    leaving_care: Ints,
) -> None:
    born, supported = register.people["born"], table.rows_where(np.isnat(table["left"]))
    too_old = birthday_of_days(born[table["person"][supported]], 25) <= quarter.end
    count = len(supported) - int(too_old.sum())
    turnover = int(count > 4 and rng.random() < 0.4)
    leave = max(count + turnover - target.leavers, 0)
    rest = supported[~too_old]
    oldest = rest[np.argsort(born[table["person"][rest]], kind="stable")][:leave]
    gone = np.concatenate([supported[too_old], oldest])
    table["left"][gone] = uniform_days(rng, np.maximum(table["joined"][gone] + 1, quarter.start), quarter.end)
    need = max(target.leavers - (count - leave), 0)
    known = pick_rows(rng, leaving_care, need)
    _add_leavers(register, rng, table, spells.person[known], on=spells.end[known])
    new = add_people(register.people, rng, draw_births(rng, quarter.start, need - len(known), 18.1, 20.9))
    _add_leavers(
        register, rng, table, new, on=uniform_days(rng, np.full(len(new), quarter.start), quarter.end)
    )


def _pathway_plans(register: Register, rng: np.random.Generator, table: Records) -> Records:
    """Reviews of each plan, counted back from the last; on the last day the target number has lapsed."""
    plans = Records(person="i8", reviewed="M8[D]", frequency="i8")
    until = np.where(np.isnat(table["left"]), register.last_day, table["left"])
    reviewed = until - rng.integers(5, 170, len(table)).astype("m8[D]")
    counted = table.rows_where(
        np.isnat(table["left"]) & (table["category"] == "LEAVER") & np.isnat(table["died"])
    )
    lapsed = pick_rows(rng, counted, register.plan[-1][1].plan_late)
    reviewed[lapsed] = until[lapsed] - rng.integers(200, 300, len(lapsed)).astype("m8[D]")
    # The boundary itself: 1 July is still up to date on 31 December, 30 June is not.
    on_time = np.setdiff1d(counted, lapsed)[:1]
    reviewed[on_time] = add_months(until[on_time], -6) + 1
    rows = np.arange(len(table))
    while len(rows):
        frequency = table["frequency"][rows]
        plans.add(
            len(rows),
            person=table["person"][rows],
            reviewed=reviewed[rows],
            # The default of eight weeks is not always written down.
            frequency=np.where((frequency == 56) & (rng.random(len(rows)) < 0.15), -1, frequency),
        )
        reviewed = reviewed - rng.integers(120, 176, len(reviewed)).astype("m8[D]")
        earliest = np.maximum(table["joined"] - 100, register.first_day - 170)
        rows = np.flatnonzero(reviewed >= earliest)
    return plans


def leaver_states(
    leavers: Leavers, target: Targets, as_at: np.datetime64, rng: np.random.Generator
) -> pd.DataFrame:
    """The state of everyone supported on the as-at date, one row a person.

    Columns: person, category, pathway_plan_review_date, in_touch, latest_contact_date,
    accommodation_type, accommodation_suitability, activity_status.
    """
    table, plans = leavers.spells, leavers.plans
    rows = table.rows_where((table["joined"] <= as_at) & (np.isnat(table["left"]) | (table["left"] > as_at)))
    person, count = table["person"][rows], len(rows)
    has_died = table["died"][rows] <= as_at
    is_counted = (table["category"][rows] == "LEAVER") & ~has_died
    place = _order_of_counted(table["rank"][rows], is_counted)
    home_place = _order_of_counted(np.mod(table["rank"][rows] * 7.3, 1.0), is_counted)
    touch_place = _order_of_counted(np.mod(table["rank"][rows] * 3.7, 1.0), is_counted)
    in_work = place < np.where(is_counted, target.eet, count // 2)
    suitable = (home_place < target.suitable) | ~is_counted
    in_touch = (touch_place >= target.touch_late) | ~is_counted
    frequency = table["frequency"][rows]
    since = np.where(in_touch, rng.integers(1, frequency + 1), frequency + rng.integers(5, 60, count))
    # The boundary itself: a contact exactly one frequency ago is still in touch.
    since[np.flatnonzero(in_touch)[:1]] = frequency[np.flatnonzero(in_touch)[:1]]
    lost = draw_codes(rng, {"YES": 50.0, "NO": 30.0, "REFU": 12.0, "RHOM": 8.0}, count)
    review = Timeline(plans["person"], plans["reviewed"]).latest(person, as_at)
    reviewed = (
        np.where(review >= 0, plans["reviewed"][review], NEVER) if len(plans) else np.full(count, NEVER)
    )
    bad_home = draw_codes(rng, UNSUITABLE_HOMES, count)
    return pd.DataFrame(
        {
            "person": person,
            "category": np.where(is_counted, "LEAVER", np.where(has_died, "DIED", table["category"][rows])),
            "pathway_plan_review_date": reviewed,
            "in_touch": np.where(has_died, "DIED", np.where(in_touch, "YES", lost)),
            "latest_contact_date": np.where(has_died, NEVER, as_at - since.astype("m8[D]")),
            "accommodation_type": texts_where(
                ~has_died, np.where(suitable, table["accommodation"][rows], bad_home)
            ),
            "accommodation_suitability": texts_where(~has_died, np.where(suitable, "1", "2")),
            "activity_status": texts_where(
                ~has_died, np.where(in_work, table["activity"][rows], table["idle"][rows])
            ),
        }
    )


def _order_of_counted(rank: npt.NDArray[np.float64], is_counted: Flags) -> Ints:
    """Each counted row's place in the order of its rank, so that states persist between as-at dates."""
    order = np.lexsort((rank, ~is_counted))
    place = np.empty(len(rank), dtype=np.int64)
    place[order] = np.arange(len(rank))
    return place

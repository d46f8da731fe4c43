"""Lists 6 to 9: children in need, on plans, in care, and care leavers, on the as-at date."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cf_pipeline.sample.extracts.extract import Window, contract_frame, latest_row_per_child, person_columns
from cf_pipeline.sample.system.case_system import CaseSystem
from cf_pipeline.sample.system.days import NEVER, Days, Flags, Ints, age_on, months_before
from cf_pipeline.sample.system.leavers import leaver_states
from cf_pipeline.sample.system.records import Texts, Timeline, draw_codes, texts_where

CARE_TEAM = "Children in Care"
SAFEGUARDING_TEAM = "Children in Need and Safeguarding"
CLOSURE_REASONS = {"RC7": 70.0, "RC5": 15.0, "RC3": 5.0, "RC4": 5.0, "RC6": 5.0}


def case_status(system: CaseSystem, case: Ints, as_at: np.datetime64) -> Texts:
    """The status of each case on the day: the first of list 6's codes that applies."""
    cases = system.register.cases

    def on(start: str, end: str) -> Flags:
        ends = cases[end][case]
        return np.asarray((cases[start][case] <= as_at) & (np.isnat(ends) | (ends > as_at)))

    status = np.where(cases["plan_from"][case] <= as_at, "CIN", "ASM").astype(object)
    status[on("cp_start", "cp_end")] = "CPP"
    status[on("cla_start", "cla_end")] = "CLA"
    status[cases["closure"][case] <= as_at] = "CLO"
    return status


def children_in_need(system: CaseSystem, window: Window) -> pd.DataFrame:
    """List 6: every case open at any time in the window; the latest a child outside a long extract."""
    cases, rng = system.register.cases, system.chance(window.delivery_id, "last seen")
    rows = _rows_in_window(window, cases["person"], cases["start"], cases["closure"])
    start, closure = cases["start"][rows], window.known_dates(cases["closure"][rows])
    status = case_status(system, rows, window.as_at)
    reason = np.where(
        cases["is_assessed_only"], np.where(cases["person"] % 3 == 0, "RC9", "RC8"), _closure_reasons(system)
    )
    seen = np.where(np.isnat(closure), window.as_at, closure) - rng.integers(1, 29, len(rows)).astype("m8[D]")
    columns = person_columns(system, cases["person"][rows], window) | {
        "cin_start_date": start,
        "primary_need": system.need[rows],
        "last_seen_date": np.maximum(seen, start),
        "cin_closure_date": closure,
        "closure_reason": texts_where(~np.isnat(closure), reason[rows]),
        "case_status": status,
        "allocated_team": np.where(status == "CLA", CARE_TEAM, SAFEGUARDING_TEAM),
    }
    return contract_frame("children_in_need", columns)


def child_protection_plans(system: CaseSystem, window: Window) -> pd.DataFrame:
    """List 7: every plan open at any time in the window; the latest a child outside a long extract."""
    cases, visits, reviews = system.register.cases, system.plan_visits, system.plan_reviews
    rows = _rows_in_window(window, cases["person"], cases["cp_start"], cases["cp_end"])
    person, start, end = (
        cases["person"][rows],
        cases["cp_start"][rows],
        window.known_dates(cases["cp_end"][rows]),
    )
    until = np.where(np.isnat(end), window.as_at, end)
    visit = Timeline(visits["person"], visits["made"]).latest(person, until)
    review = Timeline(reviews["person"], reviews["held"]).latest(person, until)
    reviewed = _dates(reviews["held"], review)
    before = Timeline(cases["person"], cases["cp_start"]).count(person, start - 7000, start - 1)
    columns = person_columns(system, person, window) | {
        "cp_plan_start_date": start,
        "cp_initial_category": system.category[rows],
        "cp_latest_category": np.where(rows % 9 == 0, "MUL", system.category[rows]),
        "cp_last_visit_date": _dates(visits["made"], visit),
        "cp_seen_alone": _texts(visits["alone"], visit),
        "cp_latest_review_date": np.where(reviewed >= start, reviewed, NEVER),
        "cp_plan_end_date": end,
        "epo_or_police_protection_6m": np.where(rows % 17 == 0, "Y", "N"),
        "previous_cp_plans": before,
        "allocated_team": np.full(len(rows), SAFEGUARDING_TEAM),
    }
    return contract_frame("child_protection_plans", columns)


def children_in_care(system: CaseSystem, window: Window) -> pd.DataFrame:
    """List 8: every spell in care open at any time in the window, and series of short breaks (V4).

    The latest a child outside a long extract. Short breaks (legal status V4) are not care: docs/rulings.md#7.
    """
    spells, legal, cases = system.spells, system.legal, system.register.cases
    rows = _rows_in_window(window, spells.person, spells.start, spells.end)
    since = np.maximum(system.register.last_day - 300, cases["start"][system.respite])
    breaks, since = system.respite[since <= window.as_at], since[since <= window.as_at]
    spell = np.concatenate([rows, np.full(len(breaks), -1)])
    is_care = spell >= 0
    case = np.concatenate([spells.case[rows], breaks])
    start = np.concatenate([spells.start[rows], since])
    end = np.concatenate([window.known_dates(spells.end[rows]), np.full(len(breaks), NEVER)])
    until = np.where(np.isnat(end), window.as_at, end)
    has_changed = is_care & (legal.changed[spell] <= until)
    status = np.where(has_changed, legal.second[spell], legal.first[spell])
    columns = person_columns(system, cases["person"][case], window) | {
        "cla_start_date": start,
        "cla_end_date": end,
        "cla_end_reason": texts_where(~np.isnat(end), spells.reason[spell]),
        "category_of_need": np.where(is_care, system.need[case], "N2"),
        "legal_status": np.where(is_care, status, "V4"),
        "legal_status_start_date": np.where(has_changed, legal.changed[spell], start),
    }
    columns |= _care_columns(system, window, cases["person"][case], start, until)
    columns |= _placement_columns(system, window, spell, start, until)
    return contract_frame("children_in_care", columns)


def _care_columns(
    system: CaseSystem, window: Window, person: Ints, start: Days, until: Days
) -> dict[str, Any]:
    rng, count = system.chance(window.delivery_id, "care"), len(person)
    spells, missing = system.spells, system.missing
    visit = Timeline(system.visits["person"], system.visits["made"]).latest(person, until)
    review = Timeline(system.reviews["person"], system.reviews["held"]).latest(person, until)
    earlier = Timeline(spells.person, spells.end).count(person, start - 365, start)
    day = missing["start"].astype("M8[D]")
    is_missing, year_ago = missing["kind"] == "M", np.full(count, months_before(window.as_at, 12))
    ours = Timeline(missing["person"], np.where(is_missing, day, NEVER))
    away = Timeline(missing["person"], np.where(is_missing, NEVER, day))
    last = ours.latest(person, np.full(count, window.as_at))
    is_heard = missing["interview"][last] <= window.as_at if len(missing) else np.zeros(count, dtype=np.bool_)
    age = age_on(system.register.people["born"][person], window.as_at)
    steady = system.chance("permanence")
    young = draw_codes(
        steady, {"RETURN": 30.0, "LTFOST": 30.0, "SGOCAO": 20.0, "OTHER": 20.0}, len(system.child_id)
    )
    older = draw_codes(steady, {"SUPPLIV": 60.0, "LTFOST": 30.0, "OTHER": 10.0}, len(system.child_id))
    return {
        "uasc_last_12m": np.where(system.register.people["is_uasc"][person], "Y", "N"),
        "second_or_subsequent_period_12m": np.where(earlier > 0, "Y", "N"),
        "latest_review_date": _dates_since(start, _dates(system.reviews["held"], review)),
        "last_visit_date": _dates_since(start, _dates(system.visits["made"], visit)),
        "permanence_plan": np.where(age >= 16, older[person], young[person]),
        "last_iro_contact_date": np.maximum(until - rng.integers(3, 90, count).astype("m8[D]"), start),
        "last_health_assessment_date": np.maximum(until - rng.integers(5, 380, count).astype("m8[D]"), start),
        "last_dental_check_date": np.maximum(until - rng.integers(5, 400, count).astype("m8[D]"), start),
        "missing_episodes_12m": ours.count(person, year_ago, np.full(count, window.as_at)),
        "absent_episodes_12m": away.count(person, year_ago, np.full(count, window.as_at)),
        "rhi_offered": _texts(missing["offered"], last),
        "rhi_accepted": texts_where(is_heard, _texts(missing["accepted"], last)),
        "allocated_team": np.full(count, CARE_TEAM),
    }


def _placement_columns(
    system: CaseSystem, window: Window, spell: Ints, start: Days, until: Days
) -> dict[str, Any]:
    """The latest placement on the as-at date, and how many there were in the twelve months to it."""
    table = system.placements
    latest = Timeline(table["spell"], table["start"]).latest(spell, until)
    opens = np.maximum(table["start"], np.datetime64("1900-01-01"))
    year_ago = months_before(window.as_at, 12)
    counted = (opens <= window.as_at) & (np.isnat(table["end"]) | (table["end"] > year_ago))
    per_spell = np.bincount(table["spell"][counted], minlength=len(system.spells.start) + 1)
    kind = np.where(latest >= 0, table["kind"][latest], "U6")
    return {
        "placements_last_12m": np.where(spell >= 0, np.maximum(per_spell[spell], 1), 1),
        "placement_start_date": np.where(latest >= 0, table["start"][latest], start),
        "placement_type": kind,
        "placement_provider": np.where(latest >= 0, table["provider"][latest], "PR1"),
        "placement_postcode": np.where(latest >= 0, table["postcode"][latest], "N1 2AB"),
        "placement_urn": texts_where(latest >= 0, table["urn"][latest]),
        "placement_location": np.where(np.isin(kind, ("P1",)), "IN", "OUT"),
        "la_of_placement": np.where(latest >= 0, table["area"][latest], "Islington"),
    }


def care_leavers(system: CaseSystem, window: Window) -> pd.DataFrame:
    """List 9 on the as-at date: care leavers, and those in care who will be (eligible)."""
    target = next(target for quarter, target in system.plan if quarter.end == window.as_at)
    rng, people, spells = system.chance(window.delivery_id, "leavers"), system.register.people, system.spells
    state = leaver_states(system.leavers, target, window.as_at, rng)
    in_care = spells.person[spells.in_care_on(window.as_at)]
    eligible = in_care[age_on(people["born"][in_care], window.as_at) >= 16]
    count = len(eligible)
    still = pd.DataFrame(
        {
            "person": eligible,
            "category": "E",
            "pathway_plan_review_date": window.as_at - rng.integers(5, 170, count).astype("m8[D]"),
            "in_touch": "YES",
            "latest_contact_date": window.as_at - rng.integers(1, 40, count).astype("m8[D]"),
            "accommodation_type": "D",
            "accommodation_suitability": "1",
            "activity_status": draw_codes(rng, {"F2": 70.0, "F5": 10.0, "G5": 20.0}, count),
        }
    )
    state = pd.concat([state, still], ignore_index=True) if count else state
    person = state["person"].to_numpy()
    under_18 = age_on(people["born"][person], window.as_at) < 18
    category = np.where(
        np.isin(state["category"], ("E", "Q")), state["category"], np.where(under_18, "R", "FR")
    )
    columns = person_columns(system, person, window) | {
        name: state[name].to_numpy() for name in state.columns if name not in ("person", "category")
    }
    columns |= {
        "uasc_or_former": np.where(people["is_uasc"][person], "Y", "N"),
        "allocated_team": np.full(len(person), "Leaving Care"),
        "allocated_personal_advisor": system.worker[(person * 7 + 3) % len(system.worker)],
        "eligibility": category,
    }
    return contract_frame("care_leavers", columns)


def _rows_in_window(window: Window, person: Ints, start: Days, end: Days) -> Ints:
    rows = np.flatnonzero(~np.isnat(start) & window.overlaps(start, end))
    return rows if window.is_long_extract else rows[latest_row_per_child(person[rows], start[rows])]


def _closure_reasons(system: CaseSystem) -> Texts:
    return draw_codes(system.chance("closure"), CLOSURE_REASONS, len(system.register.cases))


def _dates(day: Days, row: Ints) -> Days:
    return np.where(row >= 0, day[row], NEVER) if len(day) else np.full(len(row), NEVER)


def _texts(text: Texts, row: Ints) -> Texts:
    return texts_where(row >= 0, text[row]) if len(text) else np.full(len(row), None, dtype=object)


def _dates_since(start: Days, day: Days) -> Days:
    return np.where(day >= start, day, NEVER)

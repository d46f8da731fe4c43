"""Lists 1 to 5 and early help referrals of a delivery."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cf_pipeline.sample.extracts.extract import Window, contract_frame, person_columns, system_ids
from cf_pipeline.sample.system.case_system import CaseSystem
from cf_pipeline.sample.system.days import Days, Ints, add_working_days
from cf_pipeline.sample.system.records import Texts, Timeline, texts_where

FRONT_TEAM = "Multi-Agency Safeguarding Hub"
ASSESSMENT_TEAM = "Referral and Assessment"
PARTNERS = ("Early Help Service", "Children's Centre", "School", "Health Visiting")


def _in_last_year(person: Ints, day: Days) -> Ints:
    """How many earlier events each child had in the 365 days before each event."""
    return Timeline(person, day).count(person, day - 365, day - 1)


def contacts(system: CaseSystem, window: Window) -> pd.DataFrame:
    """List 1 with the extra columns at its right, by date of contact."""
    table = system.register.contacts
    rows = table.rows_where(window.contains(table["date"]))
    outcome = table["outcome"][rows]
    columns = person_columns(system, table["person"][rows], window) | {
        "contact_date": table["date"][rows],
        "contact_source": table["source"][rows],
        "contact_id": system_ids("C", rows),
        "contact_outcome": outcome,
        "contact_completed_date": window.known_dates(table["completed"][rows]),
        "contact_team": np.where(outcome == "EXISTING_REFERRAL_FLAG", ASSESSMENT_TEAM, FRONT_TEAM),
        "referral_id": system_ids("R", table["referral"][rows]),
    }
    return contract_frame("contacts", columns)


def early_help_assessments(system: CaseSystem, window: Window) -> pd.DataFrame:
    """List 2: assessments open at any time in the window."""
    table = system.register.early_help
    completed = table["assessed"] + 45 + (table["person"] % 60).astype("m8[D]")
    rows = table.rows_where(~np.isnat(table["assessed"]) & window.overlaps(table["assessed"], completed))
    columns = person_columns(system, table["person"][rows], window) | {
        "eh_assessment_start_date": table["assessed"][rows],
        "eh_assessment_completion_date": window.known_dates(completed[rows]),
        "eh_organisation": _partner(table["person"][rows]),
    }
    return contract_frame("early_help_assessments", columns)


def referrals(system: CaseSystem, window: Window) -> pd.DataFrame:
    """List 3, by date of referral."""
    table = system.register.referrals
    rows = table.rows_where(window.contains(table["date"]))
    columns = person_columns(system, table["person"][rows], window) | {
        "referral_date": table["date"][rows],
        "referral_source": table["source"][rows],
        "referral_nfa": table["nfa"][rows],
        "referrals_last_12m": _in_last_year(table["person"], table["date"])[rows],
        "allocated_team": np.where(table["nfa"][rows] == "Y", FRONT_TEAM, ASSESSMENT_TEAM),
    }
    return contract_frame("referrals", columns)


def assessments(system: CaseSystem, window: Window) -> pd.DataFrame:
    """List 4: assessments open at any time in the window."""
    table = system.register.assessments
    rows = table.rows_where(window.overlaps(table["start"], table["authorised"]))
    authorised = window.known_dates(table["authorised"][rows])
    case = table["case"][rows]
    is_needed = ~system.register.cases["is_assessed_only"][case]
    is_done = ~np.isnat(authorised)
    columns = person_columns(system, table["person"][rows], window) | {
        "assessment_start_date": table["start"][rows],
        "child_seen": np.where(rows % 23 == 0, "N", "Y"),
        "assessment_authorised_date": authorised,
        "requires_social_care_support": texts_where(is_done, np.where(is_needed, "Y", "N")),
        "allocated_team": np.full(len(rows), ASSESSMENT_TEAM),
    }
    return contract_frame("assessments", columns)


def section_47_enquiries(system: CaseSystem, window: Window) -> pd.DataFrame:
    """List 5, by start of the enquiry; a conference or decision still to come is blank."""
    table = system.register.enquiries
    rows = table.rows_where(window.contains(table["start"]))
    person, start, icpc = table["person"], table["start"], table["icpc"]
    held = window.known_dates(icpc[rows])
    decided = add_working_days(start[rows], 8) <= window.as_at
    unnecessary = np.where(np.isnat(icpc[rows]), "Y", "N")
    result = np.where(table["led_to_plan"][rows], "Y", "N")
    columns = person_columns(system, person[rows], window) | {
        "s47_start_date": start[rows],
        "icpc_unnecessary": texts_where(decided | ~np.isnat(held), unnecessary),
        "icpc_date": held,
        "icpc_resulted_in_cp_plan": texts_where(~np.isnat(held), result),
        "s47_last_12m": _in_last_year(person, start)[rows],
        "icpc_last_12m": Timeline(person, icpc).count(person[rows], start[rows] - 365, start[rows] - 1),
        "allocated_team": np.full(len(rows), ASSESSMENT_TEAM),
    }
    return contract_frame("section_47_enquiries", columns)


def early_help_referrals(system: CaseSystem, window: Window) -> pd.DataFrame:
    """Local list: referrals to early help, by date of referral."""
    table = system.register.early_help
    rows = table.rows_where(window.contains(table["date"]))
    end = window.known_dates(table["end"][rows])
    columns = {
        "child_id": system.child_id[table["person"][rows]],
        "early_help_referral_id": system_ids("EH", rows),
        "early_help_referral_date": table["date"][rows],
        "early_help_source": table["source"][rows],
        "is_accepted": table["accepted"][rows],
        "early_help_start_date": window.known_dates(table["start"][rows]),
        "early_help_end_date": end,
        "early_help_reason": np.where(rows % 3 == 0, "Parenting support", "Emotional wellbeing"),
        "early_help_end_reason": texts_where(~np.isnat(end), "Needs met"),
        "early_help_organisation": _partner(table["person"][rows]),
    }
    return contract_frame("early_help_referrals", columns)


def _partner(person: Ints) -> Texts:
    return np.array(PARTNERS, dtype=object)[person % len(PARTNERS)]

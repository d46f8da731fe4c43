"""The local lists of a delivery, which a council adds to Annex A.

A visit, review or conference belongs to the window in which it was made, and to the one in which
it was due.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from cf_pipeline.sample.extracts.extract import Window, contract_frame, system_ids
from cf_pipeline.sample.system.case_system import CaseSystem
from cf_pipeline.sample.system.days import Days, Flags
from cf_pipeline.sample.system.records import texts_where


def _done_or_due(window: Window, done_date: Days, due_date: Days) -> tuple[Days, Flags]:
    """The dates done that were known on the as-at date, and whether a row was done or due in the window."""
    known = window.known_dates(done_date)
    return known, window.contains(known) | window.contains(due_date)


def short_breaks(system: CaseSystem, window: Window) -> pd.DataFrame:
    """Packages that overlap the window."""
    table = system.packages
    rows = table.rows_where(window.overlaps(table["start"], table["end"]))
    is_overnight = table["nights"][rows] >= 0
    columns = {
        "short_break_id": system_ids("SB", rows),
        "child_id": system.child_id[table["person"][rows]],
        "has_disability": table["disability"][rows],
        "short_break_start_date": table["start"][rows],
        "short_break_end_date": window.known_dates(table["end"][rows]),
        "short_break_type": table["kind"][rows],
        "legal_basis": np.where(is_overnight, "s20(4)", "s17"),
        "hours": table["hours"][rows],
        "nights": np.where(is_overnight, table["nights"][rows].astype(np.float64), np.nan),
        "provider": table["provider"][rows],
        "is_delivered": table["delivered"][rows],
    }
    return contract_frame("short_breaks", columns)


def cla_visits(system: CaseSystem, window: Window) -> pd.DataFrame:
    """Visits to children in care, made or due."""
    table = system.visits
    made, is_in_window = _done_or_due(window, table["made"], table["due"])
    rows = table.rows_where(is_in_window)
    made, due = made[rows], table["due"][rows]
    is_made = ~np.isnat(made)
    columns = {
        "cla_visit_id": system_ids("V", rows),
        "child_id": system.child_id[table["person"][rows]],
        "cla_visit_date": made,
        "cla_visit_due_date": due,
        "visit_frequency_days": table["frequency"][rows],
        "is_seen": texts_where(is_made, table["seen"][rows]),
        "is_seen_alone": texts_where(is_made, table["alone"][rows]),
        "visit_type": np.full(len(rows), "Statutory"),
        "is_in_time": np.where(is_made & (made <= due), "Y", "N"),
    }
    return contract_frame("cla_visits", columns)


def cla_episodes(system: CaseSystem, window: Window) -> pd.DataFrame:
    """Episodes of care: one a placement; X1 where another follows."""
    table, spells = system.placements, system.spells
    rows = table.rows_where(window.overlaps(table["start"], table["end"]))
    spell, start = table["spell"][rows], table["start"][rows]
    end = window.known_dates(table["end"][rows])
    is_exit = end == window.known_dates(spells.end[spell])
    reason = np.where(is_exit, spells.reason[spell], "X1")
    columns = {
        "cla_episode_id": system_ids("E", rows),
        "child_id": system.child_id[table["person"][rows]],
        "cla_episode_start_date": start,
        "cla_episode_start_reason": np.where(start == spells.start[spell], "S", "P"),
        "cla_episode_end_date": end,
        "cla_episode_end_reason": texts_where(~np.isnat(end), reason),
        "cla_start_date": spells.start[spell],
    }
    return contract_frame("cla_episodes", columns)


def cla_placements(system: CaseSystem, window: Window) -> pd.DataFrame:
    """Placements open at any time in the window."""
    table = system.placements
    rows = table.rows_where(window.overlaps(table["start"], table["end"]))
    end = window.known_dates(table["end"][rows])
    columns = {
        "cla_placement_id": system_ids("P", rows),
        "child_id": system.child_id[table["person"][rows]],
        "placement_start_date": table["start"][rows],
        "placement_end_date": end,
        "placement_type": table["kind"][rows],
        "placement_provider": table["provider"][rows],
        "placement_postcode": table["postcode"][rows],
        "placement_urn": table["urn"][rows],
        "placement_distance_miles": table["miles"][rows],
        "placement_change_reason": texts_where(~np.isnat(end), "CARPL"),
    }
    return contract_frame("cla_placements", columns)


def missing_episodes(system: CaseSystem, window: Window) -> pd.DataFrame:
    """Episodes that began in the window; what happened after the as-at date is blank."""
    table = system.missing
    midnight = (window.as_at + 1).astype("M8[m]")
    rows = table.rows_where(window.contains(table["start"].astype("M8[D]")))
    end, interview = table["end"][rows], window.known_dates(table["interview"][rows])
    end = np.where(end < midnight, end, np.datetime64("NaT", "m"))
    is_back, is_heard = ~np.isnat(end), ~np.isnat(interview) | (table["accepted"][rows] != "Y")
    columns = {
        "missing_episode_id": system_ids("M", rows),
        "child_id": system.child_id[table["person"][rows]],
        "missing_start": table["start"][rows],
        "missing_end": end,
        "missing_type": table["kind"][rows],
        "rhi_offered": texts_where(is_back, table["offered"][rows]),
        "rhi_accepted": texts_where(is_back & is_heard, table["accepted"][rows]),
        "rhi_date": interview,
    }
    return contract_frame("missing_episodes", columns)


def pathway_plans(system: CaseSystem, window: Window) -> pd.DataFrame:
    """Reviews of pathway plans held in the window."""
    table = system.leavers.plans
    rows = table.rows_where(window.contains(table["reviewed"]))
    columns = {
        "child_id": system.child_id[table["person"][rows]],
        "pathway_plan_review_date": table["reviewed"][rows],
        "contact_frequency_days": table["frequency"][rows],
    }
    return contract_frame("pathway_plans", columns)


def cp_visits(system: CaseSystem, window: Window) -> pd.DataFrame:
    """Visits to children on plans, made in the window."""
    table = system.plan_visits
    rows = table.rows_where(window.contains(table["made"]))
    columns = {
        "cp_visit_id": system_ids("CV", rows),
        "child_id": system.child_id[table["person"][rows]],
        "cp_visit_date": table["made"][rows],
        "cp_visit_due_date": table["due"][rows],
        "is_seen": table["seen"][rows],
        "is_seen_alone": table["alone"][rows],
    }
    return contract_frame("cp_visits", columns)


def cp_reviews(system: CaseSystem, window: Window) -> pd.DataFrame:
    """Review conferences, held or due."""
    table = system.plan_reviews
    held, is_in_window = _done_or_due(window, table["held"], table["due"])
    rows = table.rows_where(is_in_window)
    columns = {
        "cp_review_id": system_ids("CR", rows),
        "child_id": system.child_id[table["person"][rows]],
        "cp_review_date": held[rows],
        "cp_review_due_date": table["due"][rows],
        "cp_review_continues": texts_where(~np.isnat(held[rows]), table["goes_on"][rows]),
    }
    return contract_frame("cp_reviews", columns)


def cla_reviews(system: CaseSystem, window: Window) -> pd.DataFrame:
    """Reviews of children in care, held or due."""
    table = system.reviews
    held, is_in_window = _done_or_due(window, table["held"], table["due"])
    rows = table.rows_where(is_in_window)
    columns = {
        "cla_review_id": system_ids("LR", rows),
        "child_id": system.child_id[table["person"][rows]],
        "cla_review_date": held[rows],
        "cla_review_due_date": table["due"][rows],
        "is_cancelled": table["cancelled"][rows],
        "participation": texts_where(~np.isnat(held[rows]), table["participation"][rows]),
    }
    return contract_frame("cla_reviews", columns)

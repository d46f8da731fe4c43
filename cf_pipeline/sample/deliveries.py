"""Which lists a delivery holds, and every list of a delivery, before any mess."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from cf_pipeline.sample import shown_adoption, shown_cases, shown_front_door, shown_local
from cf_pipeline.sample.casesystem import DEFAULT_SEED, FIRST_AUTHORITY, CaseSystem, case_system
from cf_pipeline.sample.shown import Window, everything, windows

Shown = Callable[[CaseSystem, Window], pd.DataFrame]

ANNEX_A: dict[str, Shown] = {
    "contacts": shown_front_door.contacts,
    "early_help_assessments": shown_front_door.early_help_assessments,
    "referrals": shown_front_door.referrals,
    "assessments": shown_front_door.assessments,
    "section_47_enquiries": shown_front_door.section_47_enquiries,
    "children_in_need": shown_cases.children_in_need,
    "child_protection_plans": shown_cases.child_protection_plans,
    "children_in_care": shown_cases.children_in_care,
    "care_leavers": shown_cases.care_leavers,
    "adoptions": shown_adoption.adoptions,
    "adopters": shown_adoption.adopters,
}
LOCAL: dict[str, Shown] = {
    "early_help_referrals": shown_front_door.early_help_referrals,
    "short_breaks": shown_local.short_breaks,
    "cla_visits": shown_local.cla_visits,
    "cla_episodes": shown_local.cla_episodes,
    "cla_placements": shown_local.cla_placements,
    "missing_episodes": shown_local.missing_episodes,
    "pathway_plans": shown_local.pathway_plans,
    "cp_visits": shown_local.cp_visits,
    "cp_reviews": shown_local.cp_reviews,
    "cla_reviews": shown_local.cla_reviews,
}


def lists_shown(system: CaseSystem, window: Window) -> dict[str, pd.DataFrame]:
    """Every list of one delivery: contract columns and types, no mess."""
    return {name: shown(system, window) for name, shown in (ANNEX_A | LOCAL).items()}


def truth(
    slug: str = FIRST_AUTHORITY, *, years: int = 3, children: int | None = None, seed: int = DEFAULT_SEED
) -> dict[str, pd.DataFrame]:
    """Every true record by list, as a full extract at the last as-at date would show them.

    Lists 6 to 8 have one row an episode; list 9 is the state on that date. Columns and types are
    the contract's, except that a worker is a name.
    """
    system = case_system(slug, years, children, seed)
    return lists_shown(system, everything(system.plan))


def delivered(
    slug: str = FIRST_AUTHORITY, *, years: int = 3, children: int | None = None, seed: int = DEFAULT_SEED
) -> dict[str, dict[str, pd.DataFrame]]:
    """What each delivery shows, by delivery (its folder's name) and list, before any mess."""
    system = case_system(slug, years, children, seed)
    return {window.delivery_id: lists_shown(system, window) for window in windows(system.plan)}

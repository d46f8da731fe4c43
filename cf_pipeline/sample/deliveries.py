"""The lists of a delivery, with the records of the case system and without any mess."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.sample.extracts import (
    extract_adoption,
    extract_cases,
    extract_front_door,
    extract_local_lists,
)
from cf_pipeline.sample.extracts.extract import Window, whole_window, windows
from cf_pipeline.sample.extracts.extract_by_type import extract_by_type
from cf_pipeline.sample.system.case_system import DEFAULT_SEED, FIRST_AUTHORITY, CaseSystem, case_system

Extract = Callable[[CaseSystem, Window], pd.DataFrame]

EXTRACTS: dict[str, Extract] = {
    "contacts": extract_front_door.contacts,
    "early_help_assessments": extract_front_door.early_help_assessments,
    "referrals": extract_front_door.referrals,
    "assessments": extract_front_door.assessments,
    "section_47_enquiries": extract_front_door.section_47_enquiries,
    "children_in_need": extract_cases.children_in_need,
    "child_protection_plans": extract_cases.child_protection_plans,
    "children_in_care": extract_cases.children_in_care,
    "care_leavers": extract_cases.care_leavers,
    "adoptions": extract_adoption.adoptions,
    "adopters": extract_adoption.adopters,
    "early_help_referrals": extract_front_door.early_help_referrals,
    "short_breaks": extract_local_lists.short_breaks,
    "cla_visits": extract_local_lists.cla_visits,
    "cla_episodes": extract_local_lists.cla_episodes,
    "cla_placements": extract_local_lists.cla_placements,
    "missing_episodes": extract_local_lists.missing_episodes,
    "pathway_plans": extract_local_lists.pathway_plans,
    "cp_visits": extract_local_lists.cp_visits,
    "cp_reviews": extract_local_lists.cp_reviews,
    "cla_reviews": extract_local_lists.cla_reviews,
}
"""The lists that the case system keeps, and what a delivery holds of each."""


def lists_of_delivery(system: CaseSystem, window: Window) -> dict[str, pd.DataFrame]:
    """Every list of one delivery: contract columns and types, no mess.

    A list that the case system does not keep is made from the list that its contract's `sample_from` names;
    without one it is not in the sample.
    """
    contracts = list_contracts()
    lists = {name: extract(system, window) for name, extract in EXTRACTS.items()}
    for name, contract in contracts.items():
        if name not in lists and contract.sample_from is not None:
            other = contracts[contract.sample_from]
            lists[name] = extract_by_type(contract, other, lists[other.name], window)
    return lists


def true_lists(
    slug: str = FIRST_AUTHORITY, *, years: int = 3, children: int | None = None, seed: int = DEFAULT_SEED
) -> dict[str, pd.DataFrame]:
    """Every true record by list, as in a full extract at the last as-at date.

    Lists 6 to 8 have one row an episode; list 9 is the state on that date. Columns and types are
    the contract's, except that a worker is a name.
    """
    system = case_system(slug, years, children, seed)
    return lists_of_delivery(system, whole_window(system.plan))


def delivered_lists(
    slug: str = FIRST_AUTHORITY, *, years: int = 3, children: int | None = None, seed: int = DEFAULT_SEED
) -> dict[str, dict[str, pd.DataFrame]]:
    """The records of each delivery, by delivery (its folder's name) and list, without any mess."""
    system = case_system(slug, years, children, seed)
    return {window.delivery_id: lists_of_delivery(system, window) for window in windows(system.plan)}

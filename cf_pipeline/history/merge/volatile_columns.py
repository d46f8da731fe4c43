"""Which columns of a list make a record what it is, and which only move with the as-at date.

An age, a worker, a count of twelve months or a last visit differs in every delivery without anything having
been corrected. They are stored; a record whose other columns are equal is the same (reference on merging).
"""

from __future__ import annotations

from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.history.merge.person import ATTRIBUTES

VOLATILE = frozenset(
    {
        "absent_episodes_12m",
        "age_reported",
        "allocated_personal_advisor",
        "allocated_team",
        "allocated_worker",
        "contact_team",
        "cp_last_visit_date",
        "cp_latest_review_date",
        "cp_seen_alone",
        "epo_or_police_protection_6m",
        "icpc_last_12m",
        "last_dental_check_date",
        "last_health_assessment_date",
        "last_iro_contact_date",
        "last_seen_date",
        "last_visit_date",
        "latest_contact_date",
        "latest_review_date",
        "missing_episodes_12m",
        "placements_last_12m",
        "previous_cp_plans",
        "referrals_last_12m",
        "s47_last_12m",
        "second_or_subsequent_period_12m",
        "uasc_last_12m",
    }
)
"""Columns that change from delivery to delivery by themselves."""


def material_columns(contract: ListContract) -> list[str]:
    """The columns whose change is a change of the record, in the contract's order."""
    return [column.name for column in contract.columns if column.name not in VOLATILE]


def demographics(contract: ListContract) -> list[str]:
    """The columns that say who the child is: an empty cell there is a gap of the export, not news."""
    return [column.name for column in contract.columns if column.name in ATTRIBUTES]


def withdrawable(contract: ListContract) -> list[str]:
    """Dates and statuses of a record: emptied later, they are taken back (a closure date: re-opened)."""
    kinds = ("date", "datetime", "code")
    columns = [column.name for column in contract.columns if column.type in kinds]
    return [name for name in columns if name not in VOLATILE and name not in ATTRIBUTES]

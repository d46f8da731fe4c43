"""The columns of the core tables beyond their list's contract, and what each is derived from.

`needs` names the delivered columns without which a derived column says nothing: groups of
alternatives, of which each group needs one. A measure that reads the column is absent where they
were not delivered.
"""

from __future__ import annotations

from dataclasses import dataclass

from cf_pipeline.contracts.lists import PROVENANCE, list_contracts


@dataclass(frozen=True)
class Derived:
    """One derived column: its dtype, its meaning and the delivered columns it rests on."""

    name: str
    dtype: str
    description: str
    needs: tuple[tuple[str, ...], ...] = ()


RECORD: tuple[Derived, ...] = (
    Derived("person_ref", "str", "Keyed pseudonym of the child (or adopter)."),
    Derived(
        "record_key",
        "str",
        "Identity of the record across deliveries: key (person_ref for the child) and sequence.",
    ),
    Derived(
        "status",
        "str",
        "current, superseded (a newer spell hides it), withdrawn, or ended_unknown (vanished while open).",
    ),
    Derived(
        "vanished_date",
        "datetime64[us]",
        "First day on which a record that vanished while open is not counted.",
    ),
    Derived(
        "rekeyed_to", "str", "The record_key a withdrawn record goes on under, when only its date moved."
    ),
    Derived(
        "late_entry_days",
        "Int64",
        "Days from the as-at date of the first delivery that should have held it to the first that did.",
    ),
    Derived("birth_date", "datetime64[us]", "Date of birth, from core/person where the list lacks it."),
)
"""Columns that every core list table has."""

DERIVED: dict[str, tuple[Derived, ...]] = {
    "contacts": (
        Derived(
            "contact_waiting_working_days",
            "Int64",
            "Working days from the contact to its completion, else to the as-at date.",
            (("contacts.contact_completed_date",),),
        ),
    ),
    "assessments": (
        Derived(
            "assessment_working_days",
            "Int64",
            "Working days from start to authorisation.",
            (("assessments.assessment_authorised_date",),),
        ),
    ),
    "section_47_enquiries": (
        Derived(
            "icpc_working_days",
            "Int64",
            "Working days from the strategy discussion to the conference.",
            (("section_47_enquiries.icpc_date",),),
        ),
    ),
    "short_breaks": (
        Derived("is_disabled", "str", "Y unless this list, or else another, says the child is not disabled."),
        Derived("is_delivered_or_unsaid", "str", "Y unless the list says the break was not delivered."),
    ),
    "cla_visits": (
        Derived("visit_due_date", "datetime64[us]", "Due date as delivered, else from the frequency or law."),
        Derived("is_statutory", "str", "Y unless the visit type says otherwise."),
    ),
    "missing_episodes": (
        Derived("missing_start_date", "datetime64[us]", "Day the episode started."),
        Derived("missing_end_date", "datetime64[us]", "Day the episode ended."),
        Derived("missing_type_or_missing", "str", "M where the list does not say which type."),
        Derived(
            "is_in_care_at_start",
            "str",
            "Y when the child was in care on the day the episode started.",
            (("children_in_care.cla_start_date",),),
        ),
    ),
    "care_leavers": (
        Derived(
            "plan_reviewed_date",
            "datetime64[us]",
            "Latest pathway plan review known at the as-at date.",
            (("care_leavers.pathway_plan_review_date", "pathway_plans.pathway_plan_review_date"),),
        ),
        Derived(
            "contact_due_date",
            "datetime64[us]",
            "Latest contact plus the plan's frequency (56 days where none is set).",
            (("care_leavers.latest_contact_date",),),
        ),
    ),
}

STATES: dict[str, tuple[str, ...]] = {
    "children_in_need": ("case_status", "cin_closure_date"),
    "children_in_care": ("placements_last_12m",),
}
"""Columns whose value on a day is only known from a delivery near it, kept for every delivery."""


def states_table(table: str) -> str:
    """The name of the table that keeps a list's states, one row a record and delivery."""
    return f"{table}_states"


def core_columns(table: str) -> dict[str, str]:
    """Column name to dtype of a core list table; KeyError names an unknown table."""
    contracts = list_contracts()
    if table not in contracts:
        raise KeyError(f"no core table {table}")
    contract = contracts[table]
    columns = {column.name: column.dtype for column in contract.columns if column.name != contract.person}
    columns |= {derived.name: derived.dtype for derived in (*RECORD, *DERIVED.get(table, ()))}
    return columns | PROVENANCE


def needs_of(table: str, column: str) -> tuple[tuple[str, ...], ...]:
    """The delivered columns, as 'list.column' alternatives, that a core column rests on."""
    for derived in (*RECORD, *DERIVED.get(table, ())):
        if derived.name == column:
            return derived.needs
    return ((f"{table}.{column}",),)

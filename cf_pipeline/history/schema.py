"""The columns of the core tables beyond their list's contract, and what each is derived from.

`needs` names the delivered columns without which a derived column says nothing: groups of
alternatives, of which each group needs one. A measure that reads the column is absent where they
were not delivered. The need 'list.@365' is the list itself, covered from 365 days before the period.
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


BEFORE = "@"
"""Marks a need for earlier days of a list instead of a column."""

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

CLOSED_CASES = (("children_in_need.cin_closure_date",), ("children_in_need.@28",))
STEP_DOWN = "Y when it starts within 28 days after a case of the child was closed."

DERIVED: dict[str, tuple[Derived, ...]] = {
    "contacts": (
        Derived(
            "contact_waiting_working_days",
            "Int64",
            "Working days from the contact to its completion, else to the as-at date.",
            (("contacts.contact_completed_date",),),
        ),
        Derived(
            "contact_working_days",
            "Int64",
            "Working days from the contact to its completion.",
            (("contacts.contact_completed_date",),),
        ),
        Derived(
            "is_repeat_contact",
            "str",
            "Y when the child has a contact 1 to 365 days before.",
            (("contacts.@365",),),
        ),
    ),
    "early_help_assessments": (
        Derived(
            "eh_assessment_working_days",
            "Int64",
            "Working days from start to completion.",
            (("early_help_assessments.eh_assessment_completion_date",),),
        ),
        Derived("is_step_down", "str", STEP_DOWN, CLOSED_CASES),
    ),
    "early_help_referrals": (
        Derived(
            "is_step_down",
            "str",
            STEP_DOWN,
            (("early_help_referrals.early_help_start_date",), *CLOSED_CASES),
        ),
        Derived(
            "is_step_up",
            "str",
            "Y when the reason for the end says that social care took over.",
            (("early_help_referrals.early_help_end_reason",),),
        ),
    ),
    "referrals": (
        Derived(
            "is_rereferral",
            "str",
            "Y when the child has a referral 1 to 365 days before; by the list's counter where history ends.",
            (("referrals.@365", "referrals.referrals_last_12m"),),
        ),
        Derived(
            "linked_assessment_start_date",
            "datetime64[us]",
            "Start of the referral's assessment: the child's first within 45 working days.",
            (("assessments.assessment_start_date",),),
        ),
        Derived(
            "is_not_in_need",
            "str",
            "Y when its assessment says no support is required and nothing later starts before the next one.",
            (
                ("assessments.assessment_authorised_date",),
                ("assessments.requires_social_care_support",),
                ("section_47_enquiries.s47_start_date",),
                ("children_in_need.cin_start_date",),
                ("child_protection_plans.cp_plan_start_date",),
                ("children_in_care.cla_start_date",),
            ),
        ),
    ),
    "assessments": (
        Derived(
            "assessment_working_days",
            "Int64",
            "Working days from start to authorisation.",
            (("assessments.assessment_authorised_date",),),
        ),
        Derived(
            "referral_working_days",
            "Int64",
            "Working days from the assessment's referral to its authorisation.",
            (("assessments.assessment_authorised_date",), ("referrals.referral_date",)),
        ),
    ),
    "section_47_enquiries": (
        Derived(
            "icpc_working_days",
            "Int64",
            "Working days from the strategy discussion to the conference.",
            (("section_47_enquiries.icpc_date",),),
        ),
        Derived(
            "is_repeat_s47",
            "str",
            "Y when the child has an enquiry 1 to 365 days before; by the list's counter where history ends.",
            (("section_47_enquiries.@365", "section_47_enquiries.s47_last_12m"),),
        ),
    ),
    "child_protection_plans": (
        Derived(
            "reviewed_until_date",
            "datetime64[us]",
            "Last day on which every review due had been held in time.",
            (("cp_reviews.cp_review_date",),),
        ),
    ),
    "short_breaks": (
        Derived("is_disabled", "str", "Y unless this list, or else another, says the child is not disabled."),
        Derived("is_delivered_or_unsaid", "str", "Y unless the list says the break was not delivered."),
    ),
    "children_in_care": (
        Derived(
            "is_return_12m",
            "str",
            "Y when an earlier period ended 1 to 365 days before; as the list says where history ends.",
            (("children_in_care.@365", "children_in_care.second_or_subsequent_period_12m"),),
        ),
        Derived(
            "reviewed_until_date",
            "datetime64[us]",
            "Last day on which every review due had been held in time.",
            (("cla_reviews.cla_review_date",),),
        ),
    ),
    "cla_visits": (
        Derived("visit_due_date", "datetime64[us]", "Due date as delivered, else from the frequency or law."),
        Derived("is_statutory", "str", "Y unless the visit type says otherwise."),
    ),
    "missing_episodes": (
        Derived("missing_start_date", "datetime64[us]", "Day the episode started."),
        Derived("missing_end_date", "datetime64[us]", "Day the episode ended."),
        Derived(
            "missing_hours",
            "Float64",
            "Hours from start to end; whole days where no times are recorded.",
            (("missing_episodes.missing_end",),),
        ),
        Derived("missing_type_or_missing", "str", "M where the list does not say which type."),
        Derived(
            "is_in_care_at_start",
            "str",
            "Y when the child was in care on the day the episode started.",
            (("children_in_care.cla_start_date",),),
        ),
        Derived(
            "next_missing_date",
            "datetime64[us]",
            "Day on which the child's missing episode in care after this one started.",
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
        Derived(
            "has_personal_adviser",
            "str",
            "Y when a personal adviser is named.",
            (("care_leavers.allocated_personal_advisor",),),
        ),
    ),
    "adoptions": (
        Derived(
            "waiting_end_date",
            "datetime64[us]",
            "First day on which the child was matched, placed or adopted, or the decision was reversed.",
            (("adoptions.matched_date",), ("adoptions.decision_reversed_date",)),
        ),
        Derived(
            "days_to_placement",
            "Int64",
            "Days from entering care to moving in with the adopters (fostering for adoption included).",
            (("adoptions.entered_care_date",), ("adoptions.placed_for_adoption_date",)),
        ),
        Derived(
            "days_to_match",
            "Int64",
            "Days from the placement order to the match.",
            (("adoptions.placement_order_date",), ("adoptions.matched_date",)),
        ),
    ),
}

STATES: dict[str, tuple[str, ...]] = {
    "children_in_need": ("case_status", "cin_closure_date", "last_seen_date"),
    "child_protection_plans": ("cp_last_visit_date", "cp_seen_alone"),
    "children_in_care": (
        "placements_last_12m",
        "uasc_last_12m",
        "legal_status",
        "permanence_plan",
        "placement_start_date",
        "placement_type",
        "placement_provider",
        "placement_location",
        "last_visit_date",
        "last_health_assessment_date",
        "last_dental_check_date",
    ),
}
"""Columns whose value on a day is only known from a delivery near it, kept for every delivery."""


CASE_LISTS: dict[str, tuple[str | None, str | None]] = {
    "assessments": ("assessment_start_date", "assessment_authorised_date"),
    "children_in_need": ("cin_start_date", "cin_closure_date"),
    "child_protection_plans": ("cp_plan_start_date", "cp_plan_end_date"),
    "children_in_care": ("cla_start_date", "cla_end_date"),
    "care_leavers": (None, None),
}
"""Lists whose rows are cases of a worker, and the dates from and until which they are open.

A child with several cases is told by the first of these lists.
"""


@dataclass(frozen=True)
class Joined:
    """A table made of several lists, a row a delivery and record: its title, lists and columns."""

    title: str
    lists: tuple[str, ...]
    columns: tuple[Derived, ...]


_WORKERS = tuple((f"{name}.allocated_worker",) for name in CASE_LISTS)
_CASE_COLUMNS = (
    *RECORD[:3],
    Derived("delivery_id", "str", "The delivery that says so."),
    Derived("as_at", "datetime64[us]", "The day it says it of."),
    Derived(
        "allocated_worker", "str", "Keyed pseudonym of the worker; missing when none is named.", _WORKERS
    ),
    Derived("allocated_team", "str", "The team of the case, or of most of the worker's cases."),
)
JOINED: dict[str, Joined] = {
    "open_cases": Joined(
        "Cases open at a quarter's end, as each delivery within 31 days of it says.",
        tuple(CASE_LISTS),
        (*_CASE_COLUMNS, Derived("list", "str", "The list that holds the case.")),
    ),
    "caseloads": Joined(
        "Workers with an open case at a quarter's end, as each delivery within 31 days of it says.",
        tuple(CASE_LISTS),
        (*_CASE_COLUMNS, Derived("children_count", "Int64", "Different children with a case.", _WORKERS)),
    ),
    "row_ledger": Joined(
        "Where every row of every delivery went, per file and list.",
        (),
        (
            Derived("delivery_id", "str", "The delivery."),
            Derived("list", "str", "The list."),
            Derived("rows_read", "Int64", "Rows read."),
            Derived("rows_quarantined", "Int64", "Rows set aside because they break a rule."),
        ),
    ),
    "population": Joined(
        "Children aged 0 to 17 in the area.",
        (),
        (
            Derived("mid_year", "Int64", "The year at whose middle they are counted."),
            Derived("persons", "Int64", "Their number."),
        ),
    ),
}
"""Tables whose rows come from several lists of one delivery, or (without lists) from none."""


def states_table(table: str) -> str:
    """The name of the table that keeps a list's states, one row a record and delivery."""
    return f"{table}_states"


def core_tables() -> list[str]:
    """The tables that a history consists of, each after those it rests on."""
    joined = [name for name, table in JOINED.items() if table.lists]
    others = ["person", "coverage", "row_ledger", "deliveries"]
    return [*others, *list_contracts(), *map(states_table, STATES), *joined]


def core_columns(table: str) -> dict[str, str]:
    """Column name to dtype of a core list table, or of a joined one; KeyError names an unknown table."""
    contracts = list_contracts()
    if table in JOINED:
        return {column.name: column.dtype for column in JOINED[table].columns}
    if table not in contracts:
        raise KeyError(f"no core table {table}")
    contract = contracts[table]
    columns = {column.name: column.dtype for column in contract.columns if column.name != contract.person}
    columns |= {derived.name: derived.dtype for derived in (*RECORD, *DERIVED.get(table, ()))}
    return columns | PROVENANCE


def lists_of(table: str) -> tuple[str, ...]:
    """The lists a core table is made of: itself, or those of a joined table."""
    return JOINED[table].lists if table in JOINED else (table,)


def needs_of(table: str, column: str) -> tuple[tuple[str, ...], ...]:
    """The delivered columns, as 'list.column' alternatives, that a core column rests on."""
    columns = JOINED[table].columns if table in JOINED else (*RECORD, *DERIVED.get(table, ()))
    for derived in columns:
        if derived.name == column:
            return derived.needs
    return ((f"{table}.{column}",),)

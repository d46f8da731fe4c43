"""The derived columns of the core tables: what each means, and which delivered columns it needs.

`needs` are groups of delivered columns ('list.column'), of each group at least one. Where they were not
delivered, a KPI that uses the column has no figure. The need 'list.@365' is the list itself, covered from 365
days before the period.
"""

from __future__ import annotations

from dataclasses import dataclass

from cf_pipeline.contracts.list_contract import UNREAD_DATES
from cf_pipeline.contracts.lists import list_contracts

CATEGORY = "category"
"""The dtype of columns with few distinct texts in many rows: counting by them is faster."""


@dataclass(frozen=True)
class DerivedColumn:
    """One derived column: its dtype, meaning, needed columns and code set.

    Sentences about figures quote the description, so it begins 'Y when ...' or is a noun; a note follows ';'.
    """

    name: str
    dtype: str
    description: str
    needs: tuple[tuple[str, ...], ...] = ()
    code_set: str | None = None


DAYS_BEFORE = "@"
"""Marks a need for earlier days of a list instead of a column."""

RECORD_COLUMNS: tuple[DerivedColumn, ...] = (
    DerivedColumn("person_ref", "str", "Keyed pseudonym of the child (or adopter)."),
    DerivedColumn(
        "record_key",
        "str",
        "Identity of the record across deliveries: key (person_ref for the child) and sequence.",
    ),
    DerivedColumn(
        "status",
        CATEGORY,
        "current, superseded (a newer one hides it), locked (an adopted child's), withdrawn, or ended_unknown"
        " (vanished while open).",
    ),
    DerivedColumn(
        "vanished_date",
        "datetime64[us]",
        "First day on which a record that vanished while open is not counted.",
    ),
    DerivedColumn(
        "rekeyed_to", "str", "The record_key a withdrawn record goes on under, when only its date moved."
    ),
    DerivedColumn(
        "late_entry_days",
        "Int64",
        "Days from the as-at date of the first delivery that should have held it to the first that did.",
    ),
    DerivedColumn("birth_date", "datetime64[us]", "Date of birth; from core/person where the list lacks it."),
    DerivedColumn(
        UNREAD_DATES, "str", "Dates of the row that are filled and cannot be read, by column, joined by ;."
    ),
)
"""Columns that every core list table has."""

CONTINUATION_DATES: dict[str, str] = {
    name: contract.key_date
    for name, contract in list_contracts().items()
    if contract.continues_a_case and contract.key_date is not None
}
"""List -> start date, of the lists whose records show that a case went on after an assessment."""
CLOSED_CASES = (("children_in_need.cin_closure_date",), ("children_in_need.@28",))
STEP_DOWN = "Y when it starts within 28 days after a case of the child was closed."

DERIVED_COLUMNS: dict[str, tuple[DerivedColumn, ...]] = {
    "contacts": (
        DerivedColumn(
            "contact_waiting_working_days",
            "Int64",
            "Working days from the contact to its completion, or else to the as-at date.",
            (("contacts.contact_completed_date",),),
        ),
        DerivedColumn(
            "contact_working_days",
            "Int64",
            "Working days from the contact to its completion.",
            (("contacts.contact_completed_date",),),
        ),
        DerivedColumn(
            "is_repeat_contact",
            "str",
            "Y when the child has a contact 1 to 365 days before.",
            (("contacts.@365",),),
        ),
    ),
    "early_help_assessments": (
        DerivedColumn(
            "eh_assessment_working_days",
            "Int64",
            "Working days from start to completion.",
            (("early_help_assessments.eh_assessment_completion_date",),),
        ),
        DerivedColumn("is_step_down", "str", STEP_DOWN, CLOSED_CASES),
    ),
    "early_help_referrals": (
        DerivedColumn(
            "is_step_down",
            "str",
            STEP_DOWN,
            (("early_help_referrals.early_help_start_date",), *CLOSED_CASES),
        ),
        DerivedColumn(
            "is_step_up",
            "str",
            "Y when the reason for the end says that social care took over.",
            (("early_help_referrals.early_help_end_reason",),),
        ),
    ),
    "referrals": (
        DerivedColumn(
            "is_rereferral",
            "str",
            "Y when the child has a referral 1 to 365 days before; by the list's counter where history ends.",
            (("referrals.@365", "referrals.referrals_last_12m"),),
        ),
        DerivedColumn(
            "linked_assessment_start_date",
            "datetime64[us]",
            "Start of the referral's assessment (the child's first within 45 working days).",
            (("assessments.assessment_start_date",),),
        ),
        DerivedColumn(
            "is_not_in_need",
            "str",
            "Y when its assessment says no support is required and nothing later starts before the next one.",
            (
                ("assessments.assessment_authorised_date",),
                ("assessments.requires_social_care_support",),
                *((f"{name}.{date}",) for name, date in CONTINUATION_DATES.items()),
            ),
        ),
    ),
    "assessments": (
        DerivedColumn(
            "assessment_working_days",
            "Int64",
            "Working days from start to authorisation.",
            (("assessments.assessment_authorised_date",),),
        ),
        DerivedColumn(
            "referral_working_days",
            "Int64",
            "Working days from the assessment's referral to its authorisation.",
            (("assessments.assessment_authorised_date",), ("referrals.referral_date",)),
        ),
    ),
    "section_47_enquiries": (
        DerivedColumn(
            "is_conference",
            "str",
            "Y when it is the latest enquiry on or before the child's conference of that date.",
            (("section_47_enquiries.icpc_date",),),
        ),
        DerivedColumn(
            "conference_led_to_plan",
            "str",
            "Y when any enquiry that names the conference says that it resulted in a plan.",
            (("section_47_enquiries.icpc_date",), ("section_47_enquiries.icpc_resulted_in_cp_plan",)),
        ),
        DerivedColumn(
            "icpc_working_days",
            "Int64",
            "Working days from the strategy discussion to the conference.",
            (("section_47_enquiries.icpc_date",),),
        ),
        DerivedColumn(
            "is_repeat_s47",
            "str",
            "Y when the child has an enquiry 1 to 365 days before; by the list's counter where history ends.",
            (("section_47_enquiries.@365", "section_47_enquiries.s47_last_12m"),),
        ),
    ),
    "child_protection_plans": (
        DerivedColumn(
            "reviewed_until_date",
            "datetime64[us]",
            "Last day on which every review due had been held in time.",
            (("cp_reviews.cp_review_date",),),
        ),
    ),
    "short_breaks": (
        DerivedColumn(
            "is_disabled", "str", "Y unless this list, or else another, says the child is not disabled."
        ),
        DerivedColumn("is_delivered_or_unsaid", "str", "Y unless the list says the break was not delivered."),
    ),
    "children_in_care": (
        DerivedColumn(
            "is_return_12m",
            "str",
            "Y when an earlier period ended 1 to 365 days before; as the list says where history ends.",
            (("children_in_care.@365", "children_in_care.second_or_subsequent_period_12m"),),
        ),
        DerivedColumn(
            "reviewed_until_date",
            "datetime64[us]",
            "Last day on which every review due had been held in time.",
            (("cla_reviews.cla_review_date",),),
        ),
    ),
    "cla_visits": (
        DerivedColumn(
            "visit_due_date",
            "datetime64[us]",
            "Day on which the visit is due; as delivered, else from the frequency or law.",
        ),
        DerivedColumn("is_statutory", "str", "Y unless the visit type says otherwise."),
    ),
    "missing_episodes": (
        DerivedColumn("missing_start_date", "datetime64[us]", "Day the episode started."),
        DerivedColumn("missing_end_date", "datetime64[us]", "Day the episode ended."),
        DerivedColumn(
            "missing_hours",
            "Float64",
            "Hours from start to end; whole days where no times are recorded.",
            (("missing_episodes.missing_end",),),
        ),
        DerivedColumn(
            "missing_type_or_missing",
            "str",
            "Type of the episode; M where the list does not say which.",
            code_set="missing_episode_type",
        ),
        DerivedColumn(
            "is_in_care_at_start",
            "str",
            "Y when the child was in care on the day the episode started.",
            (("children_in_care.cla_start_date",),),
        ),
        DerivedColumn(
            "next_missing_date",
            "datetime64[us]",
            "Day on which the child's missing episode in care after this one started.",
            (("children_in_care.cla_start_date",),),
        ),
    ),
    "care_leavers": (
        DerivedColumn(
            "plan_reviewed_date",
            "datetime64[us]",
            "Latest pathway plan review known at the as-at date.",
            (("care_leavers.pathway_plan_review_date", "pathway_plans.pathway_plan_review_date"),),
        ),
        DerivedColumn(
            "contact_due_date",
            "datetime64[us]",
            "Day on which the next contact is due; the latest plus the plan's frequency, else 56 days.",
            (("care_leavers.latest_contact_date",),),
        ),
        DerivedColumn(
            "has_personal_adviser",
            "str",
            "Y when a personal adviser is named.",
            (("care_leavers.allocated_personal_advisor",),),
        ),
    ),
    "adoptions": (
        DerivedColumn(
            "waiting_end_date",
            "datetime64[us]",
            "First day on which the child was matched, placed or adopted, or the decision was reversed.",
            (("adoptions.matched_date",), ("adoptions.decision_reversed_date",)),
        ),
        DerivedColumn(
            "days_to_placement",
            "Int64",
            "Days from entering care to moving in with the adopters (fostering for adoption included).",
            (("adoptions.entered_care_date",), ("adoptions.placed_for_adoption_date",)),
        ),
        DerivedColumn(
            "days_to_match",
            "Int64",
            "Days from the placement order to the match.",
            (("adoptions.placement_order_date",), ("adoptions.matched_date",)),
        ),
    ),
}

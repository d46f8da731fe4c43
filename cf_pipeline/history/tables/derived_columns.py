"""What each derived column of the core tables is, and the delivered columns it rests on.

`needs` names the delivered columns without which a derived column says nothing: groups of
alternatives, of which each group needs one. A measure that reads the column is absent where they
were not delivered. The need 'list.@365' is the list itself, covered from 365 days before the period.
"""

from __future__ import annotations

from dataclasses import dataclass

from cf_pipeline.contracts.lists import list_contracts

CATEGORY = "category"
"""The dtype of few different words in many rows: a history numbers the words once, so that whatever counts
by them afterwards need not read them again."""


@dataclass(frozen=True)
class Derived:
    """One derived column: its dtype, its meaning, the delivered columns it rests on and its code set.

    A description is read out in sentences: 'Y when ...', or a noun, to which what follows ';' is a note.
    """

    name: str
    dtype: str
    description: str
    needs: tuple[tuple[str, ...], ...] = ()
    code_set: str | None = None


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
        CATEGORY,
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
    Derived("birth_date", "datetime64[us]", "Date of birth; from core/person where the list lacks it."),
)
"""Columns that every core list table has."""

CONTINUED_BY: dict[str, str] = {
    name: contract.key_date
    for name, contract in list_contracts().items()
    if contract.continues_a_case and contract.key_date is not None
}
"""Lists whose records show that a child's case went on after an assessment, and the date they start on."""
CLOSED_CASES = (("children_in_need.cin_closure_date",), ("children_in_need.@28",))
STEP_DOWN = "Y when it starts within 28 days after a case of the child was closed."

DERIVED: dict[str, tuple[Derived, ...]] = {
    "contacts": (
        Derived(
            "contact_waiting_working_days",
            "Int64",
            "Working days from the contact to its completion, or else to the as-at date.",
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
            "Start of the referral's assessment (the child's first within 45 working days).",
            (("assessments.assessment_start_date",),),
        ),
        Derived(
            "is_not_in_need",
            "str",
            "Y when its assessment says no support is required and nothing later starts before the next one.",
            (
                ("assessments.assessment_authorised_date",),
                ("assessments.requires_social_care_support",),
                *((f"{name}.{date}",) for name, date in CONTINUED_BY.items()),
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
        Derived(
            "visit_due_date",
            "datetime64[us]",
            "Day on which the visit is due; as delivered, else from the frequency or law.",
        ),
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
        Derived(
            "missing_type_or_missing",
            "str",
            "Type of the episode; M where the list does not say which.",
            code_set="missing_episode_type",
        ),
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
            "Day on which the next contact is due; the latest plus the plan's frequency, else 56 days.",
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

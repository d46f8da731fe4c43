"""The conditions of a KPI as a reader of `cf-pipeline explain` finds them."""

from __future__ import annotations

import pytest

from cf_pipeline.kpi.definitions.column_labels import column_label
from cf_pipeline.kpi.definitions.condition_labels import condition_label, presence_label
from cf_pipeline.kpi.definitions.conditions import parse_condition

END = "the period's end"
NEAR = "(in the delivery near the period's end)"
S47, CIN, CIC = "section_47_enquiries", "children_in_need", "children_in_care"


@pytest.mark.parametrize(
    ("table", "condition", "words"),
    [
        # A number beside a derived column, called by its description, and a delivered one, by its header.
        (
            S47,
            "icpc_working_days <= 15",
            "working days from the strategy discussion to the conference: at most 15",
        ),
        ("cla_placements", "placement_distance_miles > 20", '"Distance from home (miles)": more than 20'),
        (
            "child_protection_plans",
            "previous_cp_plans == 0",
            '"Number of Previous Child Protection Plans": exactly 0',
        ),
        # Time between two days.
        (CIN, "cin_start_date + 6 months >= period_end", f'at most 6 months from "CIN Start Date" to {END}'),
        (CIN, "cin_start_date + 1 months > period_end", f'less than 1 month from "CIN Start Date" to {END}'),
        (
            CIC,
            "birth_date + 16 years <= period_start",
            "at least 16 years from the date of birth to the period's start",
        ),
        (
            "assessments",
            "assessment_start_date + 45 working days < period_end",
            f'more than 45 working days from "Continuous Assessment Start Date" to {END}',
        ),
        (
            "missing_episodes",
            "missing_end_date + 3 days >= rhi_date",
            'at most 3 days from the day the episode ended to "Return interview date"',
        ),
        # One day before another.
        (
            "cla_visits",
            "cla_visit_date <= visit_due_date",
            '"Visit date" is on or before the day on which the visit is due',
        ),
        (
            CIC,
            "cla_end_date <= cla_start_date + 2 days",
            'at most 2 days from "Date Started to be Looked After" to "Date Ceased to be Looked After"',
        ),
        # A cell is blank; what is derived is not known.
        (
            CIC,
            "cla_end_date is null or cla_start_date > period_start",
            '"Date Ceased to be Looked After" is blank, or "Date Started to be Looked After" is after the '
            "period's start",
        ),
        (CIC, "birth_date is null", "the date of birth is not known"),
        (S47, "icpc_date is not null", '"Date of Initial Child Protection Conference" is filled in'),
        ("open_cases", "allocated_worker is null", '"Allocated Worker" is blank'),
        # Codes, by what they mean.
        ("care_leavers", "eligibility in (R, O)", '"Eligibility Category" is Relevant child or Other'),
        ("care_leavers", "in_touch not in (DIED)", '"LA in Touch" is not Died'),
        (
            "cla_reviews",
            "participation in (PN1, PN2, PN5)",
            '"Participation" is Attended and spoke; Attended, an advocate spoke or '
            "Did not attend, briefed an advocate",
        ),
        ("missing_episodes", "missing_type_or_missing in (M)", "type of the episode is Missing from care"),
        # A flag that is derived says itself what it means.
        ("contacts", "is_repeat_contact in (Y)", "the child has a contact 1 to 365 days before"),
        ("cla_visits", "is_statutory == 'Y'", "is statutory, unless the visit type says otherwise"),
        ("contacts", "is_repeat_contact not in (Y)", "is repeat contact is not Y"),
        # Where a prefixed column is from.
        (
            "child_protection_plans",
            "at_end.cp_seen_alone in (Y)",
            f'"Was the Child Seen Alone?" {NEAR} is Yes',
        ),
        (CIN, "at_end.case_status in (CIN)", f'"Case Status" {NEAR} is Child in need plan'),
        ("open_cases", "person.ethnicity in (REFU)", '"Ethnicity" (in this list or another) is Refused'),
    ],
)
def test_a_condition_in_words(table: str, condition: str, words: str) -> None:
    assert condition_label(parse_condition(condition), table) == words


def test_a_column_that_nothing_describes_is_called_by_its_name() -> None:
    assert column_label("contacts", "some_new_column").noun == "some new column"


def test_a_value_that_is_known_is_a_cell_filled_in_or_a_derived_value() -> None:
    assert presence_label("icpc_date", S47) == '"Date of Initial Child Protection Conference" is filled in'
    assert (
        presence_label("days_to_match", "adoptions") == "days from the placement order to the match is known"
    )

"""Contacts, referrals, early help and assessments."""

from tests.spec.casebook import Delivery
from tests.spec.examples import Example, example

EXAMPLES = [
    example(
        "contacts_count",
        "a contact counts on the quarter's first and last day",
        {"2019/20 Q2": 1, "2019/20 Q3": 2, "2019/20 Q3 ytd": 4},
        contacts=[
            {"contact_date": "2019-06-30"},
            {"contact_date": "2019-09-30", "contact_completed_date": "2019-10-01"},
            {"contact_date": "2019-10-01"},
            {"contact_date": "2019-12-31"},
            {"contact_date": None},
        ],
    ),
    example(
        "contacts_1wd_pct",
        "one working day is in time, two are late, bank holidays and weekends do not count",
        {"2019/20 Q3": (3, 6), "2019/20 Q2": (1, 1)},
        contacts=[
            {"contact_date": "2019-10-01", "contact_completed_date": "2019-10-01"},
            {"contact_date": "2019-10-04", "contact_completed_date": "2019-10-07"},  # Friday to Monday: 1
            {"contact_date": "2019-12-24", "contact_completed_date": "2019-12-27"},  # over Christmas: 1
            {"contact_date": "2019-10-07", "contact_completed_date": "2019-10-09"},  # 2: late
            {"contact_date": "2019-12-27", "contact_completed_date": None},  # 2 days old, not done: late
            {"contact_date": "2019-12-30", "contact_completed_date": None},  # 1 day old: not yet due
            {"contact_date": "2019-12-31", "contact_completed_date": None},  # today: not yet due
            {"contact_date": "2019-11-01", "contact_completed_date": "2019-11-20"},
            {"contact_date": "2019-09-30", "contact_completed_date": "2019-10-01"},  # last quarter's
        ],
    ),
    example(
        "contacts_1wd_pct",
        "without contacts there is no percentage",
        {"2019/20 Q3": "z"},
        contacts=[{"contact_date": "2019-09-30", "contact_completed_date": "2019-09-30"}],
    ),
    Example(
        "contacts_1wd_pct",
        "without the completion date the figure is absent, not zero",
        (
            Delivery(
                "2019-12-31",
                {"contacts": [{"contact_date": "2019-10-01"}]},
                covers_from="2019-04-01",
                without={"contacts": ("contact_completed_date",)},
            ),
        ),
        {"2019/20 Q3": "x"},
    ),
    example(
        "contact_to_referral_pct",
        "each side by its own date: referrals of the period over contacts of the period",
        {"2019/20 Q3": (1, 3), "2019/20 Q3 ytd": (2, 4), "2019/20 Q1": "z"},
        contacts=[
            {"contact_date": "2019-09-30"},
            {"contact_date": "2019-10-01"},
            {"contact_date": "2019-11-01"},
            {"contact_date": "2019-12-31"},
        ],
        referrals=[{"referral_date": "2019-09-30"}, {"referral_date": "2019-10-01"}],
    ),
    example(
        "referrals_count",
        "a referral counts on its date, two of one child count twice",
        {"2019/20 Q3": 3, "2019/20 Q2": 1, "2019/20 Q3 ytd": 4},
        referrals=[
            {"child_id": "A", "referral_date": "2019-09-30"},
            {"child_id": "A", "referral_date": "2019-10-01"},
            {"child_id": "A", "referral_date": "2019-12-31"},
            {"child_id": "B", "referral_date": "2019-12-31"},
        ],
    ),
    example(
        "eh_referrals_count",
        "counted on the referral's date, not the episode's start",
        {"2019/20 Q3": 2, "2019/20 Q3 ytd": 3},
        early_help_referrals=[
            {"early_help_referral_date": "2019-10-01", "early_help_start_date": "2020-01-10"},
            {"early_help_referral_date": "2019-12-31", "early_help_start_date": "2020-01-10"},
            {"early_help_referral_date": "2019-09-30", "early_help_start_date": "2019-10-05"},
        ],
        early_help_assessments=[{"eh_assessment_start_date": "2019-10-02"}],
    ),
    example(
        "eh_referrals_count",
        "without a list of referrals the assessments started are counted instead",
        {"2019/20 Q3": 2},
        early_help_assessments=[
            {"eh_assessment_start_date": "2019-10-01", "eh_assessment_completion_date": "2020-01-20"},
            {"eh_assessment_start_date": "2019-12-31"},
            {"eh_assessment_start_date": "2019-09-30", "eh_assessment_completion_date": "2019-10-20"},
        ],
    ),
    example(
        "short_breaks_children_count",
        "disabled children with a delivered break that overlaps the quarter, each once",
        {"2019/20 Q3": 3, "2019/20 Q3 ytd": 4, "2019/20 Q2": 2},
        short_breaks=[
            {"child_id": "A", "short_break_start_date": "2019-10-01", "short_break_end_date": "2019-10-01"},
            {"child_id": "A", "short_break_start_date": "2019-11-01", "short_break_end_date": "2019-11-02"},
            {"child_id": "B", "short_break_start_date": "2019-09-01", "short_break_end_date": "2019-10-01"},
            {"child_id": "C", "short_break_start_date": "2019-12-31", "short_break_end_date": None},
            {"child_id": "D", "short_break_start_date": "2019-09-01", "short_break_end_date": "2019-09-30"},
            {"child_id": "E", "short_break_start_date": "2019-10-05", "is_delivered": "N"},
            {"child_id": "F", "short_break_start_date": "2019-10-05", "has_disability": "N"},
        ],
    ),
    example(
        "assess_started_count",
        "counted on the start date",
        {"2019/20 Q3": 2, "2019/20 Q3 ytd": 3},
        assessments=[
            {"assessment_start_date": "2019-09-30", "assessment_authorised_date": "2019-10-10"},
            {"assessment_start_date": "2019-10-01"},
            {"assessment_start_date": "2019-12-31"},
        ],
    ),
    example(
        "assess_completed_count",
        "counted on the date of authorisation",
        {"2019/20 Q3": 2, "2019/20 Q3 ytd": 3},
        assessments=[
            {"assessment_start_date": "2019-08-01", "assessment_authorised_date": "2019-09-30"},
            {"assessment_start_date": "2019-09-01", "assessment_authorised_date": "2019-10-01"},
            {"assessment_start_date": "2019-11-01", "assessment_authorised_date": "2019-12-31"},
            {"assessment_start_date": "2019-10-01", "assessment_authorised_date": None},
        ],
    ),
    example(
        "assess_45wd_pct",
        "45 working days is in time, 46 is late, open ones are left out",
        {"2019/20 Q3": (2, 3), "2019/20 Q2": (1, 1), "2019/20 Q1": "z", "2019/20 Q3 ytd": (3, 4)},
        assessments=[
            {"assessment_start_date": "2019-10-01", "assessment_authorised_date": "2019-12-03"},  # 45
            {"assessment_start_date": "2019-10-01", "assessment_authorised_date": "2019-12-04"},  # 46
            {"assessment_start_date": "2019-09-02", "assessment_authorised_date": "2019-10-01"},
            {"assessment_start_date": "2019-09-02", "assessment_authorised_date": "2019-09-30"},
            {"assessment_start_date": "2019-10-05", "assessment_authorised_date": None},
        ],
    ),
]

"""Contacts and referrals beyond the committee paper's: children, rates, sources, outcomes and repeats."""

from tests.spec.casebook import Delivery
from tests.spec.examples import Example, example

TWO_DAYS_ON = [
    {"child_id": "A", "contact_date": "2019-09-30", "contact_completed_date": "2019-10-01"},
    {"child_id": "A", "contact_date": "2019-10-01"},
    {"child_id": "A", "contact_date": "2019-12-31"},
    {"child_id": "B", "contact_date": "2019-10-05"},
]
OUTCOMES = [
    {"contact_date": "2019-10-01", "contact_outcome": "NFA_FLAG"},
    {"contact_date": "2019-10-02", "contact_outcome": "ADVICE_FLAG"},
    {"contact_date": "2019-10-03", "contact_outcome": "NEW_REFERRAL_FLAG"},
    {"contact_date": "2019-10-04", "contact_outcome": "EXISTING_REFERRAL_FLAG"},
    {"contact_date": "2019-12-31", "contact_outcome": None},
    {"contact_date": "2019-09-30", "contact_outcome": "NFA_FLAG", "contact_completed_date": "2019-10-01"},
]
SOURCES = ["1A", "1A", "6", None]

EXAMPLES = [
    example(
        "contacts_children_count",
        "a child counts once a period, and once in the year to date",
        {"2019/20 Q2": 1, "2019/20 Q3": 2, "2019/20 Q3 ytd": 2},
        contacts=TWO_DAYS_ON,
    ),
    example(
        "contacts_rate_10k",
        "contacts of the period over the population of mid-2019, times 10,000",
        {"2019/20 Q3": (3, 4000), "2019/20 Q3 ytd": (4, 4000)},
        {2018: 3000, 2019: 4000, 2020: 5000},
        contacts=TWO_DAYS_ON,
    ),
    example(
        "contacts_rate_10k",
        "without the population of its year there is no rate",
        {"2019/20 Q3": "x"},
        {2018: 3000},
        contacts=TWO_DAYS_ON,
    ),
    example(
        "contacts_median_days",
        "the middle of 0, 1 and 4 working days; a contact not completed has none",
        {"2019/20 Q3": (1.0, 3), "2019/20 Q2": (5.0, 1), "2019/20 Q1": "z"},
        contacts=[
            {"contact_date": "2019-10-01", "contact_completed_date": "2019-10-01"},
            {"contact_date": "2019-10-01", "contact_completed_date": "2019-10-02"},
            {"contact_date": "2019-10-04", "contact_completed_date": "2019-10-10"},  # Friday to Thursday
            {"contact_date": "2019-10-07", "contact_completed_date": None},
            {"contact_date": "2019-09-27", "contact_completed_date": "2019-10-04", "child_id": "B"},
        ],
    ),
    example(
        "contacts_median_days",
        "of an even number it is the mean of the middle two",
        {"2019/20 Q3": (2.5, 2)},
        contacts=[
            {"contact_date": "2019-10-01", "contact_completed_date": "2019-10-02"},
            {"contact_date": "2019-12-23", "contact_completed_date": "2019-12-31", "child_id": "B"},  # 4
        ],
    ),
    example(
        "contacts_by_source",
        "every source has its share of all contacts, the source not recorded too",
        {
            "2019/20 Q3 1A": (2, 4),
            "2019/20 Q3 6": (1, 4),
            "2019/20 Q3 9": (0, 4),
            "2019/20 Q3 unknown": (1, 4),
        },
        contacts=[{"contact_date": "2019-10-01", "contact_source": source} for source in SOURCES],
    ),
    example(
        "contacts_nfa_pct",
        "no further action and advice count, of all contacts of the period",
        {"2019/20 Q3": (2, 5), "2019/20 Q2": (1, 1)},
        contacts=OUTCOMES,
    ),
    example(
        "contact_outcome_referral_pct",
        "only a new referral counts",
        {"2019/20 Q3": (1, 5), "2019/20 Q2": (0, 1)},
        contacts=OUTCOMES,
    ),
    Example(
        "contacts_repeat_12m_pct",
        "365 days is a repeat, 366 is not, nor are two contacts on one day",
        (
            Delivery(
                "2019-12-31",
                {
                    "contacts": [
                        {"child_id": "A", "contact_date": "2018-10-01"},
                        {"child_id": "A", "contact_date": "2019-10-01"},  # a repeat
                        {"child_id": "B", "contact_date": "2018-10-01"},
                        {"child_id": "B", "contact_date": "2019-10-02"},
                        {"child_id": "C", "contact_date": "2019-10-05", "contact_source": "6"},
                        {"child_id": "C", "contact_date": "2019-10-05", "contact_source": "9"},
                        {"child_id": "D", "contact_date": "2019-09-30"},
                        {"child_id": "D", "contact_date": "2019-12-31"},  # a repeat
                    ]
                },
                covers_from="2018-10-01",
            ),
        ),
        {"2019/20 Q3": (2, 5), "2019/20 Q2": "x"},  # a year before 1 July 2019 is not covered
    ),
    example(
        "referrals_children_count",
        "a child counts once a period, and once in the year to date",
        {"2019/20 Q3": 2, "2019/20 Q2": 1, "2019/20 Q3 ytd": 2},
        referrals=[
            {"child_id": "A", "referral_date": "2019-09-30"},
            {"child_id": "A", "referral_date": "2019-10-01"},
            {"child_id": "A", "referral_date": "2019-12-31"},
            {"child_id": "B", "referral_date": "2019-12-31"},
        ],
        assessments=[{"child_id": "A", "assessment_start_date": "2019-10-01"}],
    ),
    example(
        "referrals_rate_10k",
        "referrals of the period over the population of mid-2019, times 10,000",
        {"2019/20 Q3": (2, 668), "2019/20 Q3 ytd": (3, 668)},
        {2019: 668},
        referrals=[
            {"referral_date": "2019-09-30"},
            {"referral_date": "2019-10-01"},
            {"referral_date": "2019-12-31"},
        ],
    ),
    Example(
        "rereferrals_12m_pct",
        "an earlier referral 1 to 365 days before, from the history, whatever the list's counter says",
        (
            Delivery(
                "2019-12-31",
                {
                    "referrals": [
                        {"child_id": "A", "referral_date": "2018-10-01"},
                        {"child_id": "A", "referral_date": "2019-10-01", "referrals_last_12m": 0},
                        {"child_id": "B", "referral_date": "2018-10-01"},
                        {"child_id": "B", "referral_date": "2019-10-02", "referrals_last_12m": 1},
                    ]
                },
                covers_from="2018-10-01",
            ),
        ),
        {"2019/20 Q3": (1, 2)},
    ),
    example(
        "rereferrals_12m_pct",
        "where the deliveries do not reach a year back the list's own counter says",
        {"2019/20 Q3": (3, 5)},
        referrals=[
            {"child_id": "A", "referral_date": "2019-10-01", "referrals_last_12m": 1},
            {"child_id": "B", "referral_date": "2019-10-01", "referrals_last_12m": 0},
            {"child_id": "C", "referral_date": "2019-10-01", "referrals_last_12m": 3},
            {"child_id": "D", "referral_date": "2019-10-01", "referrals_last_12m": None},
            {"child_id": "E", "referral_date": "2019-09-30", "referrals_last_12m": 0},
            {"child_id": "E", "referral_date": "2019-10-01", "referrals_last_12m": 0},
        ],
    ),
    example(
        "referrals_nfa_pct",
        "those with no further action of all referrals, not recorded included",
        {"2019/20 Q3": (1, 3)},
        referrals=[
            {"referral_date": "2019-10-01", "referral_nfa": "Y"},
            {"referral_date": "2019-10-01", "referral_nfa": "N"},
            {"referral_date": "2019-12-31", "referral_nfa": None},
            {"referral_date": "2019-09-30", "referral_nfa": "Y"},
        ],
    ),
    example(
        "referrals_not_in_need_pct",
        "its assessment says no support, and nothing starts after it",
        {"2019/20 Q3": (2, 7)},
        referrals=[{"child_id": name, "referral_date": "2019-10-01"} for name in "ABCDEFG"],
        assessments=[
            {
                "child_id": name,
                "assessment_start_date": "2019-10-02",
                "assessment_authorised_date": authorised,
                "requires_social_care_support": support,
            }
            for name, authorised, support in [
                ("A", "2019-10-20", "N"),
                ("B", "2019-10-20", "Y"),
                ("C", None, "N"),
                ("D", "2019-10-20", "N"),
                ("E", "2019-10-20", "N"),
                ("F", "2019-10-20", None),
            ]
        ],
        section_47_enquiries=[
            {"child_id": "A", "s47_start_date": "2019-10-20"},  # on the day, not after it
            {"child_id": "D", "s47_start_date": "2019-10-21"},
        ],
        children_in_need=[],
        child_protection_plans=[],
        children_in_care=[],
    ),
    example(
        "referrals_by_source",
        "every source has its share of all referrals, the source not recorded too",
        {
            "2019/20 Q3 2A": (2, 4),
            "2019/20 Q3 3A": (1, 4),
            "2019/20 Q3 4": (0, 4),
            "2019/20 Q3 unknown": (1, 4),
        },
        referrals=[
            {"referral_date": "2019-10-01", "referral_source": source} for source in ("2A", "2A", "3A", None)
        ],
    ),
    example(
        "referrals_to_assessment_pct",
        "45 working days are enough, 46 are not; an assessment belongs to the newest referral before it",
        {"2019/20 Q3": (2, 6)},
        referrals=[
            {"child_id": "A", "referral_date": "2019-10-01"},
            {"child_id": "B", "referral_date": "2019-10-01"},
            {"child_id": "C", "referral_date": "2019-10-01"},
            {"child_id": "C", "referral_date": "2019-10-10"},
            {"child_id": "D", "referral_date": "2019-10-01"},
            {"child_id": "E", "referral_date": "2019-10-01"},
        ],
        assessments=[
            {"child_id": "A", "assessment_start_date": "2019-12-03"},  # 45
            {"child_id": "B", "assessment_start_date": "2019-12-04"},  # 46
            {"child_id": "C", "assessment_start_date": "2019-10-10"},
            {"child_id": "D", "assessment_start_date": "2019-09-30"},
        ],
    ),
]

"""Referrals: how many, from whom, how often they come again, and what they lead to."""

from tests.spec.casebook import Delivery
from tests.spec.examples import Example, example

EXAMPLES = [
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

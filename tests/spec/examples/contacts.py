"""Contacts: how many, from whom, how soon they are completed, and what they lead to."""

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
        "while the population of its year is not known, the newest earlier one",
        {"2019/20 Q3": (3, 3000)},
        {2016: 2000, 2018: 3000, 2020: 5000},
        contacts=TWO_DAYS_ON,
    ),
    example(
        "contacts_rate_10k",
        "without the population of its year or an earlier one there is no rate",
        {"2019/20 Q3": "x"},
        {2020: 5000},
        contacts=TWO_DAYS_ON,
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
        "contact_outcome_referral_pct",
        "only a new referral counts",
        {"2019/20 Q3": (1, 5), "2019/20 Q2": (0, 1)},
        contacts=OUTCOMES,
    ),
]

"""Child protection plans: how many, how long, and whether reviews and visits are in time."""

from tests.spec.casebook import Delivery
from tests.spec.examples import Example, example

PLANS = [
    {
        "child_id": name,
        "cp_plan_start_date": start,
        "cp_plan_end_date": end,
        "previous_cp_plans": earlier,
        "cp_latest_category": category,
        "cp_initial_category": "PHY",
    }
    for name, start, end, earlier, category in [
        ("A", "2019-10-01", None, 0, "NEG"),
        ("B", "2019-12-31", None, 1, "NEG"),
        ("C", "2017-12-31", None, 2, "EMO"),
        ("D", "2018-01-01", None, None, None),
        ("E", "2017-10-01", "2019-10-01", 0, "NEG"),
        ("F", "2018-01-01", "2019-12-31", 0, "NEG"),
        ("G", "2019-09-30", "2019-10-20", 1, "PHY"),
        ("H", "2019-10-05", "2019-11-20", None, "PHY"),
        ("I", "2017-11-15", "2019-11-01", 0, "NEG"),
        ("J", "2017-11-15", "2019-11-20", 0, "NEG"),
    ]
]


def visited(*visits: tuple[str, str | None, str | None]) -> list[dict[str, str | None]]:
    """Open plans with the last visit and whether the child was seen alone."""
    return [
        {
            "child_id": name,
            "cp_plan_start_date": "2019-01-01",
            "cp_last_visit_date": visit,
            "cp_seen_alone": alone,
        }
        for name, visit, alone in visits
    ]


def reviewed(plan_start: str, *dates: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    """A plan and its reviews; the child is called by the dates."""
    child = " ".join((plan_start, *dates))
    plan = {"child_id": child, "cp_plan_start_date": plan_start}
    return plan, [{"child_id": child, "cp_review_date": date} for date in dates]


REVIEWED = [
    reviewed("2019-07-01", "2019-10-01"),  # the first on the last day
    reviewed("2019-07-01", "2019-10-02"),  # a day late
    reviewed("2019-07-01"),  # none
    reviewed("2019-09-30"),  # three months old, none yet, a day late
    reviewed("2019-10-01"),  # younger than three months to the day... due on 1 January
    reviewed("2019-04-01", "2019-06-30", "2019-12-30"),  # six months apart to the day
    reviewed("2019-04-01", "2019-06-29", "2019-12-30"),  # a day late
    reviewed("2019-04-01", "2019-06-29"),  # the next was due on 29 December
    reviewed("2019-04-01", "2019-06-30"),  # and this one's on 30 December
    reviewed("2019-04-01", "2019-07-01"),  # due on 1 January
    reviewed("2019-01-01", "2019-09-30"),  # older than the deliveries: within six months of 1 April
    reviewed("2019-01-01", "2019-10-02"),  # too late
]

EXAMPLES = [
    example(
        "cpp_stock",
        "a plan that ends on the period's last day is closed, one that starts on it is open",
        {"2019/20 Q3": 3, "2019/20 Q2": 3},
        child_protection_plans=[
            {"child_id": "A", "cp_plan_start_date": "2019-12-31"},
            {"child_id": "B", "cp_plan_start_date": "2019-09-30", "cp_plan_end_date": "2019-12-31"},
            {"child_id": "C", "cp_plan_start_date": "2019-05-01", "cp_plan_end_date": "2020-01-01"},
            {"child_id": "D", "cp_plan_start_date": "2019-05-01", "cp_plan_end_date": "2019-09-30"},
            {"child_id": "E", "cp_plan_start_date": "2019-05-01", "cp_plan_end_date": None},
            {"child_id": "E", "cp_plan_start_date": "2019-06-01", "cp_plan_end_date": None},
        ],
    ),
    example(
        "cpp_rate_10k",
        "children on a plan at the period's end over the population of mid-2019, times 10,000",
        {"2019/20 Q3": (4, 668)},
        {2019: 668},
        child_protection_plans=PLANS,
    ),
    example(
        "cpp_started_count",
        "counted on the start date, ended or not",
        {"2019/20 Q3": 3, "2019/20 Q2": 1},
        child_protection_plans=PLANS,
    ),
    example(
        "cpp_started_rate_10k",
        "plans started over the population of mid-2019, times 10,000",
        {"2019/20 Q3": (3, 668)},
        {2019: 668},
        child_protection_plans=PLANS,
    ),
    example(
        "cpp_ended_count",
        "counted on the end date",
        {"2019/20 Q3": 6, "2019/20 Q2": 0},
        child_protection_plans=PLANS,
    ),
    example(
        "cpp_second_subsequent_pct",
        "one earlier plan or more, of the plans started; not recorded included",
        {"2019/20 Q3": (1, 3), "2019/20 Q2": (1, 1)},
        child_protection_plans=PLANS,
    ),
    example(
        "cpp_duration_bands",
        "bands of the open plans only",
        {"2019/20 Q3 <=3m": (1, 2), "2019/20 Q3 1-<2y": (1, 2), "2019/20 Q3 2y+": (0, 2)},
        child_protection_plans=[
            {"cp_plan_start_date": "2019-10-01"},
            {"cp_plan_start_date": "2018-06-01"},
            {"cp_plan_start_date": "2016-06-01", "cp_plan_end_date": "2019-12-01"},
        ],
    ),
    example(
        "cpp_12_24m_count",
        "twelve months to the day are in, twenty-four to the day are out",
        {"2019/20 Q3": 3},
        child_protection_plans=[
            {"child_id": "A", "cp_plan_start_date": "2018-12-31"},
            {"child_id": "B", "cp_plan_start_date": "2019-01-01"},
            {"child_id": "C", "cp_plan_start_date": "2018-01-01"},
            {"child_id": "D", "cp_plan_start_date": "2017-12-31"},
            {"child_id": "E", "cp_plan_start_date": "2018-06-01", "cp_plan_end_date": "2019-12-31"},
            {"child_id": "F", "cp_plan_start_date": "2018-05-01"},
            {"child_id": "F", "cp_plan_start_date": "2018-06-01"},  # one child, counted once
        ],
    ),
    example(
        "cpp_2y_plus_pct",
        "24 calendar months to the day is two years",
        {"2019/20 Q3": (1, 4)},
        child_protection_plans=PLANS,
    ),
    example(
        "cpp_2y_plus_pct",
        "a month more or less is not two years",
        {"2019/20 Q3": (1, 2)},
        child_protection_plans=[
            {"child_id": "A", "cp_plan_start_date": "2017-12-15"},
            {"child_id": "B", "cp_plan_start_date": "2018-01-15"},
        ],
    ),
    example(
        "cpp_ceased_2y_plus_pct",
        "24 calendar months to the day is two years, of the plans ended",
        {"2019/20 Q3": (2, 6), "2019/20 Q2": "z"},  # E to the day and J; I is short of it by two weeks
        child_protection_plans=PLANS,
    ),
    example(
        "cpp_review_in_time_pct",
        "the first within 3 months, each further one within 6, up to the period's end",
        {"2019/20 Q3": (4, 11)},
        child_protection_plans=[plan for plan, _ in REVIEWED],
        cp_reviews=[review for _, reviews in REVIEWED for review in reviews],
    ),
    example(
        "cpp_review_in_time_pct",
        "a plan of three months to the day counts, and its first review may still be held that day",
        {"2019/20 Q2": (1, 1)},
        child_protection_plans=[{"cp_plan_start_date": "2019-06-30"}],
        cp_reviews=[],
    ),
    example(
        "cpp_review_in_time_pct",
        "without the list of reviews it is not known",
        {"2019/20 Q3": "x"},
        child_protection_plans=[plan for plan, _ in REVIEWED],
    ),
    example(
        "cpp_visit_in_time_pct",
        "10 working days before the period's end is in time, 11 is late",
        {"2019/20 Q3": (2, 4)},
        child_protection_plans=visited(
            ("A", "2019-12-13", None), ("B", "2019-12-12", None), ("C", None, None), ("D", "2019-12-31", None)
        ),
    ),
    Example(
        "cpp_visit_in_time_pct",
        "by the first delivery from the period's end, not by a later one",
        tuple(
            Delivery(as_at, {"child_protection_plans": visited(("A", visit, None))}, covers_from="2019-01-01")
            for as_at, visit in [("2019-10-02", "2019-09-16"), ("2019-12-31", "2019-12-12")]
        ),
        {"2019/20 Q2": (1, 1), "2019/20 Q3": (0, 1)},  # 10 working days, then 11
    ),
    example(
        "cpp_seen_alone_pct",
        "those seen alone, of the children who were visited",
        {"2019/20 Q3": (1, 3)},
        child_protection_plans=visited(
            ("A", "2019-12-01", "Y"), ("B", "2019-12-01", "N"), ("C", None, "Y"), ("D", "2019-12-01", None)
        ),
    ),
    Example(
        "cpp_seen_alone_pct",
        "by the first delivery from the period's end, not by a later one",
        tuple(
            Delivery(
                as_at,
                {"child_protection_plans": visited(("A", first, alone), ("B", second, alone))},
                covers_from="2019-01-01",
            )
            for as_at, first, second, alone in [
                ("2019-10-02", "2019-09-01", None, "N"),
                ("2019-12-31", "2019-12-01", "2019-12-01", "Y"),
            ]
        ),
        {"2019/20 Q2": (0, 1), "2019/20 Q3": (2, 2)},
    ),
    example(
        "cpp_category",
        "every category has its share of the open plans",
        {
            "2019/20 Q3 NEG": (2, 4),
            "2019/20 Q3 EMO": (1, 4),
            "2019/20 Q3 PHY": (0, 4),
            "2019/20 Q3 unknown": (1, 4),
        },
        child_protection_plans=PLANS,
    ),
]

"""Child protection beyond the committee paper's: enquiries, conferences, plans, their reviews and visits."""

from tests.spec.casebook import Delivery
from tests.spec.examples import Example, example

ENQUIRIES = [
    {
        "child_id": name,
        "s47_start_date": start,
        "icpc_date": conference,
        "icpc_unnecessary": unnecessary,
        "icpc_resulted_in_cp_plan": plan,
    }
    for name, start, conference, unnecessary, plan in [
        ("A", "2019-10-01", "2019-10-15", "N", "Y"),  # 10 working days
        ("B", "2019-10-01", "2019-10-16", "N", "N"),  # 11
        ("C", "2019-10-01", None, "Y", None),
        ("D", "2019-12-31", None, None, None),
        ("E", "2019-09-30", "2019-10-22", None, "Y"),  # 16
        ("F", "2019-09-10", "2019-09-30", "Y", "Y"),
        ("G", "2019-10-01", "2019-10-22", None, None),  # 15
        ("H", "2019-10-01", "2019-10-29", None, None),  # 20
        ("I", "2019-10-01", "2019-10-30", None, None),  # 21
    ]
]
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
        "s47_count",
        "counted on the strategy discussion's date",
        {"2019/20 Q3": 7, "2019/20 Q2": 2},
        section_47_enquiries=ENQUIRIES,
    ),
    example(
        "s47_rate_10k",
        "enquiries of the period over the population of mid-2019, times 10,000",
        {"2019/20 Q3": (7, 668), "2019/20 Q3 ytd": (9, 668)},
        {2019: 668},
        section_47_enquiries=ENQUIRIES,
    ),
    example(
        "s47_to_icpc_pct",
        "those with a conference, whenever it was held, of the enquiries started",
        {"2019/20 Q3": (5, 7), "2019/20 Q2": (2, 2)},
        section_47_enquiries=ENQUIRIES,
    ),
    example(
        "s47_icpc_unnecessary_pct",
        "those whose conference was deemed unnecessary, of the enquiries started",
        {"2019/20 Q3": (1, 7), "2019/20 Q2": (1, 2)},
        section_47_enquiries=ENQUIRIES,
    ),
    example(
        "s47_repeat_12m_pct",
        "an earlier enquiry in the history, or where it does not reach a year back the list's own counter",
        {"2019/20 Q3": (2, 5)},
        section_47_enquiries=[
            {"child_id": "A", "s47_start_date": "2019-09-30", "s47_last_12m": 0},
            {"child_id": "A", "s47_start_date": "2019-10-01", "s47_last_12m": 0},
            {"child_id": "B", "s47_start_date": "2019-10-01", "s47_last_12m": 1},
            {"child_id": "C", "s47_start_date": "2019-10-01", "s47_last_12m": 0},
            {"child_id": "D", "s47_start_date": "2019-10-01", "s47_last_12m": None},
            {"child_id": "E", "s47_start_date": "2019-10-01", "s47_last_12m": 0},
        ],
    ),
    example(
        "icpc_count",
        "counted on the conference's date",
        {"2019/20 Q3": 6, "2019/20 Q2": 1},
        section_47_enquiries=ENQUIRIES,
    ),
    example(
        "icpc_rate_10k",
        "conferences of the period over the population of mid-2019, times 10,000",
        {"2019/20 Q3": (6, 668)},
        {2019: 668},
        section_47_enquiries=ENQUIRIES,
    ),
    example(
        "icpc_median_wd",
        "of 10, 11, 15, 16, 20 and 21 working days the mean of the middle two",
        {"2019/20 Q3": (15.5, 6)},
        section_47_enquiries=ENQUIRIES,
    ),
    example(
        "icpc_median_wd",
        "a median is not an average",
        {"2019/20 Q3": (10.0, 3)},
        section_47_enquiries=[
            *(ENQUIRIES[position] for position in (0, 2, 8)),
            {"child_id": "Z", "s47_start_date": "2019-10-01", "icpc_date": "2019-10-02"},
        ],
    ),
    example(
        "icpc_duration_bands",
        "each band ends with its last working day",
        {
            "2019/20 Q3 0-10": (1, 6),
            "2019/20 Q3 11-15": (2, 6),
            "2019/20 Q3 16-20": (2, 6),
            "2019/20 Q3 21+": (1, 6),
        },
        section_47_enquiries=ENQUIRIES,
    ),
    example(
        "icpc_to_cpp_pct",
        "those that resulted in a plan, of the conferences held",
        {"2019/20 Q3": (2, 6), "2019/20 Q2": (1, 1)},
        section_47_enquiries=ENQUIRIES,
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

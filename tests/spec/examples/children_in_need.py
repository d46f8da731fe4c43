"""Children in need: open cases, starts and ends, durations, needs, visits."""

from tests.spec.casebook import Delivery
from tests.spec.examples import Example, example

CASES = [
    {"child_id": name, "cin_start_date": start, "cin_closure_date": end, "case_status": status}
    for name, start, end, status in [
        ("A", "2019-10-01", None, "CIN"),
        ("B", "2019-12-31", None, "ASM"),
        ("C", "2019-09-30", "2019-10-01", "CLO"),
        ("D", "2019-07-10", "2019-10-10", "CLO"),
        ("E", "2019-07-09", "2019-10-10", "CLO"),
        ("F", "2018-10-10", "2019-10-10", "CLO"),
        ("G", "2018-10-11", "2019-10-10", "CLO"),
        ("H", "2017-10-10", "2019-10-10", "CLO"),
        ("I", "2017-10-11", "2019-12-31", "CLO"),
        ("J", "2019-04-10", "2019-10-10", "CLO"),
        ("K", "2019-01-01", "2019-09-30", "CLO"),
    ]
]
NEEDS = {
    "children_in_need": [
        {"child_id": "A", "cin_start_date": "2019-01-01", "case_status": "CIN", "has_disability": "Y"},
        {"child_id": "B", "cin_start_date": "2019-01-01", "case_status": "ASM", "has_disability": "N"},
        {"child_id": "C", "cin_start_date": "2019-01-01", "cin_closure_date": "2019-12-31"},
    ],
    "child_protection_plans": [
        {"child_id": "A", "cp_plan_start_date": "2019-02-01"},
        {"child_id": "D", "cp_plan_start_date": "2019-02-01"},
    ],
    "children_in_care": [
        {"child_id": "E", "cla_start_date": "2019-02-01", "legal_status": "C2", "has_disability": "Y"},
        {"child_id": "F", "cla_start_date": "2019-02-01", "legal_status": "V4"},
    ],
    "care_leavers": [
        {"child_id": "G", "eligibility": "R", "has_disability": "N"},
        {"child_id": "H", "eligibility": "FR"},
        {"child_id": "I", "eligibility": "Q"},
        {"child_id": "J", "eligibility": "E"},
        {"child_id": "K", "eligibility": "O", "has_disability": "Y"},
        {"child_id": "L", "eligibility": "FR", "in_touch": "DIED"},
    ],
    "assessments": [{"child_id": "H", "assessment_start_date": "2019-05-01", "has_disability": "Y"}],
}
OPEN_CIN = {"case_status": "CIN"}
CLOSED = {"cin_closure_date": None, "case_status": "CLO"}

EXAMPLES = [
    example(
        "cin_open_stock",
        "open at the period's end with the status child in need plan",
        {"2019/20 Q3": 3, "2019/20 Q3 ytd": 3},
        children_in_need=[
            {"child_id": "A", "cin_start_date": "2019-12-31", "case_status": "CIN"},
            {"child_id": "B", "cin_start_date": "2019-04-01", "case_status": "CIN"},
            {"child_id": "C", "cin_start_date": "2019-04-01", "case_status": "CPP"},
            {"child_id": "D", "cin_start_date": "2019-04-01", "case_status": "CLA"},
            {"child_id": "E", "cin_start_date": "2019-04-01", "case_status": "ASM"},
            {"child_id": "F", "cin_start_date": "2019-04-01"} | CLOSED | {"cin_closure_date": "2019-12-31"},
            {"child_id": "G", "cin_start_date": None, "case_status": "CIN"},
            {"child_id": "H", "cin_start_date": "2019-04-01", "case_status": "CIN"},
            {"child_id": "H", "cin_start_date": "2019-05-01", "case_status": "CIN"},  # counted once
        ],
    ),
    Example(
        "cin_open_stock",
        "a case closed between the period's end and the delivery keeps its last status before",
        (
            Delivery(
                "2019-09-30",
                {
                    "children_in_need": [
                        {"child_id": "A", "cin_start_date": "2019-05-01", "case_status": "CIN"},
                        {"child_id": "B", "cin_start_date": "2019-05-01", "case_status": "CPP"},
                        {"child_id": "C", "cin_start_date": "2019-05-01", "case_status": "CIN"},
                    ]
                },
            ),
            Delivery(
                "2020-01-31",
                {
                    "children_in_need": [
                        {"child_id": name, "cin_start_date": "2019-05-01"}
                        | CLOSED
                        | {"cin_closure_date": closed}
                        for name, closed in [("A", "2020-01-10"), ("B", "2020-01-10"), ("C", "2019-12-31")]
                    ]
                },
            ),
        ),
        {"2019/20 Q3": 1, "2019/20 Q2": 2},
    ),
    Example(
        "cin_open_stock",
        "31 days after the period's end is near enough for a status, 32 is not",
        (
            Delivery(
                "2020-01-31",
                {"children_in_need": [{"cin_start_date": "2019-05-01", "case_status": "CIN"}]},
                covers_from="2019-04-01",
            ),
        ),
        {"2019/20 Q3": 1, "2019/20 Q2": "x"},
    ),
    Example(
        "cin_open_stock",
        "32 days after the period's end the status is not known",
        (
            Delivery(
                "2020-02-01",
                {"children_in_need": [{"cin_start_date": "2019-05-01", "case_status": "CIN"}]},
                covers_from="2019-04-01",
            ),
        ),
        {"2019/20 Q3": "x"},
    ),
    example(
        "cin_all_stock",
        "different children of the four lists, not the closed, in short breaks, eligible as leavers or dead",
        {"2019/20 Q3": 7, "2019/20 Q3 ytd": 7},  # A B D E G H I
        **NEEDS,
    ),
    example(
        "cin_all_stock",
        "without the list of care leavers it is not known",
        {"2019/20 Q3": "x"},
        **{name: rows for name, rows in NEEDS.items() if name != "care_leavers"},
    ),
    example(
        "cin_rate_10k",
        "those children over the population of mid-2019, times 10,000",
        {"2019/20 Q3": (7, 668)},
        {2019: 668},
        **NEEDS,
    ),
    example(
        "cin_started_count",
        "counted on the start date, closed or not",
        {"2019/20 Q3": 2, "2019/20 Q2": 3},
        children_in_need=CASES,
    ),
    example(
        "cin_ended_count",
        "counted on the closure date",
        {"2019/20 Q3": 8, "2019/20 Q2": 1},
        children_in_need=CASES,
    ),
    example(
        "cin_duration_bands",
        "calendar months: 30 September plus three is 30 December, 12 months to the day are the fourth band",
        {
            "2019/20 Q3 <=3m": (2, 8),
            "2019/20 Q3 >3-6m": (2, 8),
            "2019/20 Q3 >6m-<1y": (1, 8),
            "2019/20 Q3 1-<2y": (2, 8),
            "2019/20 Q3 2y+": (1, 8),
        },
        children_in_need=[
            {"cin_start_date": start, "case_status": "CIN"}
            for start in (
                "2019-12-31",
                "2019-10-01",
                "2019-09-30",
                "2019-07-01",
                "2019-06-30",
                "2018-12-31",
                "2018-01-01",
                "2017-12-31",
            )
        ],
    ),
    example(
        "cin_6m_or_less_pct",
        "six calendar months: a start on 30 June ends them on 30 December",
        {"2019/20 Q3": (2, 3)},
        children_in_need=[
            {"cin_start_date": "2019-07-01", "case_status": "CIN"},
            {"cin_start_date": "2019-06-30", "case_status": "CIN"},
            {"cin_start_date": "2019-12-31", "case_status": "CIN"},
            {"cin_start_date": "2019-12-31", "case_status": "CPP"},
        ],
    ),
    example(
        "cin_6m_or_less_pct",
        "a child with two open cases is judged by the older one, as in the duration bands",
        {"2019/20 Q3": (0, 1)},
        children_in_need=[
            {"child_id": "A", "cin_start_date": "2018-01-01", "case_status": "CIN"},
            {"child_id": "A", "cin_start_date": "2019-11-01", "case_status": "CIN"},
        ],
    ),
    Example(
        "cin_6m_or_less_pct",
        "six months to the day count",
        (
            Delivery(
                "2019-09-30",
                {
                    "children_in_need": [
                        {"cin_start_date": "2019-03-30", "case_status": "CIN"},
                        {"cin_start_date": "2019-03-29", "case_status": "CIN"},
                    ]
                },
            ),
        ),
        {"2019/20 Q2": (1, 2)},
    ),
    example(
        "cin_6m_or_less_pct",
        "no open cases, no percentage",
        {"2019/20 Q3": "z"},
        children_in_need=[
            {"cin_start_date": "2019-05-01", "cin_closure_date": "2019-06-01", "case_status": "CLO"}
        ],
    ),
    example(
        "cin_2y_plus_pct",
        "24 calendar months to the day is two years",
        {"2019/20 Q3": (1, 2)},
        children_in_need=[
            OPEN_CIN | {"child_id": "A", "cin_start_date": "2017-12-31"},
            OPEN_CIN | {"child_id": "B", "cin_start_date": "2018-01-01"},
            {"child_id": "C", "cin_start_date": "2016-12-31", "case_status": "ASM"},
        ],
    ),
    example(
        "cin_2y_plus_pct",
        "a month more or less is not two years",
        {"2019/20 Q3": (1, 3)},
        children_in_need=[
            OPEN_CIN | {"child_id": "A", "cin_start_date": "2017-12-01"},
            OPEN_CIN | {"child_id": "B", "cin_start_date": "2018-01-10"},
            OPEN_CIN | {"child_id": "C", "cin_start_date": "2018-06-30"},
        ],
    ),
    example(
        "cin_ceased_duration_bands",
        "from the start to the closure: three months, a year and two years to the day",
        {
            "2019/20 Q3 <=3m": (2, 8),
            "2019/20 Q3 >3-6m": (2, 8),
            "2019/20 Q3 >6m-<1y": (1, 8),
            "2019/20 Q3 1-<2y": (1, 8),
            "2019/20 Q3 2y+": (2, 8),
        },
        children_in_need=CASES,
    ),
    example(
        "cin_primary_need",
        "every need has its share of the open cases",
        {
            "2019/20 Q3 N1": (2, 4),
            "2019/20 Q3 N4": (1, 4),
            "2019/20 Q3 N0": (0, 4),
            "2019/20 Q3 unknown": (1, 4),
        },
        children_in_need=[
            OPEN_CIN | {"child_id": name, "cin_start_date": "2019-01-01", "primary_need": need}
            for name, need in [("A", "N1"), ("B", "N1"), ("C", "N4"), ("D", None)]
        ]
        + [{"child_id": "E", "cin_start_date": "2019-01-01", "primary_need": "N1", "case_status": "ASM"}],
    ),
    example(
        "cin_seen_in_time_pct",
        "20 working days before the period's end is in time, 21 is late",
        {"2019/20 Q3": (2, 4)},
        children_in_need=[
            OPEN_CIN | {"child_id": name, "cin_start_date": "2019-01-01", "last_seen_date": seen}
            for name, seen in [("A", "2019-11-29"), ("B", "2019-11-28"), ("C", None), ("D", "2019-12-31")]
        ],
    ),
    Example(
        "cin_seen_in_time_pct",
        "by the first delivery from the period's end, not by a later one",
        tuple(
            Delivery(
                as_at,
                {
                    "children_in_need": [
                        OPEN_CIN | {"child_id": "A", "cin_start_date": "2019-08-01", "last_seen_date": seen}
                    ]
                },
                covers_from="2019-04-01",
            )
            for as_at, seen in [("2019-10-02", "2019-09-02"), ("2019-12-31", "2019-11-28")]
        ),
        {"2019/20 Q2": (1, 1), "2019/20 Q3": (0, 1)},  # 20 working days, then 21,
    ),
    example(
        "cin_disability_pct",
        "recorded as disabled by the list that holds the child, or else by another",
        {"2019/20 Q3": (3, 7)},  # A E H
        **NEEDS,
    ),
]

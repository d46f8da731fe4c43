"""Adoption: children and prospective adopters."""

from tests.spec.casebook import Delivery
from tests.spec.examples import Example, example

DECIDED = {"adm_decision_date": "2019-01-15"}


def dated(column: str, **also: str) -> list[dict[str, str]]:
    """Four children: the day before the quarter, its first and last day, no date; with what else is known."""
    days = ("2019-09-30", "2019-10-01", "2019-12-31")
    return [DECIDED | also | {column: day} for day in days] + [DECIDED | also]


EXAMPLES = [
    example(
        "adopt_count",
        "by the date of the adoption order",
        {"2019/20 Q3": 2, "2019/20 Q2": 1, "2019/20 Q3 ytd": 3},
        adoptions=dated("adoption_order_date", placed_for_adoption_date="2019-02-01"),
    ),
    example(
        "adopt_decisions_count",
        "by the date of the decision, whatever became of it",
        {"2019/20 Q3": 2, "2019/20 Q2": 1},
        adoptions=[
            {"adm_decision_date": "2019-09-30", "placement_order_date": "2019-10-20"},
            {"adm_decision_date": "2019-10-01", "decision_reversed_date": "2019-12-01"},
            {"adm_decision_date": "2019-12-31"},
        ],
    ),
    example(
        "adopt_placed_count",
        "by the date of the placement",
        {"2019/20 Q3": 2, "2019/20 Q2": 1},
        adoptions=dated("placed_for_adoption_date", matched_date="2019-03-01"),
    ),
    example(
        "adopt_reversed_count",
        "by the date of the reversal",
        {"2019/20 Q3": 2, "2019/20 Q2": 1},
        adoptions=dated("decision_reversed_date", matched_date="2019-03-01"),
    ),
    example(
        "adopt_waiting_stock",
        "from the placement order until matched, placed, adopted or reversed",
        {"2019/20 Q3": 3, "2019/20 Q2": 6},
        adoptions=[
            DECIDED | order
            for order in (
                {"child_id": "A", "placement_order_date": "2019-06-01"},
                {"child_id": "A", "adm_decision_date": "2019-02-01", "placement_order_date": "2019-06-01"},
                {"child_id": "B", "placement_order_date": "2019-12-31"},
                {"child_id": "C", "placement_order_date": "2020-01-01"},
                {"child_id": "D", "placement_order_date": "2019-06-01", "matched_date": "2019-12-31"},
                {"child_id": "E", "placement_order_date": "2019-06-01", "matched_date": "2020-01-01"},
                {
                    "child_id": "F",
                    "placement_order_date": "2019-06-01",
                    "decision_reversed_date": "2019-11-01",
                },
                {
                    "child_id": "G",
                    "placement_order_date": "2019-06-01",
                    "placed_for_adoption_date": "2019-11-01",
                },
                {"child_id": "H", "placement_order_date": "2019-06-01", "adoption_order_date": "2019-11-01"},
                {"child_id": "I"},
            )
        ],
    ),
    example(
        "adopters_approved_count",
        "by the date of the approval; a couple is two",
        {"2019/20 Q3": 2, "2019/20 Q2": 1},
        adopters=[
            {"enquiry_date": "2019-01-10", "approved_date": "2019-09-30", "matched_date": "2019-11-01"},
            {"enquiry_date": "2019-01-10", "approved_date": "2019-10-01"},
            {"enquiry_date": "2019-01-10", "approved_date": "2019-12-31"},
            {"enquiry_date": "2019-11-10", "stage1_end_date": "2019-12-01"},
        ],
    ),
    example(
        "adopters_stage1_2m_pct",
        "two calendar months from start to end",
        {"2019/20 Q3": (2, 4), "2019/20 Q2": (1, 1)},
        adopters=[
            {
                "enquiry_date": "2019-01-10",
                "stage1_start_date": "2019-08-01",
                "stage1_end_date": "2019-10-01",
            },
            {
                "enquiry_date": "2019-01-10",
                "stage1_start_date": "2019-08-01",
                "stage1_end_date": "2019-10-02",
            },
            {
                "enquiry_date": "2019-01-10",
                "stage1_start_date": "2019-12-01",
                "stage1_end_date": "2019-12-31",
            },
            {"enquiry_date": "2019-01-10", "stage1_end_date": "2019-12-31"},
            {
                "enquiry_date": "2019-01-10",
                "stage1_start_date": "2019-09-01",
                "stage1_end_date": "2019-09-30",
            },
            {
                "enquiry_date": "2019-11-10",
                "stage1_start_date": "2019-12-01",
                "stage2_end_date": "2019-12-01",
            },
        ],
    ),
    example(
        "adopters_stage2_4m_pct",
        "four calendar months from start to end",
        {"2019/20 Q3": (2, 4), "2019/20 Q2": (1, 1)},
        adopters=[
            {
                "enquiry_date": "2019-01-10",
                "stage2_start_date": "2019-06-01",
                "stage2_end_date": "2019-10-01",
            },
            {
                "enquiry_date": "2019-01-10",
                "stage2_start_date": "2019-06-01",
                "stage2_end_date": "2019-10-02",
            },
            {
                "enquiry_date": "2019-01-10",
                "stage2_start_date": "2019-12-01",
                "stage2_end_date": "2019-12-31",
            },
            {"enquiry_date": "2019-01-10", "stage2_end_date": "2019-12-31"},
            {
                "enquiry_date": "2019-01-10",
                "stage2_start_date": "2019-09-01",
                "stage2_end_date": "2019-09-30",
            },
            {
                "enquiry_date": "2019-11-10",
                "stage2_start_date": "2019-12-01",
                "stage1_end_date": "2019-12-01",
            },
        ],
    ),
    Example(
        "adopt_a10_days",
        "from entering care to moving in, of the adoptions of 36 months",
        (
            Delivery(
                "2019-12-31",
                {
                    "adoptions": [
                        DECIDED | dates
                        for dates in (
                            {
                                "entered_care_date": "2017-01-01",
                                "placed_for_adoption_date": "2017-04-11",  # 100 days
                                "adoption_order_date": "2019-12-31",
                            },
                            {
                                "entered_care_date": "2016-01-01",
                                "ffa_placement_date": "2016-01-31",  # 30 days: fostered by the adopters first
                                "placed_for_adoption_date": "2016-12-01",
                                "adoption_order_date": "2017-01-01",
                            },
                            {
                                "entered_care_date": "2016-01-01",
                                "placed_for_adoption_date": "2016-02-01",
                                "adoption_order_date": "2016-12-31",  # 36 months and a day before
                            },
                            {
                                "entered_care_date": "2018-01-01",
                                "placed_for_adoption_date": "2018-07-20",  # 200 days
                                "adoption_order_date": "2019-06-01",
                            },
                            {"placed_for_adoption_date": "2019-02-01", "adoption_order_date": "2019-06-01"},
                            {"entered_care_date": "2018-01-01", "placed_for_adoption_date": "2019-11-01"},
                        )
                    ]
                },
                covers_from="2016-10-01",
            ),
        ),
        {"2019/20 Q3": (330, 3), "2019/20 Q3 ytd": (330, 3), "2018/19 Q4": "x"},
    ),
    example(
        "adopt_a2_days",
        "from the placement order to the match, of the matches of the quarter",
        {"2019/20 Q3": (150, 3), "2019/20 Q2": (10, 1)},
        adoptions=[
            DECIDED | dates
            for dates in (
                {"placement_order_date": "2019-09-21", "matched_date": "2019-10-01"},
                {"placement_order_date": "2019-09-12", "matched_date": "2019-12-31"},
                {"placement_order_date": "2019-09-20", "matched_date": "2019-09-30"},
                {"placement_order_date": None, "matched_date": "2019-11-01"},
                {
                    "placement_order_date": "2019-09-10",
                    "placed_for_adoption_date": "2019-09-20",  # fostered by the adopters first
                    "matched_date": "2019-10-10",
                },
                {"placement_order_date": "2019-11-01", "placed_for_adoption_date": "2019-12-01"},
            )
        ],
    ),
]

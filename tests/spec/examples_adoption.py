"""Adoption: children and prospective adopters."""

from examples import example

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
]

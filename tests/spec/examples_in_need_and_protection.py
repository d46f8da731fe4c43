"""Children in need and child protection."""

from tests.spec.casebook import Delivery
from tests.spec.examples import Example, example

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
            {
                "child_id": "F",
                "cin_start_date": "2019-04-01",
                "cin_closure_date": "2019-12-31",
                "case_status": "CLO",
            },
            {"child_id": "G", "cin_start_date": None, "case_status": "CIN"},
            {"child_id": "H", "cin_start_date": "2019-04-01", "case_status": "CIN"},
            {
                "child_id": "H",
                "cin_start_date": "2019-05-01",
                "case_status": "CIN",
            },  # one child, counted once
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
                        {
                            "child_id": name,
                            "cin_start_date": "2019-05-01",
                            "cin_closure_date": "2020-01-10",
                            "case_status": "CLO",
                        }
                        for name in "AB"
                    ]
                    + [
                        {
                            "child_id": "C",
                            "cin_start_date": "2019-05-01",
                            "cin_closure_date": "2019-12-31",
                            "case_status": "CLO",
                        }
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
        "icpc_15wd_pct",
        "counted on the conference's date; 15 working days is in time, 16 is late",
        {"2019/20 Q3": (2, 3), "2019/20 Q2": "z", "2019/20 Q3 ytd": (2, 3)},
        section_47_enquiries=[
            {"s47_start_date": "2019-10-01", "icpc_date": "2019-10-22"},  # 15
            {"s47_start_date": "2019-10-01", "icpc_date": "2019-10-23", "child_id": "late"},  # 16
            {"s47_start_date": "2019-09-25", "icpc_date": "2019-10-01"},
            {"s47_start_date": "2019-10-10", "icpc_date": None},
        ],
    ),
]

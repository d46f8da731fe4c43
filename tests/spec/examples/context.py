"""Context of the other KPIs: the population, rejected rows, unknown ethnicity."""

from tests.spec.casebook import Delivery, Rows
from tests.spec.examples import Example, example

CONTACT = {"contact_date": "2019-11-01"}
NEED = {"cin_start_date": "2019-06-01"}
WITHOUT_CASES: dict[str, Rows] = {
    name: []
    for name in (
        "assessments",
        "children_in_need",
        "child_protection_plans",
        "children_in_care",
        "care_leavers",
    )
}

EXAMPLES = [
    example(
        "pop_0_17",
        "the year that ends in March 2020 has the population of mid-2019",
        {"2019/20 Q3": 654, "2019/20 Q1": 654},
        {2018: 699, 2019: 654, 2020: 640},
        contacts=[],
    ),
    example(
        "pop_0_17",
        "while the estimate of that year is not known, the newest earlier one",
        {"2019/20 Q3": 699, "2019/20 Q1": 699},
        {2017: 720, 2018: 699},
        contacts=[],
    ),
    example("pop_0_17", "no estimate of that year or before", {"2019/20 Q3": "x"}, {2020: 699}, contacts=[]),
    Example(
        "dq_rejected_rows_pct",
        "rows set aside of the rows read, of the first delivery near the quarter's end",
        (
            Delivery("2019-10-30", {"contacts": [CONTACT] * 7, "referrals": []}, set_aside={"contacts": 3}),
            Delivery("2019-12-31", {"contacts": [CONTACT], "referrals": []}, set_aside={"referrals": 1}),
            Delivery("2020-01-02", {"contacts": []}, set_aside={"contacts": 5}),
        ),
        {"2019/20 Q2": (3, 10), "2019/20 Q3": (1, 2)},
    ),
    Example(
        "dq_rejected_rows_pct",
        "no delivery near the quarter's end",
        (Delivery("2020-02-01", {"contacts": [CONTACT]}),),
        {"2019/20 Q3": "x"},
    ),
    example(
        "dq_unknown_ethnicity_pct",
        "no list says it: refused, not yet obtained, or empty",
        {"2019/20 Q3": (4, 6), "2019/20 Q2": "x"},
        **WITHOUT_CASES
        | {
            "children_in_need": [
                NEED | {"child_id": "A", "ethnicity": "WBRI"},
                NEED | {"child_id": "B", "ethnicity": "REFU"},
                NEED | {"child_id": "G", "ethnicity": "REFU"},
                NEED | {"child_id": "C", "ethnicity": "NOBT"},
                NEED | {"child_id": "D", "ethnicity": None},
                NEED | {"child_id": "E", "ethnicity": None},
                NEED | {"child_id": "F", "ethnicity": None, "cin_closure_date": "2019-12-31"},
            ],
            "children_in_care": [
                {"child_id": "E", "ethnicity": "BAFR", "cla_start_date": "2019-07-01"},
                {"child_id": "D", "ethnicity": None, "cla_start_date": "2019-07-01"},
            ],
        },
    ),
]

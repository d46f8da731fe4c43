"""Workers and their caseloads."""

from tests.spec.casebook import Delivery, Rows
from tests.spec.examples import Example, example

NEED = {"cin_start_date": "2019-06-01"}

CASES: dict[str, Rows] = {
    "assessments": [
        {"child_id": "A", "assessment_start_date": "2019-12-31", "allocated_worker": "w1"},
        {
            "child_id": "B",
            "assessment_start_date": "2019-12-01",
            "assessment_authorised_date": "2019-12-31",  # authorised on the day: no longer open
            "allocated_worker": "w1",
        },
        {
            "child_id": "C",
            "assessment_start_date": "2019-12-01",
            "assessment_authorised_date": "2020-01-01",
            "allocated_worker": "w1",
        },
        {"child_id": "D", "assessment_start_date": "2020-01-01", "allocated_worker": "w9"},
    ],
    "children_in_need": [
        NEED | {"child_id": "A", "allocated_worker": "w1"},  # the same child and worker: once
        NEED | {"child_id": "E", "allocated_worker": "w2"},
        NEED | {"child_id": "F", "allocated_worker": "w9", "cin_closure_date": "2019-12-31"},
        NEED | {"child_id": "K", "allocated_worker": None},
    ],
    "child_protection_plans": [
        {"child_id": "E", "cp_plan_start_date": "2019-07-01", "allocated_worker": "w3"},
        {
            "child_id": "F",
            "cp_plan_start_date": "2019-07-01",
            "cp_plan_end_date": "2019-12-31",
            "allocated_worker": "w9",
        },
        {"child_id": "K", "cp_plan_start_date": "2019-07-01", "allocated_worker": None},
    ],
    "children_in_care": [
        *({"child_id": c, "cla_start_date": "2019-07-01", "allocated_worker": "w3"} for c in "GPQR"),
        {"child_id": "H", "cla_start_date": "2019-07-01", "allocated_worker": "w9", "legal_status": "V4"},
        {
            "child_id": "I",
            "cla_start_date": "2019-07-01",
            "allocated_worker": "w9",
            "date_of_birth": "2001-12-31",  # 18 on the day
        },
        {
            "child_id": "F",
            "cla_start_date": "2019-07-01",
            "cla_end_date": "2019-12-31",
            "allocated_worker": "w9",
        },
        {"child_id": "M", "cla_start_date": "2019-07-01", "allocated_worker": None},
    ],
    "care_leavers": [
        {"child_id": "J", "eligibility": "FR", "allocated_worker": "w3"},
        {"child_id": "L", "eligibility": "Q", "allocated_worker": None},
        {"child_id": "N", "eligibility": "R", "in_touch": "DIED", "allocated_worker": "w9"},
        {"child_id": "O", "eligibility": "E", "allocated_worker": "w9"},
    ],
}
"""w1 has A and C, w2 has E, w3 has E, G, P, Q, R and J; nobody has K, L and M; w9 has no open case."""

WITHOUT_CASES: dict[str, Rows] = {name: [] for name in CASES}


def caseloads(*sizes: int) -> dict[str, Rows]:
    """A worker a size, with so many children in need."""
    cases = [
        NEED | {"child_id": f"{worker}-{child}", "allocated_worker": f"w{worker}"}
        for worker, size in enumerate(sizes)
        for child in range(size)
    ]
    return WITHOUT_CASES | {"children_in_need": cases}


EXAMPLES = [
    example(
        "wf_caseload_avg",
        "different children of each worker, and workers, with a case open on the day",
        {"2019/20 Q3": (9, 3), "2019/20 Q2": "x"},
        **CASES,
    ),
    Example(
        "wf_caseload_avg",
        "open on the quarter's last day, as a delivery within 31 days says",
        (
            Delivery(
                "2020-01-31",
                WITHOUT_CASES
                | {
                    "children_in_need": [
                        NEED | {"allocated_worker": "w1"},
                        NEED | {"allocated_worker": "w1", "cin_closure_date": "2020-01-10"},
                        NEED | {"allocated_worker": "w2", "cin_start_date": "2020-01-02"},
                    ]
                },
            ),
        ),
        {"2019/20 Q3": (2, 1)},
    ),
    Example(
        "wf_caseload_avg",
        "a list without its workers leaves the caseload unknown",
        (Delivery("2019-12-31", CASES, without={"care_leavers": ("allocated_worker",)}),),
        {"2019/20 Q3": "x"},
    ),
    example(
        "wf_caseload_bands",
        "up to 10, 15 and 20 children, and more",
        {
            "2019/20 Q3 1-10": (2, 7),
            "2019/20 Q3 11-15": (2, 7),
            "2019/20 Q3 16-20": (2, 7),
            "2019/20 Q3 21+": (1, 7),
        },
        **caseloads(1, 10, 11, 15, 16, 20, 21),
    ),
    example(
        "wf_unallocated_count",
        "different children with an open case that names no worker",
        {"2019/20 Q3": 3, "2019/20 Q2": "x"},
        **CASES,
    ),
]

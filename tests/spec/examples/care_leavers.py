"""Care leavers: how many, what they do, where they live, who is in touch, and their plans."""

from tests.spec.casebook import Delivery
from tests.spec.examples import Example, example

LEAVER = {
    "eligibility": "FR",
    "in_touch": "YES",
    "activity_status": "F2",
    "allocated_personal_advisor": True,
    "uasc_or_former": "N",
}
VISITED_LEAVER = {
    "eligibility": "FR",
    "in_touch": "YES",
    "activity_status": "F2",
    "accommodation_suitability": "1",
    "latest_contact_date": "2019-12-01",
    "pathway_plan_review_date": "2019-12-01",
}
NOT_COUNTED = [{"in_touch": "DIED"}, {"eligibility": "Q"}]
"""Has died; has another eligibility."""


def leavers(column: str, *values: object, of_the_others: object) -> list[dict[str, object]]:
    """One care leaver a value, and two people who are none."""
    counted = [LEAVER | {column: value} for value in values]
    return counted + [LEAVER | {column: of_the_others} | other for other in NOT_COUNTED]


EXAMPLES = [
    example(
        "cl_stock",
        "relevant and former relevant young people who have not died",
        {"2019/20 Q3": 3, "2019/20 Q2": "x"},
        care_leavers=[
            VISITED_LEAVER | {"child_id": "A", "eligibility": "R"},
            VISITED_LEAVER | {"child_id": "B"},
            VISITED_LEAVER | {"child_id": "C", "eligibility": "Q"},
            VISITED_LEAVER | {"child_id": "D", "eligibility": "E"},
            VISITED_LEAVER | {"child_id": "E", "in_touch": "DIED"},
            VISITED_LEAVER | {"child_id": "F", "in_touch": None},
            VISITED_LEAVER | {"child_id": "B", "activity_status": "G4"},
        ],
    ),
    example(
        "cl_eet_count",
        "full or part time education, employment or training, old codes included",
        {"2019/20 Q3": 11},
        care_leavers=[
            *(
                VISITED_LEAVER | {"child_id": code, "activity_status": code}
                for code in ("F1", "P1", "F2", "P2", "F4", "P4", "F5", "P5", "F3", "P3", "G4", "G5", "G6")
            ),
            VISITED_LEAVER | {"child_id": "none", "activity_status": None},
            VISITED_LEAVER | {"child_id": "other", "eligibility": "Q"},
            VISITED_LEAVER | {"child_id": "died", "in_touch": "DIED"},
            VISITED_LEAVER | {"child_id": "R", "eligibility": "R"},
            VISITED_LEAVER | {"child_id": "R", "eligibility": "R", "activity_status": "P2"},
        ],
    ),
    example(
        "cl_eet_pct",
        "those with nothing recorded stay in the denominator",
        {"2019/20 Q3": (1, 3)},
        care_leavers=[
            VISITED_LEAVER | {"activity_status": "P2"},
            VISITED_LEAVER | {"activity_status": "G5"},
            VISITED_LEAVER | {"activity_status": None},
            VISITED_LEAVER | {"in_touch": "DIED"},
            VISITED_LEAVER | {"eligibility": "Q"},
        ],
    ),
    example(
        "cl_eet_pct",
        "no care leavers, no percentage",
        {"2019/20 Q3": "z"},
        care_leavers=[VISITED_LEAVER | {"eligibility": "E"}],
    ),
    example(
        "cl_suitable_accom_pct",
        "code 1 is suitable; not recorded counts against",
        {"2019/20 Q3": (1, 3)},
        care_leavers=[
            VISITED_LEAVER,
            VISITED_LEAVER | {"accommodation_suitability": "2"},
            VISITED_LEAVER | {"accommodation_suitability": None},
            VISITED_LEAVER | {"in_touch": "DIED"},
        ],
    ),
    example(
        "cl_in_touch_plan_pct",
        "in touch, and the last contact plus 56 days (or the plan's frequency) reaches the last day",
        {"2019/20 Q3": (3, 6)},
        care_leavers=[
            VISITED_LEAVER | {"child_id": "A", "latest_contact_date": "2019-11-05"},  # + 56 = 31 December
            VISITED_LEAVER | {"child_id": "B", "latest_contact_date": "2019-11-04"},  # + 56 = 30 December
            VISITED_LEAVER | {"child_id": "C", "latest_contact_date": "2019-12-20", "in_touch": "NO"},
            VISITED_LEAVER | {"child_id": "D", "latest_contact_date": None},
            VISITED_LEAVER | {"child_id": "E", "latest_contact_date": "2019-10-02"},  # the plan says 90 days
            VISITED_LEAVER | {"child_id": "F", "in_touch": "DIED"},
            VISITED_LEAVER
            | {"child_id": "G", "latest_contact_date": "2019-11-20"},  # the newest plan sets none: 56
        ],
        pathway_plans=[
            {"child_id": "G", "pathway_plan_review_date": "2019-05-01", "contact_frequency_days": 28},
            {"child_id": "G", "pathway_plan_review_date": "2019-10-01"},
            {"child_id": "E", "pathway_plan_review_date": "2019-06-01", "contact_frequency_days": 90},
        ],
    ),
    example(
        "cl_pathway_plan_uptodate_pct",
        "the latest review plus six calendar months reaches the last day",
        {"2019/20 Q3": (3, 5)},
        care_leavers=[
            VISITED_LEAVER | {"child_id": "A", "pathway_plan_review_date": "2019-07-01"},
            VISITED_LEAVER
            | {"child_id": "B", "pathway_plan_review_date": "2019-06-30"},  # + 6 months = 30 December
            VISITED_LEAVER | {"child_id": "C", "pathway_plan_review_date": None},
            VISITED_LEAVER | {"child_id": "D", "pathway_plan_review_date": "2019-01-01"},
            VISITED_LEAVER | {"child_id": "E", "pathway_plan_review_date": "2019-12-31"},
        ],
        pathway_plans=[{"child_id": "D", "pathway_plan_review_date": "2019-11-01"}],
    ),
    Example(
        "cl_pathway_plan_uptodate_pct",
        "six months to the day are up to date",
        (
            Delivery(
                "2019-09-30",
                {
                    "care_leavers": [
                        VISITED_LEAVER | {"pathway_plan_review_date": "2019-03-30"},
                        VISITED_LEAVER | {"pathway_plan_review_date": "2019-03-29"},
                    ]
                },
            ),
        ),
        {"2019/20 Q2": (1, 2)},
    ),
    Example(
        "cl_plan_and_touch_pct",
        "both must hold",
        (
            Delivery(
                "2019-09-30",
                {
                    "care_leavers": [
                        VISITED_LEAVER
                        | {"pathway_plan_review_date": "2019-03-30", "latest_contact_date": "2019-08-05"},
                        VISITED_LEAVER
                        | {"pathway_plan_review_date": "2019-03-29", "latest_contact_date": "2019-09-01"},
                        VISITED_LEAVER
                        | {"pathway_plan_review_date": "2019-09-01", "latest_contact_date": "2019-08-04"},
                        VISITED_LEAVER
                        | {
                            "pathway_plan_review_date": "2019-09-01",
                            "latest_contact_date": "2019-09-01",
                            "in_touch": "NO",
                        },
                        VISITED_LEAVER
                        | {
                            "pathway_plan_review_date": "2019-09-02",
                            "latest_contact_date": "2019-09-01",
                            "in_touch": "REFU",
                        },
                        VISITED_LEAVER
                        | {
                            "in_touch": "DIED",
                            "pathway_plan_review_date": "2019-09-01",
                            "latest_contact_date": "2019-09-01",
                        },
                    ]
                },
            ),
        ),
        {"2019/20 Q2": (1, 5)},
    ),
    example(
        "cl_neet_pct",
        "illness, parenting or other; not recorded stays in the denominator",
        {"2019/20 Q3": (3, 7)},
        care_leavers=leavers("activity_status", "G4", "G5", "G6", "F1", "P5", "F4", None, of_the_others="G5"),
    ),
    example(
        "cl_he_pct",
        "higher education, full or part time",
        {"2019/20 Q3": (2, 5)},
        care_leavers=leavers("activity_status", "F1", "P1", "F2", "G5", None, of_the_others="F1"),
    ),
    example(
        "cl_in_touch_pct",
        "only YES is in touch",
        {"2019/20 Q3": (1, 6)},
        care_leavers=[
            *(
                LEAVER | {"in_touch": answer}
                for answer in ("YES", "NO", "REFU", "NREQ", "RHOM", None, "DIED")
            ),
            LEAVER | {"eligibility": "Q"},
        ],
    ),
    example(
        "cl_pa_allocated_pct",
        "a personal adviser is named",
        {"2019/20 Q3": (2, 3)},
        care_leavers=leavers("allocated_personal_advisor", True, True, False, of_the_others=True),
    ),
    example(
        "cl_uasc_pct",
        "those who are or were unaccompanied",
        {"2019/20 Q3": (1, 4)},
        care_leavers=leavers("uasc_or_former", "Y", "N", "U", None, of_the_others="Y"),
    ),
    *(
        example(
            kpi_id,
            "each code of the care leavers, and those without one",
            {"2019/20 Q3 " + one: (2, 4), "2019/20 Q3 " + other: (1, 4), "2019/20 Q3 unknown": (1, 4)},
            care_leavers=leavers(column, one, one, other, None, of_the_others=one),
        )
        for kpi_id, column, one, other in (
            ("cl_activity", "activity_status", "F2", "G5"),
            ("cl_accommodation_type", "accommodation_type", "U", "B"),
        )
    ),
]

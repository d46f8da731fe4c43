"""Care leavers in the committee's table: how many, what they do, where they live, and their plans."""

from tests.spec.casebook import Delivery
from tests.spec.examples import Example, example

LEAVER = {
    "eligibility": "FR",
    "in_touch": "YES",
    "activity_status": "F2",
    "accommodation_suitability": "1",
    "latest_contact_date": "2019-12-01",
    "pathway_plan_review_date": "2019-12-01",
}

EXAMPLES = [
    example(
        "cl_stock",
        "relevant and former relevant young people who have not died",
        {"2019/20 Q3": 3, "2019/20 Q2": "x"},
        care_leavers=[
            LEAVER | {"child_id": "A", "eligibility": "R"},
            LEAVER | {"child_id": "B"},
            LEAVER | {"child_id": "C", "eligibility": "Q"},
            LEAVER | {"child_id": "D", "eligibility": "E"},
            LEAVER | {"child_id": "E", "in_touch": "DIED"},
            LEAVER | {"child_id": "F", "in_touch": None},
            LEAVER | {"child_id": "B", "activity_status": "G4"},
        ],
    ),
    example(
        "cl_eet_count",
        "full or part time education, employment or training, old codes included",
        {"2019/20 Q3": 11},
        care_leavers=[
            *(
                LEAVER | {"child_id": code, "activity_status": code}
                for code in ("F1", "P1", "F2", "P2", "F4", "P4", "F5", "P5", "F3", "P3", "G4", "G5", "G6")
            ),
            LEAVER | {"child_id": "none", "activity_status": None},
            LEAVER | {"child_id": "other", "eligibility": "Q"},
            LEAVER | {"child_id": "died", "in_touch": "DIED"},
            LEAVER | {"child_id": "R", "eligibility": "R"},
            LEAVER | {"child_id": "R", "eligibility": "R", "activity_status": "P2"},
        ],
    ),
    example(
        "cl_eet_pct",
        "those with nothing recorded stay in the denominator",
        {"2019/20 Q3": (1, 3)},
        care_leavers=[
            LEAVER | {"activity_status": "P2"},
            LEAVER | {"activity_status": "G5"},
            LEAVER | {"activity_status": None},
            LEAVER | {"in_touch": "DIED"},
            LEAVER | {"eligibility": "Q"},
        ],
    ),
    example(
        "cl_eet_pct",
        "no care leavers, no percentage",
        {"2019/20 Q3": "z"},
        care_leavers=[LEAVER | {"eligibility": "E"}],
    ),
    example(
        "cl_suitable_accom_pct",
        "code 1 is suitable; not recorded counts against",
        {"2019/20 Q3": (1, 3)},
        care_leavers=[
            LEAVER,
            LEAVER | {"accommodation_suitability": "2"},
            LEAVER | {"accommodation_suitability": None},
            LEAVER | {"in_touch": "DIED"},
        ],
    ),
    example(
        "cl_in_touch_plan_pct",
        "in touch, and the last contact plus 56 days (or the plan's frequency) reaches the last day",
        {"2019/20 Q3": (3, 6)},
        care_leavers=[
            LEAVER | {"child_id": "A", "latest_contact_date": "2019-11-05"},  # + 56 = 31 December
            LEAVER | {"child_id": "B", "latest_contact_date": "2019-11-04"},  # + 56 = 30 December
            LEAVER | {"child_id": "C", "latest_contact_date": "2019-12-20", "in_touch": "NO"},
            LEAVER | {"child_id": "D", "latest_contact_date": None},
            LEAVER | {"child_id": "E", "latest_contact_date": "2019-10-02"},  # the plan says 90 days
            LEAVER | {"child_id": "F", "in_touch": "DIED"},
            LEAVER | {"child_id": "G", "latest_contact_date": "2019-11-20"},  # the newest plan sets none: 56
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
            LEAVER | {"child_id": "A", "pathway_plan_review_date": "2019-07-01"},
            LEAVER | {"child_id": "B", "pathway_plan_review_date": "2019-06-30"},  # + 6 months = 30 December
            LEAVER | {"child_id": "C", "pathway_plan_review_date": None},
            LEAVER | {"child_id": "D", "pathway_plan_review_date": "2019-01-01"},
            LEAVER | {"child_id": "E", "pathway_plan_review_date": "2019-12-31"},
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
                        LEAVER | {"pathway_plan_review_date": "2019-03-30"},
                        LEAVER | {"pathway_plan_review_date": "2019-03-29"},
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
                        LEAVER
                        | {"pathway_plan_review_date": "2019-03-30", "latest_contact_date": "2019-08-05"},
                        LEAVER
                        | {"pathway_plan_review_date": "2019-03-29", "latest_contact_date": "2019-09-01"},
                        LEAVER
                        | {"pathway_plan_review_date": "2019-09-01", "latest_contact_date": "2019-08-04"},
                        LEAVER
                        | {
                            "pathway_plan_review_date": "2019-09-01",
                            "latest_contact_date": "2019-09-01",
                            "in_touch": "NO",
                        },
                        LEAVER
                        | {
                            "pathway_plan_review_date": "2019-09-02",
                            "latest_contact_date": "2019-09-01",
                            "in_touch": "REFU",
                        },
                        LEAVER
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
]

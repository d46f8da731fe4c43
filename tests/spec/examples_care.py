"""Children in care, missing children and care leavers."""

from casebook import Delivery
from examples import Example, example

IN_CARE = {
    "cla_start_date": "2019-05-01",
    "date_of_birth": "2010-01-01",
    "legal_status": "C2",
    "placements_last_12m": 1,
}
LEAVER = {
    "eligibility": "FR",
    "in_touch": "YES",
    "activity_status": "F2",
    "accommodation_suitability": "1",
    "latest_contact_date": "2019-12-01",
    "pathway_plan_review_date": "2019-12-01",
}
VISIT = {"child_id": "A", "visit_frequency_days": 91}

EXAMPLES = [
    example(
        "cla_stock",
        "open on the last day, under 18, and not on short breaks",
        {"2019/20 Q3": 4, "2019/20 Q2": 5},
        children_in_care=[
            IN_CARE | {"child_id": "A"},
            IN_CARE | {"child_id": "B", "cla_start_date": "2019-12-31"},
            IN_CARE | {"child_id": "C", "cla_end_date": "2019-12-31"},  # ends on the day: not in care
            IN_CARE | {"child_id": "D", "cla_end_date": "2020-01-01"},
            IN_CARE | {"child_id": "E", "date_of_birth": "2001-12-31"},  # 18 on the day: not in care
            IN_CARE | {"child_id": "F", "date_of_birth": "2002-01-01"},  # 18 the day after
            IN_CARE | {"child_id": "G", "legal_status": "V4"},
            IN_CARE | {"child_id": "H", "legal_status": "V3"},
            IN_CARE | {"child_id": "I", "legal_status": "V1"},
            IN_CARE | {"child_id": "A", "cla_start_date": "2019-06-01"},  # one child, counted once
        ],
    ),
    example(
        "cla_stock",
        "a child whose date of birth is not known counts",
        {"2019/20 Q3": 1},
        children_in_care=[IN_CARE | {"date_of_birth": None}],
    ),
    example(
        "cla_3plus_placements_count",
        "three placements count, two do not, nor does a child who has left",
        {"2019/20 Q3": 4},
        children_in_care=[
            IN_CARE | {"child_id": "A", "placements_last_12m": 3},
            IN_CARE | {"child_id": "B", "placements_last_12m": 2},
            IN_CARE | {"child_id": "C", "placements_last_12m": 4, "cla_end_date": "2019-12-31"},
            IN_CARE | {"child_id": "D", "placements_last_12m": 5},
            IN_CARE | {"child_id": "E", "placements_last_12m": 5, "date_of_birth": "2001-12-31"},
            IN_CARE | {"child_id": "F", "placements_last_12m": 5, "legal_status": "V4"},
            IN_CARE | {"child_id": "G", "placements_last_12m": 5, "legal_status": "V3"},
            IN_CARE | {"child_id": "H", "placements_last_12m": 5, "legal_status": "V1"},
            IN_CARE | {"child_id": "I", "placements_last_12m": 5, "date_of_birth": None},
            IN_CARE | {"child_id": "J", "placements_last_12m": 5, "date_of_birth": "2002-01-01"},
            IN_CARE | {"child_id": "D", "placements_last_12m": 5, "cla_start_date": "2019-06-01"},
        ],
    ),
    Example(
        "cla_3plus_placements_count",
        "the number of placements is known only from a delivery near the period's end",
        (
            Delivery(
                "2019-12-31",
                {"children_in_care": [IN_CARE | {"placements_last_12m": 3}]},
                covers_from="2019-04-01",
            ),
        ),
        {"2019/20 Q2": "x", "2019/20 Q3": 1},
    ),
    example(
        "cla_3plus_placements_pct",
        "of all children in care on the day",
        {"2019/20 Q3": (1, 3)},
        children_in_care=[
            IN_CARE | {"placements_last_12m": 3},
            IN_CARE | {"placements_last_12m": 2},
            IN_CARE | {"placements_last_12m": None},
            IN_CARE | {"placements_last_12m": 9, "cla_end_date": "2019-12-01"},
        ],
    ),
    example(
        "cla_3plus_placements_pct",
        "no children in care, no percentage",
        {"2019/20 Q3": "z"},
        children_in_care=[IN_CARE | {"cla_end_date": "2019-06-01"}],
    ),
    example(
        "cla_visits_in_time_pct",
        "visits due in the quarter; made on the due day is in time; not made is late",
        {"2019/20 Q3": (3, 5), "2019/20 Q2": (1, 1)},
        children_in_care=[],
        cla_visits=[
            {"cla_visit_due_date": "2019-10-01", "cla_visit_date": "2019-10-01"},
            {"cla_visit_due_date": "2019-12-31", "cla_visit_date": "2019-12-30"},
            {"cla_visit_due_date": "2019-11-01", "cla_visit_date": "2019-11-02"},
            {"cla_visit_due_date": "2019-11-15", "cla_visit_date": None},
            {"cla_visit_due_date": "2019-09-30", "cla_visit_date": "2019-09-30"},
            {"cla_visit_due_date": "2019-10-05", "cla_visit_date": "2019-09-20"},
            {"cla_visit_due_date": "2019-11-20", "cla_visit_date": "2019-11-20", "visit_type": "Other"},
        ],
    ),
    example(
        "cla_visits_in_time_pct",
        "without a due date the plan's frequency counts from the visit before, else 42 days",
        {"2019/20 Q3": (2, 4)},
        children_in_care=[],
        cla_visits=[
            {"child_id": "A", "cla_visit_date": "2019-09-01"},
            {"child_id": "A", "cla_visit_date": "2019-10-13"},  # 42 days after: in time
            {"child_id": "A", "cla_visit_date": "2019-11-25"},  # 43 days after: late
            {"child_id": "B", "cla_visit_date": "2019-09-20"},
            {"child_id": "B", "cla_visit_date": "2019-10-04", "visit_frequency_days": 14},  # in time
            {"child_id": "B", "cla_visit_date": "2019-10-19", "visit_frequency_days": 14},  # late
        ],
    ),
    example(
        "cla_visits_in_time_pct",
        "the first visit is due a week after placement, later ones after 91 days when the plan is long term",
        {"2019/20 Q3": (2, 2), "2019/20 Q2": (1, 2)},
        children_in_care=[
            IN_CARE | {"child_id": "A", "placement_start_date": "2019-09-01", "permanence_plan": "LTFOST"},
            IN_CARE | {"child_id": "B", "placement_start_date": "2019-09-01"},
            IN_CARE | {"child_id": "C", "placement_start_date": "2019-09-25"},
        ],
        cla_visits=[
            {"child_id": "A", "cla_visit_date": "2019-09-08"},
            {"child_id": "A", "cla_visit_date": "2019-12-08"},
            {"child_id": "B", "cla_visit_date": "2019-09-09"},
            {"child_id": "C", "cla_visit_date": "2019-10-02"},
        ],
    ),
    example(
        "cla_visits_in_time_pct",
        "the first visit is due a week after the placement that had begun by then, whatever began since",
        {"2019/20 Q2": (1, 1), "2019/20 Q3": (0, 1)},
        children_in_care=[
            IN_CARE
            | {
                "child_id": "A",
                "cla_start_date": "2019-09-20",
                "placement_start_date": "2019-09-21",
                "cla_end_date": "2019-12-01",
            },
            IN_CARE | {"child_id": "A", "cla_start_date": "2019-12-20", "placement_start_date": "2019-12-20"},
            IN_CARE | {"child_id": "B", "placement_start_date": "2019-10-01"},
            IN_CARE | {"child_id": "C", "placement_start_date": "2019-10-02"},
        ],
        cla_visits=[
            {"child_id": "A", "cla_visit_date": "2019-09-26"},
            {"child_id": "B", "cla_visit_date": "2019-10-09"},  # due the day before
            {"child_id": "C", "cla_visit_date": "2019-10-01"},  # not placed yet
        ],
    ),
    example(
        "cla_visits_in_time_pct",
        "two visits on a day are both after the visit before that day",
        {"2019/20 Q3": (0, 2)},
        children_in_care=[],
        cla_visits=[
            {"child_id": "A", "cla_visit_date": "2019-09-01"},
            {"child_id": "A", "cla_visit_date": "2019-10-14", "visit_type": "Statutory"},  # 43 days after
            {"child_id": "A", "cla_visit_date": "2019-10-14", "visit_type": None},
        ],
    ),
    Example(
        "cla_visits_in_time_pct",
        "a visit that was withdrawn is no visit before",
        (
            Delivery(
                "2019-09-30",
                {"cla_visits": [VISIT | {"cla_visit_date": day} for day in ("2019-05-16", "2019-08-10")]},
            ),
            Delivery("2019-12-31", {"cla_visits": [VISIT | {"cla_visit_date": "2019-12-01"}]}),
        ),
        {"2019/20 Q2": (0, 1), "2019/20 Q3": "z"},  # due on 15 August, 91 days after 16 May
    ),
    example(
        "missing_cla_open_stock",
        "children in care on the day whose episode has not ended by the end of it",
        {"2019/20 Q3": 2},
        children_in_care=[
            IN_CARE | {"child_id": "A"},
            IN_CARE | {"child_id": "B"},
            IN_CARE | {"child_id": "C"},
            IN_CARE | {"child_id": "E", "cla_end_date": "2019-12-30"},
            IN_CARE | {"child_id": "F"},
        ],
        missing_episodes=[
            {"child_id": "A", "missing_start": "2019-12-31 22:00", "missing_type": "M"},
            {"child_id": "A", "missing_start": "2019-12-01 22:00", "missing_type": "M"},
            {
                "child_id": "B",
                "missing_start": "2019-12-30 22:00",
                "missing_end": "2019-12-31 23:00",
                "missing_type": "M",
            },
            {
                "child_id": "C",
                "missing_start": "2019-12-30",
                "missing_end": "2020-01-01 01:00",
                "missing_type": "M",
            },
            {"child_id": "D", "missing_start": "2019-12-30", "missing_type": "M"},  # not in care
            {"child_id": "E", "missing_start": "2019-12-20", "missing_type": "M"},  # has left care
            {"child_id": "F", "missing_start": "2019-12-30", "missing_type": "A"},  # away, not missing
        ],
    ),
    example(
        "missing_episodes_count",
        "episodes of type missing that start in the quarter while the child is in care",
        {"2019/20 Q3": 4, "2019/20 Q2": 1},
        children_in_care=[
            IN_CARE | {"child_id": "A"},
            IN_CARE | {"child_id": "B", "cla_start_date": "2019-11-01", "cla_end_date": "2019-12-01"},
        ],
        missing_episodes=[
            {
                "child_id": "A",
                "missing_start": "2019-09-30 23:59",
                "missing_end": "2019-10-02",
                "missing_type": "M",
            },
            {"child_id": "A", "missing_start": "2019-10-01 00:00", "missing_type": "M"},
            {"child_id": "A", "missing_start": "2019-12-31 23:00", "missing_type": "M"},
            {"child_id": "A", "missing_start": "2019-11-05", "missing_type": "A"},
            {"child_id": "A", "missing_start": "2019-11-06", "missing_type": None},
            {"child_id": "B", "missing_start": "2019-10-31", "missing_type": "M"},
            {"child_id": "B", "missing_start": "2019-11-01", "missing_type": "M"},
            {"child_id": "B", "missing_start": "2019-12-01", "missing_type": "M"},  # left that day
        ],
    ),
    example(
        "missing_rhi_accepted_count",
        "interviews accepted on the episodes counted in the quarter",
        {"2019/20 Q3": 2, "2019/20 Q2": 1},
        children_in_care=[IN_CARE | {"child_id": "A"}],
        missing_episodes=[
            {"child_id": "A", "missing_start": "2019-10-01", "rhi_accepted": "Y", "missing_type": "M"},
            {"child_id": "A", "missing_start": "2019-12-31", "rhi_accepted": "Y", "missing_type": "M"},
            {
                "child_id": "A",
                "missing_start": "2019-10-05",
                "rhi_offered": "Y",
                "rhi_accepted": "N",
                "missing_type": "M",
            },
            {"child_id": "A", "missing_start": "2019-10-06", "rhi_offered": "Y", "missing_type": "M"},
            {
                "child_id": "A",
                "missing_start": "2019-09-30",
                "missing_end": "2019-10-01",
                "rhi_accepted": "Y",
                "missing_type": "M",
            },
            {"child_id": "A", "missing_start": "2019-10-07", "rhi_accepted": "Y", "missing_type": "A"},
            {"child_id": "Z", "missing_start": "2019-10-07", "rhi_accepted": "Y", "missing_type": "M"},
        ],
    ),
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

"""Children in care: how many, how often they move, and whether they are visited in time."""

from tests.spec.casebook import Delivery
from tests.spec.examples import Example, example

VISIT = {"child_id": "A", "visit_frequency_days": 91}

IN_CARE = {"cla_start_date": "2019-05-01", "date_of_birth": "2010-01-01", "legal_status": "C2"}
PLACED_ONCE = IN_CARE | {"placements_last_12m": 1}

EXAMPLES = [
    example(
        "cla_stock",
        "open on the last day, under 18, and not on short breaks",
        {"2019/20 Q3": 4, "2019/20 Q2": 5},
        children_in_care=[
            PLACED_ONCE | {"child_id": "A"},
            PLACED_ONCE | {"child_id": "B", "cla_start_date": "2019-12-31"},
            PLACED_ONCE | {"child_id": "C", "cla_end_date": "2019-12-31"},  # ends on the day: not in care
            PLACED_ONCE | {"child_id": "D", "cla_end_date": "2020-01-01"},
            PLACED_ONCE | {"child_id": "E", "date_of_birth": "2001-12-31"},  # 18 on the day: not in care
            PLACED_ONCE | {"child_id": "F", "date_of_birth": "2002-01-01"},  # 18 the day after
            PLACED_ONCE | {"child_id": "G", "legal_status": "V4"},
            PLACED_ONCE | {"child_id": "H", "legal_status": "V3"},
            PLACED_ONCE | {"child_id": "I", "legal_status": "V1"},
            PLACED_ONCE | {"child_id": "A", "cla_start_date": "2019-06-01"},  # one child, counted once
        ],
    ),
    example(
        "cla_stock",
        "a child whose date of birth is not known counts",
        {"2019/20 Q3": 1},
        children_in_care=[PLACED_ONCE | {"date_of_birth": None}],
    ),
    example(
        "cla_3plus_placements_count",
        "three placements count, two do not, nor does a child who has left",
        {"2019/20 Q3": 4},
        children_in_care=[
            PLACED_ONCE | {"child_id": "A", "placements_last_12m": 3},
            PLACED_ONCE | {"child_id": "B", "placements_last_12m": 2},
            PLACED_ONCE | {"child_id": "C", "placements_last_12m": 4, "cla_end_date": "2019-12-31"},
            PLACED_ONCE | {"child_id": "D", "placements_last_12m": 5},
            PLACED_ONCE | {"child_id": "E", "placements_last_12m": 5, "date_of_birth": "2001-12-31"},
            PLACED_ONCE | {"child_id": "F", "placements_last_12m": 5, "legal_status": "V4"},
            PLACED_ONCE | {"child_id": "G", "placements_last_12m": 5, "legal_status": "V3"},
            PLACED_ONCE | {"child_id": "H", "placements_last_12m": 5, "legal_status": "V1"},
            PLACED_ONCE | {"child_id": "I", "placements_last_12m": 5, "date_of_birth": None},
            PLACED_ONCE | {"child_id": "J", "placements_last_12m": 5, "date_of_birth": "2002-01-01"},
            PLACED_ONCE | {"child_id": "D", "placements_last_12m": 5, "cla_start_date": "2019-06-01"},
        ],
    ),
    Example(
        "cla_3plus_placements_count",
        "the number of placements is known only from a delivery near the period's end",
        (
            Delivery(
                "2019-12-31",
                {"children_in_care": [PLACED_ONCE | {"placements_last_12m": 3}]},
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
            PLACED_ONCE | {"placements_last_12m": 3},
            PLACED_ONCE | {"placements_last_12m": 2},
            PLACED_ONCE | {"placements_last_12m": None},
            PLACED_ONCE | {"placements_last_12m": 9, "cla_end_date": "2019-12-01"},
        ],
    ),
    example(
        "cla_3plus_placements_pct",
        "no children in care, no percentage",
        {"2019/20 Q3": "z"},
        children_in_care=[PLACED_ONCE | {"cla_end_date": "2019-06-01"}],
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
            PLACED_ONCE
            | {"child_id": "A", "placement_start_date": "2019-09-01", "permanence_plan": "LTFOST"},
            PLACED_ONCE | {"child_id": "B", "placement_start_date": "2019-09-01"},
            PLACED_ONCE | {"child_id": "C", "placement_start_date": "2019-09-25"},
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
            PLACED_ONCE
            | {
                "child_id": "A",
                "cla_start_date": "2019-09-20",
                "placement_start_date": "2019-09-21",
                "cla_end_date": "2019-12-01",
            },
            PLACED_ONCE
            | {"child_id": "A", "cla_start_date": "2019-12-20", "placement_start_date": "2019-12-20"},
            PLACED_ONCE | {"child_id": "B", "placement_start_date": "2019-10-01"},
            PLACED_ONCE | {"child_id": "C", "placement_start_date": "2019-10-02"},
        ],
        cla_visits=[
            {"child_id": "A", "cla_visit_date": "2019-09-26"},
            {"child_id": "B", "cla_visit_date": "2019-10-09"},  # due the day before
            {"child_id": "C", "cla_visit_date": "2019-10-01"},  # not placed yet
        ],
    ),
    example(
        "cla_visits_in_time_pct",
        "91 days hold while the period of care with the long-term plan runs, not for one before or after it",
        {"2019/20 Q2": (1, 1), "2019/20 Q3": (0, 1)},
        children_in_care=[
            PLACED_ONCE | {"child_id": "A", "cla_end_date": "2019-09-30", "permanence_plan": "LTFOST"},
            PLACED_ONCE | {"child_id": "A", "cla_start_date": "2019-10-10", "permanence_plan": "RETURN"},
        ],
        cla_visits=[
            {"child_id": "A", "cla_visit_date": "2019-06-01"},
            {"child_id": "A", "cla_visit_date": "2019-08-20"},  # 80 days after, within 91
            {"child_id": "A", "cla_visit_date": "2019-10-20"},  # 61 days after, due after 42
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
        "cla_seen_alone_pct",
        "visits made in the quarter, whatever they were due",
        {"2019/20 Q3": (2, 5), "2019/20 Q2": (1, 1)},
        children_in_care=[],
        cla_visits=[
            {"cla_visit_date": "2019-10-01", "is_seen_alone": "Y"},
            {"cla_visit_date": "2019-12-31", "is_seen_alone": "Y", "cla_visit_due_date": "2020-01-31"},
            {"cla_visit_date": "2019-11-01", "is_seen_alone": "N"},
            {"cla_visit_date": "2019-11-02", "is_seen_alone": "U"},
            {"cla_visit_date": "2019-11-03", "is_seen_alone": None},
            {"cla_visit_date": "2019-09-30", "is_seen_alone": "Y", "cla_visit_due_date": "2019-10-05"},
            {"cla_visit_due_date": "2019-12-01"},  # not made
        ],
    ),
    example(
        "cla_visit_uptodate_pct",
        "42 days, or 91 when the plan is a long-term placement",
        {"2019/20 Q3": (6, 10), "2019/20 Q2": "x"},
        children_in_care=[
            IN_CARE | {"last_visit_date": "2019-11-19"},  # + 42 = 31 December
            IN_CARE | {"last_visit_date": "2019-11-18"},
            IN_CARE | {"last_visit_date": "2019-12-31"},
            IN_CARE | {"last_visit_date": "2019-11-18", "permanence_plan": "RETURN"},
            IN_CARE | {"last_visit_date": "2019-10-01", "permanence_plan": "LTFOST"},  # + 91 = 31 December
            IN_CARE | {"last_visit_date": "2019-09-30", "permanence_plan": "LTFOST"},
            IN_CARE | {"last_visit_date": "2019-10-01", "permanence_plan": "RESPLMT"},
            IN_CARE | {"last_visit_date": "2019-10-02", "permanence_plan": "RESPLMT"},
            IN_CARE | {"last_visit_date": "2019-10-20", "permanence_plan": "LTFOST"},
            IN_CARE | {"last_visit_date": None, "permanence_plan": "LTFOST"},
            IN_CARE | {"last_visit_date": "2019-12-30", "cla_end_date": "2019-12-31"},
        ],
    ),
    Example(
        "cla_visit_uptodate_pct",
        "a later delivery's visit and plan say nothing of an earlier quarter",
        (
            Delivery(
                "2019-09-30",
                {
                    "children_in_care": [
                        IN_CARE | {"child_id": "A", "last_visit_date": "2019-08-01"},
                        IN_CARE
                        | {"child_id": "B", "last_visit_date": "2019-06-01", "permanence_plan": "LTFOST"},
                        IN_CARE | {"child_id": "C", "last_visit_date": "2019-08-01"},
                    ]
                },
            ),
            Delivery(
                "2019-12-31",
                {
                    "children_in_care": [
                        IN_CARE | {"child_id": "A", "last_visit_date": "2019-12-30"},
                        IN_CARE
                        | {"child_id": "B", "last_visit_date": "2019-12-30", "permanence_plan": "LTFOST"},
                        IN_CARE
                        | {"child_id": "C", "last_visit_date": "2019-08-01", "permanence_plan": "LTFOST"},
                    ]
                },
            ),
        ),
        {"2019/20 Q2": (0, 3), "2019/20 Q3": (2, 3)},
    ),
]

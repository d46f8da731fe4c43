"""Children missing from care, and the interviews when they return."""

from tests.spec.examples import example

IN_CARE = {"cla_start_date": "2019-05-01", "date_of_birth": "2010-01-01", "legal_status": "C2"}
PLACED_ONCE = IN_CARE | {"placements_last_12m": 1}

MISSING = {"child_id": "A", "missing_type": "M"}

NOT_COUNTED = [
    MISSING | {"missing_start": "2019-11-20", "missing_end": "2019-11-21", "missing_type": "A"},
    MISSING | {"missing_start": "2019-11-20", "missing_end": "2019-11-21", "child_id": "not in care"},
]
"""Away without authorisation; and missing, but not in care."""


def offered(**answers: str | None) -> list[dict[str, str | None]]:
    """What is not counted, with the same answers on the interview as what is."""
    return [row | answers for row in NOT_COUNTED]


EXAMPLES = [
    example(
        "missing_cla_open_stock",
        "children in care on the day whose episode has not ended by the end of it",
        {"2019/20 Q3": 2},
        children_in_care=[
            PLACED_ONCE | {"child_id": "A"},
            PLACED_ONCE | {"child_id": "B"},
            PLACED_ONCE | {"child_id": "C"},
            PLACED_ONCE | {"child_id": "E", "cla_end_date": "2019-12-30"},
            PLACED_ONCE | {"child_id": "F"},
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
            PLACED_ONCE | {"child_id": "A"},
            PLACED_ONCE | {"child_id": "B", "cla_start_date": "2019-11-01", "cla_end_date": "2019-12-01"},
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
        children_in_care=[PLACED_ONCE | {"child_id": "A"}],
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
        "missing_children_count",
        "each child once a period, however often it went missing",
        {"2019/20 Q3": 3, "2019/20 Q2": 1, "2019/20 Q3 ytd": 3},
        children_in_care=[IN_CARE | {"child_id": child} for child in "ABCD"],
        missing_episodes=[
            MISSING | {"missing_start": "2019-09-30 23:00", "missing_end": "2019-10-01"},
            MISSING | {"missing_start": "2019-10-01"},
            MISSING | {"missing_start": "2019-10-02"},
            MISSING | {"missing_start": "2019-12-31 22:00", "child_id": "B"},
            MISSING | {"missing_start": "2019-11-01", "child_id": "C", "missing_type": None},
            MISSING | {"missing_start": "2019-11-02", "child_id": "D", "missing_type": "A"},
            *NOT_COUNTED,
        ],
    ),
    example(
        "missing_cla_pct",
        "of the children who were in care on any day of the period",
        {"2019/20 Q3": (1, 5), "2019/20 Q2": (1, 5), "2019/20 Q3 ytd": (2, 7)},
        children_in_care=[
            IN_CARE | {"child_id": "A"},
            IN_CARE | {"child_id": "A", "cla_start_date": "2019-06-01"},  # one child, counted once
            IN_CARE | {"child_id": "B", "cla_end_date": "2019-10-01"},  # left on the first day: not in care
            IN_CARE | {"child_id": "C", "cla_end_date": "2019-10-02"},
            IN_CARE | {"child_id": "D", "cla_start_date": "2019-12-31"},
            IN_CARE | {"child_id": "E", "cla_start_date": "2020-01-01"},
            IN_CARE | {"child_id": "F", "date_of_birth": "2001-10-02"},  # 17 on the first day
            IN_CARE | {"child_id": "G", "date_of_birth": "2001-10-01"},  # 18 on the first day
            IN_CARE | {"child_id": "H", "date_of_birth": "2001-11-01", "cla_start_date": "2019-11-01"},
            IN_CARE | {"child_id": "I", "date_of_birth": "2001-11-02", "cla_start_date": "2019-11-01"},
            IN_CARE | {"child_id": "J", "date_of_birth": "2001-04-01", "cla_start_date": "2019-03-01"},
            IN_CARE | {"child_id": "K", "date_of_birth": "2001-04-02", "cla_end_date": "2019-05-01"},
            IN_CARE | {"child_id": "L", "legal_status": "V1"},
            IN_CARE | {"child_id": "M", "legal_status": "V3"},
            IN_CARE | {"child_id": "N", "legal_status": "V4"},
        ],
        missing_episodes=[
            MISSING | {"missing_start": "2019-11-01"},
            MISSING | {"missing_start": "2019-11-02"},
            MISSING | {"missing_start": "2019-09-01", "child_id": "B"},
            MISSING | {"missing_start": "2019-11-01", "child_id": "B"},  # has left care
            *NOT_COUNTED,
        ],
    ),
    example(
        "missing_cla_pct",
        "a child whose date of birth is not known is in care",
        {"2019/20 Q3": (0, 1)},
        children_in_care=[IN_CARE | {"date_of_birth": None}],
        missing_episodes=[],
    ),
    example(
        "missing_repeat_pct",
        "two episodes in the period, both in care and both missing",
        {"2019/20 Q3": (2, 4), "2019/20 Q2": (0, 1), "2019/20 Q3 ytd": (3, 4)},
        children_in_care=[IN_CARE | {"child_id": child} for child in "ABCD"],
        missing_episodes=[
            MISSING | {"missing_start": "2019-10-01 01:00", "missing_end": "2019-10-01 12:00"},
            MISSING | {"missing_start": "2019-10-01 20:00"},  # again on the same day
            MISSING | {"missing_start": "2019-12-31"},
            MISSING | {"missing_start": "2019-09-30", "child_id": "B"},
            MISSING | {"missing_start": "2019-10-01", "child_id": "B"},
            MISSING | {"missing_start": "2019-10-05", "child_id": "C"},
            MISSING | {"missing_start": "2019-10-06", "child_id": "C", "missing_type": "A"},
            MISSING | {"missing_start": "2019-10-07", "child_id": "D"},
            MISSING | {"missing_start": "2019-11-07", "child_id": "D"},
            *NOT_COUNTED,
            *(row | {"missing_start": "2019-11-25"} for row in NOT_COUNTED),
        ],
    ),
    example(
        "missing_rhi_offered_pct",
        "offered, of the episodes that started in the quarter and are over",
        {"2019/20 Q3": (1, 4), "2019/20 Q2": (1, 1)},
        children_in_care=[IN_CARE | {"child_id": "A"}],
        missing_episodes=[
            MISSING | {"missing_start": "2019-10-01", "missing_end": "2019-10-02", "rhi_offered": "Y"},
            MISSING | {"missing_start": "2019-12-31", "missing_end": "2019-12-31", "rhi_offered": "N"},
            MISSING | {"missing_start": "2019-11-01", "missing_end": "2019-11-02", "rhi_offered": "U"},
            MISSING | {"missing_start": "2019-11-03", "missing_end": "2019-11-04", "rhi_offered": None},
            MISSING | {"missing_start": "2019-12-30", "missing_end": None, "rhi_offered": "Y"},
            MISSING
            | {
                "missing_start": "2019-09-30",
                "missing_end": "2019-10-01",
                "rhi_offered": "Y",
                "rhi_date": "2019-10-02",
            },
            *offered(rhi_offered="Y"),
        ],
    ),
    example(
        "missing_rhi_accepted_pct",
        "accepted, of those offered",
        {"2019/20 Q3": (1, 3), "2019/20 Q2": (1, 1)},
        children_in_care=[IN_CARE | {"child_id": "A"}],
        missing_episodes=[
            MISSING | {"missing_start": "2019-10-01", "rhi_offered": "Y", "rhi_accepted": "Y"},
            MISSING | {"missing_start": "2019-12-31", "rhi_offered": "Y", "rhi_accepted": "N"},
            MISSING | {"missing_start": "2019-11-01", "rhi_offered": "Y", "rhi_accepted": None},
            MISSING | {"missing_start": "2019-11-03", "rhi_offered": "N", "rhi_accepted": "Y"},
            MISSING | {"missing_start": "2019-11-04", "rhi_offered": None, "rhi_accepted": "Y"},
            MISSING
            | {
                "missing_start": "2019-09-30",
                "missing_end": "2019-10-01",
                "rhi_offered": "Y",
                "rhi_accepted": "Y",
                "rhi_date": "2019-10-02",
            },
            *offered(rhi_offered="Y", rhi_accepted="Y"),
        ],
    ),
    example(
        "missing_rhi_72h_pct",
        "three days after the return, of the accepted interviews after returns in the quarter",
        {"2019/20 Q3": (3, 5), "2019/20 Q2": (1, 1)},
        children_in_care=[IN_CARE | {"child_id": "A"}],
        missing_episodes=[
            MISSING | episode | {"rhi_accepted": "Y"}
            for episode in (
                {"missing_start": "2019-09-30", "missing_end": "2019-10-01 23:00", "rhi_date": "2019-10-04"},
                {"missing_start": "2019-11-01", "missing_end": "2019-11-02", "rhi_date": "2019-11-06"},  # 4
                {"missing_start": "2019-11-10", "missing_end": "2019-11-11", "rhi_date": "2019-11-11"},
                {"missing_start": "2019-12-30", "missing_end": "2019-12-31 09:00", "rhi_date": None},
                {"missing_start": "2019-12-01", "missing_end": "2019-12-02", "rhi_date": "2019-12-04"},
                {"missing_start": "2019-09-28", "missing_end": "2019-09-30", "rhi_date": "2019-10-01"},
                {"missing_start": "2019-12-15", "missing_end": None, "rhi_date": "2019-12-16"},
            )
        ]
        + [
            MISSING
            | {
                "missing_start": "2019-11-20",
                "missing_end": "2019-11-21",
                "rhi_accepted": "N",
                "rhi_date": "2019-11-21",
            },
            *offered(rhi_accepted="Y", rhi_date="2019-11-21"),
        ],
    ),
    example(
        "away_episodes_count",
        "episodes away from placement that start in the quarter while the child is in care",
        {"2019/20 Q3": 2, "2019/20 Q2": 1},
        children_in_care=[IN_CARE | {"child_id": "A"}],
        missing_episodes=[
            MISSING | {"missing_type": "A", "missing_start": "2019-10-01 00:30"},
            MISSING | {"missing_type": "A", "missing_start": "2019-12-31 23:00"},
            MISSING
            | {
                "missing_type": "A",
                "missing_start": "2019-09-30",
                "missing_end": "2019-10-01",
                "rhi_date": "2019-10-02",
            },
            MISSING | {"missing_start": "2019-11-01"},
            MISSING | {"missing_start": "2019-11-02", "missing_type": None},
            *NOT_COUNTED[1:],
            MISSING | {"missing_type": "A", "missing_start": "2019-11-03", "child_id": "not in care"},
        ],
    ),
    example(
        "missing_median_hours",
        "the middle of the hours of episodes that ended in the quarter",
        {"2019/20 Q3": (5.5, 3), "2019/20 Q2": (24, 1)},
        children_in_care=[IN_CARE | {"child_id": "A"}],
        missing_episodes=[
            MISSING | {"missing_start": "2019-09-30 22:00", "missing_end": "2019-10-01 03:30"},
            MISSING | {"missing_start": "2019-12-31 20:00", "missing_end": "2019-12-31 22:00"},
            MISSING | {"missing_start": "2019-11-01", "missing_end": "2019-11-03"},
            MISSING | {"missing_start": "2019-12-30", "missing_end": None},
            MISSING | {"missing_start": "2019-09-01", "missing_end": "2019-09-02"},
            *NOT_COUNTED,
        ],
    ),
]

"""Children missing from care in the committee's table: now, in the quarter, and interviewed."""

from tests.spec.examples import example
from tests.spec.examples_care import IN_CARE

EXAMPLES = [
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
]

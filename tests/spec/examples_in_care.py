"""Children in care: who comes and goes, and where they live."""

from tests.spec.casebook import Delivery
from tests.spec.examples import Example, example

IN_CARE = {"cla_start_date": "2019-05-01", "date_of_birth": "2010-01-01", "legal_status": "C2"}

EXAMPLES = [
    example(
        "cla_started_count",
        "every start in the quarter of a child under 18, short breaks left out",
        {"2019/20 Q3": 5, "2019/20 Q2": 1, "2019/20 Q3 ytd": 6},
        children_in_care=[
            IN_CARE | {"cla_start_date": "2019-09-30"},
            IN_CARE | {"cla_start_date": "2019-10-01"},
            IN_CARE | {"cla_start_date": "2019-12-31", "cla_end_date": "2019-12-31"},
            IN_CARE | {"cla_start_date": "2019-11-01", "date_of_birth": None},
            IN_CARE | {"cla_start_date": "2019-11-01", "date_of_birth": "2001-11-02"},  # 18 the day after
            IN_CARE | {"cla_start_date": "2019-11-01", "date_of_birth": "2001-11-01"},  # 18 on the day
            IN_CARE | {"cla_start_date": "2019-11-01", "date_of_birth": "2001-10-01"},
            IN_CARE | {"cla_start_date": "2019-11-01", "legal_status": "V1"},
            IN_CARE | {"cla_start_date": "2019-11-01", "legal_status": "V3"},
            IN_CARE | {"cla_start_date": "2019-11-01", "legal_status": "V4"},
            IN_CARE | {"cla_start_date": "2019-11-01", "legal_status": None},
        ],
    ),
    Example(
        "cla_rate_10k",
        "two children in care of 4,000 in the middle of 2019 are 5 in 10,000",
        (
            Delivery(
                "2019-12-31",
                {"children_in_care": [IN_CARE, IN_CARE, IN_CARE | {"cla_end_date": "2019-12-31"}]},
            ),
        ),
        {"2019/20 Q3": (2, 4000)},
        {2018: 3000, 2019: 4000, 2020: 5000},
    ),
    example(
        "cla_repeat_12m_pct",
        "an earlier period that ended 1 to 365 days before, else as the list says",
        {"2019/20 Q3": (3, 7)},
        children_in_care=[
            IN_CARE | {"child_id": "A", "cla_start_date": "2019-05-01", "cla_end_date": "2019-10-09"},
            IN_CARE | {"child_id": "A", "cla_start_date": "2019-10-10", "cla_end_date": "2019-10-20"},
            # on the day the one before ended: goes on, and is no return
            IN_CARE | {"child_id": "B", "cla_start_date": "2019-05-01", "cla_end_date": "2019-10-10"},
            IN_CARE | {"child_id": "B", "cla_start_date": "2019-10-10"},
            IN_CARE | {"child_id": "C", "cla_start_date": "2018-10-01", "cla_end_date": "2018-10-10"},
            IN_CARE | {"child_id": "C", "cla_start_date": "2019-10-10"},  # 365 days
            IN_CARE | {"child_id": "D", "cla_start_date": "2018-10-01", "cla_end_date": "2018-10-09"},
            IN_CARE | {"child_id": "D", "cla_start_date": "2019-10-10"},  # 366
            *(
                IN_CARE | {"cla_start_date": "2019-10-10", "second_or_subsequent_period_12m": said}
                for said in ("Y", "N", None)
            ),
        ],
    ),
    Example(
        "cla_repeat_12m_pct",
        "where deliveries reach back a year, history counts and not what the list says",
        (
            Delivery(
                "2019-12-31",
                {
                    "children_in_care": [
                        IN_CARE | {"cla_start_date": "2019-10-10", "second_or_subsequent_period_12m": "Y"},
                        IN_CARE | {"cla_start_date": "2019-10-10", "second_or_subsequent_period_12m": "N"},
                    ]
                },
                covers_from="2018-10-01",
            ),
        ),
        {"2019/20 Q3": (0, 2)},
    ),
    example(
        "cla_repeat_12m_pct",
        "short breaks are no earlier period of care",
        {"2019/20 Q3": (1, 4)},
        children_in_care=[
            row
            for status in ("C2", "V1", "V3", "V4")
            for row in (
                IN_CARE
                | {
                    "child_id": status,
                    "legal_status": status,
                    "cla_start_date": "2019-06-01",
                    "cla_end_date": "2019-06-21",
                },
                IN_CARE | {"child_id": status, "legal_status": "C2", "cla_start_date": "2019-10-10"},
            )
        ],
    ),
    example(
        "cla_time_in_care_median",
        "the middle of 2, 5 and 20 days; of two, the mean",
        {"2019/20 Q3": (5, 3), "2019/20 Q2": (14.5, 2)},
        children_in_care=[
            IN_CARE | {"cla_start_date": "2019-12-29"},
            IN_CARE | {"cla_start_date": "2019-12-26"},
            IN_CARE | {"cla_start_date": "2019-12-11"},
            IN_CARE | {"cla_start_date": "2019-09-01", "cla_end_date": "2019-12-31"},
            IN_CARE | {"cla_start_date": "2019-09-30", "cla_end_date": "2019-12-31"},
        ],
    ),
    *(
        example(
            kpi_id,
            "each code of the children in care, and those without one",
            {
                f"2019/20 Q3 {codes[0]}": (2, 4),
                f"2019/20 Q3 {codes[1]}": (1, 4),
                "2019/20 Q3 unknown": (1, 4),
                f"2019/20 Q2 {codes[0]}": "x",
            },
            children_in_care=[
                *(IN_CARE | {column: code} for code in (codes[0], codes[0], codes[1], None)),
                IN_CARE | {column: codes[0], "cla_end_date": "2019-12-31"},
            ],
        )
        for kpi_id, column, codes in (
            ("cla_placement_type", "placement_type", ("U6", "K2")),
            ("cla_placement_provider", "placement_provider", ("PR1", "PR4")),
            ("cla_legal_status", "legal_status", ("C2", "V2")),
            ("cla_permanence_plan", "permanence_plan", ("LTFOST", "RETURN")),
        )
    ),
    example(
        "cla_ceased_reason",
        "each reason of those who left in the quarter",
        {"2019/20 Q3 E4A": (2, 4), "2019/20 Q3 E8": (1, 4), "2019/20 Q3 unknown": (1, 4)},
        children_in_care=[
            IN_CARE | {"cla_end_date": "2019-10-01", "cla_end_reason": "E4A"},
            IN_CARE | {"cla_end_date": "2019-12-31", "cla_end_reason": "E4A"},
            IN_CARE | {"cla_end_date": "2019-11-01", "cla_end_reason": "E8"},
            IN_CARE | {"cla_end_date": "2019-11-01", "cla_end_reason": None},
            IN_CARE | {"cla_end_date": "2019-09-30", "cla_end_reason": "E4A"},
            IN_CARE | {"cla_end_date": "2019-11-01", "cla_end_reason": "X1"},
        ],
    ),
    example(
        "cla_ceased_count",
        "every end of care in the quarter; a change of episode is none",
        {"2019/20 Q3": 3, "2019/20 Q2": 1},
        children_in_care=[
            IN_CARE | {"cla_end_date": "2019-09-30", "cla_end_reason": "E4A"},
            IN_CARE | {"cla_end_date": "2019-10-01", "cla_end_reason": "E4A"},
            IN_CARE | {"cla_end_date": "2019-12-31", "cla_end_reason": "E8"},
            IN_CARE | {"cla_end_date": "2019-11-01", "cla_end_reason": None},
            IN_CARE | {"cla_end_date": "2019-11-01", "cla_end_reason": "X1"},
            IN_CARE | {"cla_end_date": "2019-11-01", "cla_end_reason": "E8", "legal_status": "V1"},
            IN_CARE | {"cla_end_date": "2019-11-01", "cla_end_reason": "E8", "legal_status": "V3"},
            IN_CARE | {"cla_end_date": "2019-11-01", "cla_end_reason": "E8", "legal_status": "V4"},
            IN_CARE,
        ],
    ),
    example(
        "cla_ceased_count",
        "whoever was 18 when care began never was in care, so it cannot end",
        {"2019/20 Q3": 2},
        children_in_care=[
            IN_CARE | {"cla_start_date": "2019-05-01", "cla_end_date": "2019-10-10", "date_of_birth": born}
            for born in ("2001-05-01", "2001-05-02", None)
        ],
    ),
    example(
        "cla_uasc_count",
        "children in care on the day who were unaccompanied within the last 12 months",
        {"2019/20 Q3": 1, "2019/20 Q2": "x"},
        children_in_care=[
            IN_CARE | {"uasc_last_12m": "Y"},
            IN_CARE | {"uasc_last_12m": "N"},
            IN_CARE | {"uasc_last_12m": "U"},
            IN_CARE | {"uasc_last_12m": None},
            IN_CARE | {"uasc_last_12m": "Y", "cla_end_date": "2019-12-31"},
        ],
    ),
    example(
        "cla_longterm_stability_pct",
        "under 16, in care for two and a half years, in the same placement for two",
        {"2019/20 Q3": (2, 4), "2019/20 Q2": "x"},
        children_in_care=[
            # in care since 30 June 2017: 30 months later it is 30 December 2019
            IN_CARE | {"cla_start_date": "2017-06-30", "placement_start_date": "2017-12-31"},  # 24 months
            IN_CARE | {"cla_start_date": "2017-06-30", "placement_start_date": "2018-01-01"},  # a day less
            IN_CARE | {"cla_start_date": "2017-06-30", "placement_start_date": None},
            IN_CARE | {"cla_start_date": "2017-07-01", "placement_start_date": "2017-07-01"},  # a day short
            IN_CARE
            | {
                "cla_start_date": "2016-01-01",
                "placement_start_date": "2016-01-01",
                "date_of_birth": "2004-01-01",  # 16 the day after
            },
            IN_CARE
            | {
                "cla_start_date": "2016-01-01",
                "placement_start_date": "2016-01-01",
                "date_of_birth": "2003-12-31",  # 16 on the day
            },
            IN_CARE | {"cla_start_date": "2016-01-01", "date_of_birth": None},
        ],
    ),
    Example(
        "cla_longterm_stability_pct",
        "two and a half years to the day are long term",
        (
            Delivery(
                "2019-09-30",
                {
                    "children_in_care": [
                        IN_CARE | {"cla_start_date": "2017-03-30", "placement_start_date": "2017-09-30"},
                        IN_CARE | {"cla_start_date": "2017-04-01", "placement_start_date": "2017-09-30"},
                    ]
                },
            ),
        ),
        {"2019/20 Q2": (1, 1)},
    ),
    example(
        "cla_20miles_pct",
        "an open placement of more than 20 miles, once a child",
        {"2019/20 Q3": (3, 6), "2019/20 Q2": (4, 6)},
        children_in_care=[
            *(IN_CARE | {"child_id": child} for child in "ABCDEF"),
            IN_CARE | {"child_id": "G", "cla_end_date": "2019-06-01"},
        ],
        cla_placements=[
            {"child_id": "A", "placement_start_date": "2019-12-31", "placement_distance_miles": 21},
            {"child_id": "A", "placement_start_date": "2019-05-01", "placement_distance_miles": 35},
            {"child_id": "B", "placement_start_date": "2019-05-01", "placement_distance_miles": 20},
            {"child_id": "C", "placement_start_date": "2019-05-01", "placement_distance_miles": 20.1},
            {"child_id": "D", "placement_start_date": "2019-05-01", "placement_distance_miles": None},
            {
                "child_id": "E",
                "placement_start_date": "2019-05-01",
                "placement_end_date": "2019-12-31",  # ends on the day
                "placement_distance_miles": 40,
            },
            {
                "child_id": "F",
                "placement_start_date": "2019-05-01",
                "placement_end_date": "2020-01-01",
                "placement_distance_miles": 40,
            },
            {"child_id": "G", "placement_start_date": "2019-05-01", "placement_distance_miles": 40},
        ],
    ),
    example(
        "cla_out_of_area_pct",
        "placed outside, of all children in care",
        {"2019/20 Q3": (1, 3), "2019/20 Q2": "x"},
        children_in_care=[
            IN_CARE | {"placement_location": "OUT"},
            IN_CARE | {"placement_location": "IN"},
            IN_CARE | {"placement_location": None},
            IN_CARE | {"placement_location": "OUT", "cla_end_date": "2019-12-31"},
        ],
    ),
]

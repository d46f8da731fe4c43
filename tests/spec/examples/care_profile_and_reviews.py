"""Children in care: time in care, placement, legal status and plan, reasons for leaving, returns, reviews."""

from tests.spec.casebook import Delivery
from tests.spec.examples import Example, example

IN_CARE = {"cla_start_date": "2019-05-01", "date_of_birth": "2010-01-01", "legal_status": "C2"}


EXAMPLES = [
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
        "cla_review_in_time_pct",
        "the first within 20 working days, the second in 3 months, further ones in 6",
        {"2019/20 Q3": (6, 13), "2019/20 Q2": (4, 6)},
        children_in_care=[
            # 20 working days after 1 May 2019 it is Friday 31 May, as 6 and 27 May are bank holidays
            *(IN_CARE | {"child_id": child} for child in "ABCDE"),
            IN_CARE | {"child_id": "F", "cla_start_date": "2019-12-02"},  # 19 working days: not counted
            IN_CARE | {"child_id": "G", "cla_start_date": "2019-11-29"},  # 20, and no review yet
            IN_CARE | {"child_id": "H", "cla_start_date": "2019-11-28"},  # 21, and no review yet
            IN_CARE | {"child_id": "I", "cla_start_date": "2019-10-01"},
            IN_CARE | {"child_id": "J", "cla_start_date": "2019-10-01"},
            IN_CARE | {"child_id": "K", "cla_start_date": "2019-10-01"},
            IN_CARE | {"child_id": "L", "cla_start_date": "2019-10-01"},
            IN_CARE | {"child_id": "M", "cla_start_date": "2019-10-01"},
            IN_CARE | {"child_id": "N", "cla_start_date": "2019-06-03"},
            # 19 working days to 30 September: not counted
            IN_CARE | {"child_id": "O", "cla_start_date": "2019-09-03", "cla_end_date": "2019-10-05"},
        ],
        cla_reviews=[
            {"child_id": child, "cla_review_date": day}
            for child, days in {
                "A": ("2019-05-31", "2019-08-31"),  # then due by 29 February
                "B": ("2019-06-03", "2019-08-30"),  # the first a working day late
                "C": ("2019-05-31", "2019-09-01"),  # the second a day late
                "D": ("2019-05-31", "2019-06-30", "2019-12-30"),
                "E": ("2019-05-31", "2019-06-30"),  # the third was due on 30 December
                "I": ("2019-10-29",),
                "J": ("2019-10-30",),
                "K": ("2019-10-15", "2019-12-01"),
                "N": ("2019-06-30",),  # the second was due on 30 September
            }.items()
            for day in days
        ]
        + [
            {"child_id": "L", "cla_review_date": "2019-10-15", "is_cancelled": "Y"},
            {"child_id": "M", "cla_review_date": "2019-10-15", "is_cancelled": "N"},
        ],
    ),
    example(
        "cla_review_in_time_pct",
        "reviews before the first delivered day are not known: the next is due 6 months after it",
        {"2019/20 Q3": (2, 3), "2019/20 Q2": (3, 3)},
        children_in_care=[IN_CARE | {"child_id": child, "cla_start_date": "2015-01-01"} for child in "ABC"],
        cla_reviews=[
            {"child_id": "A", "cla_review_date": "2019-07-01"},
            {"child_id": "B", "cla_review_date": "2019-10-01"},
        ],
    ),
]

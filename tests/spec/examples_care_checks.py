"""Children in care: whether they are seen, reviewed and well."""

from tests.spec.casebook import Delivery
from tests.spec.examples import Example, example

IN_CARE = {"cla_start_date": "2019-05-01", "date_of_birth": "2010-01-01", "legal_status": "C2"}
A_YEAR = IN_CARE | {"cla_start_date": "2018-12-31"}
"""In care for 12 months to the day on 31 December 2019."""

EXAMPLES = [
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
        "cla_health_12m_pct",
        "assessed within 12 months, or 6 under the age of 5, of those in care for a year",
        {"2019/20 Q3": (4, 8), "2019/20 Q2": "x"},
        children_in_care=[
            A_YEAR | {"last_health_assessment_date": "2018-12-31"},  # + 12 months = 31 December
            A_YEAR | {"last_health_assessment_date": "2018-12-30"},
            A_YEAR | {"last_health_assessment_date": None},
            A_YEAR | {"last_health_assessment_date": "2019-07-01", "date_of_birth": "2015-01-01"},  # 4
            A_YEAR | {"last_health_assessment_date": "2019-06-30", "date_of_birth": "2015-01-01"},
            A_YEAR | {"last_health_assessment_date": "2019-06-30", "date_of_birth": "2014-12-31"},  # 5
            A_YEAR | {"last_health_assessment_date": "2019-01-31", "date_of_birth": None},
            A_YEAR
            | {
                "cla_start_date": "2015-06-01",
                "date_of_birth": "2015-01-01",
                "last_health_assessment_date": "2019-05-31",
            },
            A_YEAR | {"cla_start_date": "2019-01-01", "last_health_assessment_date": "2019-12-01"},
            A_YEAR | {"cla_end_date": "2019-12-31", "last_health_assessment_date": "2019-12-01"},
        ],
    ),
    Example(
        "cla_health_12m_pct",
        "six months to the day are in time",
        (
            Delivery(
                "2019-09-30",
                {
                    "children_in_care": [
                        A_YEAR
                        | {
                            "cla_start_date": "2018-09-30",
                            "date_of_birth": "2016-01-01",
                            "last_health_assessment_date": assessed,
                        }
                        for assessed in ("2019-03-30", "2019-03-29")
                    ]
                },
            ),
        ),
        {"2019/20 Q2": (1, 2)},
    ),
    Example(
        "cla_health_12m_pct",
        "a later delivery's assessment says nothing of an earlier quarter",
        (
            Delivery(
                "2019-09-30",
                {
                    "children_in_care": [
                        A_YEAR
                        | {"cla_start_date": "2018-01-01", "child_id": child, "date_of_birth": born}
                        | {"last_health_assessment_date": assessed}
                        for child, born, assessed in (
                            ("A", "2016-01-01", "2019-02-01"),
                            ("B", "2010-01-01", "2018-08-01"),
                        )
                    ]
                },
            ),
            Delivery(
                "2019-12-31",
                {
                    "children_in_care": [
                        A_YEAR
                        | {"cla_start_date": "2018-01-01", "child_id": child, "date_of_birth": born}
                        | {"last_health_assessment_date": "2019-11-01"}
                        for child, born in (("A", "2016-01-01"), ("B", "2010-01-01"))
                    ]
                },
            ),
        ),
        {"2019/20 Q2": (0, 2), "2019/20 Q3": (2, 2)},
    ),
    example(
        "cla_dental_12m_pct",
        "checked within 12 months, of those in care for a year",
        {"2019/20 Q3": (1, 3), "2019/20 Q2": "x"},
        children_in_care=[
            A_YEAR | {"last_dental_check_date": "2018-12-31"},
            A_YEAR | {"last_dental_check_date": "2018-12-30"},
            A_YEAR | {"last_dental_check_date": None},
            A_YEAR | {"cla_start_date": "2019-01-01", "last_dental_check_date": "2019-12-01"},
            A_YEAR | {"cla_end_date": "2019-12-31", "last_dental_check_date": "2019-12-01"},
        ],
    ),
    example(
        "cla_review_participation_pct",
        "reviews held in the quarter of children aged four and over",
        {"2019/20 Q3": (7, 11), "2019/20 Q2": (1, 1)},
        children_in_care=[
            {"child_id": "A", "date_of_birth": "2010-01-01"},
            {"child_id": "B", "date_of_birth": "2015-12-01"},
            {"child_id": "C", "date_of_birth": None},
        ],
        cla_reviews=[
            *(
                {"child_id": "A", "cla_review_date": f"2019-11-0{number}", "participation": f"PN{number}"}
                for number in range(8)
                if number
            ),
            {"child_id": "A", "cla_review_date": "2019-10-01", "participation": "PN1", "is_cancelled": "N"},
            {"child_id": "A", "cla_review_date": "2019-12-31", "participation": None, "is_cancelled": "U"},
            {"child_id": "A", "cla_review_date": "2019-12-02", "participation": "PN1", "is_cancelled": "Y"},
            {
                "child_id": "A",
                "cla_review_date": "2019-09-30",
                "cla_review_due_date": "2019-10-05",
                "participation": "PN1",
            },
            {"child_id": "B", "cla_review_date": "2019-11-30", "participation": "PN1"},  # 3 years old
            {"child_id": "B", "cla_review_date": "2019-12-01", "participation": "PN0"},  # 4 on the day
            {"child_id": "B", "cla_review_date": "2019-12-15", "participation": "PN0"},
            {"child_id": "C", "cla_review_date": "2019-12-01", "participation": "PN1"},
        ],
    ),
]

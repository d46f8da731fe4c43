"""Children in care: who starts and leaves, where they are placed, their health and their part in reviews."""

from tests.spec.casebook import Delivery
from tests.spec.examples import Example, example

IN_CARE = {"cla_start_date": "2019-05-01", "date_of_birth": "2010-01-01", "legal_status": "C2"}

A_YEAR = IN_CARE | {"cla_start_date": "2018-12-31"}
"""In care for 12 months to the day on 31 December 2019."""


EXAMPLES = [
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

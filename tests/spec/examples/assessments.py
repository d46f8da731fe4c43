"""Assessments: how many, how long they take, and what they find."""

from tests.spec.examples import example

DURATIONS = [
    {"assessment_start_date": "2019-10-01", "assessment_authorised_date": end, "child_id": end}
    for end in [
        "2019-10-01",  # 0 working days
        "2019-10-15",  # 10
        "2019-10-16",  # 11
        "2019-10-29",  # 20
        "2019-11-12",  # 30
        "2019-11-26",  # 40
        "2019-12-03",  # 45
        "2019-12-04",  # 46
        "2019-12-10",  # 50
        "2019-12-24",  # 60
        "2019-12-27",  # 61
    ]
]
FOUND = [
    {
        "assessment_start_date": "2019-09-01",
        "assessment_authorised_date": authorised,
        "child_seen": seen,
        "requires_social_care_support": support,
    }
    for authorised, seen, support in [
        ("2019-10-01", "Y", "N"),
        ("2019-10-01", "Y", "Y"),
        ("2019-12-31", "N", "N"),
        ("2019-12-31", None, None),
        ("2019-09-30", "Y", "Y"),
        (None, "Y", "Y"),
    ]
]
OPEN = [
    {"assessment_start_date": start, "assessment_authorised_date": end}
    for start, end in [
        ("2019-10-28", None),  # 44 working days before 31 December
        ("2019-10-25", None),  # 45
        ("2019-10-24", None),  # 46
        ("2019-10-24", "2020-01-01"),
        ("2019-10-24", "2019-12-31"),
        ("2019-12-31", None),
        ("2020-01-01", None),
    ]
]

EXAMPLES = [
    example(
        "assess_started_count",
        "counted on the start date",
        {"2019/20 Q3": 2, "2019/20 Q3 ytd": 3},
        assessments=[
            {"assessment_start_date": "2019-09-30", "assessment_authorised_date": "2019-10-10"},
            {"assessment_start_date": "2019-10-01"},
            {"assessment_start_date": "2019-12-31"},
        ],
    ),
    example(
        "assess_completed_count",
        "counted on the date of authorisation",
        {"2019/20 Q3": 2, "2019/20 Q3 ytd": 3},
        assessments=[
            {"assessment_start_date": "2019-08-01", "assessment_authorised_date": "2019-09-30"},
            {"assessment_start_date": "2019-09-01", "assessment_authorised_date": "2019-10-01"},
            {"assessment_start_date": "2019-11-01", "assessment_authorised_date": "2019-12-31"},
            {"assessment_start_date": "2019-10-01", "assessment_authorised_date": None},
        ],
    ),
    example(
        "assess_completed_rate_10k",
        "assessments authorised in the period over the population of mid-2019, times 10,000",
        {"2019/20 Q3": (4, 4000), "2019/20 Q2": (1, 4000)},
        {2019: 4000},
        assessments=FOUND,
    ),
    example(
        "assess_45wd_pct",
        "45 working days is in time, 46 is late, open ones are left out",
        {"2019/20 Q3": (2, 3), "2019/20 Q2": (1, 1), "2019/20 Q1": "z", "2019/20 Q3 ytd": (3, 4)},
        assessments=[
            {"assessment_start_date": "2019-10-01", "assessment_authorised_date": "2019-12-03"},  # 45
            {"assessment_start_date": "2019-10-01", "assessment_authorised_date": "2019-12-04"},  # 46
            {"assessment_start_date": "2019-09-02", "assessment_authorised_date": "2019-10-01"},
            {"assessment_start_date": "2019-09-02", "assessment_authorised_date": "2019-09-30"},
            {"assessment_start_date": "2019-10-05", "assessment_authorised_date": None},
        ],
    ),
    example(
        "assess_45wd_from_referral_pct",
        "from the referral: 45 working days are in time, 46 are late; without a referral not counted",
        {"2019/20 Q3": (1, 2), "2019/20 Q2": "z"},
        referrals=[
            {"child_id": "A", "referral_date": "2019-10-01"},
            {"child_id": "B", "referral_date": "2019-10-01"},
            {"child_id": "D", "referral_date": "2019-10-01"},
        ],
        assessments=[
            {
                "child_id": "A",
                "assessment_start_date": "2019-10-20",
                "assessment_authorised_date": "2019-12-03",
            },
            {
                "child_id": "B",
                "assessment_start_date": "2019-10-20",
                "assessment_authorised_date": "2019-12-04",
            },
            {
                "child_id": "C",
                "assessment_start_date": "2019-10-20",
                "assessment_authorised_date": "2019-10-21",
            },
            {"child_id": "D", "assessment_start_date": "2019-10-20", "assessment_authorised_date": None},
        ],
    ),
    example(
        "assess_45wd_from_referral_pct",
        "counted in the quarter of the authorisation",
        {"2019/20 Q2": "z", "2019/20 Q3": (1, 1)},
        referrals=[{"child_id": "A", "referral_date": "2019-09-20"}],
        assessments=[
            {
                "child_id": "A",
                "assessment_start_date": "2019-09-20",
                "assessment_authorised_date": "2019-10-01",
            }
        ],
    ),
    example(
        "assess_median_wd",
        "of 0, 1, 10 and 46 working days the mean of the middle two, by the authorisation",
        {"2019/20 Q3": (5.5, 4), "2019/20 Q2": "z"},
        assessments=[
            *DURATIONS[:2],
            DURATIONS[7],
            {"assessment_start_date": "2019-09-30", "assessment_authorised_date": "2019-10-01"},
            {"assessment_start_date": "2019-09-27", "assessment_authorised_date": None},
        ],
        referrals=[{"child_id": "2019-12-04", "referral_date": "2019-10-01"}],
    ),
    example(
        "assess_duration_bands",
        "each band ends with its last working day",
        {
            "2019/20 Q3 0-10": (2, 11),
            "2019/20 Q3 11-20": (2, 11),
            "2019/20 Q3 21-30": (1, 11),
            "2019/20 Q3 31-40": (1, 11),
            "2019/20 Q3 41-45": (1, 11),
            "2019/20 Q3 46-50": (2, 11),
            "2019/20 Q3 51-60": (1, 11),
            "2019/20 Q3 61+": (1, 11),
        },
        assessments=DURATIONS,
    ),
    example(
        "assess_duration_bands",
        "the last day of a band, and the first of the next",
        {"2019/20 Q3 21-30": (2, 4), "2019/20 Q3 31-40": (2, 4)},
        assessments=[
            {"assessment_start_date": "2019-10-01", "assessment_authorised_date": end}
            for end in ("2019-10-30", "2019-11-12", "2019-11-13", "2019-11-26")  # 21, 30, 31, 40
        ],
    ),
    example(
        "assess_duration_bands",
        "the last bands",
        {"2019/20 Q3 41-45": (1, 3), "2019/20 Q3 51-60": (1, 3), "2019/20 Q3 61+": (1, 3)},
        assessments=[
            {"assessment_start_date": "2019-10-01", "assessment_authorised_date": end}
            for end in ("2019-11-27", "2019-12-11", "2019-12-27")  # 41, 51, 61
        ],
    ),
    example(
        "assess_open_stock",
        "started by the last day and not authorised on it",
        {"2019/20 Q3": 5, "2019/20 Q2": 0, "2019/20 Q3 ytd": 5},
        assessments=OPEN,
    ),
    example(
        "assess_open_over_45wd_count",
        "45 working days are not past, 46 are",
        {"2019/20 Q3": 2},
        assessments=OPEN,
    ),
    example(
        "assess_open_over_45wd_count",
        "the same where the day after the period's end is a working day",
        {"2019/20 Q2": 1},
        assessments=[
            {"assessment_start_date": "2019-07-26", "assessment_authorised_date": None},  # 45
            {"assessment_start_date": "2019-07-25", "assessment_authorised_date": None},  # 46
        ],
    ),
    example(
        "assess_child_seen_pct",
        "those seen, of all that were authorised in the period",
        {"2019/20 Q3": (2, 4), "2019/20 Q2": (1, 1)},
        assessments=FOUND,
    ),
    example(
        "assess_support_needed_pct",
        "those that need support, of all that were authorised in the period",
        {"2019/20 Q3": (1, 4), "2019/20 Q2": (1, 1)},
        assessments=FOUND,
    ),
]

"""Early help: referrals, assessments, episodes, steps up and down, short breaks."""

from tests.spec.examples import example

EPISODES = [
    {
        "child_id": name,
        "early_help_referral_date": "2019-04-01",
        "early_help_start_date": start,
        "early_help_end_date": end,
        "early_help_end_reason": reason,
    }
    for name, start, end, reason in [
        ("A", "2019-09-30", "2019-10-01", "Stepped up to social care"),
        ("B", "2019-12-31", None, None),
        ("B", "2019-10-02", "2020-01-05", "Outcomes met"),
        ("C", "2020-01-01", None, None),
        ("D", "2019-05-01", "2019-12-31", "Outcomes met"),
        ("E", "2019-05-01", "2020-01-01", "Step-up"),
        ("F", "2019-05-01", "2019-11-01", "Closed"),
    ]
]
CLOSED = [
    {"child_id": name, "cin_start_date": "2019-01-01", "cin_closure_date": closed}
    for name, closed in [
        ("A", "2019-09-03"),
        ("B", "2019-09-02"),
        ("C", "2019-10-01"),
        ("D", "2019-10-02"),
        ("F", "2019-09-03"),
    ]
]
ASSESSMENTS = [
    {"eh_assessment_start_date": start, "eh_assessment_completion_date": end, "eh_organisation": organisation}
    for start, end, organisation in [
        ("2019-10-01", "2019-10-03", "School"),  # 2 working days
        ("2019-12-31", None, "School"),
        ("2019-09-30", "2019-10-08", "Health"),  # 6
        ("2019-09-20", "2019-12-31", None),  # 70
        ("2019-09-20", "2019-09-30", "Health"),
    ]
]

EXAMPLES = [
    example(
        "eh_referrals_count",
        "counted on the referral's date, not the episode's start",
        {"2019/20 Q3": 2, "2019/20 Q3 ytd": 3},
        early_help_referrals=[
            {"early_help_referral_date": "2019-10-01", "early_help_start_date": "2020-01-10"},
            {"early_help_referral_date": "2019-12-31", "early_help_start_date": "2020-01-10"},
            {"early_help_referral_date": "2019-09-30", "early_help_start_date": "2019-10-05"},
        ],
        early_help_assessments=[{"eh_assessment_start_date": "2019-10-02"}],
    ),
    example(
        "eh_referrals_count",
        "without a list of referrals the assessments started are counted instead",
        {"2019/20 Q3": 2},
        early_help_assessments=[
            {"eh_assessment_start_date": "2019-10-01", "eh_assessment_completion_date": "2020-01-20"},
            {"eh_assessment_start_date": "2019-12-31"},
            {"eh_assessment_start_date": "2019-09-30", "eh_assessment_completion_date": "2019-10-20"},
        ],
    ),
    example(
        "eh_assessments_started_count",
        "counted on the start date",
        {"2019/20 Q3": 2, "2019/20 Q2": 3},
        early_help_assessments=ASSESSMENTS,
    ),
    example(
        "eh_assessments_completed_count",
        "counted on the completion date",
        {"2019/20 Q3": 3, "2019/20 Q2": 1},
        early_help_assessments=ASSESSMENTS,
    ),
    example(
        "eh_assessment_median_days",
        "the middle of 2, 6 and 70 working days; an open one has none",
        {"2019/20 Q3": (6.0, 3)},
        early_help_assessments=ASSESSMENTS,
    ),
    example(
        "eh_open_stock",
        "started by the last day and not ended on it, a child once",
        {"2019/20 Q3": 2, "2019/20 Q2": 4},
        early_help_referrals=EPISODES,
    ),
    example(
        "eh_ended_count",
        "counted on the end date",
        {"2019/20 Q3": 3, "2019/20 Q2": 0},
        early_help_referrals=EPISODES,
    ),
    example(
        "eh_step_up_pct",
        "those that ended because social care took over",
        {"2019/20 Q3": (1, 3), "2019/20 Q2": "z"},
        early_help_referrals=EPISODES,
    ),
    example(
        "eh_step_down_count",
        "early help from the day a case is closed to 28 days after it, a child once",
        {"2019/20 Q3": 2},
        children_in_need=CLOSED,
        early_help_referrals=[
            {
                "child_id": name,
                "early_help_referral_date": "2019-09-01",
                "early_help_start_date": start,
                "early_help_end_date": "2020-02-20",
                "early_help_organisation": organisation,
            }
            for name, start, organisation in [
                ("A", "2019-10-01", "School"),  # 28 days after
                ("A", "2019-10-01", "Health"),
                ("F", "2019-10-02", None),  # 29 days after
                ("B", "2019-10-01", None),  # 29 days after
                ("C", "2019-10-01", None),  # the same day
                ("D", "2019-10-01", None),  # before the closure
                ("E", "2019-10-01", None),
            ]
        ],
    ),
    example(
        "eh_step_down_count",
        "without a list of referrals the start of the assessment counts, a child once",
        {"2019/20 Q3": 1, "2019/20 Q2": 1},
        children_in_need=CLOSED,
        early_help_assessments=[
            {
                "child_id": name,
                "eh_assessment_start_date": start,
                "eh_assessment_completion_date": "2019-12-01",
            }
            for name, start in [
                ("A", "2019-10-01"),
                ("A", "2019-09-30"),
                ("A", "2019-09-29"),
                ("B", "2019-10-01"),
            ]
        ],
    ),
    example(
        "eh_by_organisation",
        "assessments started, by the organisation as it is written",
        {"2019/20 Q2 Health": (2, 3), "2019/20 Q2 School": (0, 3), "2019/20 Q2 unknown": (1, 3)},
        early_help_assessments=ASSESSMENTS,
    ),
    example(
        "short_breaks_children_count",
        "disabled children with a delivered break that overlaps the quarter, each once",
        {"2019/20 Q3": 3, "2019/20 Q3 ytd": 4, "2019/20 Q2": 2},
        short_breaks=[
            {"child_id": "A", "short_break_start_date": "2019-10-01", "short_break_end_date": "2019-10-01"},
            {"child_id": "A", "short_break_start_date": "2019-11-01", "short_break_end_date": "2019-11-02"},
            {"child_id": "B", "short_break_start_date": "2019-09-01", "short_break_end_date": "2019-10-01"},
            {"child_id": "C", "short_break_start_date": "2019-12-31", "short_break_end_date": None},
            {"child_id": "D", "short_break_start_date": "2019-09-01", "short_break_end_date": "2019-09-30"},
            {"child_id": "E", "short_break_start_date": "2019-10-05", "is_delivered": "N"},
            {"child_id": "F", "short_break_start_date": "2019-10-05", "has_disability": "N"},
        ],
    ),
    example(
        "short_breaks_sessions_count",
        "delivered breaks that start in the period, not those that only overlap it",
        {"2019/20 Q3": 3, "2019/20 Q2": 1},
        short_breaks=[
            {"child_id": "A", "short_break_start_date": "2019-10-01", "short_break_end_date": "2020-01-05"},
            {"child_id": "A", "short_break_start_date": "2019-12-31", "short_break_end_date": "2020-01-05"},
            {"child_id": "B", "short_break_start_date": "2019-09-30", "short_break_end_date": "2019-10-05"},
            {"child_id": "C", "short_break_start_date": "2019-10-05", "is_delivered": "N"},
            {"child_id": "D", "short_break_start_date": "2019-10-05", "has_disability": "N"},
        ],
    ),
]

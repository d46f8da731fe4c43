"""Section 47 enquiries and initial child protection conferences."""

from tests.spec.examples import example

ENQUIRIES = [
    {
        "child_id": name,
        "s47_start_date": start,
        "icpc_date": conference,
        "icpc_unnecessary": unnecessary,
        "icpc_resulted_in_cp_plan": plan,
    }
    for name, start, conference, unnecessary, plan in [
        ("A", "2019-10-01", "2019-10-15", "N", "Y"),  # 10 working days
        ("B", "2019-10-01", "2019-10-16", "N", "N"),  # 11
        ("C", "2019-10-01", None, "Y", None),
        ("D", "2019-12-31", None, None, None),
        ("E", "2019-09-30", "2019-10-22", None, "Y"),  # 16
        ("F", "2019-09-10", "2019-09-30", "Y", "Y"),
        ("G", "2019-10-01", "2019-10-22", None, None),  # 15
        ("H", "2019-10-01", "2019-10-29", None, None),  # 20
        ("I", "2019-10-01", "2019-10-30", None, None),  # 21
    ]
]

CONFERENCES = [
    {
        "child_id": name,
        "s47_start_date": start,
        "icpc_date": conference,
        "icpc_resulted_in_cp_plan": plan,
    }
    for name, start, conference, plan in [
        ("A", "2019-10-01", "2019-10-22", "Y"),  # 15 working days; the later enquiry led to it too
        ("A", "2019-10-08", "2019-10-22", None),  # 10: this one counts
        ("B", "2019-10-01", "2019-10-22", "N"),  # 15
        ("B", "2019-10-25", "2019-10-22", "N"),  # begun after the conference
        ("C", "2019-10-01", "2019-10-23", "N"),  # 16
        ("C", "2019-11-01", "2019-11-22", "Y"),  # 15: a second conference of the child
        ("D", "2019-10-01", "2019-10-22", "Y"),  # 15: a sibling's of the same day
    ]
]

EXAMPLES = [
    example(
        "s47_count",
        "counted on the strategy discussion's date",
        {"2019/20 Q3": 7, "2019/20 Q2": 2},
        section_47_enquiries=ENQUIRIES,
    ),
    example(
        "s47_rate_10k",
        "enquiries of the period over the population of mid-2019, times 10,000",
        {"2019/20 Q3": (7, 668), "2019/20 Q3 ytd": (9, 668)},
        {2019: 668},
        section_47_enquiries=ENQUIRIES,
    ),
    example(
        "s47_to_icpc_pct",
        "those with a conference, whenever it was held, of the enquiries started",
        {"2019/20 Q3": (5, 7), "2019/20 Q2": (2, 2)},
        section_47_enquiries=ENQUIRIES,
    ),
    example(
        "s47_icpc_unnecessary_pct",
        "those whose conference was deemed unnecessary, of the enquiries started",
        {"2019/20 Q3": (1, 7), "2019/20 Q2": (1, 2)},
        section_47_enquiries=ENQUIRIES,
    ),
    example(
        "s47_repeat_12m_pct",
        "an earlier enquiry in the history, or where it does not reach a year back the list's own counter",
        {"2019/20 Q3": (2, 5)},
        section_47_enquiries=[
            {"child_id": "A", "s47_start_date": "2019-09-30", "s47_last_12m": 0},
            {"child_id": "A", "s47_start_date": "2019-10-01", "s47_last_12m": 0},
            {"child_id": "B", "s47_start_date": "2019-10-01", "s47_last_12m": 1},
            {"child_id": "C", "s47_start_date": "2019-10-01", "s47_last_12m": 0},
            {"child_id": "D", "s47_start_date": "2019-10-01", "s47_last_12m": None},
            {"child_id": "E", "s47_start_date": "2019-10-01", "s47_last_12m": 0},
        ],
    ),
    example(
        "icpc_count",
        "counted on the conference's date",
        {"2019/20 Q3": 6, "2019/20 Q2": 1},
        section_47_enquiries=ENQUIRIES,
    ),
    example(
        "icpc_rate_10k",
        "conferences of the period over the population of mid-2019, times 10,000",
        {"2019/20 Q3": (6, 668)},
        {2019: 668},
        section_47_enquiries=ENQUIRIES,
    ),
    example(
        "icpc_15wd_pct",
        "counted on the conference's date; 15 working days is in time, 16 is late",
        {"2019/20 Q3": (2, 3), "2019/20 Q2": "z", "2019/20 Q3 ytd": (2, 3)},
        section_47_enquiries=[
            {"s47_start_date": "2019-10-01", "icpc_date": "2019-10-22"},  # 15
            {"s47_start_date": "2019-10-01", "icpc_date": "2019-10-23", "child_id": "late"},  # 16
            {"s47_start_date": "2019-09-25", "icpc_date": "2019-10-01"},
            {"s47_start_date": "2019-10-10", "icpc_date": None},
        ],
    ),
    example(
        "icpc_median_wd",
        "of 10, 11, 15, 16, 20 and 21 working days the mean of the middle two",
        {"2019/20 Q3": (15.5, 6)},
        section_47_enquiries=ENQUIRIES,
    ),
    example(
        "icpc_median_wd",
        "a median is not an average",
        {"2019/20 Q3": (10.0, 3)},
        section_47_enquiries=[
            *(ENQUIRIES[position] for position in (0, 2, 8)),
            {"child_id": "Z", "s47_start_date": "2019-10-01", "icpc_date": "2019-10-02"},
        ],
    ),
    example(
        "icpc_duration_bands",
        "each band ends with its last working day",
        {
            "2019/20 Q3 0-10": (1, 6),
            "2019/20 Q3 11-15": (2, 6),
            "2019/20 Q3 16-20": (2, 6),
            "2019/20 Q3 21+": (1, 6),
        },
        section_47_enquiries=ENQUIRIES,
    ),
    example(
        "icpc_to_cpp_pct",
        "those that resulted in a plan, of the conferences held",
        {"2019/20 Q3": (2, 6), "2019/20 Q2": (1, 1)},
        section_47_enquiries=ENQUIRIES,
    ),
    example(
        "icpc_count",
        "one conference that two enquiries led to is one; two dates of a child are two",
        {"2019/20 Q3": 5},
        section_47_enquiries=CONFERENCES,
    ),
    example(
        "icpc_rate_10k",
        "one conference that two enquiries led to is one",
        {"2019/20 Q3": (5, 668)},
        {2019: 668},
        section_47_enquiries=CONFERENCES,
    ),
    example(
        "icpc_15wd_pct",
        "counted from the latest enquiry on or before the conference",
        {"2019/20 Q3": (4, 5)},
        section_47_enquiries=CONFERENCES,
    ),
    example(
        "icpc_median_wd",
        "of 10, 15, 15, 15 and 16 working days from the latest enquiry on or before each the middle one",
        {"2019/20 Q3": (15.0, 5)},
        section_47_enquiries=CONFERENCES,
    ),
    example(
        "icpc_duration_bands",
        "each conference is in one band",
        {"2019/20 Q3 0-10": (1, 5), "2019/20 Q3 11-15": (3, 5), "2019/20 Q3 16-20": (1, 5)},
        section_47_enquiries=CONFERENCES,
    ),
    example(
        "icpc_to_cpp_pct",
        "a conference led to a plan when any of its enquiries says so",
        {"2019/20 Q3": (3, 5)},
        section_47_enquiries=CONFERENCES,
    ),
    example(
        "s47_to_icpc_pct",
        "each enquiry that led to a conference counts, also where two led to one",
        {"2019/20 Q3": (7, 7)},
        section_47_enquiries=CONFERENCES,
    ),
]

"""Care leavers: what they do, whether someone is there for them."""

from tests.spec.examples import example

LEAVER = {
    "eligibility": "FR",
    "in_touch": "YES",
    "activity_status": "F2",
    "allocated_personal_advisor": True,
    "uasc_or_former": "N",
}
NOT_COUNTED = [{"in_touch": "DIED"}, {"eligibility": "Q"}]
"""Has died; has another eligibility."""


def leavers(column: str, *values: object, of_the_others: object) -> list[dict[str, object]]:
    """One care leaver a value, and two people who are none."""
    counted = [LEAVER | {column: value} for value in values]
    return counted + [LEAVER | {column: of_the_others} | other for other in NOT_COUNTED]


EXAMPLES = [
    example(
        "cl_neet_pct",
        "illness, parenting or other; not recorded stays in the denominator",
        {"2019/20 Q3": (3, 7)},
        care_leavers=leavers("activity_status", "G4", "G5", "G6", "F1", "P5", "F4", None, of_the_others="G5"),
    ),
    example(
        "cl_he_pct",
        "higher education, full or part time",
        {"2019/20 Q3": (2, 5)},
        care_leavers=leavers("activity_status", "F1", "P1", "F2", "G5", None, of_the_others="F1"),
    ),
    example(
        "cl_in_touch_pct",
        "only YES is in touch",
        {"2019/20 Q3": (1, 6)},
        care_leavers=[
            *(
                LEAVER | {"in_touch": answer}
                for answer in ("YES", "NO", "REFU", "NREQ", "RHOM", None, "DIED")
            ),
            LEAVER | {"eligibility": "Q"},
        ],
    ),
    example(
        "cl_pa_allocated_pct",
        "a personal adviser is named",
        {"2019/20 Q3": (2, 3)},
        care_leavers=leavers("allocated_personal_advisor", True, True, False, of_the_others=True),
    ),
    *(
        example(
            kpi_id,
            "each code of the care leavers, and those without one",
            {"2019/20 Q3 " + one: (2, 4), "2019/20 Q3 " + other: (1, 4), "2019/20 Q3 unknown": (1, 4)},
            care_leavers=leavers(column, one, one, other, None, of_the_others=one),
        )
        for kpi_id, column, one, other in (
            ("cl_activity", "activity_status", "F2", "G5"),
            ("cl_accommodation_type", "accommodation_type", "U", "B"),
        )
    ),
    example(
        "cl_uasc_pct",
        "those who are or were unaccompanied",
        {"2019/20 Q3": (1, 4)},
        care_leavers=leavers("uasc_or_former", "Y", "N", "U", None, of_the_others="Y"),
    ),
]

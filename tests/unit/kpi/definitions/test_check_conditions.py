"""A condition that can never hold, or cannot be asked, is refused at load: it would count a wrong zero."""

from __future__ import annotations

import pytest

from cf_pipeline.kpi.definitions.registry import RegistryError, build_registry
from tests.unit.kpi.definitions.made_up_records import CASES, COUNT, LEDGER, PLANS, wrong

CARE = wrong(COUNT, numerator={"table": "children_in_care", "date": "cla_start_date"})
VISITS = wrong(COUNT, numerator={"table": "cla_visits", "date": "cla_visit_date"})
LEAVERS = wrong(COUNT, kind="stock", numerator={"table": "care_leavers", "state": True})


@pytest.mark.parametrize(
    ("record", "condition", "said"),
    [
        (COUNT, "gender in (Q, Z)", "asks for Q, which is no code of gender; use one of "),
        (COUNT, "gender not in (F, Z)", "asks for Z, which is no code of gender"),
        (COUNT, "gender == 'Q'", "asks for Q, which is no code of gender"),
        (COUNT, "gender != 'Q'", "asks for Q, which is no code of gender"),
        (COUNT, "contact_date is null or gender in (Q)", "asks for Q, which is no code of gender"),
        (COUNT, "is_repeat_contact in (YES)", "is no code of is_repeat_contact; use one of Y, N"),
        (VISITS, "is_statutory == 'T'", "is no code of is_statutory; use one of Y, N"),
        (
            PLANS,
            "at_end.cp_seen_alone in (MAYBE)",
            "asks for MAYBE, which is no code of at_end.cp_seen_alone",
        ),
        (CASES, "person.ethnicity in (WBRI, ELF)", "asks for ELF, which is no code of person.ethnicity"),
        (
            COUNT,
            "contact_working_days in (1, 2)",
            "cannot compare contact_working_days, a number, by in; use <= or >= ",
        ),
        (COUNT, "contact_date in (2019)", "cannot compare contact_date, a date, by in; use <= or "),
        (COUNT, "gender < 'M'", "cannot compare gender, a word, by <; use in or not in or == or !=."),
        (COUNT, "contact_team >= 'A'", "cannot compare contact_team, a word, by >="),
        (
            COUNT,
            "gender == 1",
            "compares gender, a word, with a number; compare it with a code",
        ),
        (
            COUNT,
            "gender == ethnicity",
            "compares gender, a word, with ethnicity, a word; compare it with a code",
        ),
        (
            COUNT,
            "contact_date == 'A'",
            "compares contact_date, a date, with a word; compare it with another date",
        ),
        (
            COUNT,
            "contact_date < 3",
            "with a number; compare it with another date, period_start or period_end alone.",
        ),
        (
            COUNT,
            "contact_date >= contact_working_days",
            "compares contact_date, a date, with contact_working_days, a number;",
        ),
        (
            COUNT,
            "age_reported <= contact_date",
            "a number, with contact_date, a date; compare it with a whole",
        ),
        (COUNT, "age_reported == 'A'", "compares age_reported, a number, with a word"),
        (COUNT, "person.gender == ethnicity", "compares person.gender, a word, with ethnicity, a word"),
        (
            CARE,
            "at_end.placements_last_12m in (1)",
            "cannot compare at_end.placements_last_12m, a number, by in",
        ),
        (
            COUNT,
            "gender + 6 months >= period_end",
            "adds time to gender, which is not a date; add it to a date",
        ),
        (COUNT, "age_reported + 3 days >= 4", "adds time to age_reported, which is not a date"),
        (COUNT, "period_end >= age_reported + 3 working days", "adds time to age_reported"),
        (LEAVERS, "allocated_personal_advisor == 'Y'", "there or not, by ==; use is null or is not null."),
        (COUNT, "period_end > period_start", "reads no column of contacts; name one"),
        (COUNT, "period_end is null", "reads no column of contacts; name one"),
        (COUNT, "gender in (F, )", "cannot read the condition"),
    ],
)
def test_what_cannot_be_asked_of_a_column_is_refused_in_one_sentence(
    record: dict, condition: str, said: str
) -> None:
    with pytest.raises(RegistryError, match=f"KPI {record['id']}: ") as error:
        build_registry([wrong(record, numerator__where=[condition])])
    assert said in str(error.value)
    assert condition in str(error.value)
    assert str(error.value).endswith(".")


@pytest.mark.parametrize(
    ("record", "condition"),
    [
        (COUNT, "gender in (F, M)"),
        (COUNT, "gender == 'F'"),
        (COUNT, "contact_team not in (anything)"),
        (COUNT, "is_repeat_contact == 'N'"),
        (COUNT, "contact_working_days < age_reported"),
        (COUNT, "contact_date + 1 years >= period_end"),
        (COUNT, "period_start <= contact_date"),
        (COUNT, "birth_date is null or birth_date + 18 years > contact_completed_date"),
        (COUNT, "person.gender is not null"),
        (CASES, "person.ethnicity in (REFU, NOBT)"),
        (CASES, "list in (assessments)"),
        (LEDGER, "list in (contacts)"),
        (PLANS, "at_end.cp_last_visit_date + 10 working days >= period_end"),
        (CARE, "at_end.placements_last_12m >= 3"),
        (LEAVERS, "allocated_personal_advisor is not null"),
    ],
)
def test_what_can_be_asked_of_a_column_is_taken(record: dict, condition: str) -> None:
    asked = build_registry([wrong(record, numerator__where=[condition])])[record["id"]]
    assert [one.text for one in asked.numerator.where] == [condition]


def test_the_conditions_of_a_denominator_and_of_every_list_of_a_union_are_checked() -> None:
    of = {"table": "contacts", "date": "contact_date", "where": ["gender in (Q)"]}
    share = wrong(COUNT, kind="percentage", numerator={"of": "denominator"}, denominator=of)
    union = wrong(COUNT, numerator={"union": [{"table": "referrals", "date": "referral_date"}, of]})
    for record in (share, union):
        with pytest.raises(RegistryError, match="no code of gender"):
            build_registry([record])

"""Parsed cells and their issues, rows that are no record, and columns written month first."""

import pandas as pd
import pytest

from cf_pipeline.contracts.mapping import CouncilMapping
from tests.support.ingested_rows import clean_deliveries, clean_list, issue_places

CONTACT = {"child_id": "A1", "contact_date": "2019-11-05"}
GARBLED, MEANT = "Childâ€™s team", "Child's team"


def dates_of(result, column="contact_date"):
    return result.lists["contacts"][column].dt.strftime("%Y-%m-%d").tolist()


@pytest.mark.mess(34, 35)
def test_a_garbled_letter_is_put_right_and_told_and_a_strange_space_is_only_put_right():
    result = clean_list(
        "contacts", CONTACT | {"contact_team": GARBLED}, CONTACT | {"contact_team": "East\u00a0 Team\u200b"}
    )
    assert result.lists["contacts"]["contact_team"].tolist() == [MEANT, "East Team"]
    assert issue_places(result, "text_repaired") == [("text_repaired", 2, "contact_team")]


@pytest.mark.mess(35)
def test_a_garbled_wording_may_break_a_rule_of_its_own_too():
    result = clean_list("contacts", CONTACT | {"contact_source": "Nobodyâ€™s wording at all"})
    assert {rule for rule, _, _ in issue_places(result)} == {"text_repaired", "code_unmatched"}


@pytest.mark.mess(36, 37)
def test_an_identifier_that_was_a_number_is_read_as_its_digits_and_told():
    result = clean_list("contacts", CONTACT | {"child_id": "12345.0"}, CONTACT | {"child_id": "'00123"})
    assert result.lists["contacts"]["child_id"].tolist() == ["12345", "00123"]
    assert issue_places(result) == [("id_reformatted", 2, "child_id"), ("id_reformatted", 3, "child_id")]


@pytest.mark.mess(33)
@pytest.mark.parametrize("nothing", ["NULL", "N/A", "#N/A", "-", ".", "nan", "Not Recorded"])
def test_a_word_for_nothing_is_blank_in_dates_and_numbers_without_an_issue(nothing):
    result = clean_list("contacts", CONTACT | {"contact_completed_date": nothing, "age_reported": nothing})
    assert result.lists["contacts"][["contact_completed_date", "age_reported"]].isna().all(axis=None)
    assert issue_places(result) == []


@pytest.mark.mess(33)
def test_not_recorded_is_a_value_where_the_list_of_codes_has_it():
    leaver = {"child_id": "A1", "date_of_birth": "2001-01-01", "ethnicity": "Not recorded"}
    assert clean_list("care_leavers", leaver).lists["care_leavers"]["ethnicity"].tolist() == ["NOBT"]


@pytest.mark.mess(38)
def test_a_number_in_words_is_read_and_told_and_what_is_no_number_is_blank_and_told():
    ages = ("8.5yrs", "18m", "<1", "old")
    rows = [CONTACT | {"child_id": f"A{n}", "age_reported": age} for n, age in enumerate(ages)]
    result = clean_list("contacts", *rows)
    assert result.lists["contacts"]["age_reported"].to_list() == [8, 1, 0, pd.NA]
    assert issue_places(result) == [
        ("number_unreadable", 5, "age_reported"),
        ("number_reformatted", 2, "age_reported"),
        ("number_reformatted", 3, "age_reported"),
        ("number_reformatted", 4, "age_reported"),
    ]


@pytest.mark.mess(39, 41)
def test_how_a_date_was_read_is_told_when_it_was_no_whole_date():
    rows = [
        {"child_id": f"A{n}", "contact_date": text}
        for n, text in enumerate(("05/11/19", "43774", "5.11.2019"))
    ]
    result = clean_list("contacts", *rows)
    assert dates_of(result) == ["2019-11-05"] * 3
    assert issue_places(result) == [
        ("date_two_digit_year", 2, "contact_date"),
        ("date_from_serial", 3, "contact_date"),
    ]


@pytest.mark.mess(41)
def test_no_child_is_born_later_than_the_year_after_the_as_at_date():
    result = clean_list(
        "contacts", *(CONTACT | {"date_of_birth": f"01/02/{year}"} for year in ("20", "21", "68"))
    )
    assert dates_of(result, "date_of_birth") == ["2020-02-01", "1921-02-01", "1968-02-01"]


@pytest.mark.mess(40)
def test_a_column_that_only_reads_month_first_is_told_and_its_days_over_twelve_are_blank():
    rows = [
        {"child_id": f"A{n}", "contact_date": text} for n, text in enumerate(("11/25/2019", "11/05/2019"))
    ]
    result = clean_list("contacts", *rows)
    assert result.lists["contacts"]["contact_date"].isna().tolist() == [True, False]
    assert issue_places(result, "dates_month_first", "date_unreadable") == [
        ("dates_month_first", None, "contact_date"),
        ("date_unreadable", 2, "contact_date"),
    ]


@pytest.mark.mess(40)
@pytest.mark.parametrize("said", ["contacts", "contacts.contact_date"])
def test_a_column_is_read_month_first_when_the_council_says_so(said):
    rows = [
        {"child_id": f"A{n}", "contact_date": text}
        for n, text in enumerate(("11/25/2019", "11/05/2019", "2019-11-06", "5 Nov 2019"))
    ]
    result = clean_list("contacts", *rows, mapping=CouncilMapping(month_first=frozenset({said})))
    assert dates_of(result) == ["2019-11-25", "2019-11-05", "2019-11-06", "2019-11-05"]
    assert issue_places(result) == []


@pytest.mark.mess(40)
def test_one_date_that_only_reads_day_first_makes_the_others_typing_mistakes():
    rows = [
        {"child_id": f"A{n}", "contact_date": text} for n, text in enumerate(("11/25/2019", "25/11/2019"))
    ]
    assert issue_places(clean_list("contacts", *rows)) == [("date_unreadable", 2, "contact_date")]


@pytest.mark.mess(40)
def test_each_file_is_judged_by_its_own_dates():
    day_first = [{"child_id": "A1", "contact_date": "25/09/2019"}]
    month_first = [{"child_id": "A2", "contact_date": "11/25/2019"}]
    result = clean_deliveries(
        {"2019-09-30": {"contacts": day_first}, "2019-12-31": {"contacts": month_first}}
    )
    found = result.issues[result.issues["rule"].eq("dates_month_first")]
    assert found["delivery_id"].tolist() == ["2019-12-31"]


@pytest.mark.mess(42)
@pytest.mark.parametrize(
    "end", ["31/12/9999", "99991231", "01/01/1900", "30/12/1899", "00/01/1900", "01/01/1753"]
)
def test_a_placeholder_for_an_end_leaves_the_record_open(end):
    plan = {"child_id": "A1", "cp_plan_start_date": "2019-08-01", "cp_plan_end_date": end}
    result = clean_list("child_protection_plans", plan)
    assert result.lists["child_protection_plans"]["cp_plan_end_date"].isna().all()
    assert issue_places(result) == [("date_placeholder", 2, "cp_plan_end_date")]


@pytest.mark.mess(44)
def test_a_time_of_day_is_dropped_with_a_note_and_kept_where_somebody_went_missing():
    result = clean_deliveries(
        {
            "2019-12-31": {
                "contacts": [CONTACT | {"contact_date": "2019-11-05T10:30:00"}],
                "missing_episodes": [{"child_id": "A1", "missing_start": "05/11/2019 22:15"}],
            }
        }
    )
    assert result.lists["contacts"]["contact_date"].tolist() == [pd.Timestamp("2019-11-05")]
    assert result.lists["missing_episodes"]["missing_start"].tolist() == [pd.Timestamp("2019-11-05 22:15")]
    assert issue_places(result) == [("date_time_dropped", 2, "contact_date")]


@pytest.mark.mess(47)
def test_a_placement_s_postcode_is_put_in_shape_or_blank_with_an_issue():
    care = {"child_id": "A1", "cla_start_date": "2019-08-01"}
    codes = ("ec2m7pp", "A A 9 4 A A", "nope", "Confidential")
    rows = [care | {"child_id": f"A{n}", "placement_postcode": code} for n, code in enumerate(codes)]
    result = clean_list("children_in_care", *rows)
    read = result.lists["children_in_care"]["placement_postcode"].fillna("")
    assert read.tolist() == ["EC2M 7PP", "AA9 4AA", "", ""]
    assert issue_places(result) == [("postcode_unreadable", 4, "placement_postcode")]


@pytest.mark.mess(25, 26, 27, 28)
@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ({"child_id": "None", "contact_team": "-"}, "blank_row"),
        ({"child_id": "Total", "age_reported": "45"}, "total_row"),
        ({"child_id": "Grand total: 45"}, "total_row"),
        ({"child_id": "Count"}, "total_row"),
        ({"child_id": "Applied filters: Team is East"}, "footer_row"),
        ({"child_id": "End of report"}, "footer_row"),
        ({"contact_team": "Printed by somebody"}, "footer_row"),
        ({"child_id": "Child Unique ID", "contact_date": "Date of Contact"}, "repeated_header"),
        ({"contact_date": "2019-11-05", "gender": "F"}, "no_child_id"),
    ],
)
def test_a_row_that_is_no_record_is_set_aside_by_name(row, rule):
    result = clean_list("contacts", CONTACT, row, CONTACT | {"contact_date": "2019-11-06"})
    assert result.quarantine[["excel_row", "rule"]].to_numpy().tolist() == [[3, rule]]
    assert len(result.lists["contacts"]) == 2
    assert issue_places(result, rule) == [(rule, 3, "child_id")]


@pytest.mark.mess(51)
@pytest.mark.parametrize(
    ("list_name", "key", "born", "rule"),
    [
        ("referrals", "referral_date", "2020-02-01", "unborn_child"),
        ("referrals", "referral_date", "2020-10-01", "birth_date_too_late"),
        ("children_in_care", "cla_start_date", "2020-02-01", "unborn_in_care"),
    ],
)
def test_a_birth_after_the_as_at_date(list_name, key, born, rule):
    assert issue_places(
        clean_list(list_name, {"child_id": "A1", key: "2019-12-01", "date_of_birth": born}), rule
    ) == [(rule, 2, "date_of_birth")]


@pytest.mark.mess(53)
@pytest.mark.parametrize(
    ("list_name", "start", "end"),
    [
        ("assessments", "assessment_start_date", "assessment_authorised_date"),
        ("contacts", "contact_date", "contact_completed_date"),
        ("section_47_enquiries", "s47_start_date", "icpc_date"),
        ("early_help_referrals", "early_help_start_date", "early_help_end_date"),
    ],
)
def test_an_end_before_its_start_is_flagged_and_both_are_kept(list_name, start, end):
    key = {"early_help_referrals": {"early_help_referral_date": "2019-11-01"}}.get(list_name, {})
    result = clean_list(list_name, {"child_id": "A1", start: "2019-11-05", end: "2019-11-04"} | key)
    assert issue_places(result) == [("end_before_start", 2, end)]
    assert result.lists[list_name][[start, end]].notna().all(axis=None)

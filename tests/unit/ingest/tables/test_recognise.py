"""Which list a sheet is: headers score, names decide between similar lists, position never counts."""

import pytest

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.ingest.tables.names_of_lists import name_evidence
from cf_pipeline.ingest.tables.recognise import (
    AmbiguousHeaders,
    ListTable,
    NearMiss,
    find_list,
)
from tests.support.workbooks import header_row

VISITS = ["Child Unique ID", "Visit date", "Child seen", "Seen alone"]


def found(rows, *names):
    result = find_list(rows, names)
    assert isinstance(result, ListTable)
    return result.contract.name, result.header_row


@pytest.mark.parametrize("name", list_contracts())
def test_every_list_is_known_by_its_own_headers_under_any_sheet_name(name):
    expected = "cp_visits" if name == "cp_visits" else name
    named = [expected] if name == "cp_visits" else ["Sheet1"]  # fewer headers than its look-alike
    assert found([header_row(name)], *named) == (name, 0)


@pytest.mark.parametrize("name", list_contracts())
def test_a_sheet_with_exactly_the_columns_of_a_list_is_that_list_by_their_canonical_names(name):
    assert found([list_contracts()[name].column_names], "Sheet1", "export") == (name, 0)
    assert found([list_contracts()[name].column_names], "List 3") == (name, 0)


def test_three_columns_are_a_list_when_they_are_all_it_has_whatever_the_sheet_is_called():
    reviews = header_row("pathway_plans")
    assert found([reviews], "Care leavers") == ("pathway_plans", 0)


@pytest.mark.parametrize("name", list_contracts())
def test_case_spacing_order_and_marks_of_headers_do_not_matter(name):
    untidy = [
        f" {text.upper()}\u00a0 ".replace(" ", "  ").replace("?", "") for text in reversed(header_row(name))
    ]
    assert found([untidy], name) == (name, 0)


def test_titles_and_blank_rows_above_the_header_are_passed_over():
    rows = [["List 3: Referral"], [None], ["as at", "31/12/2019"], header_row("referrals")]
    assert found(rows, "List_3") == ("referrals", 3)


def test_a_header_below_the_25th_row_is_not_looked_for():
    assert find_list([[None, None]] * 25 + [header_row("referrals")], ["List 3"]) is None


@pytest.mark.parametrize(
    ("sheet", "expected"),
    [("CLA Visits", "cla_visits"), ("CP visits 2019", "cp_visits"), ("cp_visits", "cp_visits")],
)
def test_the_sheet_s_name_decides_among_look_alikes(sheet, expected):
    assert found([VISITS], sheet) == (expected, 0)


def test_the_file_s_name_decides_when_the_sheet_s_says_nothing():
    assert found([["Child ID", "Review date", "Review due date"]], "Sheet1", "CP Reviews Q3") == (
        "cp_reviews",
        0,
    )


def test_look_alikes_without_a_name_are_not_guessed():
    result = find_list([VISITS], ["Sheet1"])
    assert isinstance(result, AmbiguousHeaders)
    assert set(result.lists) == {"cla_visits", "cp_visits"}


def test_list_10_is_not_list_1():
    contracts = list_contracts()
    assert [name for name in contracts if name_evidence(contracts[name], "List 10")] == ["adoptions"]
    assert [name for name in contracts if name_evidence(contracts[name], "list_01")] == ["contacts"]


def test_a_wrong_sheet_name_does_not_beat_the_headers():
    assert found([header_row("referrals")], "List 1") == ("referrals", 0)


def test_the_id_and_the_key_date_are_enough_and_neither_alone_is():
    assert found([["Child ID", "Date of Contact"]], "List 1") == ("contacts", 0)
    without_id = find_list([["Gender", "Ethnicity", "Date of Contact", "Contact Source"]], ["List 1"])
    assert without_id == NearMiss("contacts", ("Child Unique ID",))
    without_date = find_list([["Child Unique ID", "Gender", "Ethnicity", "Contact Source"]], ["List 1"])
    assert without_date == NearMiss("contacts", ("Date of Contact",))


def test_a_table_of_codes_is_no_list_with_a_column_missing():
    codes = ["Gender", "Ethnicity", "Contact Source", "Referral NFA?", "Primary Need Code", "Case Status"]
    assert find_list([codes], ["Codes_used"]) is None


def test_a_list_of_few_columns_that_lacks_only_its_key_date_is_told_what_it_lacks():
    reviews = [text for text in header_row("cp_reviews") if text != "Review date"]
    assert find_list([reviews], ["Sheet1"]) == NearMiss("cp_reviews", ("Review date",))


def test_children_without_anything_about_leaving_care_are_no_care_leavers():
    assert find_list([["Child ID", "Gender", "Ethnicity", "Date of Birth", "School"]], ["Sheet1"]) is None


def test_an_export_of_another_system_is_known_by_its_own_names():
    names = ["pers_person_id", "cont_contact_date", "cont_contact_source_code"]
    assert found([names], "ssd_contacts") == ("contacts", 0)

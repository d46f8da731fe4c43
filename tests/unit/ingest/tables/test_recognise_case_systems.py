"""Headers as Mosaic, LCS and Eclipse export them and as people retype them."""

import datetime as dt

import pytest

from cf_pipeline.clean import clean_lists
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.ingest.receive import receive_deliveries
from cf_pipeline.ingest.tables.match_headers import match_headers
from cf_pipeline.ingest.tables.names_of_lists import name_evidence
from cf_pipeline.ingest.tables.recognise import ListTable, find_list
from tests.support.workbooks import AUTHORITY, deliver, narrow_table

DAY = dt.date(2019, 11, 5)
CONTACT = {"child_id": "A1", "contact_date": DAY, "contact_source": "Police"}
EXPORTS = {
    ("assessments", "C&F assessments"): {
        "Mosaic ID": "child_id",
        "Workflow step start date": "assessment_start_date",
        "Workflow step end date": "assessment_authorised_date",
        "Responsible Team": "allocated_team",
    },
    ("contacts", "Contacts"): {
        "LCS ID": "child_id",
        "Date Contact Received": "contact_date",
        "Source of Contact": "contact_source",
        "Contact Outcome": "contact_outcome",
    },
    ("referrals", "Referrals"): {
        "Eclipse ID": "child_id",
        "Referral Received Date": "referral_date",
        "Source of Referral": "referral_source",
    },
    ("section_47_enquiries", "S47"): {
        "Liquidlogic Person ID": "child_id",
        "Section 47 Enquiry Start Date": "s47_start_date",
        "ICPC Date": "icpc_date",
        "Current Team": "allocated_team",
    },
    ("child_protection_plans", "CP"): {
        "Client ID": "child_id",
        "CP Plan Start Date": "cp_plan_start_date",
        "CP Plan End Date": "cp_plan_end_date",
    },
    ("children_in_care", "CLA"): {
        "Person ID": "child_id",
        "LAC Start Date": "cla_start_date",
        "Current Legal Status": "legal_status",
    },
    ("contacts", "ssd_contacts"): {
        "ssd_person.pers_person_id": "child_id",
        "ssd_contacts.cont_contact_date": "contact_date",
        "pers_expected_dob": "date_of_birth",
        "pers_sex": "gender",
    },
}


def found(headers, *names):
    result = find_list([headers], names)
    assert isinstance(result, ListTable)
    return result


@pytest.mark.mess(10)
@pytest.mark.parametrize("sheet", ["List 1", "List_1", "list_01", "Contacts", "1. Contacts", "Export 3", ""])
def test_the_headers_decide_whatever_the_sheet_is_called(sheet):
    assert found(narrow_table("contacts", CONTACT)[0], sheet).contract.name == "contacts"


@pytest.mark.mess(11)
@pytest.mark.parametrize(
    ("sheet", "number"), [("List 1", 1), ("List 10", 10), ("LIST_11", 11), ("AA List 01", 1)]
)
def test_a_list_s_number_is_a_whole_number(sheet, number):
    named = [contract.number for contract in list_contracts().values() if name_evidence(contract, sheet)]
    assert named == [number]


@pytest.mark.mess(10, 20)
@pytest.mark.parametrize(("named", "export"), EXPORTS.items(), ids=lambda value: str(value)[:40])
def test_an_export_of_a_case_system_is_its_list_column_by_column(named, export):
    result = found(list(export), named[1])
    assert result.contract.name == named[0]
    assert {
        column: [list(export)[at] for at in positions] for column, positions in result.positions.items()
    } == {column: [header] for header, column in export.items()}


@pytest.mark.mess(16)
@pytest.mark.parametrize("name", list_contracts())
def test_any_column_but_the_id_and_the_key_date_may_be_missing(raw, name):
    contract = list_contracts()[name]
    own = [column for column in contract.column_names if column not in contract.required_columns]
    record = {
        column: "2019-11-05" if column == contract.key_date else "A1" for column in contract.required_columns
    }
    record |= dict.fromkeys(own[-4:], "x") if contract.key_date is None else {}
    sheet = next(iter(contract.sheet_names), contract.title)
    deliver(raw, {sheet: narrow_table(name, record)})
    received = receive_deliveries(raw, AUTHORITY)
    assert received.manifest["list"].tolist() == [name]
    issues = clean_lists(received.lists, received.manifest, received.findings).issues
    rules = ["column_missing", "optional_column_missing", "source_id_missing"]
    missing = issues.loc[issues["rule"].isin(rules), "column"]
    assert set(missing) == set(contract.column_names) - set(record)


@pytest.mark.mess(17)
def test_names_notes_and_other_columns_nobody_asked_for_are_listed_and_never_stored(raw):
    extra = ["Child's name", "Forename", "Surname", "Address", "Notes", "LA", "Month", "Year", "Time Period"]
    rows = narrow_table("contacts", CONTACT)
    deliver(raw, {"List 1": [[*rows[0], *extra], [*rows[1], *(f"secret {text}" for text in extra)]]})
    received = receive_deliveries(raw, AUTHORITY)
    assert received.manifest["columns_ignored"].tolist() == [";".join(extra)]
    stored = [*received.lists.values(), received.findings, received.unmatched_headers, received.manifest]
    assert not any("secret" in frame.to_csv() for frame in stored)


@pytest.mark.mess(18)
def test_rows_above_the_header_move_excel_s_row_numbers_with_them(raw):
    above = [["Contacts"], [], ["as at 31/12/2019", None, "printed by", "x"], [], []]
    deliver(raw, {"List 1": [*above, *narrow_table("contacts", CONTACT)]})
    received = receive_deliveries(raw, AUTHORITY)
    assert received.manifest["header_row"].tolist() == [6]
    assert received.lists["contacts"]["excel_row"].tolist() == [7]


@pytest.mark.mess(20)
@pytest.mark.parametrize(
    ("list_name", "header", "column"),
    [
        ("children_in_care", "LoookedAfterStartDate", "cla_start_date"),
        ("adoptions", "DateFFAConsurrencyPlacement", "ffa_placement_date"),
        ("adoptions", "Date of Adoption Order ", "adoption_order_date"),
        ("contacts", "Age of Child\n(Years)", "age_reported"),
        ("contacts", "Date\u00a0of\u00a0Contact", "contact_date"),
        ("referrals", "Referral NFA", "referral_nfa"),
        ("children_in_care", "Child\u2019s Legal Status", "legal_status"),
        ("child_protection_plans", "Child Protecton Plan Start Date", "cp_plan_start_date"),
    ],
)
def test_a_header_is_known_through_case_marks_and_typing_errors(list_name, header, column):
    assert match_headers(list_contracts()[list_name], [header], guess=True) == {column: [0]}


@pytest.mark.mess(21)
@pytest.mark.parametrize("name", list_contracts())
@pytest.mark.parametrize(
    "header", ["Language", "Stage 1 strted by", "Percentage", "Manager", "Message", "Idea"]
)
def test_words_that_hold_a_header_s_word_are_no_header(name, header):
    assert match_headers(list_contracts()[name], [header], guess=True) == {}


@pytest.mark.mess(22)
def test_of_two_columns_under_one_name_the_first_with_values_is_used_and_a_difference_is_said(raw):
    rows = [["Child Unique ID", "Date of Contact", "Gender", "Gender", "Ethnicity", "Ethnicity"]]
    rows += [["A1", DAY, None, "F", "WBRI", "WBRI"], ["A2", DAY, None, "M", "WIRI", "MWBC"]]
    deliver(raw, {"List 1": rows})
    received = receive_deliveries(raw, AUTHORITY)
    contacts = received.lists["contacts"]
    assert contacts["gender"].tolist() == ["F", "M"]
    assert contacts["ethnicity"].tolist() == ["WBRI", "WIRI"]
    findings = received.findings[["rule", "column"]].to_numpy().tolist()
    assert findings == [["column_supplied_twice", "ethnicity"]]


@pytest.mark.mess(20)
def test_the_official_header_wins_over_a_looser_one(raw):
    deliver(raw, {"List 1": [["Client reference", "Child Unique ID", "Date of Contact"], ["no", "A1", DAY]]})
    assert receive_deliveries(raw, AUTHORITY).lists["contacts"]["child_id"].tolist() == ["A1"]


@pytest.mark.mess(23)
def test_columns_are_found_by_header_in_any_order(raw):
    rows = [list(reversed(row)) for row in narrow_table("contacts", CONTACT)]
    deliver(raw, {"List 1": rows})
    contacts = receive_deliveries(raw, AUTHORITY).lists["contacts"]
    assert contacts[list(CONTACT)].to_numpy().tolist() == [["A1", "2019-11-05", "Police"]]


@pytest.mark.mess(25)
@pytest.mark.parametrize("nothing", [None, "", "   ", "\u00a0", "None", "nan"])
def test_a_row_that_says_nothing_is_no_row(raw, nothing):
    blank = dict.fromkeys(CONTACT, nothing)
    deliver(raw, {"List 1": narrow_table("contacts", CONTACT, blank, CONTACT, blank)})
    received = receive_deliveries(raw, AUTHORITY)
    assert received.lists["contacts"]["excel_row"].tolist() == [2, 4]

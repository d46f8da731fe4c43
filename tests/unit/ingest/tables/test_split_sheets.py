"""The sheets that are lists, and tables one below the other: no list takes in the rows of another."""

import datetime as dt

import openpyxl
import pytest

from cf_pipeline.clean import clean_lists
from cf_pipeline.ingest.receive import receive_deliveries
from tests.support.workbooks import AS_AT, AUTHORITY, deliver, narrow_table, write_workbook

DAY = dt.date(2019, 11, 5)
CONTACT = {"child_id": "A1", "contact_date": DAY, "contact_source": "Police"}
REFERRAL = {"child_id": "B2", "referral_date": DAY, "referral_source": "Police"}
ALLOW_HIDDEN = "[sheets]\nload_hidden = true\n"


def write_mapping(raw, text):
    folder = raw / AUTHORITY
    folder.mkdir(exist_ok=True)
    (folder / "mapping.toml").write_text(text, encoding="utf-8")


def ids(received, list_name):
    return received.lists[list_name]["child_id"].tolist()


def set_aside(received):
    cleaned = clean_lists(received.lists, received.manifest, received.findings, received.mapping)
    return cleaned.quarantine[["rule", "excel_row"]].to_numpy().tolist()


def test_two_lists_in_one_sheet_are_two_lists(raw):
    rows = [
        *narrow_table("contacts", CONTACT),
        [],
        ["List 3: Referrals"],
        *narrow_table("referrals", REFERRAL),
    ]
    deliver(raw, {"Front door": rows})
    received = receive_deliveries(raw, AUTHORITY)
    assert received.refusals == []
    assert ids(received, "referrals") == ["B2"]
    assert ids(received, "contacts") == ["A1"]
    assert set_aside(received) == []
    assert received.manifest[["list", "header_row"]].to_numpy().tolist() == [
        ["contacts", 1],
        ["referrals", 5],
    ]


def misspelt(rows, right, wrong):
    """The rows with a word of their headers replaced."""
    assert any(right in cell for cell in rows[0])
    return [[cell.replace(right, wrong) for cell in rows[0]], *rows[1:]]


@pytest.mark.parametrize("below", ["contacts", "referrals"])
def test_a_misspelt_list_above_one_spelt_exactly_is_loaded_too(raw, below):
    upper = misspelt(narrow_table("contacts", CONTACT), "Date of Contact", "Date of Contcat")
    record = {"contacts": CONTACT | {"child_id": "B2"}, "referrals": REFERRAL}[below]
    deliver(raw, {"Front door": [["As at 31/12/2019"], *upper, [], *narrow_table(below, record)]})
    received = receive_deliveries(raw, AUTHORITY)
    assert received.refusals == []
    lists = clean_lists(received.lists, received.manifest, received.findings).lists
    assert [*lists["contacts"]["child_id"], *lists["referrals"]["child_id"]] == ["A1", "B2"]


@pytest.mark.parametrize(
    ("right", "wrong"), [("Date of Contact", "When"), ("Contact", "Visitor"), ("Unique ID", "Cypher")]
)
def test_a_table_above_a_list_that_is_no_list_is_refused_by_name(raw, right, wrong):
    upper = narrow_table("contacts", CONTACT | {"gender": "F", "ethnicity": "WBRI", "contact_team": "MASH"})
    deliver(raw, {"Front door": [*misspelt(upper, right, wrong), [], *narrow_table("referrals", REFERRAL)]})
    received = receive_deliveries(raw, AUTHORITY)
    assert ids(received, "referrals") == ["B2"]
    assert [sentence.split(":")[0] for sentence in received.refusals] == [
        "city-of-london/2019-12-31/annex_a.xlsx, sheet 'Front door', the table from row 1"
    ]


@pytest.mark.parametrize("title", [[], [["List 3: Referrals"]]])
def test_a_list_whose_id_is_misspelt_is_not_swallowed_by_the_list_above(raw, title):
    lower = misspelt(narrow_table("referrals", REFERRAL), "Unique", "Unqiue")
    deliver(raw, {"Front door": [*narrow_table("contacts", CONTACT), [], *title, *lower]})
    received = receive_deliveries(raw, AUTHORITY)
    assert (ids(received, "contacts"), ids(received, "referrals")) == (["A1"], ["B2"])
    assert set_aside(received) == []


def test_a_record_that_holds_words_of_headers_is_a_record(raw):
    contact = CONTACT | {"contact_outcome": "Outcome", "contact_team": "Team", "gender": "Gender"}
    deliver(raw, {"List 1": narrow_table("contacts", contact, contact | {"child_id": "B2"})})
    received = receive_deliveries(raw, AUTHORITY)
    assert (received.refusals, ids(received, "contacts")) == ([], ["A1", "B2"])


def test_a_row_of_other_names_just_above_the_headers_is_a_note(raw):
    names = ["child_id", "gender", "contact_source"]
    deliver(raw, {"List 1": [names, *narrow_table("contacts", CONTACT | {"gender": "F"})]})
    received = receive_deliveries(raw, AUTHORITY)
    assert (received.refusals, ids(received, "contacts")) == ([], ["A1"])


def test_one_list_twice_in_a_sheet_with_other_columns_is_read_by_each_header(raw):
    other = {"contact_date": DAY, "gender": "F", "child_id": "C3"}
    deliver(raw, {"List 1": [*narrow_table("contacts", CONTACT), *narrow_table("contacts", other)]})
    assert ids(receive_deliveries(raw, AUTHORITY), "contacts") == ["A1", "C3"]


def test_a_table_of_no_known_list_below_a_list_is_refused_by_name_and_not_absorbed(raw):
    staff = [["Child ID", "Holiday", "Visitors"], ["X9", "Spring", "two"]]
    deliver(raw, {"List 1": [*narrow_table("contacts", CONTACT), *staff]})
    received = receive_deliveries(raw, AUTHORITY)
    assert ids(received, "contacts") == ["A1"]
    assert [sentence.split(":")[0] for sentence in received.refusals] == [
        "city-of-london/2019-12-31/annex_a.xlsx, sheet 'List 1', the table from row 3"
    ]
    assert received.manifest["status"].tolist() == ["read", "refused"]


def test_a_record_that_holds_the_word_of_an_id_header_ends_no_table(raw):
    note = CONTACT | {"contact_source": "Child ID"}
    deliver(raw, {"List 1": narrow_table("contacts", CONTACT, note, CONTACT | {"child_id": "D4"})})
    assert ids(receive_deliveries(raw, AUTHORITY), "contacts") == ["A1", "A1", "D4"]


@pytest.mark.mess(27)
@pytest.mark.parametrize("title", ["Child Unique ID", "Mosaic Child ID", "1. Child's reference number"])
def test_the_header_again_in_the_middle_is_set_aside_however_its_id_is_called(raw, title):
    rows = narrow_table("contacts", CONTACT, CONTACT)
    rows[0][0] = title
    deliver(raw, {"List 1": [*rows, rows[0], rows[1]]})
    received = receive_deliveries(raw, AUTHORITY)
    assert len(ids(received, "contacts")) == 4
    assert set_aside(received) == [["repeated_header", 4]]


@pytest.mark.mess(12)
@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_said_to_be_hidden_and_read_only_where_the_council_says_so(raw, state):
    path = raw / AUTHORITY / AS_AT / "a.xlsx"
    write_workbook(
        path, {"List 1": narrow_table("contacts", CONTACT), "List 3": narrow_table("referrals", REFERRAL)}
    )
    book = openpyxl.load_workbook(path)
    book["List 3"].sheet_state = state
    book.save(path)
    received = receive_deliveries(raw, AUTHORITY)
    assert ids(received, "referrals") == []
    assert received.manifest["sheets_ignored"].tolist() == ["List 3 (hidden)"]
    write_mapping(raw, ALLOW_HIDDEN)
    assert ids(receive_deliveries(raw, AUTHORITY), "referrals") == ["B2"]


@pytest.mark.mess(12)
def test_a_hidden_old_copy_of_a_visible_list_is_never_read(raw):
    write_mapping(raw, ALLOW_HIDDEN)
    sheets = {
        "List 1": narrow_table("contacts", CONTACT),
        "old": narrow_table("contacts", CONTACT | {"child_id": "Z9"}),
    }
    write_workbook(raw / AUTHORITY / AS_AT / "a.xlsx", sheets, hidden=["old"])
    received = receive_deliveries(raw, AUTHORITY)
    assert ids(received, "contacts") == ["A1"]
    assert received.manifest["sheets_ignored"].tolist() == ["old (hidden)"]


@pytest.mark.mess(13)
def test_covers_lookups_pivots_and_charts_are_listed_and_no_error(raw):
    sheets = {
        "Cover": [["Annex A"], ["as at", "31/12/2019"]],
        "Lookups": [["Gender", "Ethnicity"], ["F", "WBRI"]],
        "Pivot": [["Row Labels", "Count of Child ID"], ["Police", 3], ["Grand Total", 3]],
        "List 1": narrow_table("contacts", CONTACT),
    }
    path = deliver(raw, sheets)
    book = openpyxl.load_workbook(path)
    book.create_chartsheet("Chart1")
    book.save(path)
    received = receive_deliveries(raw, AUTHORITY)
    assert received.refusals == []
    assert received.manifest[["list", "sheets_ignored"]].to_numpy().tolist() == [
        ["contacts", "Cover;Lookups;Pivot"]
    ]


@pytest.mark.mess(14)
def test_a_list_without_a_sheet_is_not_supplied_and_says_nothing_of_its_children(raw):
    deliver(raw, {"List 1": narrow_table("contacts", CONTACT)})
    received = receive_deliveries(raw, AUTHORITY)
    assert "referrals" not in received.manifest["list"].tolist()
    issues = clean_lists(received.lists, received.manifest, received.findings).issues
    assert "referrals" not in issues["list"].tolist()


@pytest.mark.mess(15)
def test_an_empty_list_is_supplied_with_no_rows(raw):
    deliver(raw, {"List 1": narrow_table("contacts", CONTACT)[:1]})
    received = receive_deliveries(raw, AUTHORITY)
    assert received.refusals == []
    assert received.manifest[["list", "status", "rows_read"]].to_numpy().tolist() == [["contacts", "read", 0]]

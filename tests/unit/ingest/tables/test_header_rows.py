"""Headers that two rows make together, and ids of merged cells."""

import datetime as dt

import openpyxl
import pytest

from cf_pipeline.clean import clean_lists
from cf_pipeline.ingest.receive import receive_deliveries
from cf_pipeline.ingest.tables.recognise import ListTable, find_list
from tests.support.workbooks import AS_AT, AUTHORITY, deliver

UPPER = ["Child Unique ID", "Child Protection Plan", None, "Category of abuse"]
LOWER = [None, "Start Date", "End Date", None]
DAY = dt.date(2019, 11, 5)


def merged_workbook(raw, rows, *ranges, name="merged.xlsx", sheet="List 1"):
    path = deliver(raw, {sheet: rows}, name=name)
    book = openpyxl.load_workbook(path)
    for merged in ranges:
        book[sheet].merge_cells(merged)
    book.save(path)


@pytest.mark.mess(19)
def test_two_rows_say_a_header_between_them():
    table = find_list([UPPER, LOWER, ["A1", "2019-01-02", "2019-03-04", "Neglect"]], ["List 7"])
    assert isinstance(table, ListTable)
    assert (table.contract.name, table.header_row) == ("child_protection_plans", 1)
    assert table.positions["child_id"] == [0]
    assert table.positions["cp_plan_start_date"] == [1]
    assert table.positions["cp_plan_end_date"] == [2]
    assert table.headers[2] == "Child Protection Plan End Date"


@pytest.mark.mess(19)
def test_a_known_merge_does_not_reach_beyond_its_range():
    upper = ["Child Unique ID", "Child Protection Plan", None, None]
    lower = [None, "Start Date", "Team", "End Date"]
    without_ranges = find_list([upper, lower], ["List 7"])
    within = find_list([upper, lower], ["List 7"], merged_ranges=[(0, 1, 0, 2)])
    assert "cp_plan_end_date" in without_ranges.positions
    assert "cp_plan_end_date" not in within.positions


@pytest.mark.mess(19)
def test_a_merged_title_and_bands_above_complete_headers_change_nothing(raw):
    rows = [
        ["Contacts", None, None],
        ["Child", "Contact", None],
        ["Child Unique ID", "Date of Contact", "Gender"],
    ]
    merged_workbook(raw, [*rows, ["A1", DAY, "F"]], "A1:C1", "B2:C2")
    received = receive_deliveries(raw, AUTHORITY)
    assert received.manifest["header_row"].tolist() == [3]
    assert received.lists["contacts"]["excel_row"].tolist() == [4]


@pytest.mark.mess(19)
def test_a_two_row_header_is_read_from_a_workbook_with_its_first_row_below_it(raw):
    merged_workbook(
        raw, [UPPER, LOWER, ["A1", DAY, None, "Neglect"]], "B1:C1", "A1:A2", "D1:D2", sheet="List 7"
    )
    plans = receive_deliveries(raw, AUTHORITY).lists["child_protection_plans"]
    assert plans[["child_id", "cp_plan_start_date", "excel_row"]].to_numpy().tolist() == [
        ["A1", "2019-11-05", 3]
    ]


@pytest.mark.mess(19)
def test_the_id_of_a_merged_cell_goes_to_each_of_its_rows_with_a_key_date_and_is_said(raw):
    rows = [
        ["Child Unique ID", "Date of Contact", "Contact Source"],
        ["A1", DAY, "Police"],
        [None, DAY, "School"],
        [None, None, "no date: no record"],
        ["B2", DAY, "Police"],
    ]
    merged_workbook(raw, rows, "A2:A4")
    received = receive_deliveries(raw, AUTHORITY)
    contacts = received.lists["contacts"]
    assert contacts["child_id"].astype("str").fillna("").tolist() == ["A1", "A1", "", "B2"]
    findings = received.findings[["rule", "excel_row", "column"]].to_numpy().tolist()
    assert findings == [["id_filled_down", 3, "child_id"]]
    cleaned = clean_lists(received.lists, received.manifest, received.findings)
    assert cleaned.issues.query("rule == 'id_filled_down'")["excel_row"].tolist() == [3]


@pytest.mark.mess(19, 28)
def test_without_a_merge_a_row_without_an_id_stays_set_aside(raw):
    rows = [
        ["Child Unique ID", "Date of Contact", "Contact Source"],
        ["A1", DAY, "Police"],
        [None, DAY, "School"],
    ]
    deliver(raw, {"List 1": rows}, delivery=AS_AT)
    received = receive_deliveries(raw, AUTHORITY)
    cleaned = clean_lists(received.lists, received.manifest, received.findings)
    assert received.findings.empty
    assert cleaned.quarantine[["rule", "excel_row"]].to_numpy().tolist() == [["no_child_id", 3]]

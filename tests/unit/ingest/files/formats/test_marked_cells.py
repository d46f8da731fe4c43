"""Error cells of the formats that have no second reader: each is a blank and an issue at its cell."""

import pytest

from cf_pipeline.clean import clean_lists
from cf_pipeline.ingest.files.formats import marked_cells
from cf_pipeline.ingest.files.formats.table import recognise_format
from cf_pipeline.ingest.files.limits import DEFAULT_LIMITS
from cf_pipeline.ingest.files.read_file import read_file
from cf_pipeline.ingest.receive import receive_deliveries
from tests.support import workbook_formats as formats
from tests.support.workbook_formats import ERROR, ERROR_OF_FORMULA
from tests.support.workbooks import AS_AT, AUTHORITY

WRITTEN_AS = {".xls": formats.xls, ".xlsb": formats.xlsb, ".ods": formats.ods}
HEADERS = ["Child Unique ID", "Date of Contact", "Contact Source", "Contact Team"]
CLEAN = [HEADERS, ["A1", "05/11/2019", "Police", "MASH"], ["A2", "06/11/2019", "Police", "MASH"]]
SPOILT = [HEADERS, ["A1", "05/11/2019", ERROR, "MASH"], ["A2", ERROR_OF_FORMULA, "Police", ERROR]]


@pytest.fixture(params=sorted(WRITTEN_AS))
def deliver(request, raw):
    def delivered(rows, change=lambda content: content):
        path = raw / AUTHORITY / AS_AT / f"annex_a{request.param}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(change(WRITTEN_AS[request.param](rows)))
        return path

    return delivered


def error_issues(raw):
    received = receive_deliveries(raw, AUTHORITY)
    assert received.refusals == []
    issues = clean_lists(received.lists, received.manifest, received.findings).issues
    ours = issues[issues["rule"].isin(["cell_error", "cells_not_checked"])]
    rows = ours["excel_row"].astype(object).where(ours["excel_row"].notna(), None)
    return sorted(zip(ours["rule"], ours["column"], rows, strict=True))


def errors_of(path):
    return marked_cells.collect_cells(recognise_format(path).find_error_cells(path), marked_cells.MOST_ERRORS)


@pytest.mark.mess(46)
def test_an_error_in_any_format_is_a_blank_and_an_issue_at_its_cell(raw, deliver):
    deliver(SPOILT)
    assert error_issues(raw) == [
        ("cell_error", "contact_date", 3),
        ("cell_error", "contact_source", 2),
        ("cell_error", "contact_team", 3),
    ]
    contacts = receive_deliveries(raw, AUTHORITY).lists["contacts"]
    assert contacts["contact_team"].isna().tolist() == [False, True]


@pytest.mark.mess(46)
def test_a_workbook_without_errors_is_said_to_have_none(raw, deliver):
    deliver(CLEAN)
    assert error_issues(raw) == []


def test_rows_and_columns_are_the_sheet_s_when_the_table_starts_further_in(deliver):
    path = deliver([[None] * 6, [None] * 6, *([None, None, *row] for row in SPOILT)])
    marks = {
        (mark.column, row) for mark in read_file(path, DEFAULT_LIMITS).sheets[0].marks for row in mark.rows
    }
    assert marks == {(4, 3), (3, 4), (5, 4)}
    sheet = read_file(path, DEFAULT_LIMITS).sheets[0]
    assert sheet.row(2)[2:] == HEADERS


def test_more_errors_than_are_told_apart_are_one_issue_of_the_sheet(raw, deliver, monkeypatch):
    path = deliver(SPOILT)
    assert errors_of(path) == {0: [(1, 2), (2, 1), (2, 3)]}
    monkeypatch.setattr(marked_cells, "MOST_ERRORS", 2)
    assert errors_of(path) is None


def test_a_repeated_error_of_an_ods_stands_in_every_cell_it_fills(tmp_path):
    path = tmp_path / "a.ods"
    path.write_bytes(formats.ods([["Id", ERROR, "x", ERROR], ["A1", "x", "y", "z"], ["A2", ERROR]]))
    wider = b'table:number-columns-repeated="2" table:formula'
    formats.with_part(path, "content.xml", b"table:formula", wider)
    assert errors_of(path) == {0: [(0, 1), (0, 2), (0, 4), (0, 5), (2, 1), (2, 2)]}
    taller = b'<table:table-row table:number-rows-repeated="2">'
    formats.with_part(path, "content.xml", b"<table:table-row>", taller)
    assert errors_of(path)[0][-4:] == [(4, 1), (5, 1), (4, 2), (5, 2)]


def test_errors_are_of_the_sheet_they_stand_in(tmp_path):
    path = tmp_path / "a.ods"
    path.write_bytes(formats.ods(SPOILT))
    inner = b"<table:table><table:table-row/></table:table>"  # a table within a cell is no sheet
    before = b'<table:table table:name="Cover"><table:table-row><table:table-cell>' + inner
    before += b"</table:table-cell></table:table-row></table:table>"
    formats.with_part(path, "content.xml", b"<table:table ", before + b"<table:table ")
    assert set(errors_of(path)) == {1}

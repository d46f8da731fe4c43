"""What only the second reader finds: errors, formulas never calculated, zeros of a number format."""

import datetime as dt
import zipfile

import openpyxl
import pytest

from cf_pipeline.clean import clean_lists
from cf_pipeline.ingest.files.formats import xlsx_second_reader
from cf_pipeline.ingest.files.formats.xlsx import Suspicion, find_suspect_sheets
from cf_pipeline.ingest.files.formats.xlsx_second_reader import reread_suspect_sheets
from cf_pipeline.ingest.files.limits import DEFAULT_LIMITS
from cf_pipeline.ingest.files.read_file import Mark, read_file
from cf_pipeline.ingest.receive import receive_deliveries
from tests.support import workbook_formats as formats
from tests.support.workbooks import AUTHORITY, deliver, narrow_table

DAY = dt.date(2019, 11, 5)
PEOPLE = [{"child_id": number, "contact_date": DAY, "contact_source": "Police"} for number in (123, 4567890)]
SHEET = "xl/worksheets/sheet1.xml"


def delivered(raw, change):
    path = deliver(raw, {"List 1": narrow_table("contacts", *PEOPLE)})
    book = openpyxl.load_workbook(path)
    change(book.active)
    book.save(path)
    return path


def contacts_and_issues(raw):
    received = receive_deliveries(raw, AUTHORITY)
    assert received.refusals == []
    issues = clean_lists(received.lists, received.manifest, received.findings).issues
    ours = {"cell_error", "formula_not_calculated", "id_padding_restored", "cells_not_checked"}
    issues = issues[issues["rule"].isin(ours)]
    rows = issues["excel_row"].astype(object).where(issues["excel_row"].notna(), None)
    return received.lists["contacts"], list(zip(issues["rule"], issues["column"], rows, strict=True))


def with_padding(sheet):
    for row in (2, 3):
        sheet.cell(row, 1).number_format = "0000000"


def with_error(sheet):
    sheet["C2"] = "#REF!"
    sheet["C2"].data_type = "e"


def with_formula(sheet):
    sheet["B2"] = "=TODAY()"
    sheet["B3"] = "=TODAY()"


@pytest.mark.mess(37)
def test_zeros_that_only_the_format_shows_are_part_of_the_id(raw):
    delivered(raw, with_padding)
    contacts, issues = contacts_and_issues(raw)
    assert contacts["child_id"].tolist() == ["0000123", "4567890"]
    assert issues == [("id_padding_restored", "child_id", None)]


@pytest.mark.mess(46)
def test_an_error_is_a_blank_and_an_issue_at_its_cell(raw):
    delivered(raw, with_error)
    contacts, issues = contacts_and_issues(raw)
    assert contacts["contact_source"].isna().tolist() == [True, False]
    assert issues == [("cell_error", "contact_source", 2)]


@pytest.mark.mess(45)
def test_formulas_never_calculated_are_one_issue_of_their_column(raw):
    delivered(raw, with_formula)
    contacts, issues = contacts_and_issues(raw)
    assert contacts["contact_date"].isna().all()
    assert issues == [("formula_not_calculated", "contact_date", None)]


@pytest.mark.mess(45)
def test_a_formula_whose_result_is_an_empty_text_was_calculated(raw):
    path = delivered(raw, with_formula)
    for cell in (b"B2", b"B3"):
        formats.with_part(path, SHEET, b'<c r="%s" s="1">' % cell, b'<c r="%s" s="1" t="str">' % cell)
    assert contacts_and_issues(raw)[1] == []


def test_marks_above_the_header_or_beside_the_list_say_nothing_of_it(raw):
    def change(sheet):
        sheet.insert_rows(1, 2)
        sheet["A1"], sheet["H4"] = "=TODAY()", "=TODAY()"

    delivered(raw, change)
    assert contacts_and_issues(raw)[1] == []


def test_a_workbook_that_the_second_reader_cannot_open_is_read_and_said_to_be_unchecked(raw):
    path = delivered(raw, with_padding)
    formats.with_part(path, "xl/styles.xml", b"<fonts", b"<fonts bogus='1'")
    formats.with_part(path, "xl/styles.xml", b'<xf numFmtId="0"', b'<xf numFmtId="none"')
    contacts, issues = contacts_and_issues(raw)
    assert len(contacts) == 2
    assert issues == [("cells_not_checked", "", None)]


@pytest.mark.parametrize(
    "rename", [lambda part: part.replace("/", "\\"), lambda part: part.replace("wo", "Wo")]
)
def test_a_workbook_whose_parts_have_other_names_is_read_and_said_to_be_unchecked(tmp_path, rename):
    path = tmp_path / "a.xlsx"
    path.write_bytes(
        formats.xlsx("<row r='1'><c r='A1'><v>1</v></c><c r='B1' t=\"e\"><v>#REF!</v></c></row>")
    )
    with zipfile.ZipFile(path) as archive:
        parts = {rename(part): archive.read(part) for part in archive.namelist()}
    path.write_bytes(formats.archive(parts))
    (sheet,) = read_file(path, DEFAULT_LIMITS).sheets
    assert sheet.rows(1) == [["1", None]]
    assert sheet.marks == [Mark("cells_not_checked", -1, [])]


def test_a_clean_workbook_is_read_once(raw):
    assert find_suspect_sheets(deliver(raw, {"List 1": narrow_table("contacts", *PEOPLE)})) == {}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (with_padding, Suspicion(padding=True)),
        (with_error, Suspicion(errors=True)),
        (with_formula, Suspicion(formulas=True)),
    ],
)
def test_the_scan_finds_what_to_read_twice(raw, change, found):
    assert find_suspect_sheets(delivered(raw, change)) == {SHEET: found}


@pytest.mark.parametrize(
    "cell",
    [
        "<c r='A1'><f>B1</f></c>",
        "<c r='A1'><f>B1</f><v/></c>",
        "<c r='A1'><f>B1</f><v></v></c>",
        "<c r='A1'><f t='shared' si='0'/></c>",
        "<c r='A1'><f>B1</f>\n <v />\n</c>",
    ],
)
def test_every_way_to_write_no_result_is_seen(tmp_path, cell):
    path = tmp_path / "a.xlsx"
    path.write_bytes(formats.xlsx(f"<row r='1'>{cell}</row>"))
    assert find_suspect_sheets(path) == {SHEET: Suspicion(formulas=True)}
    assert read_file(path, DEFAULT_LIMITS).sheets[0].marks == [Mark("formula_not_calculated", 0, [0])]


def test_a_formula_with_a_result_is_no_suspect(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(formats.xlsx("<row r='1'><c r='A1'><f>B1</f><v>3</v></c></row>"))
    assert find_suspect_sheets(path) == {}


def test_a_sheet_whose_elements_have_a_prefix_is_always_read_twice(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(formats.xlsx("<row r='1'><c r='A1'><f>B1</f></c></row>"))
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    for old, new in ((b"<", b"<x:"), (b"<x:/", b"</x:"), (b'xmlns="' + space, b'xmlns:x="' + space)):
        formats.with_part(path, SHEET, old, new)
    assert read_file(path, DEFAULT_LIMITS).sheets[0].marks == [Mark("formula_not_calculated", 0, [0])]


@pytest.mark.parametrize("at", range(-30, 10, 3))
def test_what_lies_across_two_blocks_is_seen(tmp_path, at):
    head = len("<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>")
    path = tmp_path / "a.xlsx"
    fill = "<!--" + "x" * (1024 * 1024 - head - 7 + at) + "-->"
    path.write_bytes(formats.xlsx(f"{fill}<row r='1'><c r='A1' t=\"e\"><v>#N/A</v></c></row>"))
    assert find_suspect_sheets(path) == {SHEET: Suspicion(errors=True)}


ODD_NAMES = ["a & b", "it's <5>", "Café"]


def workbook_of_errors(path):
    """Three sheets with error cells here and there, and one without."""
    book = openpyxl.Workbook()
    for name in ODD_NAMES:
        sheet = book.create_sheet(name)
        for place in ("B2", "A4", "AB4", "C30"):
            sheet[place] = "#N/A"
        sheet["A2"] = 't="e"'
    book.save(path)


def test_error_cells_are_found_without_openpyxl_as_with_it(tmp_path, monkeypatch):
    path = tmp_path / "a.xlsx"
    workbook_of_errors(path)
    marks = {name: found.places for name, found in reread_suspect_sheets(path).items()}
    assert marks == {name: {("cell_error", 1): [1], ("cell_error", 0): [3], ("cell_error", 27): [3],
                            ("cell_error", 2): [29]} for name in ODD_NAMES}  # fmt: skip
    monkeypatch.setattr(xlsx_second_reader, "_find_error_cells", lambda *arguments: None)
    assert {name: found.places for name, found in reread_suspect_sheets(path).items()} == marks


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        (SHEET, b'<c r="B2"', b"<c r='B2'"),
        (SHEET, b'<c r="B2" t="e"', b'<c t="e" r="B2"'),
        (SHEET, b"<sheetData>", b'<sheetData><!-- <c r="D1" t="e"> -->'),
        (SHEET, b"<v>", b'<v cm="1" t="e">'),
        (SHEET, b'xmlns="', b'xmlns:x="x" xmlns = "'),
        ("xl/workbook.xml", b"<sheets>", b"<sheets><!-- -->"),
        ("xl/workbook.xml", b'r:id="', b'r:id = "'),
    ],
)
def test_a_workbook_that_is_written_otherwise_is_left_to_openpyxl(tmp_path, monkeypatch, part, old, new):
    path = tmp_path / "a.xlsx"
    workbook_of_errors(path)
    formats.with_part(path, part.replace("sheet1", "sheet2"), old, new)
    monkeypatch.setattr(xlsx_second_reader, "_read_sheets", lambda *arguments: "read by openpyxl")
    assert reread_suspect_sheets(path) == "read by openpyxl"


@pytest.mark.parametrize("at", range(-30, 300, 7))
def test_an_error_cell_across_two_blocks_is_found_once(tmp_path, at):
    path = tmp_path / "a.xlsx"
    workbook_of_errors(path)
    with zipfile.ZipFile(path) as archive:
        start = archive.read("xl/worksheets/sheet2.xml").index(b"<sheetData>")
    fill = b" " * (1024 * 1024 - start - at)
    formats.with_part(path, "xl/worksheets/sheet2.xml", b"<sheetData>", fill + b"<sheetData>")
    assert reread_suspect_sheets(path)["a & b"].places[("cell_error", 1)] == [1]


@pytest.mark.mess(18)
def test_rows_and_columns_are_excel_s_when_the_table_starts_further_in(tmp_path):
    book = openpyxl.Workbook()
    book.active["C7"], book.active["D8"] = "id", 5
    book.active["D8"].number_format = "000"
    book.save(tmp_path / "a.xlsx")
    (sheet,) = read_file(tmp_path / "a.xlsx", DEFAULT_LIMITS).sheets
    rows = sheet.rows(10)
    assert len(rows) == 8
    assert rows[6:] == [[None, None, "id", None], [None, None, None, "005"]]
    assert sheet.marks == [Mark("id_padding_restored", 3, [7])]


@pytest.mark.mess(43)
@pytest.mark.parametrize("epoch", [openpyxl.utils.datetime.WINDOWS_EPOCH, openpyxl.utils.datetime.MAC_EPOCH])
def test_a_date_is_the_same_day_in_either_epoch(tmp_path, epoch):
    book = openpyxl.Workbook()
    book.epoch = epoch
    book.active["A1"] = DAY
    book.save(tmp_path / "a.xlsx")
    assert read_file(tmp_path / "a.xlsx", DEFAULT_LIMITS).sheets[0].rows(1) == [["2019-11-05"]]

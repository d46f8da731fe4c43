import zipfile

import openpyxl
import pandas as pd
import pytest

from cf_pipeline.outputs.workbook import xlsx
from cf_pipeline.outputs.workbook.data_quality import render_workbook
from cf_pipeline.quality.data_quality import DataQuality
from cf_pipeline.quality.mapping_proposals import PROPOSALS
from cf_pipeline.quality.workbook_tables import workbook_tables
from tests.support import delivery_example as example

CASE_ID = "7654321"


def issues_of_children():
    """Rows 4, 9 and the old 12 are one child's, row 5 is another's, row 7 nobody's."""
    refs = {12: "a" * 32, 4: "a" * 32, 5: "b" * 32, 9: "a" * 32}
    rows = example.issues()
    ref = rows["excel_row"].map(refs).astype("str")
    return rows.assign(person_ref=ref, child_id=ref.notna().map({True: CASE_ID, False: None}).astype("str"))


def proposals():
    row = {
        "kind": "header",
        "list": "contacts",
        "column": "",
        "wording": "Contact Dt",
        "rows": 80,
        "guess": "contact_date (Date of Contact)",
        "table": "headers.contacts",
        "line": '"Contact Dt" = "contact_date"',
        "where": "annex_a.xlsx, sheet 'List 1'",
    }
    return PROPOSALS.frame([row])


def _write(path, *, is_restricted=False, **changed):
    frames = {name: getattr(example, name)() for name in ("row_ledger", "manifest", "quarantine")}
    frames |= {"issues": issues_of_children(), "proposals": proposals()}
    tables = workbook_tables(DataQuality(**(frames | changed)))
    path.write_bytes(render_workbook(tables, is_restricted=is_restricted))
    return openpyxl.load_workbook(path)


def _records(sheet):
    header, *rows = _rows(sheet)
    return [dict(zip(header, row, strict=True)) for row in rows]


def _text(path):
    """Every byte of the workbook, unpacked."""
    with zipfile.ZipFile(path) as archive:
        return b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "replace")


def _rows(sheet):
    return [list(row) for row in sheet.iter_rows(values_only=True)]


@pytest.fixture
def book(tmp_path):
    return _write(tmp_path / "quality.xlsx")


def test_it_has_its_sheets_in_order(book):
    assert book.sheetnames == [
        "Read me",
        "Summary by rule",
        "By child",
        "By file",
        "Issues",
        "To decide",
        "Quarantine",
        "Files",
    ]


def test_rules_are_counted_errors_first_with_their_trend(book):
    first, second = _records(book["Summary by rule"])
    assert (first["Rule"], first["Severity"], second["Rule"]) == ("key_missing", "error", "code_unknown")
    assert [first[name] for name in ("Count now", "Delivery before", "Change", "All deliveries")] == [
        3,
        1,
        "2 more",
        4,
    ]
    assert first["What to do"] == "Fill it in the case system and send the list again."
    assert first["KPIs it touches"] == "contacts_count"
    assert first["Columns"] == "contact_date (4)"


def test_a_rule_leads_to_its_issues(book):
    for row in book["Summary by rule"].iter_rows(min_row=2):
        sheet, place = row[1].hyperlink.location.split("!A")
        assert row[1].hyperlink.ref == row[1].coordinate
        assert sheet == "'Issues'"
        assert book["Issues"][f"B{place}"].value == row[1].value


def test_the_read_me_says_what_to_do_first(book):
    rows = dict(_rows(book["Read me"])[1:])
    assert rows["Fix first, 1"].startswith("3 x key_missing in contacts. ")
    assert rows["Errors"].startswith("3 now, 4 in all deliveries")


def test_children_are_known_by_their_pseudonym_worst_first(book):
    one, other = _records(book["By child"])
    assert one["Child (pseudonym)"] == "a" * 32
    assert [one[name] for name in ("Lists", "Errors", "Warnings", "In the newest delivery")] == [
        "contacts",
        3,
        0,
        2,
    ]
    assert one["Rules"] == "key_missing"
    assert one["Where to look first"] == "contacts, annex_a.xlsx, sheet 'List 1', rows 4, 9"
    assert other["Errors"] == 1


def test_the_case_id_is_in_the_restricted_copy_alone(tmp_path):
    _write(tmp_path / "plain.xlsx")
    restricted = _write(tmp_path / "restricted.xlsx", is_restricted=True)
    assert CASE_ID not in _text(tmp_path / "plain.xlsx")
    assert {row["Case id"] for row in _records(restricted["By child"])} == {CASE_ID}
    assert [row["Case id"] for row in _records(restricted["Issues"])].count(CASE_ID) == 4
    assert "restricted" in dict(_rows(restricted["Read me"])[1:])["What is here of children"]


def test_without_children_there_is_no_sheet_of_them(tmp_path):
    book = _write(tmp_path / "quality.xlsx", issues=example.issues())
    assert "By child" not in book.sheetnames
    assert "Child (pseudonym)" not in _rows(book["Issues"])[0]


def test_an_issue_that_stands_for_many_rows_counts_as_many(tmp_path):
    found = issues_of_children().assign(rows=pd.array([1, 1, 1, 1, 250], dtype="Int64"))
    book = _write(tmp_path / "quality.xlsx", issues=found)
    assert [row["Count now"] for row in _records(book["Summary by rule"])] == [3, 250]
    assert _records(book["By file"])[-1]["Warnings"] == 250
    assert dict(_rows(book["Read me"])[1:])["Warnings"].startswith("250 now, 250 in all")


def test_the_ledger_adds_up_and_says_what_is_wrong_in_each_file(book):
    rows = _records(book["By file"])
    assert rows[-1]["Delivery"] == "Total"
    for row in rows:
        assert row["Rows read"] == row["Rows loaded"] + row["Rows quarantined"] + row["Rows superseded"]
    assert [rows[-1][name] for name in ("Rows read", "Rows loaded")] == [170, 157]
    assert [(row["Errors"], row["Warnings"]) for row in rows] == [(1, 0), (3, 1), (4, 1)]


def test_an_issue_says_where_it_is_and_what_to_do(book):
    first = _records(book["Issues"])[0]
    place = [first[name] for name in ("Delivery", "File", "Sheet", "Excel row", "Column", "Rule", "Severity")]
    assert place == ["2019-12-31", "annex_a.xlsx", "List 1", 4, "contact_date", "key_missing", "error"]
    assert first["What to do"] == "Fill it in the case system and send the list again."


def test_kpis_are_named_with_room_to_wrap(tmp_path):
    issues = issues_of_children().assign(kpis="cla_stock;contacts_count")
    record = _records(_write(tmp_path / "quality.xlsx", issues=issues)["Issues"])[0]
    assert record["KPIs it touches"] == "cla_stock; contacts_count"


def test_the_issues_of_a_rule_stand_together_the_newest_delivery_first(book):
    rows = [(row["Rule"], row["Delivery"], row["Excel row"]) for row in _records(book["Issues"])]
    assert rows == [
        ("key_missing", "2019-12-31", 4),
        ("key_missing", "2019-12-31", 5),
        ("key_missing", "2019-12-31", 9),
        ("key_missing", "2019-09-30", 12),
        ("code_unknown", "2019-12-31", 7),
    ]


def test_what_is_to_decide_comes_with_the_line_to_paste(book):
    (row,) = _records(book["To decide"])
    assert (row["What"], row["Header or wording"], row["Rows"]) == ("Column header", "Contact Dt", 80)
    assert (row["Table in mapping.toml"], row["Line to paste"]) == (
        "[headers.contacts]",
        '"Contact Dt" = "contact_date"',
    )


def test_wordings_that_fit_no_code_stand_in_the_restricted_copy_and_the_open_one_counts_them(tmp_path):
    wordings = [("Jane Canary", 7), ("Met Police", 1)]
    shown = {"kind": "code", "list": "contacts", "column": "contact_source", "table": "codes.x", "where": ""}
    codes = PROPOSALS.frame(
        [
            shown | {"wording": text, "rows": rows, "guess": "6", "line": f'"{text}" = "6"'}
            for text, rows in wordings
        ]
    )
    both = pd.concat([proposals(), codes], ignore_index=True)
    header, counted = _records(_write(tmp_path / "open.xlsx", proposals=both)["To decide"])
    assert header["Header or wording"] == "Contact Dt"
    assert (counted["Header or wording"], counted["Rows"], counted["Our best guess"]) == (
        "2 wordings",
        8,
        None,
    )
    assert "Canary" not in _text(tmp_path / "open.xlsx")
    restricted = _records(
        _write(tmp_path / "restricted.xlsx", is_restricted=True, proposals=both)["To decide"]
    )
    assert [row["Header or wording"] for row in restricted] == ["Contact Dt", "Jane Canary", "Met Police"]


@pytest.mark.mess(12, 13, 17)
def test_sheets_not_read_and_columns_not_used_are_listed(book):
    row = _records(book["Files"])[0]
    assert (row["Sheets not read"], row["Columns not used"]) == ("Cover; Lookups", "Notes")


def test_it_can_be_read_aloud_and_printed(book):
    assert book.properties.title == "Data quality"
    for sheet in book:
        assert not sheet.merged_cells.ranges
        assert sheet.print_title_rows == "$1:$1"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)  # A4


def test_every_printed_page_says_which_copy_it_is_of(tmp_path):
    book = _write(tmp_path / "by_child.xlsx", is_restricted=True)
    for sheet in book:
        assert sheet.oddFooter.left.text == "Data quality (restricted: names children by case id)"
        assert sheet.oddFooter.right.text == "Page &P of &N"


def test_a_row_is_as_tall_as_its_longest_text(tmp_path):
    content = xlsx.workbook_bytes(
        "Tall",
        [xlsx.Sheet("Rows", pd.DataFrame({"Text": ["short", "word " * 30, "word " * 3000], "Rows": 1}))],
    )
    (tmp_path / "tall.xlsx").write_bytes(content)
    rows = openpyxl.load_workbook(tmp_path / "tall.xlsx")["Rows"].row_dimensions
    assert [rows[row].height for row in (2, 3, 4)] == [None, 45, 405]


def test_a_number_and_a_date_keep_off_the_text_beside_them(book):
    row = dict(zip(_rows(book["By file"])[0], book["By file"][2], strict=True))
    assert (row["Rows read"].alignment.horizontal, row["Rows read"].alignment.indent) == ("right", 1)
    assert row["As at"].alignment.horizontal == "left"


def test_a_refused_file_is_listed_with_its_reason(book):
    refused = [row for row in _rows(book["Files"]) if row[4] == "refused"]
    assert refused[0][3] == "broken.xlsx"
    assert refused[0][5].startswith("broken.xlsx is not a workbook")


def test_headers_stay_in_sight_and_can_be_filtered(book):
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert all(sheet.column_dimensions[cell.column_letter].width >= 10 for cell in sheet[1])
    assert book["By file"].auto_filter.ref == "A1:K3"  # the total stays where it is


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_text_that_looks_like_a_formula_stays_text(tmp_path, start):
    name = f"{start}HYPERLINK(1).xlsx"
    book = _write(tmp_path / "quality.xlsx", issues=example.issues().assign(file=name))
    cell = book["Issues"]["E2"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", name, True)


def test_the_same_frames_give_the_same_bytes(tmp_path, monkeypatch):
    _write(tmp_path / "a.xlsx")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    _write(tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"1980-01-01T00:00:00Z" in archive.read("docProps/core.xml")


def test_nothing_wrong_is_a_workbook_too(tmp_path):
    nothing = {name: getattr(example, name)().iloc[:0] for name in ("row_ledger", "quarantine")}
    nothing |= {"issues": issues_of_children().iloc[:0], "proposals": proposals().iloc[:0]}
    book = _write(tmp_path / "quality.xlsx", **nothing)
    assert len(_rows(book["Issues"])) == 1
    assert _rows(book["By file"])[-1][4:8] == [0, 0, 0, 0]


def test_more_rows_than_a_sheet_takes_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_ROWS", 3)
    book = _write(tmp_path / "quality.xlsx")
    assert _rows(book["Issues"])[-1][0].startswith("2 more rows do not fit")


def test_missing_cells_are_empty(book):
    assert not any("nan" in str(cell).lower() for sheet in book for row in _rows(sheet) for cell in row)
    assert pd.isna(example.manifest()["list"]).any()

import stat
import zipfile

import openpyxl
import pandas as pd
import publication_example as example
import pytest

from cf_pipeline.outputs import sheets
from cf_pipeline.outputs.workbook import write_data_quality_workbook


def _write(path, **changed):
    frames = {name: getattr(example, name)() for name in ("issues", "row_ledger", "manifest", "quarantine")}
    write_data_quality_workbook(path, **(frames | changed))
    return openpyxl.load_workbook(path)


def _rows(sheet):
    return [list(row) for row in sheet.iter_rows(values_only=True)]


@pytest.fixture
def book(tmp_path):
    return _write(tmp_path / "quality.xlsx")


def test_it_has_its_sheets_in_order(book):
    assert book.sheetnames == ["Read me", "Summary by rule", "By file", "Issues", "Quarantine", "Files"]


def test_rules_are_counted_errors_first(book):
    rows = _rows(book["Summary by rule"])
    assert rows[0] == ["Rule", "Severity", "Count", "What it means", "What to do", "Column"]
    assert [row[:3] for row in rows[1:]] == [["key_missing", "error", 4], ["code_unknown", "warning", 1]]
    assert rows[1][4] == "Fill it in the case system and send the list again."


def test_the_ledger_adds_up(book):
    rows = _rows(book["By file"])
    assert rows[-1][0] == "Total"
    for row in rows[1:]:
        read, core, quarantined, superseded = row[4:8]
        assert read == core + quarantined + superseded
    assert rows[-1][4:8] == [170, 157, 5, 8]


def test_an_issue_says_where_it_is_and_what_to_do(book):
    rows = _rows(book["Issues"])
    assert rows[0][:9] == [
        "Delivery",
        "List",
        "File",
        "Sheet",
        "Excel row",
        "Column",
        "Rule",
        "Severity",
        "What to do",
    ]
    assert rows[2][2:8] == ["annex_a.xlsx", "List 1", 4, "contact_date", "key_missing", "error"]


def test_a_refused_file_is_listed_with_its_reason(book):
    refused = [row for row in _rows(book["Files"]) if row[4] == "refused"]
    assert refused[0][3] == "broken.xlsx"
    assert refused[0][5].startswith("broken.xlsx is not a workbook")


def test_headers_stay_in_sight_and_can_be_filtered(book):
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert all(sheet.column_dimensions[cell.column_letter].width >= 10 for cell in sheet[1])
    assert book["By file"].auto_filter.ref == "A1:H3"  # the total stays where it is


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_text_that_looks_like_a_formula_stays_text(tmp_path, start):
    name = f"{start}HYPERLINK(1).xlsx"
    book = _write(tmp_path / "quality.xlsx", issues=example.issues().assign(file=name))
    cell = book["Issues"]["C2"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", name, True)


def test_the_same_frames_give_the_same_bytes(tmp_path, monkeypatch):
    _write(tmp_path / "a.xlsx")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    _write(tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"1980-01-01T00:00:00Z" in archive.read("docProps/core.xml")


def test_it_is_for_its_owner_and_replaced_in_one_step(tmp_path, monkeypatch):
    path = tmp_path / "quality.xlsx"
    _write(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()

    def full(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr(sheets.os, "fdopen", full)
    with pytest.raises(OSError, match="No space"):
        _write(path, issues=example.issues().head(1))
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["quality.xlsx"]


def test_nothing_wrong_is_a_workbook_too(tmp_path):
    nothing = {name: getattr(example, name)().iloc[:0] for name in ("issues", "row_ledger", "quarantine")}
    book = _write(tmp_path / "quality.xlsx", **nothing)
    assert len(_rows(book["Issues"])) == 1
    assert _rows(book["By file"])[-1][4:8] == [0, 0, 0, 0]


def test_more_rows_than_a_sheet_takes_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    book = _write(tmp_path / "quality.xlsx")
    assert _rows(book["Issues"])[-1][0].startswith("2 more rows do not fit")


def test_missing_cells_are_empty(book):
    assert not any("nan" in str(cell).lower() for sheet in book for row in _rows(sheet) for cell in row)
    assert pd.isna(example.manifest()["list"]).any()

"""What is written of a value: read back with openpyxl, as a reader's Excel does."""

import numpy as np
import openpyxl
import pandas as pd
import pytest
from openpyxl.cell import WriteOnlyCell
from xlsxwriter.worksheet import Worksheet

from cf_pipeline.outputs.workbook.fast_page import FastPage
from cf_pipeline.outputs.workbook.xlsx import (
    MOST_LETTERS,
    Sheet,
    _SheetWriter,
    iterate_rows,
    workbook_bytes,
)

DAY = pd.Timestamp("2019-12-31").to_pydatetime()


def _cells(tmp_path, values):
    path = tmp_path / "values.xlsx"
    path.write_bytes(
        workbook_bytes("Values", [Sheet("Values", pd.DataFrame({"Value": values}, dtype=object))])
    )
    return [row[0] for row in openpyxl.load_workbook(path)["Values"].iter_rows(min_row=2)]


@pytest.mark.parametrize(
    ("value", "shown", "kind"),
    [
        ("a <b> & 'c' \"d\"", "a <b> & 'c' \"d\"", "s"),
        ("  set off\n", "  set off\n", "s"),
        ("é — 中 😀", "é — 中 😀", "s"),
        ("a\x00b\x0bc\uffffd", r"a\x00b\x0bc\uffffd", "s"),
        ("x" * 40_000, "x" * MOST_LETTERS, "s"),
        ("#N/A", "#N/A", "s"),
        ("\x1b[31m\u202eRED\x9b", r"\x1b[31m\u202eRED\x9b", "s"),
        ("", None, "n"),
        (None, None, "n"),
        (float("nan"), None, "n"),
        (pd.NA, None, "n"),
        (7, 7, "n"),
        (np.int64(7), 7, "n"),
        (0.1, 0.1, "n"),
        (np.float64(62.5), 62.5, "n"),
        (-12_345_678, -12_345_678, "n"),
        (True, "yes", "s"),
        (np.False_, "no", "s"),
        (pd.Timestamp(DAY), DAY, "d"),
    ],
)
def test_a_value_is_read_back_as_it_is(tmp_path, value, shown, kind):
    (cell,) = _cells(tmp_path, [value])
    assert (cell.value, cell.data_type) == (shown, kind)


def test_equal_values_of_different_types_are_not_taken_for_each_other(tmp_path):
    cells = _cells(tmp_path, [1, True, 1.0, "1", False, 0])
    assert [cell.value for cell in cells] == [1, "yes", 1, "1", "no", 0]


def test_the_file_is_the_one_that_the_library_writes_cell_by_cell(monkeypatch):
    values = ["again", "again", "=1+1", None, 7, 7.0, True, 1, pd.Timestamp(DAY), "again"]
    frame = pd.DataFrame({"Value": values, "again": values[::-1]}, dtype=object)
    sheets = [
        Sheet("First", frame, has_total=True, links={"again": ["'Second'!A2", *[None] * 9]}),
        Sheet("Second", pd.concat([frame] * 20)),
        Sheet("Empty", frame.head(0)),
    ]
    content = workbook_bytes("Title", sheets)
    for name in ("_write_rows", "_calculate_spans"):
        monkeypatch.setattr(FastPage, name, getattr(Worksheet, name))
    monkeypatch.setattr(_SheetWriter, "_write_row", _write_every_cell)
    assert workbook_bytes("Title", sheets) == content


def _write_every_cell(writer, row, values, look):
    for column, value in enumerate(values):
        writer._write_cell(row, column, value, look)


def test_a_value_is_aligned_by_its_kind(tmp_path):
    text, number, date, formula = _cells(tmp_path, ["text", 7, pd.Timestamp(DAY), "=1+1"])
    assert (text.alignment.wrap_text, text.alignment.vertical, text.quotePrefix) == (True, "top", False)
    assert (number.alignment.horizontal, number.alignment.indent) == ("right", 1)
    assert (date.number_format, date.alignment.horizontal) == ("dd/mm/yyyy", "left")
    assert (formula.value, formula.data_type, formula.quotePrefix) == ("=1+1", "s", True)


def test_a_sheet_reads_as_the_one_that_openpyxl_writes_cell_by_cell(tmp_path):
    frame = pd.DataFrame(
        {
            "Text": ["a & b", None, "word " * 30],
            "Number": pd.array([1, None, 3], dtype="Int64"),
            "Share": [0.5, float("nan"), 33.3],
            "Day": pd.to_datetime(["2019-12-31", None, "1905-02-28"]),
        }
    )
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("Rows")
    page.append([WriteOnlyCell(page, name) for name in frame.columns])
    for row in iterate_rows(frame):
        page.append([value.to_pydatetime() if isinstance(value, pd.Timestamp) else value for value in row])
    book.save(tmp_path / "openpyxl.xlsx")
    (tmp_path / "ours.xlsx").write_bytes(workbook_bytes("Rows", [Sheet("Rows", frame)]))
    expected, found = (
        [[(cell.coordinate, cell.value, cell.data_type) for cell in row] for row in sheet.iter_rows()]
        for sheet in (
            openpyxl.load_workbook(tmp_path / name)["Rows"] for name in ("openpyxl.xlsx", "ours.xlsx")
        )
    )
    assert found == expected


def test_no_row_is_lost_where_rows_are_taken_some_thousand_at_a_time(tmp_path):
    numbers = range(12_345)
    assert [cell.value for cell in _cells(tmp_path, numbers)] == list(numbers)
    assert list(iterate_rows(pd.DataFrame({"Number": numbers}))) == [(number,) for number in numbers]


def test_no_temporary_file_is_made(tmp_path, monkeypatch):
    """It would hold children's records, and a full folder for temporary files would stop the workbook."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    assert _cells(tmp_path, ["a"])[0].value == "a"

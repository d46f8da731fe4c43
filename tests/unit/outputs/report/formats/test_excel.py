"""The workbook: cover, contents, notes, one marked table a sheet, and no text that is anything but text."""

from __future__ import annotations

import io
import zipfile

import pandas as pd
import pytest
from openpyxl.workbook import Workbook

from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.outputs.report.content import report_content
from cf_pipeline.outputs.report.data_tables.report_data import breakdown_label
from cf_pipeline.outputs.report.formats.excel import LONGEST_LABEL, render_excel
from cf_pipeline.outputs.report.formats.registry import FORMATS
from cf_pipeline.outputs.report.model import Report
from tests.support import public_example
from tests.support import publication_example as example
from tests.support.report_example import LIMITS
from tests.support.workbook_tables import CONTENTS, COVER, open_workbook, table_of


@pytest.fixture(scope="module")
def report() -> Report:
    return report_content(example.report_tables(), example.CODE, wording_limits=LIMITS, has_data=True)


@pytest.fixture(scope="module")
def content(report: Report) -> bytes:
    return render_excel(report)


@pytest.fixture(scope="module")
def book(content: bytes) -> Workbook:
    return open_workbook(content)


def test_cover_contents_and_notes_come_first(book: Workbook) -> None:
    assert book.sheetnames[:3] == [COVER, CONTENTS, "Notes"]
    lines = [row[0].value for row in book[COVER].iter_rows()]
    assert lines[0] == "City of London: the figures behind the report, Q3 2019/20"
    assert "Internal edition - not for publication" in lines
    assert "Authority: City of London" in lines
    assert "Data as at: 31 December 2019" in lines
    assert book.properties.title == lines[0]


def test_each_sheet_holds_one_marked_table_without_an_empty_or_merged_cell(book: Workbook) -> None:
    names = []
    for sheet in book.worksheets[1:]:
        ((name, place),) = sheet.tables.items()
        names.append(name)
        assert not sheet.merged_cells.ranges
        assert sheet["A1"].value and sheet["A2"].value.startswith("This sheet holds one table")
        header, *rows = [[cell.value for cell in row] for row in sheet[place]]
        assert len(set(header)) == len(header) and all(isinstance(each, str) for each in header)
        assert rows and all(cell not in (None, "") for row in rows for cell in row), sheet.title
        assert sheet.max_row == len(rows) + 3
    assert len(set(names)) == len(names)


def test_the_contents_link_every_sheet(book: Workbook) -> None:
    rows = table_of(book, CONTENTS)
    assert list(rows["Sheet"]) == book.sheetnames[2:]
    links = [cell.hyperlink.location for row in book[CONTENTS] for cell in row if cell.hyperlink]
    assert links == [f"'{name}'!A1" for name in book.sheetnames[2:]]
    assert list(rows["What it holds"]) == [sheet["A1"].value for sheet in book.worksheets[2:]]


def test_each_symbol_and_note_of_a_table_is_explained(book: Workbook) -> None:
    known = set(table_of(book, "Notes")["Symbol or note"])
    cells = [cell for name in book.sheetnames[3:] for cell in table_of(book, name).to_numpy().ravel()]
    marks = {cell for cell in cells if isinstance(cell, str) and cell.startswith("[")}
    assert {"[x]", "[z]", "[note 1]"} <= marks
    assert marks <= known


def test_a_cell_shows_the_digits_of_its_measure(book: Workbook) -> None:
    rows = table_of(book, "Latest quarter")
    place = list(rows["Measure"]).index("Child and Family Assessments authorised within 45 working days")
    columns = list(rows.columns)
    cells = book["Latest quarter"][place + 4]
    assert cells[columns.index("Value")].value == 57.5
    assert {cells[columns.index(name)].number_format for name in ("Value", "Numerator")} == {"#,##0"}


def test_the_same_content_gives_the_same_bytes(report: Report, content: bytes) -> None:
    assert render_excel(report) == content
    assert open_workbook(content).properties.created.year == 1980
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {each.date_time[:3] for each in archive.infolist()} == {(1980, 1, 1)}


TEXTS = {
    "<1": "=1+1",
    "1-4": "@SUM(A1)",
    "10-15": "[see](http://example.org)",
    "16-17": "???",
    "5-9": "-$$1$$",
}


def test_a_text_stays_text_and_leads_nowhere() -> None:
    tables = public_example.tables()
    categories = tables["dim_category"]
    labels = categories["category"].map(TEXTS).fillna(categories["label"])
    tables = {**tables, "dim_category": categories.assign(label=labels), "v_kpi_change": pd.DataFrame()}
    tables["v_kpi_change"] = example.report_tables()["v_kpi_change"]
    report = report_content(tables, public_example.CODE, wording_limits=LIMITS, has_data=True)
    content = render_excel(report)
    sheet = open_workbook(content)["By age band"]
    cells = {cell.value: cell for row in sheet.iter_rows(min_row=4) for cell in row}
    assert {"=1+1", "@SUM(A1)", "[see] (http://example.org)", "??? (as written)", "-$$1$$"} <= set(cells)
    for text in ("=1+1", "@SUM(A1)", "-$$1$$"):
        assert cells[text].data_type == "s" and cells[text].quotePrefix
    assert not any(cell.hyperlink for cell in cells.values())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())
        assert not any(
            b"http://example" in archive.read(name) for name in archive.namelist() if ".rels" in name
        )


def test_every_breakdown_has_a_name_that_a_sheet_may_have() -> None:
    breakdowns = {name for kpi in load_registry().values() for name in kpi.breakdowns} | {"band"}
    labels = {breakdown_label(name) for name in breakdowns}
    assert len(labels) == len(breakdowns)
    assert max(map(len, labels)) <= LONGEST_LABEL
    assert not any(letter in label for label in labels for letter in "[]:*?/\\'")


def test_a_report_without_its_data_is_no_workbook(report: Report) -> None:
    without = report_content(example.report_tables(), example.CODE, wording_limits=LIMITS)
    assert without.data is None
    with pytest.raises(ValueError, match="this report has none"):
        render_excel(without)
    assert [name for name, each in FORMATS.items() if each.has_data] == ["excel"]


def test_a_row_is_high_enough_for_its_longest_text_where_no_program_fits_it(book: Workbook) -> None:
    wrapped = 0
    for sheet in book.worksheets:
        below = 3 if sheet.title == COVER else 4  # titles and sentences above a table run over the columns
        for row in sheet.iter_rows(min_row=below):
            for cell in row:
                width = sheet.column_dimensions[cell.column_letter].width
                if isinstance(cell.value, str) and len(cell.value) > width:
                    wrapped += 1
                    assert sheet.row_dimensions[cell.row].height >= 30, (sheet.title, cell.coordinate)
    assert wrapped > 10

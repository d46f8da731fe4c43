"""A table of a page as CSV and Excel."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from cf_pipeline.dashboard.content import Cell, Column, TableView
from cf_pipeline.dashboard.rendering.files import file_name, write_csv, write_excel

TABLE = TableView(
    "teams",
    "Children by team",
    (Column("Team"), Column("Children", is_number=True), Column("team")),
    (
        (Cell("=cmd()"), Cell("1,234", 1234), Cell("x", detail="since May")),
        (Cell("Ünïted"), Cell("not available", ""), Cell("-5")),
        (Cell("\ttabbed"), Cell("57.5%", 57.5), Cell("@x")),
    ),
    "No team.",
)


def test_csv_holds_numbers_as_published_and_no_formula():
    text = write_csv(TABLE, "").decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [
        ["Team", "Children", "team (2)", "team: detail"],
        ["'=cmd()", "1234", "x", "since May"],
        ["Ünïted", "", "'-5", ""],
        ["'\ttabbed", "57.5", "'@x", ""],
    ]


def test_excel_holds_the_same_in_a_marked_table():
    sheet = openpyxl.load_workbook(io.BytesIO(write_excel(TABLE, "Figures of run 1."))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "Children by team"
    assert rows[1][0] == "Figures of run 1."
    assert rows[2] == ("Team", "Children", "team (2)", "team: detail")
    assert rows[3] == ("=cmd()", 1234, "x", "since May")
    assert rows[4] == ("Ünïted", None, "-5", None)
    assert rows[5][1] == 57.5
    assert sheet["A4"].data_type == "s"
    assert sheet["A4"].quotePrefix
    assert sheet.tables["figures"].ref == "A3:D6"


@pytest.mark.parametrize("rows", [(), ((Cell("one"), Cell("1", 1), Cell("")),)])
def test_a_table_of_few_rows_is_a_table(rows):
    table = TableView("t", "T", TABLE.columns, rows, "None.")
    sheet = openpyxl.load_workbook(io.BytesIO(write_excel(table, ""))).active
    assert sheet.tables["figures"].ref.startswith("A3:C4")


def test_a_file_is_named_after_page_table_and_publication():
    assert file_name("kpi", TABLE, 12, "csv") == "kpi-teams-publication-12.csv"

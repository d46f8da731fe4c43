"""A table of a page as a file: CSV for programs, Excel for people."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cf_pipeline.dashboard.content import Cell, TableView, Value
from cf_pipeline.outputs.workbook.xlsx import CREATED, STARTS_A_FORMULA, visible_text

EXCEL_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET_NAME = "Table"
WIDEST = 60


@dataclass(frozen=True)
class FileFormat:
    """One format: its ending, its media type, and what makes the bytes of a table and its source line."""

    ending: str
    media_type: str
    label: str
    write: Callable[[TableView, str], bytes]


def write_csv(table: TableView, _: str) -> bytes:
    """The table as CSV in UTF-8: a row of names, then a row each. No text can be taken for a formula."""
    content = io.StringIO(newline="")
    writer = csv.writer(content)
    writer.writerow(_names(table))
    for row in _rows(table):
        writer.writerow([_harmless(value) for value in row])
    return content.getvalue().encode("utf-8-sig")


def write_excel(table: TableView, source: str) -> bytes:
    """The table as a workbook of one sheet: what it is, where it is from, then a marked table."""
    import xlsxwriter  # noqa: PLC0415 - few visitors save a table, and it takes long to load

    content = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "nan_inf_to_errors": False,
    }
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"title": table.caption, "author": "cf-pipeline", "created": CREATED})
        quoted = book.add_format({"quote_prefix": True})
        sheet = book.add_worksheet(SHEET_NAME)
        sheet.write_string(0, 0, table.caption, book.add_format({"bold": True, "font_size": 14}))
        sheet.write_string(1, 0, source)
        names, rows = _names(table), _rows(table)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, int | float):
                    sheet.write_number(3 + number, column, value)
                elif value:
                    text = visible_text(value)
                    sheet.write_string(
                        3 + number, column, text, quoted if text.startswith(STARTS_A_FORMULA) else None
                    )
        headers = [{"header": name} for name in names]
        sheet.add_table(2, 0, 2 + max(len(rows), 1), len(names) - 1, {"columns": headers, "name": "figures"})
        for column, name in enumerate(names):
            longest = max([len(name) + 4, *(len(str(row[column] or "")) for row in rows)])
            sheet.set_column(column, column, min(longest, WIDEST))
        sheet.freeze_panes(3, 1)
    return content.getvalue()


FORMATS: Mapping[str, FileFormat] = {
    "csv": FileFormat("csv", "text/csv; charset=utf-8", "CSV", write_csv),
    "xlsx": FileFormat("xlsx", EXCEL_TYPE, "Excel", write_excel),
}
"""By the name in an address."""


def file_name(page: str, table: TableView, version: int, ending: str) -> str:
    """'kpi-trend-publication-12.csv'; a child or a filter is never part of it."""
    name = re.sub(r"[^a-z0-9-]+", "-", f"{page}-{table.name}".lower())
    return f"{name}-publication-{version}.{ending}"


def _detail_columns(table: TableView) -> list[int]:
    return [column for column in range(len(table.columns)) if any(row[column].detail for row in table.rows)]


def _names(table: TableView) -> list[str]:
    """The names of the file's columns, each once: a detail has a column of its own."""
    names = [column.name or "Row" for column in table.columns]
    names += [f"{names[column]}: detail" for column in _detail_columns(table)]
    counts: dict[str, int] = {}
    for number, name in enumerate(names):
        counts[name.casefold()] = counts.get(name.casefold(), 0) + 1
        if counts[name.casefold()] > 1:
            names[number] = f"{name} ({counts[name.casefold()]})"
    return names


def _rows(table: TableView) -> list[list[Value]]:
    details = _detail_columns(table)
    return [[*map(_value, row), *(row[column].detail for column in details)] for row in table.rows]


def _value(cell: Cell) -> Value:
    return cell.chart.title if cell.chart else cell.file_value


def _harmless(value: Value) -> Value:
    return (
        f"'{value}" if isinstance(value, str) and value.startswith((*STARTS_A_FORMULA, "\t", "\r")) else value
    )

"""Frames as an .xlsx workbook: styled, safe to open, the same bytes for the same frames."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from cf_pipeline.errors import escape_invisible
from cf_pipeline.outputs.workbook.fast_page import FastPage

MOST_ROWS = 1_000_000
"""Most rows of a sheet (Excel has room for 1,048,576); the last row says how many do not fit."""
MOST_LETTERS = 32_767
"""Excel's limit of the text of a cell; a longer one is cut."""
STARTS_A_FORMULA = ("=", "+", "-", "@")
_OPTIONS = {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False}
"""No temporary file: it would hold children's records, and the folder for them may be full."""
CREATED = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)
"""The date of every workbook: two of the same content are the same file."""
_BODY: dict[str, Any] = {"font_name": "Arial", "font_size": 11, "valign": "top"}
_LOOKS: dict[str, dict[str, Any]] = {
    "header": {"bold": True, "font_color": "#FFFFFF", "bg_color": "#12436D"},
    "body": {},
    "total": {"bold": True},
    "link": {"font_color": "#12436D", "underline": 1},
}
_KINDS: dict[str, dict[str, Any]] = {
    "text": {"text_wrap": True},
    "formula": {"text_wrap": True, "quote_prefix": True},  # stays text when somebody edits the cell
    "number": {"align": "right", "indent": 1},  # indented: it does not touch the text in the next column
    "date": {"align": "left", "num_format": "dd/mm/yyyy"},
}
_NARROW, _WIDE = 10, 60
LINE_POINTS, _MOST_POINTS = 15, 405
"""Points of one line, and of the tallest row (Excel allows 409)."""
_FILLED = 0.9
"""Share of a column's width that a line of wrapped text fills on average, because it breaks between words."""
_A4 = 9
_ROWS_AT_ONCE = 5_000


@dataclass(frozen=True)
class Sheet:
    """One sheet: title, rows, widths that do not follow the text, and whether its last row is a total.

    `links`: column -> the place in the workbook to which each of its cells leads, as in 'Issues'!A5, or None.
    """

    title: str
    frame: pd.DataFrame
    widths: dict[str, int] = field(default_factory=dict)
    has_total: bool = False
    links: dict[str, list[str | None]] = field(default_factory=dict)


def workbook_bytes(title: str, sheets: list[Sheet]) -> bytes:
    """The sheets as an .xlsx file; `title` is the document's own, which screen readers announce."""
    content = io.BytesIO()
    with Workbook(content, _OPTIONS) as book:
        book.set_properties({"title": title, "author": "cf-pipeline", "created": CREATED})
        styles = {
            (look, kind): book.add_format(_BODY | _LOOKS[look] | _KINDS[kind])
            for look, kind in product(_LOOKS, _KINDS)
        }
        cells: dict[tuple[str, type, Any], Any] = {}
        xml_by_cell: dict[int, str] = {}
        for sheet in sheets:
            page, rows = (
                book.add_worksheet(sheet.title, FastPage),
                list(iterate_rows(sheet.frame.head(MOST_ROWS))),
            )
            page.xml_by_cell = xml_by_cell
            columns: list[Sequence[Any]] = [*zip(*rows, strict=True)] or [()] * len(sheet.frame.columns)
            widths = _column_widths(sheet, columns)
            _set_up(page, title, sheet, widths)
            _SheetWriter(page, styles, cells).write(sheet, rows, _heights(sheet, columns, widths))
    return content.getvalue()


def _set_up(page: Worksheet, title: str, sheet: Sheet, widths: list[int]) -> None:
    """Columns, filter and print settings: A4 landscape, the headers on every page, a foot that says which."""
    page.freeze_panes(1, 0)
    for number, width in enumerate(widths):
        page.set_column(number, number, width)
    filtered = max(min(len(sheet.frame), MOST_ROWS) - sheet.has_total, 0)
    page.autofilter(0, 0, filtered, max(len(widths), 1) - 1)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(_A4)
    page.set_margins(left=0.75, right=0.75, top=1, bottom=1)
    page.fit_to_pages(1, 0)
    page.set_footer(f"&L{title.replace('&', '&&')}&C&A&RPage &P of &N")


@dataclass(frozen=True)
class _SheetWriter:
    """Writes cells. A text stays text, whatever it starts with, and every character of it is visible.

    `styles`: look of a cell and kind of its content -> its format. `cells`: look, type and value -> the cell
    that has been written of it in this workbook; most values of a sheet stand in it many times.
    """

    page: FastPage
    styles: dict[tuple[str, str], Format]
    cells: dict[tuple[str, type, Any], Any]

    def write(self, sheet: Sheet, rows: list[tuple[Any, ...]], heights: list[int]) -> None:
        """The headers, the rows that fit, each with its height in points, and how many do not fit."""
        names = list(sheet.frame.columns)
        self._write_row(0, names, "header")
        total = len(rows) - 1 if sheet.has_total else -1
        links = {names.index(name): targets for name, targets in sheet.links.items() if name in names}
        for number, (values, height) in enumerate(zip(rows, heights, strict=True)):
            if height > LINE_POINTS:
                self.page.set_row(number + 1, height)
            self._write_row(number + 1, values, "total" if number == total else "body")
            for column, targets in links.items():
                if target := targets[number]:
                    self._write_link(number + 1, column, target, str(values[column]))
        if more := len(sheet.frame) - len(rows):
            text = f"{more:,} more rows do not fit on a sheet; see Summary by rule for the counts."
            self._write_row(len(rows) + 1, [text], "total")

    def _write_row(self, row: int, values: Any, look: str) -> None:
        known = {}
        for column, value in enumerate(values):
            key = look, value.__class__, value
            cell = self.cells.get(key)
            if cell is None:
                self._write_cell(row, column, value, look)
                self.cells[key] = self.page.table[row][column]
            else:
                known[column] = cell
        self.page.write_again(row, known)

    def _write_cell(self, row: int, column: int, value: Any, look: str) -> None:
        page, styles = self.page, self.styles
        if isinstance(value, bool | np.bool):
            value = "yes" if value else "no"
        if isinstance(value, str):
            value = visible_text(value)
        if value is None or value == "":
            page.write_blank(row, column, None, styles[look, "text"])
        elif isinstance(value, str):
            kind = "formula" if value.startswith(STARTS_A_FORMULA) else "text"
            page.write_string(row, column, value, styles[look, kind])
        elif isinstance(value, dt.datetime):
            page.write_datetime(row, column, value, styles[look, "date"])
        else:
            page.write_number(row, column, value, styles[look, "number"])

    def _write_link(self, row: int, column: int, target: str, text: str) -> None:
        self.page.write_url(row, column, f"internal:{target}", self.styles["link", "text"], string=text)


def visible_text(text: str) -> str:
    """A text as a cell may hold it: every character visible but line ends, no longer than Excel allows."""
    return "\n".join(map(escape_invisible, text.split("\n")))[:MOST_LETTERS]


def iterate_rows(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """The rows of a frame as plain values, None where there is none; some thousand at a time in memory."""
    for start in range(0, len(frame), _ROWS_AT_ONCE):
        part = frame.iloc[start : start + _ROWS_AT_ONCE]
        yield from zip(*(_plain_values(column) for _, column in part.items()), strict=True)


def _plain_values(column: pd.Series) -> list[Any]:
    cells = np.array(column.array, dtype=object)
    cells[column.isna().to_numpy()] = None
    values: list[Any] = cells.tolist()
    return values


def _column_widths(sheet: Sheet, columns: list[Sequence[Any]]) -> list[int]:
    return [
        sheet.widths.get(name) or _width(name, dtype, values)
        for name, dtype, values in zip(
            map(str, sheet.frame.columns), sheet.frame.dtypes, columns, strict=True
        )
    ]


def _width(name: str, dtype: Any, values: Sequence[Any]) -> int:
    letters = len(name) + 4
    if pd.api.types.is_datetime64_any_dtype(dtype) or name in {"As at", "Covers from"}:
        return max(letters, 13)
    longest = max((len(str(value)) for value in set(values) if value is not None), default=0)
    return min(max(longest + 2, letters, _NARROW), _WIDE)


def _heights(sheet: Sheet, columns: list[Sequence[Any]], widths: list[int]) -> list[int]:
    """The height of each row in points, its texts wrapped.

    Excel fits a row without a height itself; other programs and previews show its first line only.
    """
    lines = np.ones(len(columns[0]) if columns else 0)
    for dtype, values, width in zip(sheet.frame.dtypes, columns, widths, strict=True):
        if dtype in ("str", "object"):
            lines = np.maximum(lines, count_lines(values, width))
    return [int(points) for points in np.minimum(lines * LINE_POINTS, _MOST_POINTS)]


def count_lines(texts: Sequence[Any], width: int) -> list[int]:
    """The lines of each text in a column of a width; most texts of a column stand in it many times."""
    lines = {
        text: 1 if len(text) < width else math.ceil(len(text) / (_FILLED * width))
        for text in set(texts)
        if isinstance(text, str)
    }
    return [lines.get(text, 1) for text in texts]

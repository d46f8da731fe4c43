"""Frames as an .xlsx workbook: styled, safe to open, the same bytes for the same frames.

openpyxl writes the workbook with empty sheets; their rows are put in as XML (`outputs.workbook.rows`).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import IO, Any, NamedTuple
from xml.sax.saxutils import quoteattr

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from cf_pipeline.outputs.workbook.rows import KINDS, RowWriter, iterate_rows

MOST_ROWS = 1_000_000
"""Most rows of a sheet (Excel has room for 1,048,576); the last row says how many do not fit."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_PLACES = re.compile(rb"<sheetData ?/>|<sheetData></sheetData>|(?=<pageMargins )")
"""Where the rows and the links of an empty sheet belong."""
_HEADER = Font(name="Arial", size=11, bold=True, color="FFFFFF")
_HEADER_FILL = PatternFill("solid", fgColor="12436D")
_BODY = Font(name="Arial", size=11)
_BOLD = Font(name="Arial", size=11, bold=True)
_LINK = Font(name="Arial", size=11, color="12436D", underline="single")
_FONTS = {"header": _HEADER, "body": _BODY, "total": _BOLD, "link": _LINK}
_WRAPPED = Alignment(vertical="top", wrap_text=True)
_NUMBER = Alignment(vertical="top", horizontal="right", indent=1)
"""Indented, so that a number does not touch the text in the next column."""
_DATE = Alignment(vertical="top", horizontal="left")
_ALIGNED = {"number": _NUMBER, "date": _DATE}
_NARROW, _WIDE = 10, 60
_LINE_POINTS, _MOST_POINTS = 15, 405
"""Points of one line, and of the tallest row (Excel allows 409)."""
_FILLED = 0.9
"""Share of a column's width that a line of wrapped text fills on average, because it breaks between words."""
_A4 = 9


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


class _Link(NamedTuple):
    """A cell that leads to another place of the workbook."""

    cell: str
    target: str
    text: str


def workbook_bytes(title: str, sheets: list[Sheet]) -> bytes:
    """The sheets as an .xlsx file; `title` is the document's own, which screen readers announce."""
    book = Workbook(write_only=True)
    book.properties.title = title
    book.properties.creator = "cf-pipeline"
    book.properties.language = "en-GB"
    contents = {}
    for number, sheet in enumerate(sheets, start=1):
        page, widths = book.create_sheet(sheet.title), _column_widths(sheet)
        _set_up(page, title, sheet, widths)
        writer = RowWriter({key: _style(page, *key) for key in product(_FONTS, KINDS)})
        contents[f"xl/worksheets/sheet{number}.xml"] = (_rows(writer, sheet, widths), _links(sheet))
    empty = io.BytesIO()
    book.save(empty)
    return _fill(empty, contents)


def _set_up(page: Any, title: str, sheet: Sheet, widths: list[int]) -> None:
    """Columns, filter and print settings: A4 landscape, the headers on every page, a foot that says which."""
    page.freeze_panes = "A2"
    for number, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(number)].width = width
    filtered = max(min(len(sheet.frame), MOST_ROWS) - sheet.has_total, 0)
    page.auto_filter.ref = f"A1:{get_column_letter(max(len(widths), 1))}{filtered + 1}"
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = _A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.oddFooter.left.text = title.replace("&", "&&")
    page.oddFooter.center.text = "&A"
    page.oddFooter.right.text = "Page &P of &N"


def _style(page: Any, look: str, kind: str) -> int:
    """The number in the workbook of the style of a look and a kind of content."""
    cell: Any = WriteOnlyCell(page)
    cell.font = _FONTS[look]
    cell.alignment = _ALIGNED.get(kind, _WRAPPED)
    if look == "header":
        cell.fill = _HEADER_FILL
    if kind == "date":
        cell.number_format = "dd/mm/yyyy"
    if kind == "risky":
        cell.quotePrefix = True  # keeps it text when somebody edits the cell
    return int(cell.style_id)


def _rows(writer: RowWriter, sheet: Sheet, widths: list[int]) -> Iterator[str]:
    """The XML of each row of a sheet: the headers, the rows, and how many do not fit."""
    names = list(sheet.frame.columns)
    yield writer.row(1, names, ["header"] * len(names))
    shown = sheet.frame.head(MOST_ROWS)
    total = len(shown) - 1 if sheet.has_total else -1
    linked = {column: sheet.links[name] for column, name in enumerate(names) if name in sheet.links}
    heights = _heights(shown, widths)
    for number, values in enumerate(iterate_rows(shown)):
        looks = ["total" if number == total else "body"] * len(names)
        for column, targets in linked.items():
            looks[column] = "link" if targets[number] else looks[column]
        height = heights[number] if heights[number] > _LINE_POINTS else None
        yield writer.row(number + 2, values, looks, height)
    if more := len(sheet.frame) - len(shown):
        text = f"{more:,} more rows do not fit on a sheet; see Summary by rule for the counts."
        yield writer.row(len(shown) + 2, [text], ["total"])


def _links(sheet: Sheet) -> list[_Link]:
    """The cells that lead somewhere, row by row."""
    return [
        _Link(f"{get_column_letter(column)}{row}", target, str(text))
        for column, name in enumerate(sheet.frame.columns, start=1)
        for row, (text, target) in enumerate(
            zip(sheet.frame[name], sheet.links.get(name, []), strict=False), start=2
        )
        if target
    ]


def _column_widths(sheet: Sheet) -> list[int]:
    return [sheet.widths.get(name) or _width(sheet.frame[name]) for name in sheet.frame.columns]


def _width(column: pd.Series) -> int:
    name = len(str(column.name)) + 4
    if pd.api.types.is_datetime64_any_dtype(column.dtype) or str(column.name) in {"As at", "Covers from"}:
        return max(name, 13)
    longest = column.dropna().astype("str").str.len().max() if column.notna().any() else 0
    return int(min(max(longest + 2, name, _NARROW), _WIDE))


def _heights(frame: pd.DataFrame, widths: list[int]) -> list[int]:
    """The height of each row in points, its texts wrapped.

    Excel fits a row without a height itself; other programs and previews show its first line only.
    """
    lines = np.ones(len(frame))
    for (_, column), width in zip(frame.infer_objects().items(), widths, strict=True):
        if column.dtype in ("str", "object") and column.notna().any():
            letters = column.str.len().fillna(0).to_numpy(dtype=float)
            lines = np.maximum(lines, np.where(letters < width, 1, np.ceil(letters / (_FILLED * width))))
    return [int(points) for points in np.minimum(lines * _LINE_POINTS, _MOST_POINTS)]


def _fill(empty: io.BytesIO, contents: Mapping[str, tuple[Iterator[str], list[_Link]]]) -> bytes:
    """The workbook with the rows and links of its sheets, and without the time of writing.

    Equal frames thus give equal bytes.
    """
    full = io.BytesIO()
    with zipfile.ZipFile(empty) as old, zipfile.ZipFile(full, "w") as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            part = old.read(name)
            with new.open(entry, "w") as file:
                if name in contents:
                    _write_sheet(file, part, *contents[name])
                else:
                    file.write(_STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z\g<2>", part))
    return full.getvalue()


def _write_sheet(file: IO[bytes], empty: bytes, rows: Iterator[str], links: list[_Link]) -> None:
    """A sheet: `empty` with its rows and links at their places."""
    before, filters, print_settings = _PLACES.split(empty)
    file.write(before + b"<sheetData>")
    for row in rows:
        file.write(row.encode())
    file.write(b"</sheetData>" + filters + _links_xml(links).encode() + print_settings)


def _links_xml(links: list[_Link]) -> str:
    cells = [
        f"<hyperlink ref={quoteattr(link.cell)} location={quoteattr(link.target)}"
        f" display={quoteattr(link.text)}/>"
        for link in links
    ]
    return f"<hyperlinks>{''.join(cells)}</hyperlinks>" if cells else ""

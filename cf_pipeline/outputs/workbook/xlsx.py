"""Frames as an .xlsx workbook: styled, safe to open, the same bytes for the same frames."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties

MOST_ROWS = 1_000_000
"""Most rows of a sheet (Excel has room for 1,048,576); the last row says how many do not fit."""
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
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


def workbook_bytes(title: str, sheets: list[Sheet]) -> bytes:
    """The sheets as an .xlsx file; `title` is the document's own, which screen readers announce."""
    book = Workbook(write_only=True)
    book.properties.title = title
    book.properties.creator = "cf-pipeline"
    book.properties.language = "en-GB"
    for sheet in sheets:
        _fill(book, sheet, title)
    content = io.BytesIO()
    book.save(content)
    return _without_clock(content.getvalue())


def _fill(book: Any, sheet: Sheet, title: str) -> None:
    frame = sheet.frame
    page = book.create_sheet(sheet.title)
    page.freeze_panes = "A2"
    _set_for_print(page, title)
    widths = [sheet.widths.get(name) or _width(frame[name]) for name in frame.columns]
    for number, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(number)].width = width
    row_count = min(len(frame), MOST_ROWS)
    filtered = row_count - sheet.has_total
    page.auto_filter.ref = f"A1:{get_column_letter(max(len(frame.columns), 1))}{max(filtered, 0) + 1}"
    styles = _CellStyles(page)
    page.append([styles.cell(name, "header") for name in frame.columns])
    last = row_count - 1 if sheet.has_total else -1
    linked = [sheet.links.get(name) for name in frame.columns]
    heights = _heights(frame.head(row_count), widths)
    for number, row in enumerate(_rows(frame.head(row_count))):
        look = "total" if number == last else "body"
        cells = [styles.cell(value, look) for value in row]
        for column, links in enumerate(linked):
            if links and links[number]:
                styles.link(cells[column], f"{get_column_letter(column + 1)}{number + 2}", str(links[number]))
        if heights[number] > _LINE_POINTS:
            page.row_dimensions[number + 2].height = heights[number]
        page.append(cells)
        page.row_dimensions.pop(
            number + 2, None
        )  # already written; keeping it would fill memory on a long sheet
    if len(frame) > row_count:
        more = (
            f"{len(frame) - row_count:,} more rows do not fit on a sheet; see Summary by rule for the counts."
        )
        page.append([styles.cell(more, "total")])


def _set_for_print(page: Any, title: str) -> None:
    """A4 landscape, the headers on every page, and a foot with the title, the sheet and the page number."""
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = _A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.oddFooter.left.text = title.replace("&", "&&")
    page.oddFooter.center.text = "&A"
    page.oddFooter.right.text = "Page &P of &N"


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


def _rows(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    plain = frame.astype(object)
    return plain.where(plain.notna(), None).itertuples(index=False, name=None)


class _CellStyles:
    """Make the cells of a page. A style is made once and shared: making it costs more than the cell."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._styles: dict[tuple[str, str], Any] = {}

    def cell(self, value: Any, look: str) -> Any:
        """A cell that looks like a 'header', 'body' or 'total'. Text stays text, whatever it starts with."""
        if isinstance(value, bool):
            value = "yes" if value else "no"
        if isinstance(value, pd.Timestamp):
            value = value.to_pydatetime()
        if isinstance(value, str):
            value = ILLEGAL_CHARACTERS_RE.sub("", value)
        is_risky = isinstance(value, str) and value.startswith(_STARTS_A_FORMULA)
        cell: Any = WriteOnlyCell(self._page, value)
        if is_risky:
            cell.data_type = "s"  # openpyxl reads '=' as a formula; a file name must never become one
        kind = "risky" if is_risky else "date" if isinstance(value, dt.datetime) else ""
        cell._style = self._style(look, "number" if isinstance(value, int | float) else kind)
        return cell

    def link(self, cell: Any, place: str, target: str) -> None:
        """Link a cell, which will be at `place`, to `target` in the workbook."""
        cell.hyperlink = Hyperlink(ref=place, location=target, display=str(cell.value))
        cell.hyperlink.ref = place  # openpyxl sets A1 while the cell is not in a row yet
        cell._style = self._style("link", "")

    def _style(self, look: str, kind: str) -> Any:
        """The style of a look and a kind of content: 'number', 'date', 'risky' text, '' for other text."""
        key = (look, kind)
        if key not in self._styles:
            model: Any = WriteOnlyCell(self._page)
            model.font = _FONTS[look]
            model.alignment = _ALIGNED.get(kind, _WRAPPED)
            if look == "header":
                model.fill = _HEADER_FILL
            if kind == "date":
                model.number_format = "dd/mm/yyyy"
            if kind == "risky":
                model.quotePrefix = True  # keeps it text when somebody edits the cell
            self._styles[key] = model._style
        return self._styles[key]


def _width(column: pd.Series) -> int:
    name = len(str(column.name)) + 4
    if pd.api.types.is_datetime64_any_dtype(column.dtype) or str(column.name) in {"As at", "Covers from"}:
        return max(name, 13)
    longest = column.dropna().astype("str").str.len().max() if column.notna().any() else 0
    return int(min(max(longest + 2, name, _NARROW), _WIDE))


def _without_clock(workbook: bytes) -> bytes:
    """The same workbook without the time of writing, so that equal frames give equal bytes."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z\g<2>", content)
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return target.getvalue()

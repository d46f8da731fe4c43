"""OpenDocument spreadsheets: recognised, refused when encrypted, errors and padded numbers found."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cf_pipeline.ingest.files.formats.archive import check_archive, read_blocks, refuse_damage
from cf_pipeline.ingest.files.formats.file_format import FileContent, Place
from cf_pipeline.ingest.files.formats.marked_cells import MOST_ERRORS
from cf_pipeline.ingest.files.formats.number_formats import MOST_DIGITS
from cf_pipeline.ingest.files.limits import Limits
from cf_pipeline.ingest.files.unreadable import UnreadableError

CONTENT = "content.xml"
MANIFEST = "META-INF/manifest.xml"
ERROR = re.compile(rb"value-type=[\"']error")
TABLE, ROW, CELL, COVERED_CELL = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:table:1.0}}{name}"
    for name in ("table", "table-row", "table-cell", "covered-table-cell")
)
REPEATED = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}number-%s-repeated"
OFFICE_TYPE, OFFICE_VALUE = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:office:1.0}}{name}" for name in ("value-type", "value")
)
PARAGRAPH = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"
POSSIBLE_PADDING = re.compile(rb"value-type=[\"']float[^<>]*>\s*<text:p[^<>]*>[^<>]*\b0\d")
CELL_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"


def is_ods(content: FileContent) -> bool:
    """Whether the file is an archive with the part that holds an OpenDocument's cells."""
    return CONTENT in content.parts


def check_ods(path: Path, limits: Limits) -> None:
    """Refuse an unsafe archive, and a spreadsheet whose manifest names a cipher.

    Raises:
        UnreadableError: `encrypted`, `unsafe_archive` or `corrupt`.
    """
    check_archive(path, limits)
    with refuse_damage(), zipfile.ZipFile(path) as archive:
        encrypted = MANIFEST in archive.namelist() and b"encryption-data" in archive.read(MANIFEST)
    if encrypted:
        raise UnreadableError("encrypted")


def find_error_cells(path: Path) -> Iterator[tuple[int, Place]]:
    """The sheet number and place of each error cell.

    Raises:
        UnreadableError: the archive is damaged.
    """
    with refuse_damage(), zipfile.ZipFile(path) as archive:
        if any(ERROR.search(block) for block in read_blocks(archive, CONTENT)):
            yield from _error_cells(archive)


def find_changed_numbers(path: Path) -> Iterator[tuple[int, tuple[Place, str]]]:
    """The sheet number of each number, with place and text, that is displayed with leading zeros.

    Raises:
        UnreadableError: the archive is damaged.
    """
    with refuse_damage(), zipfile.ZipFile(path) as archive:
        if any(POSSIBLE_PADDING.search(block) for block in read_blocks(archive, CONTENT)):
            for sheet, place, cell in _cells(archive):
                text = _padded_text(cell)
                if text is not None:
                    yield sheet, (place, text)


def _error_cells(archive: zipfile.ZipFile) -> Iterator[tuple[int, Place]]:
    for sheet, place, cell in _cells(archive):
        if cell.get(CELL_TYPE) == "error":
            yield sheet, place


def _padded_text(cell: Any) -> str | None:
    """The displayed text of a whole number that has more leading zeros than the number; else None."""
    value, shown = cell.get(OFFICE_VALUE), cell.find(PARAGRAPH)
    if cell.get(OFFICE_TYPE) != "float" or not value or shown is None:
        return None
    text = "".join(shown.itertext()).strip()
    digits = "".join(filter(str.isdigit, text))
    number = float(value)
    is_padded = digits.startswith("0") and len(digits) >= 2 and "." not in text and "," not in text
    is_whole = number.is_integer() and 0 <= number < 10**MOST_DIGITS and digits and int(digits) == number
    return text if is_padded and is_whole else None


def _cells(archive: zipfile.ZipFile) -> Iterator[tuple[int, Place, Any]]:
    """The sheet number, place and element of each filled cell; a repeated one at each of its places."""
    from defusedxml.ElementTree import iterparse  # noqa: PLC0415 - few files need it

    sheet, row, depth = -1, 0, 0
    with archive.open(CONTENT) as content:
        for event, element in iterparse(content, events=("start", "end")):
            if element.tag == TABLE:
                depth += 1 if event == "start" else -1
                if event == "start" and depth == 1:  # a table within a cell is no sheet
                    sheet, row = sheet + 1, 0
            elif event == "end" and element.tag == ROW and depth == 1:
                height = int(element.get(REPEATED % "rows", "1"))
                for column, cell in _cells_of_row(element):
                    for at in range(row, row + min(height, MOST_ERRORS)):
                        yield sheet, (at, column), cell
                row += height
                element.clear()


def _cells_of_row(row: Iterator[Any]) -> Iterator[tuple[int, Any]]:
    column = 0
    for cell in row:
        width = int(cell.get(REPEATED % "columns", "1"))
        if cell.tag == CELL and (cell.get(OFFICE_TYPE) or cell.get(CELL_TYPE)):
            yield from ((at, cell) for at in range(column, column + min(width, MOST_ERRORS)))
        column += width if cell.tag in (CELL, COVERED_CELL) else 0

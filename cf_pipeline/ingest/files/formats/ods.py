"""OpenDocument spreadsheets: recognised, refused when encrypted, their error cells found."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cf_pipeline.ingest.files.formats.archive import check_archive, read_blocks, refuse_damage
from cf_pipeline.ingest.files.formats.error_cells import MOST_ERRORS
from cf_pipeline.ingest.files.formats.file_format import FileContent, Place
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


def _error_cells(archive: zipfile.ZipFile) -> Iterator[tuple[int, Place]]:
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
                for column in _error_columns(element):
                    for at in range(row, row + min(height, MOST_ERRORS)):
                        yield sheet, (at, column)
                row += height
                element.clear()


def _error_columns(row: Iterator[Any]) -> Iterator[int]:
    column = 0
    for cell in row:
        width = int(cell.get(REPEATED % "columns", "1"))
        if cell.tag == CELL and cell.get(CELL_TYPE) == "error":
            yield from range(column, column + min(width, MOST_ERRORS))
        column += width if cell.tag in (CELL, COVERED_CELL) else 0

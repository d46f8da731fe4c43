"""Where the error cells of an .ods, .xlsb or .xls stand: the first reader gives them as blanks.

A search for a few bytes decides whether a sheet is gone through at all. Of its records only the kinds that
hold an error are looked at; standard library, olefile and defusedxml, in the reading child. An .xlsx has a
second reader instead (`second_reader`).
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cf_pipeline.ingest.files.file_kind import broken_archive
from cf_pipeline.ingest.files.prescan import blocks

Place = tuple[int, int]
"""Row and column, from 0."""
MOST = 100_000
"""Error cells beyond which a workbook is said to be unchecked: one repeated cell may stand for millions."""

ODS_ERROR = re.compile(rb"value-type=[\"']error")
TABLE, ROW, CELL, COVERED = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:table:1.0}}{name}"
    for name in ("table", "table-row", "table-cell", "covered-table-cell")
)
REPEATED = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}number-%s-repeated"
ODS_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"

XLSB_ROW, XLSB_ERROR, XLSB_ERROR_OF_FORMULA, XLSB_SHEET = 0x00, 0x03, 0x0B, 0x9C
XLSB_MAYBE = re.compile(
    rb"(?:\x03\x09|\x0b[\x0b-\x7f]|\x0b[\x80-\xff][\x01-\x7f]).[\x00-\x3f]\x00\x00", re.DOTALL
)
"""The start of a cell's record: its kind, its length, and a column below 16,384."""

XLS_SHEET, XLS_START, XLS_END, XLS_ERROR, XLS_FORMULA = 0x85, 0x809, 0x0A, 0x205, 0x06
XLS_MAYBE = re.compile(rb"\x05\x02\x08\x00|\x06\x00.{8}\x02.{5}\xff\xff", re.DOTALL)
IS_ERROR = 2
"""What a formula's result is, in the first of its eight bytes when the last two are FF FF."""


def error_cells(path: Path, kind: str) -> dict[int, list[Place]] | None:
    """Number of the sheet, from 0 -> its error cells; empty for an .xlsx and a file of text.

    None when the workbook seems to hold errors and cannot be gone through.

    Raises:
        UnreadableError: the archive is damaged.
    """
    found: dict[int, list[Place]] = {}
    try:
        for sheet, place in _places(path, kind):
            found.setdefault(sheet, []).append(place)
            if sum(map(len, found.values())) > MOST:
                return None
    except (struct.error, IndexError, KeyError, SyntaxError, UnicodeError, OSError):
        return None
    return found


def _places(path: Path, kind: str) -> Iterator[tuple[int, Place]]:
    if kind == "ole2":
        yield from _of_xls(path)
    elif kind == "zip":
        with broken_archive(), zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "content.xml" in names:
                yield from _of_ods(archive)
            elif "xl/workbook.bin" in names:
                yield from _of_xlsb(archive)


def _of_ods(archive: zipfile.ZipFile) -> Iterator[tuple[int, Place]]:
    from defusedxml.ElementTree import iterparse  # noqa: PLC0415 - few files need it

    if not any(ODS_ERROR.search(block) for block in blocks(archive, "content.xml")):
        return
    sheet, row, depth = -1, 0, 0
    with archive.open("content.xml") as content:
        for event, element in iterparse(content, events=("start", "end")):
            if element.tag == TABLE:
                depth += 1 if event == "start" else -1
                if event == "start" and depth == 1:  # a table within a cell is no sheet
                    sheet, row = sheet + 1, 0
            elif event == "end" and element.tag == ROW and depth == 1:
                height = int(element.get(REPEATED % "rows", "1"))
                for column in _columns_of_ods(element):
                    for at in range(row, row + min(height, MOST)):
                        yield sheet, (at, column)
                row += height
                element.clear()


def _columns_of_ods(row: Iterator[Any]) -> Iterator[int]:
    column = 0
    for cell in row:
        width = int(cell.get(REPEATED % "columns", "1"))
        if cell.tag == CELL and cell.get(ODS_TYPE) == "error":
            yield from range(column, column + min(width, MOST))
        column += width if cell.tag in (CELL, COVERED) else 0


def _of_xlsb(archive: zipfile.ZipFile) -> Iterator[tuple[int, Place]]:
    for sheet, part in enumerate(_parts_of_xlsb(archive)):
        if not any(XLSB_MAYBE.search(block) for block in blocks(archive, part)):
            continue
        row = 0
        for kind, body in _records_of_xlsb(archive.read(part)):
            if kind == XLSB_ROW:
                row = int.from_bytes(body[:4], "little")
            elif kind in (XLSB_ERROR, XLSB_ERROR_OF_FORMULA):
                yield sheet, (row, int.from_bytes(body[:4], "little"))


def _parts_of_xlsb(archive: zipfile.ZipFile) -> Iterator[str]:
    """The parts of the sheets in the workbook's order."""
    relations = archive.read("xl/_rels/workbook.bin.rels").decode()
    targets = {}
    for relation in re.findall(r"<Relationship\b[^<>]*>", relations):
        said = dict(re.findall(r"(\w+)=[\"']([^\"']*)", relation))
        targets[said["Id"]] = said["Target"]
    for kind, body in _records_of_xlsb(archive.read("xl/workbook.bin")):
        if kind == XLSB_SHEET:
            length = int.from_bytes(body[8:12], "little")
            target = targets[body[12 : 12 + 2 * length].decode("utf-16-le")]
            yield target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _records_of_xlsb(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each record: both kind and length are written seven bits a byte."""
    at = 0
    while at < len(data):
        kind, at = data[at], at + 1
        if kind & 0x80:
            kind, at = kind & 0x7F | data[at] << 7, at + 1
        length = shift = 0
        while True:
            byte, at = data[at], at + 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        yield kind, data[at : at + length]
        at += length


def _of_xls(path: Path) -> Iterator[tuple[int, Place]]:
    import olefile  # noqa: PLC0415 - few files need it

    try:
        with olefile.OleFileIO(str(path)) as streams:
            name = next(name for name in ("Workbook", "Book") if streams.exists(name))
            data = streams.openstream(name).read()
    except (OSError, StopIteration):
        return  # the reader says what is wrong with it
    if not XLS_MAYBE.search(data):
        return
    starts = [
        struct.unpack("<I", body[:4])[0] for kind, body in _records_of_xls(data, 0) if kind == XLS_SHEET
    ]
    for sheet, start in enumerate(starts):
        for kind, body in _records_of_xls(data, start):
            if (kind == XLS_ERROR and body[7]) or (
                kind == XLS_FORMULA and body[12:14] == b"\xff\xff" and body[6] == IS_ERROR
            ):
                yield sheet, struct.unpack("<HH", body[:4])


def _records_of_xls(data: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each record of one substream; one within it, of a chart, is passed over."""
    depth = 0
    while at < len(data):
        kind, length = struct.unpack_from("<HH", data, at)
        at += 4
        depth += (kind == XLS_START) - (kind == XLS_END)
        if depth == 1:
            yield kind, data[at : at + length]
        at += length
        if depth == 0:
            return

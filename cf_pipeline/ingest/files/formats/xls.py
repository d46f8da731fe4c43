"""Excel 97 workbooks (BIFF8 in an OLE2 file): recognised, passwords refused, cells found that change.

Standard library and olefile. An `.xlsx` with a password is an OLE2 file too.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from cf_pipeline.ingest.files.formats.day_numbers import IN_BINARY, is_before_midnight
from cf_pipeline.ingest.files.formats.file_format import FileContent, FileNumber, Place
from cf_pipeline.ingest.files.formats.number_formats import pad_number, pads_numbers
from cf_pipeline.ingest.files.limits import Limits
from cf_pipeline.ingest.files.unreadable import UnreadableError

OLE2_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WORKBOOK_STREAMS = ("Workbook", "Book")
PASSWORD_RECORD = 0x2F
"""FILEPASS: the cells after it are encrypted."""
FIRST_RECORDS = 64
"""Records among which the password record is: it is the second."""
SHEET_RECORD, START_RECORD, END_RECORD, ERROR_RECORD, FORMULA_RECORD = 0x85, 0x809, 0x0A, 0x205, 0x06
FORMAT_RECORD, CELL_FORMAT_RECORD = 0x41E, 0xE0
NUMBER_RECORD, RK_RECORD, MANY_RK_RECORD = 0x203, 0x27E, 0xBD
BIFF8 = 0x600
POSSIBLE_ERROR = re.compile(rb"\x05\x02\x08\x00|\x06\x00.{8}\x02.{5}\xff\xff", re.DOTALL)
FORMULA_ERROR = 2
"""The first of the eight bytes of a formula's result when it is an error; the last two are FF FF."""


def is_xls(content: FileContent) -> bool:
    """Whether the file is an OLE2 compound file."""
    return content.start.startswith(OLE2_MAGIC)


def check_password(path: Path, limits: Limits) -> None:
    """Refuse an .xls with encrypted cells and an .xlsx that is encrypted as a whole.

    Raises:
        UnreadableError: `encrypted`.
    """
    if _has_password(path):
        raise UnreadableError("encrypted")


def find_error_cells(path: Path) -> Iterator[tuple[int, Place]]:
    """The sheet number and place of each error cell; none of a file that the first reader will refuse."""
    data = _workbook_data(path)
    if not POSSIBLE_ERROR.search(data):
        return
    for sheet, start in enumerate(_sheet_starts(data)):
        for kind, body in _records(data, start):
            if (kind == ERROR_RECORD and body[7]) or (
                kind == FORMULA_RECORD and body[12:14] == b"\xff\xff" and body[6] == FORMULA_ERROR
            ):
                yield sheet, struct.unpack("<HH", body[:4])


def find_changed_numbers(path: Path) -> Iterator[tuple[int, tuple[Place, FileNumber]]]:
    """The sheet number, place and content of each number with leading zeros or just before midnight."""
    data = _workbook_data(path)
    formats = _padding_formats(data) if data else {}
    is_searched = formats or IN_BINARY.search(data)
    for sheet, start in enumerate(_sheet_starts(data) if is_searched else []):
        for kind, body in _records(data, start):
            for row, column, style, value in _numbers(kind, body):
                number = file_number(value, formats.get(style))
                if number is not None:
                    yield sheet, ((row, column), number)


def file_number(value: float, padding: str | None) -> FileNumber | None:
    """The number as the file has it; None for one that the first reader does not change.

    `padding` is its number format where that displays leading zeros.
    """
    if is_before_midnight(value):
        return Decimal(value)
    return pad_number(value, padding) if padding else None


def _padding_formats(data: bytes) -> dict[int, str]:
    """Number of a cell format -> its number format, of those that display leading zeros."""
    codes: dict[int, str] = {}
    cell_formats: list[int] = []
    version = struct.unpack_from("<H", data, 4)[0]
    for kind, body in _records(data, 0):
        if kind == FORMAT_RECORD:
            codes[struct.unpack_from("<H", body)[0]] = _format_code(body, version)
        elif kind == CELL_FORMAT_RECORD:
            cell_formats.append(struct.unpack_from("<H", body, 2)[0])
    return {
        style: codes[number]
        for style, number in enumerate(cell_formats)
        if number in codes and pads_numbers(codes[number])
    }


def _format_code(body: bytes, version: int) -> str:
    if version < BIFF8:
        return body[3 : 3 + body[2]].decode("cp1252", "replace")
    length, is_wide = struct.unpack_from("<H", body, 2)[0], body[4] & 1
    return body[5 : 5 + length * (1 + is_wide)].decode("utf-16-le" if is_wide else "latin-1", "replace")


def _numbers(kind: int, body: bytes) -> Iterator[tuple[int, int, int, float]]:
    """Row, column, number of the cell format and value of each number in a record."""
    if kind == NUMBER_RECORD or (kind == FORMULA_RECORD and body[12:14] != b"\xff\xff"):
        yield struct.unpack_from("<HHHd", body)
    elif kind == RK_RECORD:
        row, column, style, packed = struct.unpack_from("<HHHI", body)
        yield row, column, style, unpack_rk(packed)
    elif kind == MANY_RK_RECORD:
        row, first = struct.unpack_from("<HH", body)
        for place in range((len(body) - 6) // 6):
            style, packed = struct.unpack_from("<HI", body, 4 + 6 * place)
            yield row, first + place, style, unpack_rk(packed)


def unpack_rk(bits: int) -> float:
    """The number of an RK value: 30 bits of a real or a whole number, perhaps in hundredths."""
    if bits & 2:
        value = float((bits >> 2) - (1 << 30 if bits & 1 << 31 else 0))
    else:
        value = float(struct.unpack("<d", struct.pack("<Q", (bits & 0xFFFFFFFC) << 32))[0])
    return value / 100 if bits & 1 else value


def _workbook_data(path: Path) -> bytes:
    """The stream that holds the workbook; empty for a file that the first reader will refuse."""
    import olefile  # noqa: PLC0415 - few files need it

    try:
        with olefile.OleFileIO(str(path)) as streams:
            data: bytes = streams.openstream(_workbook_stream(streams)).read()
    except OSError:
        return b""
    return data


def _sheet_starts(data: bytes) -> list[int]:
    return [struct.unpack("<I", body[:4])[0] for kind, body in _records(data, 0) if kind == SHEET_RECORD]


def _has_password(path: Path) -> bool:
    import olefile  # noqa: PLC0415 - few files need it

    try:
        with olefile.OleFileIO(str(path)) as streams:
            if streams.exists("EncryptedPackage"):
                return True
            return PASSWORD_RECORD in _first_records(streams.openstream(_workbook_stream(streams)))
    except (OSError, ValueError, IndexError, TypeError, struct.error):
        return False  # the reader refuses it as damaged


def _workbook_stream(streams: Any) -> str:
    """The name of the stream that holds the workbook.

    Raises:
        OSError: there is none.
    """
    name = next((name for name in WORKBOOK_STREAMS if streams.exists(name)), None)
    if name is None:
        raise OSError
    return name


def _first_records(stream: BinaryIO) -> Iterator[int]:
    for _ in range(FIRST_RECORDS):
        start = stream.read(4)
        if len(start) < 4:
            return
        record, length = struct.unpack("<HH", start)
        yield record
        stream.seek(length, os.SEEK_CUR)


def _records(data: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each record of the substream at `at`; a chart's substream within it is skipped."""
    depth = 0
    while at < len(data):
        kind, length = struct.unpack_from("<HH", data, at)
        at += 4
        depth += (kind == START_RECORD) - (kind == END_RECORD)
        if depth == 1:
            yield kind, data[at : at + length]
        at += length
        if depth == 0:
            return

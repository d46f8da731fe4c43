"""Excel 97 workbooks (BIFF8 in an OLE2 file): recognised, passwords refused, error cells found.

Standard library and olefile. An `.xlsx` with a password is an OLE2 file too.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from cf_pipeline.ingest.files.formats.file_format import FileContent, Place
from cf_pipeline.ingest.files.limits import Limits
from cf_pipeline.ingest.files.unreadable import UnreadableError

OLE2_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WORKBOOK_STREAMS = ("Workbook", "Book")
PASSWORD_RECORD = 0x2F
"""FILEPASS: the cells after it are encrypted."""
FIRST_RECORDS = 64
"""Records among which the password record is: it is the second."""
SHEET_RECORD, START_RECORD, END_RECORD, ERROR_RECORD, FORMULA_RECORD = 0x85, 0x809, 0x0A, 0x205, 0x06
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
    import olefile  # noqa: PLC0415 - few files need it

    try:
        with olefile.OleFileIO(str(path)) as streams:
            data = streams.openstream(_workbook_stream(streams)).read()
    except OSError:
        return
    if not POSSIBLE_ERROR.search(data):
        return
    starts = [struct.unpack("<I", body[:4])[0] for kind, body in _records(data, 0) if kind == SHEET_RECORD]
    for sheet, start in enumerate(starts):
        for kind, body in _records(data, start):
            if (kind == ERROR_RECORD and body[7]) or (
                kind == FORMULA_RECORD and body[12:14] == b"\xff\xff" and body[6] == FORMULA_ERROR
            ):
                yield sheet, struct.unpack("<HH", body[:4])


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

"""Reads the table of one published file: every cell as text, under the file's own headers."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pandas as pd

from cf_pipeline.ingest.files.formats.archive import ZIP_MAGIC
from cf_pipeline.ingest.files.formats.delimited_text import MARKUP, decode_text
from cf_pipeline.ingest.files.formats.xls import OLE2_MAGIC
from cf_pipeline.ingest.files.limits import DEFAULT_LIMITS, MEGABYTE, Limits
from cf_pipeline.ingest.files.unreadable import UnreadableError

NO_TEXT = {
    "workbook": "it is a workbook; open it and save the sheet of the table as CSV",
    "archive": "it is a zip archive; unpack it and put the CSV files of it here",
    "web_page": "it is a web page; download the table itself, as CSV",
    "other": "it is not text; download the table as CSV",
}
"""The message for a file that is not text, by what it is instead."""
WORKBOOK_PARTS = (b"xl/workbook", b"content.xml")
"""Names in a zip archive that is a workbook (.xlsx, .xlsb, .ods); an archive does not compress its names."""


class UnknownShapeError(Exception):
    """The file is not a table of the catalogue; the message says what is wrong and what to do."""


def read_table(path: Path, limits: Limits = DEFAULT_LIMITS) -> pd.DataFrame:
    """The rows of a CSV file, every cell text, an empty cell ''.

    Raises:
        UnreadableError: the path is not a file, or the file is empty, too large or cannot be opened.
        UnknownShapeError: the file is not text, or not rows of one width under one row of headers.
    """
    if path.is_symlink() or not path.is_file():
        raise UnreadableError("not_a_file")
    size = path.stat().st_size
    if not 0 < size <= limits.file_mb * MEGABYTE:
        raise UnreadableError("too_large" if size else "empty_file")
    text = _decode(_read_bytes(path))
    table = None
    with contextlib.suppress(
        pd.errors.ParserError, pd.errors.EmptyDataError
    ):  # their messages may hold a cell
        table = pd.read_csv(io.StringIO(text), dtype="str", keep_default_na=False)
    if table is None or not isinstance(table.index, pd.RangeIndex):
        raise UnknownShapeError("its rows are not one table of comma-separated values; download it again")
    if len(table.columns) == 1:
        raise UnknownShapeError("its values are not separated by commas; save it as CSV (comma delimited)")
    if table.empty:
        raise UnknownShapeError("it has headers and no rows; download it again")
    return table


def _decode(data: bytes) -> str:
    kind = "other"
    if data.startswith((ZIP_MAGIC, OLE2_MAGIC)):
        is_workbook = data.startswith(OLE2_MAGIC) or any(part in data for part in WORKBOOK_PARTS)
        kind = "workbook" if is_workbook else "archive"
    elif MARKUP.match(data):
        kind = "web_page"
    else:
        with contextlib.suppress(UnreadableError):
            return decode_text(data)
    raise UnknownShapeError(NO_TEXT[kind])


def _read_bytes(path: Path) -> bytes:
    with contextlib.suppress(OSError):
        return path.read_bytes()
    raise UnreadableError("vanished")

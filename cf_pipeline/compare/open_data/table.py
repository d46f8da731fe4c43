"""The table of one published file: every cell as text, under its own headers."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pandas as pd

from cf_pipeline.ingest.limits import DEFAULT_LIMITS, MEGABYTE, Limits
from cf_pipeline.ingest.sniff import UnreadableError
from cf_pipeline.ingest.text_files import decoded


class UnknownShapeError(Exception):
    """A file that is no published table we know; the message says what is wrong and what to do."""


def read_table(path: Path, limits: Limits = DEFAULT_LIMITS) -> pd.DataFrame:
    """The rows of a CSV file, every cell text, an empty cell ''.

    Raises:
        UnreadableError: it is not a file, empty, too large, may not be opened, or is not text.
        UnknownShapeError: it is text, but not rows of one width under one row of headers.
    """
    if path.is_symlink() or not path.is_file():
        raise UnreadableError("not_a_file")
    size = path.stat().st_size
    if not 0 < size <= limits.file_mb * MEGABYTE:
        raise UnreadableError("too_large" if size else "empty_file")
    text = decoded(_bytes(path))
    table = None
    with contextlib.suppress(pd.errors.ParserError, pd.errors.EmptyDataError):  # their words may hold a cell
        table = pd.read_csv(io.StringIO(text), dtype="str", keep_default_na=False)
    if table is None or not isinstance(table.index, pd.RangeIndex):
        raise UnknownShapeError("its rows are not one table of comma-separated values; download it again")
    if table.empty:
        raise UnknownShapeError("it has headers and no rows; download it again")
    return table


def _bytes(path: Path) -> bytes:
    with contextlib.suppress(OSError):
        return path.read_bytes()
    raise UnreadableError("vanished")

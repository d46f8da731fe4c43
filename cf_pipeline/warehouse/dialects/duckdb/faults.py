"""What is wrong with a DuckDB file that cannot be opened or read, told apart by its bytes and DuckDB's error.

Only the kind of a fault is told; no text of DuckDB's message is.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from sqlalchemy.exc import DBAPIError

from cf_pipeline.warehouse.errors import FileFaultError, UnreadableFileError

MAGIC = b"DUCK"
MAGIC_AT = 8
"""Every DuckDB file has these letters after the checksum of its first block."""
SQLITE = b"SQLite format 3\x00"
_LOCKED = re.compile(r"Could not set lock on file(?:.*\(PID (\d+)\))?", re.DOTALL)
_NEWER = re.compile(r"version number|newer (?:version|DuckDB)|storage version")
_DAMAGED = re.compile(
    r"[Cc]orrupt|checksum|not a valid DuckDB|Could not read enough bytes|[Ss]erializ|WAL file"
)
_BROKEN = (duckdb.InternalException, duckdb.FatalException, duckdb.SerializationException)
"""What DuckDB raises where a page is not what it should be and has the right checksum."""


def check_is_file(file: Path) -> None:
    """Refuse a folder, a device or a pipe.

    Raises:
        FileFaultError: it is one.
    """
    if not file.is_file():
        raise FileFaultError(
            file,
            "is a folder or a device and no file; correct CF_WAREHOUSE_URL, or move it away and run again.",
        )


def check_bytes(file: Path) -> None:
    """Refuse what is no DuckDB file by its first bytes: of a SQLite file DuckDB would fetch an extension.

    Raises:
        UnreadableFileError: it is empty, or is a file of another kind.
        FileFaultError: it may not be read, or is a folder, a device or a pipe, which nothing moves aside.
    """
    check_is_file(file)
    start = None
    try:
        with file.open("rb") as content:
            start = content.read(max(len(SQLITE), MAGIC_AT + len(MAGIC)))
    except PermissionError:
        start = None
    if start is None:
        raise FileFaultError(file, "may not be read by this user; ask its owner for the right to read it.")
    if not start:
        raise UnreadableFileError(file, "is empty (0 bytes)")
    if start.startswith(SQLITE):
        raise UnreadableFileError(file, "is a SQLite database and no DuckDB file")
    if start[MAGIC_AT : MAGIC_AT + len(MAGIC)] != MAGIC:
        raise UnreadableFileError(file, "is damaged or no DuckDB file")


@contextmanager
def named_faults(file: Path) -> Iterator[None]:
    """Raise what DuckDB says of the file inside the block in plain words, where its kind is known.

    Raises:
        UnreadableFileError: the file is damaged, or of a newer version of DuckDB.
        FileFaultError: another program has it open for writing.
    """
    fault = None
    try:
        yield
    except (DBAPIError, duckdb.Error) as error:
        fault = _fault(file, error)
        if fault is None:
            raise
    if fault is not None:  # raised here, not in the handler: DuckDB's own message may quote a cell
        raise fault


def move_aside(file: Path) -> Path:
    """Give a file another name in its folder, with the log beside it; returns that name.

    Raises:
        FileFaultError: it is a folder or a device.
        OSError: it cannot be renamed.
    """
    check_is_file(file)
    now = dt.datetime.now(dt.UTC)
    aside = file.with_name(f"{file.name}.unreadable-{now:%Y%m%dT%H%M%S%f}")
    file.rename(aside)
    log = file.with_name(f"{file.name}.wal")
    if log.exists():
        log.rename(aside.with_name(f"{aside.name}.wal"))
    aside.chmod(0o600)
    return aside


def _fault(file: Path, error: BaseException) -> FileFaultError | None:
    original = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    text = str(original)
    if locked := _LOCKED.search(text):
        who = f" (process {locked[1]})" if locked[1] else ""
        return FileFaultError(
            file, f"is open for writing in another program{who}; close that program and run again."
        )
    if isinstance(original, duckdb.IOException | duckdb.SerializationException) and _NEWER.search(text):
        return UnreadableFileError(file, "is of a newer version of DuckDB than this product has")
    if isinstance(original, _BROKEN) or (isinstance(original, duckdb.IOException) and _DAMAGED.search(text)):
        return UnreadableFileError(file, "is damaged")
    return None

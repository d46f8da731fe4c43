"""What is wrong with a SQLite file of Dagster's records, in one sentence: no figure depends on them.

Belongs here: the kinds of fault. Does not belong here: a full disk, which is a fault of the machine.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from sqlalchemy.exc import DBAPIError

from cf_pipeline.errors import PlainError

_DAMAGED = re.compile("not a database|malformed|encrypted|no such table|no such column")
_LOCKED = re.compile("database is locked|database table is locked")
_READ_ONLY = re.compile("readonly database|read-only")
_UNOPENED = re.compile("unable to open database file")


class DagsterRecordsError(PlainError):
    """A file of Dagster's records cannot be used."""


class LockedRecordsError(DagsterRecordsError):
    """Another program holds a file of Dagster's records."""

    may_pass: ClassVar[bool] = True


def unusable_records(file: Path, fault: str) -> DagsterRecordsError:
    """The error for a file that is damaged or something else: what it is, and what to move aside.

    Its folder is moved and not the file: SQLite keeps logs beside a file, which belong to no other.

    Args:
        file: the SQLite file.
        fault: what is wrong, as in "is damaged".
    """
    lost = "schedules and sensors" if file.parent.name == "schedules" else "runs"
    folder = file.parent.parent if file.parent.name == "runs" else file.parent
    return DagsterRecordsError(
        f"{file}, where Dagster keeps its records, {fault}; move its folder aside "
        f"(`mv {folder} {folder}.damaged`) and run again: the history of {lost} is lost, no figure is."
    )


@contextmanager
def named_faults(file: Path) -> Iterator[None]:
    """Raise what SQLite says of the file inside the block in plain words, where its kind is known.

    Raises:
        DagsterRecordsError: the file is damaged, is something else, or cannot be opened or written.
        LockedRecordsError: another program holds it.
    """
    fault = None
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        fault = _fault(file, str(error.orig if isinstance(error, DBAPIError) else error))
        if fault is None:
            raise
    if fault is not None:  # raised here, not in the handler: SQLAlchemy's message quotes what was stored
        raise fault


def _fault(file: Path, text: str) -> DagsterRecordsError | None:
    if _DAMAGED.search(text):
        return unusable_records(file, "is damaged or no SQLite file of Dagster")
    if file.is_dir():
        return unusable_records(file, "is a folder")
    if _LOCKED.search(text):
        return LockedRecordsError(
            f"{file}, where Dagster keeps its records, is locked by another program; close it or wait, then "
            "run again."
        )
    if _READ_ONLY.search(text) or _UNOPENED.search(text):
        return DagsterRecordsError(
            f"{file}, where Dagster keeps its records, cannot be opened to write; check that its folder is "
            "there, is not mounted read-only and may be written, then run again."
        )
    return None

"""Turns a failure of the warehouse into one sentence without a cell's value.

A driver's message may hold the row it failed on (PostgreSQL's DETAIL does), and an exception raised while
another is handled carries the first one with it. So only the kind of the first one is kept, and ours is
raised after the handler has ended.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, TypeVar

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from cf_pipeline.errors import NO_SPACE, PlainError, path_sentence

T = TypeVar("T")

# SQLSTATE classes (PostgreSQL, appendix A) and what a person can do about them.
_BY_STATE = {
    "08": "the database cannot be reached; check CF_WAREHOUSE_URL and that the server runs",
    "23503": "a row names a quarter, a KPI, a category or a place that its own table does not have",
    "23": "two rows share a key or a required cell is empty",
    "28": "the server refuses the user or the password in CF_WAREHOUSE_URL; correct them",
    "3D": "the server has no database of the name in CF_WAREHOUSE_URL; create it, or correct the name",
    "42501": "the user in CF_WAREHOUSE_URL may not do this; it needs CREATE on the database and must own the "
    "schemas published_v1 and restricted",
    "53": "the server has no room left (disk, memory or connections)",
    "57": "the server is shutting down or stopped the work; run again when it is up",
}

# What the driver says when it gets no connection, or loses it: there is no SQLSTATE then.
_BY_WORDS = {
    "password|authentication failed|role .* does not exist": _BY_STATE["28"],
    "database .* does not exist": _BY_STATE["3D"],
    "resolve host|translate host|[Nn]ame or service not known|[Nn]ame resolution": (
        "the host in CF_WAREHOUSE_URL is not known; correct its name (an @ or / of a password is written "
        "%40 or %2F), or check the network"
    ),
    "[Cc]onnection refused|No such file or directory": (
        "no server answers at the host and port in CF_WAREHOUSE_URL; start it, or correct them"
    ),
    "pg_hba.conf": (
        "the server does not let this user in from this computer; ask its administrator (pg_hba.conf)"
    ),
    "too many clients|connection slots": _BY_STATE["53"],
    "starting up|shutting down": _BY_STATE["57"],
    "time(?:d )?out": "the server does not answer; check the host in CF_WAREHOUSE_URL and the network",
    "closed the connection|connection is (?:lost|closed|bad)|terminating connection|"
    "consuming input failed|Connection reset": "the server closed the connection; run again when it is up",
}
_NO_RIGHT = re.compile(r"(?:permission denied for|must be owner of) (database|schema|table|view) ([\w.]+)")

# Kinds of DuckDB's errors, which have no SQLSTATE.
_BY_KIND = {
    "IOException": "its file cannot be read or written; check the free space and the rights of the folder",
    "OutOfMemoryException": "the machine has no memory left for it; end other programs and run again",
    "MemoryError": "the machine has no memory left for it; end other programs and run again",
    "TransactionException": "the rows cannot be committed; check the free space of the disk",
    "FatalException": "its file cannot be written to the end; check the free space of the disk",
}


class WarehouseError(PlainError):
    """The warehouse could not be read or written."""

    may_pass = True


class FileFaultError(WarehouseError):
    """The file of an embedded warehouse cannot be used; the message names it."""

    def __init__(self, file: Path, fault: str) -> None:
        """`fault`: what is wrong and what to do, the end of the sentence that begins with the file."""
        super().__init__(f"{file} {fault}")
        self.file = file


class UnreadableFileError(FileFaultError):
    """The file is damaged, or no warehouse that this version can read: a publication replaces it."""

    may_pass: ClassVar[bool] = False

    def __init__(self, file: Path, fault: str) -> None:
        """`fault`: what is wrong, without an end."""
        super().__init__(
            file,
            f"{fault}; `cf-pipeline publish` moves it aside and builds the warehouse again from the lake.",
        )
        self.fault = fault


class KeptRowsError(WarehouseError):
    """Published rows cannot stay: they are not as they were written, or not as this version writes them."""


def with_plain_errors(task: str, action: Callable[[], T]) -> T:
    """The result of `action`; a failure of file or database becomes a WarehouseError.

    Args:
        task: the beginning of the sentence, as in "publishing to DuckDB".
        action: the work.

    Raises:
        WarehouseError: with the kind of the failure and no text of the driver's message.
    """
    try:
        return action()
    except WarehouseError:
        raise
    except (SQLAlchemyError, OSError, ValueError, MemoryError) as error:
        reason = _reason(error)
    except Exception as error:
        if type(error).__module__.lstrip("_").partition(".")[0] not in {"duckdb", "psycopg", "pyarrow"}:
            raise
        reason = _reason(error)
    raise WarehouseError(f"{task} failed: {reason}")


def _reason(error: BaseException) -> str:
    original = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    state = str(getattr(original, "sqlstate", None) or "")
    if state == "42501" and (right := _NO_RIGHT.search(str(original))):
        return f"the user in CF_WAREHOUSE_URL lacks a right on the {right[1]} {right[2]}; grant it"
    for prefix, words in _BY_STATE.items():
        if state.startswith(prefix):
            return words
    if isinstance(original, OSError):
        return _reason_of_file(original)
    kind = type(original).__name__
    if kind in {"OperationalError", "ConnectionTimeout"}:
        said = str(original)
        return next((words for sign, words in _BY_WORDS.items() if re.search(sign, said)), _BY_STATE["08"])
    return _BY_KIND.get(kind, f"{kind}{f' {state}' if state else ''}")


def _reason_of_file(error: OSError) -> str:
    if error.errno in NO_SPACE:
        return "the disk is full; free some space and run again; what was published before is unchanged"
    return path_sentence(error) or (error.strerror or type(error).__name__).lower()

"""Turns a failure of the warehouse into one sentence without a cell's value.

A driver's message may hold the row it failed on (PostgreSQL's DETAIL does), and an exception raised while
another is handled carries the first one with it. So only the kind of the first one is kept, and ours is
raised after the handler has ended.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from cf_pipeline.errors import NO_SPACE, PlainError

T = TypeVar("T")

# SQLSTATE classes (PostgreSQL, appendix A) and what a person can do about them.
_BY_STATE = {
    "08": "the database cannot be reached; check CF_WAREHOUSE_URL and that the server runs",
    "23": "two rows share a key or a required cell is empty",
    "28": "the database refused the user or password",
    "3D": "that database does not exist on the server",
    "42501": "the user may not do this; it needs CREATE on the database and must own published_v1",
    "53": "the server has no room left (disk, memory or connections)",
    "57": "the server is shutting down or stopped the work",
}

# Kinds of DuckDB's errors, which have no SQLSTATE.
_BY_KIND = {
    "IOException": "its file cannot be read or written; check the free space and the rights of the folder",
    "OutOfMemoryException": "the machine has no memory left for it; end other programs and run again",
    "MemoryError": "the machine has no memory left for it; end other programs and run again",
    "TransactionException": "the rows cannot be committed; check the free space of the disk",
}


class WarehouseError(PlainError):
    """The warehouse could not be read or written."""

    may_pass = True


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
        if type(error).__module__.partition(".")[0] not in {"duckdb", "psycopg", "pyarrow"}:
            raise
        reason = _reason(error)
    raise WarehouseError(f"{task} failed: {reason}")


def _reason(error: BaseException) -> str:
    original = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    state = str(getattr(original, "sqlstate", None) or "")
    for prefix, words in _BY_STATE.items():
        if state.startswith(prefix):
            return words
    if isinstance(original, OSError):
        if original.errno in NO_SPACE:
            return "the disk is full; free some space and run again; what was published before is unchanged"
        return original.strerror or type(original).__name__
    if type(original).__name__ == "OperationalError":
        return _BY_STATE["08"]
    kind = type(original).__name__
    return _BY_KIND.get(kind, f"{kind}{f' {state}' if state else ''}")

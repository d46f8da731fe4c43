"""The space of deleted records: given back to the disk, or kept for the records that follow."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable

from dagster._core.storage.event_log import SqlEventLogStorage, SqlEventLogStorageTable
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable, AssetEventTagsTable
from dagster._core.storage.runs import SqlRunStorage
from dagster._core.storage.runs.schema import RunsTable, RunTagsTable
from sqlalchemy import Connection, Table
from sqlalchemy.exc import OperationalError

EVENT_TABLES = (SqlEventLogStorageTable, AssetEventTagsTable, AssetCheckExecutionsTable)
RUN_TABLES = (RunsTable, RunTagsTable)
SECONDS_TO_WAIT = 30
"""How long a rewrite waits for readers and writers; where they go on longer, the next purge does it."""


def free_space(events: SqlEventLogStorage, runs: SqlRunStorage, *, is_mostly_free: bool) -> None:
    """Make the space of deleted rows usable again; rewrite tables of which the greater part is free.

    A rewrite gives the space back to the disk and locks the tables for as long as what stays takes to copy;
    otherwise the space is used by the next records. While others hold the tables, nothing is rewritten.
    """
    with events.index_connection() as connection:
        _free(connection, EVENT_TABLES, is_mostly_free=is_mostly_free)
    with runs.connect() as connection:
        _free(connection, RUN_TABLES, is_mostly_free=is_mostly_free)


def _free(connection: Connection, tables: Iterable[Table], *, is_mostly_free: bool) -> None:
    if connection.dialect.name == "sqlite":
        if is_mostly_free:
            _rewrite_file(str(connection.engine.url.database))
        return
    if is_mostly_free:
        connection.exec_driver_sql(f"SET lock_timeout = '{SECONDS_TO_WAIT}s'")
    for table in tables:
        if is_mostly_free:
            with contextlib.suppress(OperationalError):
                connection.exec_driver_sql(f"VACUUM FULL {table.name}")
        connection.exec_driver_sql(f"VACUUM ANALYZE {table.name}")


def _rewrite_file(file: str) -> None:
    with (
        contextlib.suppress(sqlite3.OperationalError),
        contextlib.closing(sqlite3.connect(file, timeout=SECONDS_TO_WAIT)) as connection,
    ):
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

"""Make sure that a new DuckDB file holds what was written to it, before it replaces the published one.

DuckDB writes committed rows to a log beside the file (`.wal`) and moves them into the file at a checkpoint.
When the disk is full at that moment, closing the file reports nothing and leaves the rows in the log. A file
moved without its log is then an empty database.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

from cf_pipeline.warehouse.errors import WarehouseError

ROWS = """SELECT '{table}', count(*) FROM "{schema}"."{table}\""""


def write_log_into_file(connection: duckdb.DuckDBPyConnection) -> None:
    """Move all committed rows into the file.

    Raises:
        WarehouseError: they cannot be moved.
    """
    is_complete = False
    try:
        connection.execute("CHECKPOINT")
        is_complete = True
    except duckdb.Error:
        is_complete = False
    if not is_complete:
        raise _incomplete()


def check_file(file: Path, schema: str, rows_by_table: Mapping[str, int]) -> None:
    """Open the closed file and compare it with what was written.

    Args:
        file: the DuckDB file.
        schema: the schema that was built in it.
        rows_by_table: the rows of each table when its transaction was committed.

    Raises:
        WarehouseError: there are rows in the log beside it, or it lacks a table or rows.
    """
    is_complete = False
    try:
        if not file.with_name(f"{file.name}.wal").exists():
            with duckdb.connect(file, read_only=True) as connection:
                is_complete = _rows_in(connection, schema, rows_by_table) == rows_by_table
    except duckdb.Error:
        is_complete = False
    if not is_complete:
        raise _incomplete()


def flush_to_disk(path: Path) -> None:
    """Wait until a file, or what is in a folder, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _rows_in(connection: duckdb.DuckDBPyConnection, schema: str, names: Iterable[str]) -> dict[str, int]:
    counts = [ROWS.format(schema=schema, table=name) for name in names]
    return dict(connection.execute(" UNION ALL ".join(counts)).fetchall()) if counts else {}


def _incomplete() -> WarehouseError:
    return WarehouseError(
        "the new database file is incomplete: the disk is full or failing; free some space and run "
        "again; what was published before is unchanged"
    )

"""Make sure that a new DuckDB file holds what was written to it, before it replaces the published one.

DuckDB writes committed rows to a log beside the file (`.wal`) and moves them into the file at a checkpoint.
When the disk is full at that moment, closing the file reports nothing and leaves the rows in the log. A file
moved without its log is then an empty database.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
from sqlalchemy import Connection, text

from cf_pipeline.warehouse.errors import WarehouseError

TABLES = "SELECT table_name FROM duckdb_tables() WHERE schema_name = '{schema}' ORDER BY table_name"
ROWS = 'SELECT count(*) FROM "{schema}"."{table}"'


def count_rows(connection: Connection, schema: str) -> dict[str, int]:
    """The number of rows of every table of a schema, by the table's name."""
    tables = connection.execute(text(TABLES.format(schema=schema))).scalars().all()
    return {
        str(table): int(connection.scalar(text(ROWS.format(schema=schema, table=table))) or 0)
        for table in tables
    }


def complete_file(file: Path, schema: str, rows_by_table: dict[str, int]) -> None:
    """Move all committed rows into a closed file, then open it again and compare it with what was written.

    Args:
        file: the DuckDB file.
        schema: the schema that was built in it.
        rows_by_table: the rows of each table when its transaction was committed.

    Raises:
        WarehouseError: rows cannot be moved into the file, or it lacks a table or rows.
    """
    log = file.with_name(f"{file.name}.wal")
    is_complete = False
    try:
        with duckdb.connect(file) as connection:
            connection.execute("CHECKPOINT")
        if not log.exists():
            with duckdb.connect(file, read_only=True) as connection:
                is_complete = _rows_in(connection, schema) == rows_by_table
    except duckdb.Error:
        is_complete = False
    if not is_complete:
        raise WarehouseError(
            "the new database file is incomplete: the disk is full or failing; free some space and run "
            "again; what was published before is unchanged"
        )


def _rows_in(connection: duckdb.DuckDBPyConnection, schema: str) -> dict[str, int]:
    tables = [name for (name,) in connection.execute(TABLES.format(schema=schema)).fetchall()]
    counts = {}
    for table in tables:
        row = connection.execute(ROWS.format(schema=schema, table=table)).fetchone()
        counts[table] = int(row[0]) if row else 0
    return counts

"""An engine that only reads a DuckDB file, and checks that it is one of ours."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, NullPool, create_engine, event

from cf_pipeline.warehouse.errors import UnreadableFileError

SCHEMA = "SELECT count(*) FROM duckdb_schemas() WHERE schema_name = ? AND NOT internal"


@lru_cache(maxsize=8)
def reading_engine(file: Path, schema: str) -> Engine:
    """An engine holds nothing open. Kept, it need not find out again what DuckDB is, nor compile a query."""
    url = URL.create("duckdb", database=str(file))
    engine = create_engine(url, poolclass=NullPool, connect_args={"read_only": True})

    def check_schema(connection: Any, _: Any) -> None:
        # On the reader's own connection: opening a file costs more than most reads of it.
        is_ours = False
        try:
            is_ours = bool(connection.execute(SCHEMA, [schema]).fetchone()[0])
        finally:
            if not is_ours:  # left open, it would be what the next reader of this path is given
                connection.close()
        if not is_ours:
            raise UnreadableFileError(file, f"is a DuckDB file without the schema {schema}")

    event.listen(engine, "connect", check_schema)
    event.listen(engine, "connect", _keep_temporary_files_apart)
    return engine


def _keep_temporary_files_apart(connection: Any, _: Any) -> None:
    """What memory has no room for goes to the process's temporary files, and not beside the warehouse."""
    folder = tempfile.gettempdir().replace("'", "''")
    connection.execute(f"SET temp_directory = '{folder}'")

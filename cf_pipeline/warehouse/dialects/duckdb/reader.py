"""An engine that only reads a DuckDB file, and checks that it is one of ours.

Opening a file takes longer than most reads of it. Inside `keep_files_open` a file that was read stays open,
and the next reader of the same file gets what is open already. A file that was replaced is another one.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event

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


class OpenFiles:
    """Files that were read in this process and stay open, with what tells one file of a path from another."""

    def __init__(self) -> None:
        """Nothing stays open until somebody asks for it."""
        self._kept: dict[Path, tuple[tuple[int, ...], Connection]] = {}
        self._depth = 0

    @contextmanager
    def keep(self) -> Iterator[None]:
        """Keep files open inside the block, and close them at its end."""
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            if not self._depth:
                for file in list(self._kept):
                    self._close(file)

    def engine(self, file: Path, schema: str) -> Engine:
        """The engine of a file; where files are kept open, the file is open now, as long as it can be."""
        engine = reading_engine(file, schema)
        found = file.stat()
        identity = (found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size)
        if file in self._kept and self._kept[file][0] != identity:
            self._close(file)
        if self._depth and file not in self._kept:
            self._kept[file] = identity, engine.connect()
        return engine

    def _close(self, file: Path) -> None:
        self._kept.pop(file)[1].close()


OPEN_FILES = OpenFiles()
keep_files_open = OPEN_FILES.keep

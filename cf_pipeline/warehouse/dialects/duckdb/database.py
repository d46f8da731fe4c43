"""A schema as a DuckDB file: a new file is built beside the old one and moved over it.

A writer is blocked by any open reader of its file, so the published file is never opened for writing. A
publication that keeps rows starts from a copy of the file. The places of removed rows are used again, which
DuckDB does in a table without an index alone.

Dimensions alone have keys that DuckDB knows of: it keeps an index for each, and those of all tables would be
six sevenths of the file. That keys are complete and unique is checked before rows are loaded (`conform`).
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    MetaData,
    NullPool,
    Select,
    Table,
    create_engine,
    func,
    text,
)
from sqlalchemy.schema import AddConstraint, CreateSchema

from cf_pipeline.warehouse.dialects.database import NOTHING_PUBLISHED, Build, Cells, Kept
from cf_pipeline.warehouse.dialects.duckdb.faults import check_bytes, check_is_file, named_faults
from cf_pipeline.warehouse.dialects.duckdb.file import check_file, flush_to_disk, write_log_into_file
from cf_pipeline.warehouse.dialects.duckdb.reader import OPEN_FILES
from cf_pipeline.warehouse.dialects.duckdb.rights import DuckDbRights
from cf_pipeline.warehouse.dialects.duckdb.tables import (
    create_tables,
    create_views,
    driver,
    insert_rows,
    keep_rows,
)
from cf_pipeline.warehouse.dialects.duckdb.versions import DuckDbVersions, link_file
from cf_pipeline.warehouse.dialects.table_statements import (
    separate_keys,
    separate_references,
)
from cf_pipeline.warehouse.errors import KeptRowsError, UnreadableFileError, WarehouseError
from cf_pipeline.warehouse.tables.schemas import COMMITTEE, PUBLIC, RESTRICTED

LOG_SIZE = "64MB"
MEMORY = "256MB"
"""What DuckDB may keep of a new file in memory; the rest is in the new file's folder until that is complete.

Measured on five councils of 5,000 children: publishing needs 594 MB in place of 663 to 685, and no more
processor time. They fit into 32 MB, not into 16; without a limit it is four fifths of the machine's memory.
"""
CHEAP_LOADING = {
    "config": {
        "threads": 1,
        "checkpoint_threshold": LOG_SIZE,
        "memory_limit": MEMORY,
        "storage_compatibility_version": "v1.3.0",
    }
}
"""Measured on 155,000 rows: loading takes half the processor time, and no longer, than with two threads.

Measured on 1,200,000 rows: with a checkpoint every 64 MB it takes a tenth less than with one every 16 MB.
What is not yet in the file is in memory until then, so more would not be flat.
Measured on 700,000 rows, publishing from the lake as a whole: as a file for DuckDB 1.3 and later, whose texts
are compressed in one pass, it takes a sixth less, and the file is a tenth smaller, than for every version.
"""
WITHOUT_LOG = "SET checkpoint_threshold = '0MB'"
"""A commit writes into the file at once: through the log beside it the rows would be written twice."""
FILES = {
    RESTRICTED.name: "restricted_records.duckdb",
    COMMITTEE.name: "released/committee.duckdb",
    PUBLIC.name: "released/public.duckdb",
}
"""The file of each schema, beside that of `published_v1`: one of the schema's own name would make every
reference to the schema ambiguous in DuckDB. Releases have a folder with its own lock and versions."""
DIMENSION = "dim_"
"""How the names of dimensions begin."""
VIEWS = "SELECT view_name FROM duckdb_views() WHERE schema_name = :schema AND NOT internal"
VERSION = "SELECT max(version) FROM {schema}.publication"


@dataclass(frozen=True)
class NewFile:
    """A file that was built, and the number of its publication."""

    path: Path
    version: int | None


class DuckDb(DuckDbRights):
    """One file. A lock on its folder lets one publication at a time build a new file beside it."""

    name = "DuckDB"

    def __init__(self, url: URL, schema: str) -> None:
        if not url.database or url.database == ":memory:":
            raise WarehouseError("CF_WAREHOUSE_URL: DuckDB needs a file, as in duckdb:///folder/file.duckdb")
        file = Path(url.database)
        self.schema = schema
        self.file = file if schema not in FILES else file.parent / FILES[schema]

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the lock of the folder, made with mode 0700."""
        self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(self.file.parent, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    @contextmanager
    def prepare(self, build: Build, *, keeps_rows: bool = False) -> Iterator[NewFile]:
        """Build a new file (mode 0600) in a folder beside the old one, and give it."""
        if self.file.exists():
            check_is_file(self.file)
        with self._staging() as new:
            if keeps_rows:
                shutil.copyfile(self.file, new)
                version = self._build_on_copy(new, build)
            else:
                version = self._build(new, build)
            new.chmod(0o600)
            flush_to_disk(new)
            yield NewFile(new, version)

    def remove_half_built(self) -> None:
        """Nothing: each run starts by removing the folders beside the file that nobody has locked."""

    def replace(self, builds: Sequence[tuple[DuckDb, NewFile]]) -> None:
        """Move each new file over its old one; a reader tells by `publication` whether both are there.

        The new files are kept as a version before: then a rollback finds every version that was shown.
        """
        versions = DuckDbVersions([target.file for target, _ in builds])
        versions.remove_unshown()
        number = builds[0][1].version
        if number is not None:
            versions.add(number, {target.file: new.path for target, new in builds})
        for target, new in builds:
            target._move_into_place(new.path)
        if number is not None:
            versions.sweep(number)

    def roll_back(self, targets: Sequence[DuckDb]) -> None:
        """Put the files of the version before in place, the last first: records are never older than figures.

        Where a kill left files of two versions, the lower of them is put in place.
        """
        if not self.file.parent.is_dir():
            raise WarehouseError(NOTHING_PUBLISHED)
        with self.exclusive():
            versions = DuckDbVersions([target.file for target in targets])
            number = versions.earlier([target.schema for target in targets])
            for target in reversed(targets):
                with target._staging() as link:
                    if not link_file(versions.file(number, target.file), link):
                        raise WarehouseError("the disk has no hard links: no earlier version is kept")
                    target._move_into_place(link)

    def kept_versions(self) -> list[int]:
        """The numbers of the versions that are there, and of those withdrawn since the last publication."""
        return DuckDbVersions([self.file]).numbers()

    def forget_versions(self) -> None:
        """Remove every version but the one that is shown, and files that were moved aside."""
        DuckDbVersions([self.file]).forget_others()

    @contextmanager
    def _staging(self) -> Iterator[Path]:
        """The path of a new file in a folder beside the old one, which goes afterwards."""
        folder, prefix = self.file.parent, f".{self.file.name}.building-"
        for leftover in folder.glob(f"{prefix}*"):  # of a publication that was killed
            shutil.rmtree(leftover, ignore_errors=True)
        staging = Path(tempfile.mkdtemp(prefix=prefix, dir=folder))
        try:
            yield staging / self.file.name
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    def _move_into_place(self, new: Path) -> None:
        new.replace(self.file)
        flush_to_disk(self.file.parent)

    def _build_on_copy(self, file: Path, build: Build) -> int | None:
        try:
            with named_faults(file):
                return self._build(file, build)
        except UnreadableFileError:
            pass
        raise KeptRowsError("the published file is damaged")

    def _build(self, file: Path, build: Build) -> int | None:
        """Fill the file; returns the number of its publication."""
        url = URL.create("duckdb", database=str(file))
        # The connection is closed, not used again: resetting a broken one would only log a traceback.
        engine = create_engine(url, poolclass=NullPool, pool_reset_on_return=None, connect_args=CHEAP_LOADING)
        try:
            with engine.connect() as connection:
                connection.execute(CreateSchema(self.schema, if_not_exists=True))
                rows_by_table = build(connection, self.schema)
                version: int | None = connection.scalar(text(VERSION.format(schema=self.schema)))
                connection.execute(text(WITHOUT_LOG))
                connection.commit()
                write_log_into_file(driver(connection))
        finally:
            engine.dispose()
        check_file(file, self.schema, rows_by_table)
        return version

    def create_tables(
        self, connection: Connection, metadata: MetaData, codes_by_table: Kept
    ) -> Sequence[AddConstraint]:
        """Create the tables; of a copy of the published file, remove the rows that are not kept."""
        tables = metadata.sorted_tables
        if not codes_by_table:
            separate_keys(table for table in tables if not table.name.startswith(DIMENSION))
            separate_references(tables)
            create_tables(connection, tables)
            return ()
        for table in tables:
            keep_rows(connection, table, codes_by_table.get(table.name, ()))
        quoted = connection.dialect.identifier_preparer.quote
        for view in connection.execute(text(VIEWS), {"schema": self.schema}).scalars().all():
            connection.execute(text(f"DROP VIEW {self.schema}.{quoted(view)}"))
        create_views(connection, tables)
        connection.commit()  # a key may be inserted again only after its removal was committed
        return ()

    def write_rows(self, connection: Connection) -> None:
        """Write the rows into the file, and commit."""
        connection.execute(text(WITHOUT_LOG))
        connection.commit()

    def add_keys(self, connection: Connection, keys: Sequence[AddConstraint]) -> None:
        """Nothing: dimensions have their keys from the start, other tables have none."""

    def add_references(self, connection: Connection, metadata: MetaData) -> None:
        """Nothing: DuckDB would keep an index for each; that they hold is tested."""

    def insert_rows(self, connection: Connection, table: Table, rows: pd.DataFrame) -> None:
        """Insert into what the file stores the table as."""
        insert_rows(connection, table, rows)

    def row_hash(self, table: Table) -> ColumnElement[Any]:
        """DuckDB's own hash of the cells; another version of DuckDB may have another."""
        return func.hash(*table.columns)

    def fetch_columns(self, connection: Connection, query: Select[Any]) -> Sequence[Cells]:
        """Through Arrow: no cell becomes a Python object."""
        with connection.execute(query) as result:
            cursor: Any = result.cursor
            return list(cursor.to_arrow_table().columns)

    def reader(self) -> Engine | None:
        """A read-only engine without a pool: an open reader would keep an old file alive.

        Its connections refuse a file without the schema (UnreadableFileError).

        Raises:
            UnreadableFileError: the file is no DuckDB file.
            FileFaultError: it may not be read, or is a folder, a device or a pipe.
        """
        if not self.file.exists():
            return None
        check_bytes(self.file)
        with named_faults(self.file):
            return OPEN_FILES.engine(self.file, self.schema)

    def file_state(self) -> tuple[int, ...] | None:
        """Where the file lies, its size and its time: a publication puts another file in its place."""
        try:
            found = self.file.stat()
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size

    def named_faults(self) -> AbstractContextManager[None]:
        """Raise a fault of the file inside the block in plain words."""
        return named_faults(self.file)

"""What differs between databases: where a schema is built, how it replaces the old one, and bulk loading.

Nothing else asks which database it is. With PostgreSQL a staging schema is built and renamed in one short
transaction; measured, readers saw no empty and no mixed tables. A DuckDB writer is blocked by any open reader
of its file, so a new file is built and moved over the old one.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Protocol

import pandas as pd
import pyarrow as pa
from sqlalchemy import URL, Connection, Engine, NullPool, Table, create_engine, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.schema import CreateSchema, DropSchema

from cf_pipeline.warehouse.duckdb_file import complete_file, count_rows
from cf_pipeline.warehouse.errors import WarehouseError
from cf_pipeline.warehouse.postgresql_catalogue import DEPENDANTS, GRANTS, TABLES
from cf_pipeline.warehouse.tables.schemas import PUBLISHED

Build = Callable[[Connection, str], None]
"""Fills a schema that no reader sees yet, given the connection and the name of the schema."""
Swap = Callable[[], None]
"""Replaces an old schema by the one that was built."""


class Database(Protocol):
    """The operations of a database that the warehouse needs."""

    name: str

    def exclusive(self) -> AbstractContextManager[None]:
        """Keep other publications of the same files away; a server keeps them away schema by schema."""

    def prepare(self, build: Build) -> AbstractContextManager[Swap]:
        """Build the schema where no reader sees it; gives what replaces the old one by it in one step."""

    def insert_rows(self, connection: Connection, table: Table, rows: pd.DataFrame) -> None:
        """Insert all rows of a frame into a table."""

    def reader(self) -> Engine | None:
        """An engine that only reads; None when nothing has been published."""


def database(url: str, schema: str) -> Database:
    """One schema in the database of a warehouse URL.

    Args:
        url: as in `CF_WAREHOUSE_URL`; DuckDB keeps `published_v1` in that file and any other schema in
            a file of its own beside it, so that each can be given to those who may read it.
        schema: the schema's name.

    Raises:
        WarehouseError: the URL is not one, or of a database that is not supported.
    """
    try:
        address = make_url(url)
    except ArgumentError:
        address = None
    if address is None:
        raise WarehouseError(
            "CF_WAREHOUSE_URL is not a database URL; write it as duckdb:///folder/file.duckdb"
        )
    kind = address.get_backend_name()
    if kind == "duckdb":
        return DuckDb(address, schema)
    if kind == "postgresql":
        return PostgreSql(address, schema)
    raise WarehouseError(f"CF_WAREHOUSE_URL: {kind} is not supported; use duckdb or postgresql")


class DuckDb:
    """One file. A lock on its folder lets one publication at a time build a new file beside it."""

    name = "DuckDB"

    def __init__(self, url: URL, schema: str) -> None:
        if not url.database or url.database == ":memory:":
            raise WarehouseError("CF_WAREHOUSE_URL: DuckDB needs a file, as in duckdb:///folder/file.duckdb")
        file = Path(url.database)
        self.schema = schema
        # A file of the schema's own name would make every reference to the schema ambiguous in DuckDB.
        self.file = file if schema == PUBLISHED.name else file.with_name(f"{schema}_records.duckdb")

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
    def prepare(self, build: Build) -> Iterator[Swap]:
        """Build a new file (mode 0600) in a folder beside the old one; the swap moves it over that."""
        folder, prefix = self.file.parent, f".{self.file.name}.building-"
        for leftover in folder.glob(f"{prefix}*"):  # of a publication that was killed
            shutil.rmtree(leftover, ignore_errors=True)
        staging = Path(tempfile.mkdtemp(prefix=prefix, dir=folder))
        try:
            new = staging / self.file.name
            self._build(new, build)
            new.chmod(0o600)
            _flush(new)
            yield lambda: self._move_into_place(new)
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    def _move_into_place(self, new: Path) -> None:
        new.replace(self.file)
        _flush(self.file.parent)

    def _build(self, file: Path, build: Build) -> None:
        url = URL.create("duckdb", database=str(file))
        # The connection is closed, not used again: resetting a broken one would only log a traceback.
        engine = create_engine(url, poolclass=NullPool, pool_reset_on_return=None)
        try:
            with engine.begin() as connection:
                connection.execute(CreateSchema(self.schema))
                build(connection, self.schema)
                rows_by_table = count_rows(connection, self.schema)
        finally:
            engine.dispose()
        complete_file(file, self.schema, rows_by_table)

    def insert_rows(self, connection: Connection, table: Table, rows: pd.DataFrame) -> None:
        """Insert through Arrow: row by row, DuckDB takes a thousand times longer."""
        driver = connection.connection.driver_connection
        if driver is None:
            raise WarehouseError("the connection to DuckDB is closed")
        driver.register("incoming", pa.Table.from_pandas(rows, preserve_index=False))
        name = connection.dialect.identifier_preparer.format_table(table)
        connection.execute(text(f"INSERT INTO {name} SELECT * FROM incoming"))  # noqa: S608 (our own name)
        driver.unregister("incoming")

    def reader(self) -> Engine | None:
        """A read-only engine without a pool: an open reader would keep an old file alive."""
        if not self.file.is_file():
            return None
        url = URL.create("duckdb", database=str(self.file))
        return create_engine(url, poolclass=NullPool, connect_args={"read_only": True})


class PostgreSql:
    """A schema of a database, built as `<schema>_building` and renamed in one transaction."""

    name = "PostgreSQL"
    patience_seconds = 60.0

    def __init__(self, url: URL, schema: str) -> None:
        self.schema, self.staging, self.replaced = schema, f"{schema}_building", f"{schema}_leaving"
        timeout = url.query.get("connect_timeout", "10")
        self.url = url.set(drivername="postgresql+psycopg").update_query_dict({"connect_timeout": timeout})

    def exclusive(self) -> AbstractContextManager[None]:
        """Nothing: the staging schema has a lock of its own in the database."""
        return nullcontext()

    @contextmanager
    def prepare(self, build: Build) -> Iterator[Swap]:
        """Build in the staging schema and commit; the swap renames it with every old table locked."""
        engine = create_engine(self.url, poolclass=NullPool, hide_parameters=True)
        try:
            with engine.connect() as connection:
                lock = text("SELECT pg_try_advisory_lock(hashtext(:name))")
                if not connection.scalar(lock, {"name": self.schema}):
                    raise WarehouseError(
                        "another run is publishing to this database; try again when it has ended"
                    )
                connection.execute(DropSchema(self.staging, cascade=True, if_exists=True))
                connection.commit()
                try:
                    connection.execute(CreateSchema(self.staging))
                    build(connection, self.staging)
                    connection.commit()
                    yield lambda: self._swap(connection)
                finally:
                    connection.rollback()
                    connection.execute(DropSchema(self.staging, cascade=True, if_exists=True))
                    connection.commit()
        finally:
            engine.dispose()

    def insert_rows(self, connection: Connection, table: Table, rows: pd.DataFrame) -> None:
        """Insert with COPY; floats travel as their shortest exact text."""
        driver = connection.connection.driver_connection
        if driver is None:
            raise WarehouseError("the connection to PostgreSQL is closed")
        name = connection.dialect.identifier_preparer.format_table(table)
        cells = rows.astype(object).where(rows.notna(), None)
        with driver.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN") as copy:
            for row in cells.itertuples(index=False, name=None):
                copy.write_row(row)

    def reader(self) -> Engine | None:
        """An engine whose transactions are read-only; None when the schema does not exist."""
        options = {"options": "-c default_transaction_read_only=on"}
        engine = create_engine(self.url, poolclass=NullPool, connect_args=options, hide_parameters=True)
        with engine.connect() as connection:
            exists = inspect(connection).has_table("publication", schema=self.schema)
        return engine if exists else None

    def _swap(self, connection: Connection) -> None:
        """Rename the schemas, trying again until every old table could be locked.

        All old tables are locked first, so that no reader reads one old and one new table. The lock_timeout
        is below deadlock_timeout (1 s), so that we give way before PostgreSQL cancels a reader.
        """
        deadline = time.monotonic() + self.patience_seconds
        pause = 0.05
        while True:
            try:
                self._swap_once(connection)
                return
            except OperationalError as error:
                is_locked = getattr(error.orig, "sqlstate", None) in {"55P03", "40P01"}
                if not is_locked:
                    raise
            connection.rollback()
            if time.monotonic() > deadline:
                raise WarehouseError(
                    f"a reader has kept {self.schema} open for {self.patience_seconds:.0f} seconds; "
                    "close its transaction and publish again"
                )
            time.sleep(pause)
            pause = min(pause * 2, 1.0)

    def _swap_once(self, connection: Connection) -> None:
        quoted = connection.dialect.identifier_preparer.quote
        connection.execute(text("SET LOCAL lock_timeout = '400ms'"))
        is_published = connection.scalar(
            text("SELECT 1 FROM pg_namespace WHERE nspname = :name"), {"name": self.schema}
        )
        if is_published:
            names = connection.scalars(TABLES, {"name": self.schema}).all()
            if names:
                tables = ", ".join(f"{self.schema}.{quoted(name)}" for name in names)
                connection.execute(text(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE"))
            self._refuse_to_break_views(connection)
            grants = connection.scalars(GRANTS, {"old": self.schema, "new": self.staging}).all()
            connection.execute(text(f"ALTER SCHEMA {self.schema} RENAME TO {self.replaced}"))
        connection.execute(text(f"ALTER SCHEMA {self.staging} RENAME TO {self.schema}"))
        if is_published:
            for grant in grants:  # a rename leaves the grants with the old tables
                connection.exec_driver_sql(grant)
            connection.execute(DropSchema(self.replaced, cascade=True))
        connection.commit()

    def _refuse_to_break_views(self, connection: Connection) -> None:
        dependants = connection.scalars(DEPENDANTS, {"name": self.schema}).all()
        if dependants:
            raise WarehouseError(
                f"{dependants[0]} is built on {self.schema} and would be lost; "
                "drop it, publish, and create it again"
            )


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

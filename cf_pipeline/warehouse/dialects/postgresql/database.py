"""A schema of a PostgreSQL database: a staging schema is built and renamed in one short transaction.

Measured, readers saw no empty and no mixed tables. The schema that it replaces is renamed too and kept, as
`<schema>_version_<number>`, out of everyone's reach but its owner's.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Any

import pandas as pd
import pyarrow as pa
from pyarrow.csv import WriteOptions, write_csv
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
    inspect,
    text,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import AddConstraint, CreateSchema, DropSchema

from cf_pipeline.warehouse.dialects.database import AUTHORITY, Build, Cells, Kept
from cf_pipeline.warehouse.dialects.postgresql.access import (
    become_writer,
    check_layout,
    check_server,
    create_access_schema,
    create_roles,
    is_set_up,
    prepare_writer,
    protect_schema,
)
from cf_pipeline.warehouse.dialects.postgresql.catalogue import SCHEMA_EXISTS
from cf_pipeline.warehouse.dialects.postgresql.schemas import (
    create_schema,
    earlier_version,
    forget_versions,
    lock_tables,
    replace_schema,
    roll_back_schema,
    sweep_versions,
    version_numbers,
)
from cf_pipeline.warehouse.dialects.postgresql.team_readers import TeamReaders, become_reader
from cf_pipeline.warehouse.dialects.table_statements import execute_named, separate_keys, separate_references
from cf_pipeline.warehouse.errors import WarehouseError

ROWS_AT_ONCE = 20_000
TRY_LOCK = text("SELECT pg_try_advisory_lock(hashtext(:name))")
"""The lock of a publication; it ends with the connection, and so with a killed process."""


class PostgreSql:
    """A schema of a database, built as `<schema>_building` and renamed in one transaction."""

    name = "PostgreSQL"
    patience_seconds = 60.0

    def __init__(self, url: URL, schema: str) -> None:
        self.schema, self.staging = schema, f"{schema}_building"
        timeout = url.query.get("connect_timeout", "10")
        self.url = url.set(drivername="postgresql+psycopg").update_query_dict({"connect_timeout": timeout})

    def exclusive(self) -> AbstractContextManager[None]:
        """Nothing: the staging schema has a lock of its own in the database."""
        return nullcontext()

    @contextmanager
    def prepare(self, build: Build, *, keeps_rows: bool = False) -> Iterator[Connection]:
        """Build in the staging schema and commit; gives the connection that holds its lock."""
        with self.writer() as connection:
            self.lock(connection)
            connection.execute(DropSchema(self.staging, cascade=True, if_exists=True))
            connection.commit()
            try:
                connection.execute(CreateSchema(self.staging))
                build(connection, self.staging)
                connection.commit()
                yield connection
            finally:
                connection.rollback()
                connection.execute(DropSchema(self.staging, cascade=True, if_exists=True))
                connection.commit()

    def replace(self, builds: Sequence[tuple[PostgreSql, Connection]]) -> None:
        """Rename all schemas in one transaction; then drop versions that nobody goes back to any more."""
        connection, targets = builds[0][1], [target for target, _ in builds]
        self._exchange(
            connection, targets, lambda each: replace_schema(connection, each.schema, each.staging)
        )
        with suppress(OperationalError):  # locked by someone; the next publication drops them
            connection.execute(text("SET LOCAL lock_timeout = '400ms'"))
            for target in targets:
                sweep_versions(connection, target.schema)
            connection.commit()

    def roll_back(self, targets: Sequence[PostgreSql]) -> None:
        """Rename all schemas in one transaction."""
        with self.writer() as connection:
            for target in targets:
                target.lock(connection)
            number = earlier_version(connection, [target.schema for target in targets])
            self._exchange(
                connection, targets, lambda each: roll_back_schema(connection, each.schema, number)
            )

    def kept_versions(self) -> list[int]:
        """The numbers of the versions that are kept, and of those withdrawn since the last publication."""
        with self.connection() as connection:
            return version_numbers(connection, self.schema)

    def forget_versions(self) -> None:
        """Drop every version but the one that is shown."""
        with self.writer() as connection:
            forget_versions(connection, self.schema)

    def protect(self, connection: Connection, name: str) -> None:
        """Give the schema the rights of the roles and the policies of their rows."""
        protect_schema(connection, self.schema, name)

    def create_roles(self, targets: Sequence[PostgreSql]) -> list[str]:
        """Make roles and schemas in one transaction."""
        with self.connection() as connection:
            check_server(connection)
            for target in targets:
                target.lock(connection)
            if is_set_up(connection):
                check_layout(connection)
            created = create_roles(connection)
            prepare_writer(connection)
            create_access_schema(connection)
            for target in targets:
                create_schema(connection, target.schema)
            connection.commit()
            return created

    @contextmanager
    def team_readers(self) -> Iterator[TeamReaders]:
        """Who sees which team; what is changed is committed when the block ends."""
        with self.writer() as connection:
            yield TeamReaders(connection, self.schema)
            connection.commit()

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection that may write, of the login in the URL."""
        engine = create_engine(self.url, poolclass=NullPool, hide_parameters=True)
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()

    @contextmanager
    def writer(self) -> Iterator[Connection]:
        """A connection that acts as the role that publishes.

        Raises:
            WarehouseError: the server is too old, or the login is not in that role.
        """
        with self.connection() as connection:
            check_server(connection)
            become_writer(connection)
            yield connection

    def lock(self, connection: Connection) -> None:
        """Keep publications of the schema away, until the connection ends.

        Raises:
            WarehouseError: one is under way.
        """
        if not connection.scalar(TRY_LOCK, {"name": self.schema}):
            raise WarehouseError("another run is publishing to this database; try again when it has ended")

    def _exchange(
        self, connection: Connection, targets: Sequence[PostgreSql], rename: Callable[[PostgreSql], None]
    ) -> None:
        """Rename schemas in one transaction, trying again until every old table could be locked.

        All old tables are locked first, so that no reader reads one old and one new table. The lock_timeout
        is below deadlock_timeout (1 s), so that we give way before PostgreSQL cancels a reader.
        """
        deadline = time.monotonic() + self.patience_seconds
        pause = 0.05
        while True:
            try:
                connection.execute(text("SET LOCAL lock_timeout = '400ms'"))
                for target in targets:
                    lock_tables(connection, target.schema)
                for target in targets:
                    rename(target)
                connection.commit()
                return
            except OperationalError as error:
                is_locked = getattr(error.orig, "sqlstate", None) in {"55P03", "40P01"}
                if not is_locked:
                    raise
            connection.rollback()
            if time.monotonic() > deadline:
                names = " or ".join(target.schema for target in targets)
                raise WarehouseError(
                    f"a reader has kept {names} open for {self.patience_seconds:.0f} seconds; "
                    "close its transaction and publish again"
                )
            time.sleep(pause)
            pause = min(pause * 2, 1.0)

    def remove_half_built(self) -> None:
        """Drop the staging schema unless the publication that builds it is under way."""
        with self.connection() as connection:
            is_there = connection.scalar(SCHEMA_EXISTS, {"name": self.staging})
            if is_there and connection.scalar(TRY_LOCK, {"name": self.schema}):
                connection.execute(DropSchema(self.staging, cascade=True, if_exists=True))
                connection.commit()

    def create_tables(
        self, connection: Connection, metadata: MetaData, codes_by_table: Kept
    ) -> Sequence[AddConstraint]:
        """Create the tables without keys, and copy the kept rows into them inside the database."""
        keys = separate_keys(metadata.sorted_tables)
        separate_references(metadata.sorted_tables)
        metadata.create_all(connection, checkfirst=False)
        for table in metadata.sorted_tables:
            if codes := codes_by_table.get(table.name):
                published = table.to_metadata(MetaData(), schema=self.schema)
                rows = published.select().where(published.columns[AUTHORITY].in_(codes))
                connection.execute(table.insert().from_select(table.columns.keys(), rows))
        return keys

    def write_rows(self, connection: Connection) -> None:
        """Nothing: the server has the rows."""

    def add_keys(self, connection: Connection, keys: Sequence[AddConstraint]) -> None:
        """Give the tables their keys."""
        execute_named(connection, keys)

    def add_references(self, connection: Connection, metadata: MetaData) -> None:
        """Declare the foreign keys; the server looks every row up."""
        execute_named(connection, separate_references(metadata.sorted_tables))

    def insert_rows(self, connection: Connection, table: Table, rows: pd.DataFrame) -> None:
        """Insert with COPY of CSV: a text is quoted, so an empty one is not null; floats are exact."""
        driver = connection.connection.driver_connection
        if driver is None:
            raise WarehouseError("the connection to PostgreSQL is closed")
        name = connection.dialect.identifier_preparer.format_table(table)
        cells = pa.Table.from_pandas(rows, preserve_index=False)
        texts = [pa.large_string() if pa.types.is_dictionary(each) else each for each in cells.schema.types]
        schema = pa.schema(zip(cells.column_names, texts, strict=True))
        with driver.cursor() as cursor:
            with cursor.copy(f"COPY {name} FROM STDIN (FORMAT csv)") as copy:
                for batch in cells.to_batches(max_chunksize=ROWS_AT_ONCE):
                    text_of_batch = io.BytesIO()
                    write_csv(batch.cast(schema), text_of_batch, WriteOptions(include_header=False))
                    copy.write(text_of_batch.getbuffer())
            if cursor.rowcount != len(rows):  # before version 18 a line of \. within a text ends the rows
                raise WarehouseError(f"writing table {table.name} failed: not every row arrived")

    def row_hash(self, table: Table) -> ColumnElement[Any]:
        """The server's own hash of the cells (from version 14); another version may have another."""
        return func.hash_record_extended(func.row(*table.columns), 0)

    def fetch_columns(self, connection: Connection, query: Select[Any]) -> Sequence[Cells]:
        """From the driver's rows."""
        rows = connection.execute(query).fetchall()
        return [list(cells) for cells in zip(*rows, strict=True)] or [[] for _ in query.selected_columns]

    def reader(self) -> Engine | None:
        """An engine whose transactions are read-only; None when the schema does not exist."""
        options = {"options": "-c default_transaction_read_only=on"}
        engine = create_engine(self.url, poolclass=NullPool, connect_args=options, hide_parameters=True)
        with engine.connect() as connection:
            exists = inspect(connection).has_table("publication", schema=self.schema)
        return engine if exists else None

    def become_reader(self, connection: Connection, role: str) -> None:
        """Take the role of a reader of lists for the transaction."""
        become_reader(connection, role)

    def file_state(self) -> None:
        """Nothing: the file is the server's."""

    def named_faults(self) -> AbstractContextManager[None]:
        """Nothing: the file is the server's."""
        return nullcontext()

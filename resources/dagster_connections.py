"""Dagster's SQLite files: made with Dagster's tables, and written over connections that stay open."""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from dagster._core.storage.sql import ALEMBIC_SCRIPTS_LOCATION
from dagster._core.storage.sqlite import create_db_conn_string
from sqlalchemy import Connection, MetaData, create_engine, inspect, make_url, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from cf_pipeline.project.private_files import private_folder
from resources.dagster_faults import named_faults, unusable_records

OPEN_FILES = 4
"""Connections kept at once: the index, the runs, and what was last looked at."""
VERSIONS = "alembic_version"  # the table by which Dagster tells the revision of a file
PAGE_BYTES = 1024
"""An event fills half a page of the usual size, and the rest of that page is lost."""
SECONDS_TO_WAIT = 30
"""How long a writer waits for another process that is writing to the same file, as in Dagster."""


class Connections:
    """Open connections by the address of their file, for one thread at a time; the oldest are closed."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._open: OrderedDict[str, Connection] = OrderedDict()

    @contextlib.contextmanager
    def transaction(self, address: str) -> Iterator[Connection]:
        """A transaction on the file of SQLAlchemy's address; after an error its connection is closed."""
        with self._lock:
            connection = self._open.get(address) or self._connect(address)
            self._open.move_to_end(address)
            if connection.in_transaction():  # Dagster asks again while it uses one: of its runs it may
                yield connection
                return
            try:
                with named_faults(_file_of(address)), connection.begin():
                    yield connection
            except BaseException:
                with contextlib.suppress(DatabaseError):  # of a damaged file it raises the same again
                    self._open.pop(address).close()
                raise

    def close(self) -> None:
        """Close every connection: SQLite then puts its write-ahead log into the file."""
        with self._lock:
            while self._open:
                self._open.popitem()[1].close()

    def _connect(self, address: str) -> Connection:
        while len(self._open) >= OPEN_FILES:
            self._open.popitem(last=False)[1].close()
        with named_faults(_file_of(address)):
            connection = _connect(address)
            connection.execute(text("PRAGMA synchronous=NORMAL"))  # with a write-ahead log, no commit is torn
            connection.commit()
        self._open[address] = connection
        return connection


def make_tables(folder: Path, name: str, tables: MetaData) -> bool:
    """Make Dagster's tables in a file that has none; returns whether it had none.

    They are those of Dagster's newest revision, and the file says so as Dagster would: making them through
    its own storage reads every revision there ever was, several times a file. A new file is its owner's alone
    (0600), and so are the files that SQLite keeps beside it.

    Raises:
        DagsterRecordsError: the file is damaged, is another program's, or cannot be opened or written.
    """
    private_folder(folder)
    address = create_db_conn_string(str(folder), name)
    file = _file_of(address)
    file.touch(mode=0o600)
    with named_faults(file), _connect(address, isolation_level=None) as connection:
        names = set(inspect(connection).get_table_names())
        if VERSIONS not in names and names - set(tables.tables):
            raise unusable_records(file, "is a SQLite database of something else")
        connection.exec_driver_sql(f"PRAGMA page_size={PAGE_BYTES}")
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # all of it or nothing, and one process makes it
        versions = MigrationContext.configure(connection)
        is_new = versions.get_current_revision() is None
        if is_new:
            tables.create_all(connection, checkfirst=bool(names))
            versions.stamp(_revisions(), "head")
        connection.exec_driver_sql("COMMIT")
    return is_new


@cache
def _file_of(address: str) -> Path:
    return Path(str(make_url(address).database))


@cache
def _revisions() -> ScriptDirectory:
    configuration = Config()
    configuration.set_main_option("script_location", ALEMBIC_SCRIPTS_LOCATION)
    return ScriptDirectory.from_config(configuration)


def _connect(address: str, **options: Any) -> Connection:
    arguments = {"timeout": SECONDS_TO_WAIT, "check_same_thread": False, **options}
    return create_engine(address, poolclass=NullPool, connect_args=arguments).connect()

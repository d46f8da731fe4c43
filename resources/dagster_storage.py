"""Dagster's own records in SQLite files, over connections that stay open.

Dagster's default storage makes an engine and a connection for every event, which costs more than the event,
and a file for every run, which repeats most events of the index. Here the index has the events of all runs,
there is one connection a file, and several processes may write to one home at once. Runs that the default
storage recorded are read from their own files.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.base_storage import DagsterStorage
from dagster._core.storage.event_log import (
    ConsolidatedSqliteEventLogStorage,
    SqlEventLogStorageMetadata,
    SqlPollingEventWatcher,
)
from dagster._core.storage.runs import RunStorageSqlMetadata, SqliteRunStorage
from dagster._core.storage.schedules import ScheduleStorageSqlMetadata, SqliteScheduleStorage
from dagster._core.storage.sql import ALEMBIC_SCRIPTS_LOCATION
from dagster._core.storage.sqlite import create_db_conn_string
from dagster._serdes import ConfigurableClass, ConfigurableClassData
from sqlalchemy import Connection, MetaData, create_engine, inspect, make_url, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from cf_pipeline.project.private_files import make_private, private_folder
from resources.dagster_faults import named_faults, unusable_records

HOME = "DAGSTER_HOME"
INDEX, RUNS, SCHEDULES = "index", "runs", "schedules"
EVENTS_AT_ONCE = "DAGSTER_EVENT_BATCH_SIZE"
"""Dagster's setting: what a run is going to make is recorded in one transaction, up to so many events."""
OPEN_FILES = 4
"""Connections kept at once: the index, the runs, and what was last looked at."""
VERSIONS = "alembic_version"  # the table by which Dagster tells the revision of a file
PAGE_BYTES = 1024
"""An event fills half a page of the usual size, and the rest of that page is lost."""
SECONDS_TO_WAIT = 30
"""How long a writer waits for another process that is writing to the same file, as in Dagster."""


def open_home(home: Path) -> dg.DagsterInstance:
    """The Dagster instance of a home; the process's DAGSTER_HOME is that home from now on."""
    os.environ[HOME] = str(home)  # dagster.yaml names it, and so do the processes that Dagster starts
    os.environ.setdefault(EVENTS_AT_ONCE, "1000")
    return dg.DagsterInstance.from_config(str(home))


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


class EventRecords(ConsolidatedSqliteEventLogStorage):
    """Dagster's events of all runs in one file."""

    def __init__(self, base_dir: str) -> None:
        """`base_dir`: the folder of the file."""
        self._connections = Connections()
        self._watcher = SqlPollingEventWatcher(self)
        self._tables: set[str] = set()
        self._base_dir = base_dir
        is_new = make_tables(Path(base_dir), INDEX, SqlEventLogStorageMetadata)
        super().__init__(base_dir)
        if is_new:
            self.reindex_events()
            self.reindex_assets()

    def get_db_path(self) -> str:
        """The file, which is the index of Dagster's default storage."""
        return str(Path(self._base_dir) / f"{INDEX}.db")

    def run_connection(self, run_id: str | None = None) -> contextlib.AbstractContextManager[Connection]:
        """A transaction on the file of a run that the default storage recorded, else on the index."""
        is_apart = run_id is not None and (Path(self._base_dir) / f"{run_id}.db").exists()
        return self._transaction(str(run_id) if is_apart else INDEX)

    def index_connection(self) -> contextlib.AbstractContextManager[Connection]:
        """A transaction on the index."""
        return self._transaction(INDEX)

    def prepare_insert_event(self, event: EventLogEntry) -> Any:
        """The statement that stores an event, without tags that repeat its run, job and step."""
        if event.dagster_event is not None and event.dagster_event.logging_tags:
            event = event._replace(dagster_event=event.dagster_event._replace(logging_tags={}))
        return super().prepare_insert_event(event)

    def store_event(self, event: EventLogEntry) -> None:
        """Store an event, and what the index says of it, in one transaction."""
        with self.index_connection():
            super().store_event(event)

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Store events in one transaction."""
        with self.index_connection():
            for event in events:
                super().store_event(event)

    def has_table(self, table_name: str) -> bool:
        """Whether the index has a table; Dagster asks before it looks at a partition."""
        if table_name not in self._tables:
            with self.index_connection() as connection:
                if inspect(connection).has_table(table_name):
                    self._tables.add(table_name)  # a table that is there stays
        return table_name in self._tables

    def watch(self, run_id: str, cursor: str | None, callback: Any) -> None:
        """Call back with every new event of a run."""
        self._watcher.watch_run(run_id, cursor, callback)

    def end_watch(self, run_id: str, handler: Any) -> None:
        """Call back no more."""
        self._watcher.unwatch_run(run_id, handler)

    def dispose(self) -> None:
        """Close what is open."""
        self._watcher.close()
        self._connections.close()

    def _connect(self) -> Any:  # what Dagster's own methods call
        return self.index_connection()

    def _transaction(self, name: str) -> contextlib.AbstractContextManager[Connection]:
        return self._connections.transaction(create_db_conn_string(self._base_dir, name))


class RunRecords(SqliteRunStorage):
    """Dagster's runs and their tags."""

    def __init__(self, base_dir: str) -> None:
        """`base_dir`: the folder of the file."""
        self._connections = Connections()
        self._address = create_db_conn_string(base_dir, RUNS)
        is_new = make_tables(Path(base_dir), RUNS, RunStorageSqlMetadata)
        super().__init__(self._address)
        if is_new:
            self.migrate()
            self.optimize()

    @contextlib.contextmanager
    def connect(self) -> Iterator[Connection]:
        """A transaction on the file."""
        with self._connections.transaction(self._address) as connection:
            yield connection

    def dispose(self) -> None:
        """Close what is open."""
        self._connections.close()
        super().dispose()


def open_schedules(base_dir: str) -> SqliteScheduleStorage:
    """Dagster's ticks of schedules and sensors, with its own connections: they are few."""
    is_new = make_tables(Path(base_dir), SCHEDULES, ScheduleStorageSqlMetadata)
    storage = SqliteScheduleStorage(create_db_conn_string(base_dir, SCHEDULES))
    if is_new:
        storage.migrate()
        storage.optimize()
    return storage


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
            tables.create_all(connection)
            versions.stamp(_revisions(), "head")
        connection.exec_driver_sql("COMMIT")
    return is_new


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


class SingleConnectionStorage(DagsterStorage, ConfigurableClass):
    """Dagster's default storage in SQLite files, with connections that stay open."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        """`base_dir`: Dagster's home."""
        home = Path(base_dir)
        make_private(home)
        self._inst_data = inst_data
        self._runs = RunRecords(str(home / "history"))
        self._events = EventRecords(str(home / "history" / "runs"))
        self._schedules = open_schedules(str(home / "schedules"))

    @property
    def inst_data(self) -> ConfigurableClassData | None:
        """How Dagster makes this storage again in another process."""
        return self._inst_data

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """The folder of the home, or the variable of the environment that names it."""
        return {"base_dir": dg.StringSource}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Any
    ) -> SingleConnectionStorage:
        """The storage that dagster.yaml describes."""
        return cls(inst_data=inst_data, **config_value)

    @property
    def event_log_storage(self) -> EventRecords:
        """The events."""
        return self._events

    @property
    def run_storage(self) -> RunRecords:
        """The runs."""
        return self._runs

    @property
    def schedule_storage(self) -> SqliteScheduleStorage:
        """The ticks of schedules and sensors."""
        return self._schedules

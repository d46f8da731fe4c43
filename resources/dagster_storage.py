"""Dagster's own records in SQLite files, over connections that stay open.

Dagster's storage makes an engine and a connection for every event, which costs more than the event. This is
the same storage, in the same files, with one connection a file: a home may change between the two at any
time, and several processes may write to one home at once.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.storage.base_storage import DagsterStorage
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME
from dagster._core.storage.runs import SqliteRunStorage
from dagster._core.storage.schedules import SqliteScheduleStorage
from dagster._serdes import ConfigurableClass, ConfigurableClassData
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

HOME = "DAGSTER_HOME"
OPEN_FILES = 4
"""Connections kept at once: the index, the runs under way, and what was last looked at."""
PAGE_BYTES = 1024
SECONDS_TO_WAIT = 30
"""How long a writer waits for another process that is writing to the same file, as in Dagster."""


def open_home(home: Path) -> dg.DagsterInstance:
    """The Dagster instance of a home; the process's DAGSTER_HOME is that home from now on."""
    os.environ[HOME] = str(home)  # dagster.yaml names it, and so do the processes that Dagster starts
    return dg.DagsterInstance.from_config(str(home))


class Connections:
    """Open connections by the address of their file, for one thread at a time; the oldest are closed."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._open: OrderedDict[str, Connection] = OrderedDict()

    @contextlib.contextmanager
    def transaction(self, address: str, prepare: Callable[[], None]) -> Iterator[Connection]:
        """A transaction on the file; after an error its connection is closed.

        Args:
            address: SQLAlchemy's address of the file.
            prepare: makes the tables of a file that is not open yet.
        """
        with self._lock:
            connection = self._open.get(address) or self._connect(address, prepare)
            self._open.move_to_end(address)
            if connection.in_transaction():  # Dagster asks again while it uses one: of its runs it may
                yield connection
                return
            try:
                with connection.begin():
                    yield connection
            except BaseException:
                self._open.pop(address).close()
                raise

    def close(self) -> None:
        """Close every connection: SQLite then puts its write-ahead log into the file."""
        with self._lock:
            while self._open:
                self._open.popitem()[1].close()

    def _connect(self, address: str, prepare: Callable[[], None]) -> Connection:
        prepare()
        while len(self._open) >= OPEN_FILES:
            self._open.popitem(last=False)[1].close()
        arguments = {"timeout": SECONDS_TO_WAIT, "check_same_thread": False}
        connection = create_engine(address, poolclass=NullPool, connect_args=arguments).connect()
        connection.execute(text("PRAGMA synchronous=NORMAL"))  # with a write-ahead log, no commit is torn
        connection.commit()
        self._open[address] = connection
        return connection


class EventRecords(SqliteEventLogStorage):
    """Dagster's events, one file a run and one index over all runs."""

    def __init__(self, base_dir: str) -> None:
        """`base_dir`: the folder of the files."""
        self._connections = Connections()
        self._tables: set[str] = set()
        super().__init__(base_dir)

    def run_connection(self, run_id: str | None = None) -> Any:
        """A transaction on the file of a run."""

        def make_tables() -> None:
            _make_file(Path(self.path_for_shard(str(run_id))))
            with super(EventRecords, self).run_connection(run_id):
                pass

        return self._connections.transaction(self.conn_string_for_shard(str(run_id)), make_tables)

    def index_connection(self) -> contextlib.AbstractContextManager[Connection]:
        """A transaction on the index."""

        def make_tables() -> None:
            with super(EventRecords, self).index_connection():
                pass

        return self._connections.transaction(self.conn_string_for_shard(INDEX_SHARD_NAME), make_tables)

    def has_table(self, table_name: str) -> bool:
        """Whether the index has a table; Dagster asks before it looks at a partition."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)  # a table that is there stays
        return table_name in self._tables

    def wipe(self) -> None:
        """Delete every run's file and empty the index."""
        self._connections.close()
        super().wipe()

    def dispose(self) -> None:
        """Close what is open."""
        self._connections.close()
        super().dispose()


def _make_file(path: Path) -> None:
    """An empty file of small pages: an event fills half a page of the usual size, and the rest is lost."""
    if not path.exists():
        with contextlib.closing(sqlite3.connect(path, timeout=SECONDS_TO_WAIT)) as connection:
            connection.execute(f"PRAGMA page_size={PAGE_BYTES}")
            connection.execute("VACUUM")


class RunRecords(SqliteRunStorage):
    """Dagster's runs and their tags."""

    def __init__(self, conn_string: str, inst_data: ConfigurableClassData | None = None) -> None:
        """`conn_string`: the address of the file."""
        self._connections = Connections()
        self._address = conn_string
        super().__init__(conn_string, inst_data)

    @contextlib.contextmanager
    def connect(self) -> Iterator[Connection]:
        """A transaction on the file."""
        with self._connections.transaction(self._address, lambda: None) as connection:
            yield connection

    def dispose(self) -> None:
        """Close what is open."""
        self._connections.close()
        super().dispose()


class SingleConnectionStorage(DagsterStorage, ConfigurableClass):
    """Dagster's default storage in the same files, with connections that stay open."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        """`base_dir`: Dagster's home."""
        home = Path(base_dir)
        self._inst_data = inst_data
        self._runs = RunRecords.from_local(str(home / "history"))
        self._events = EventRecords(str(home / "history" / "runs"))
        self._schedules = SqliteScheduleStorage.from_local(str(home / "schedules"))

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

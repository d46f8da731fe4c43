"""Dagster's own records in SQLite files, over connections that stay open.

Dagster's default storage makes an engine and a connection for every event, which costs more than the event,
and a file for every run, which repeats most events of the index. Here the index has the events of all runs,
there is one connection a file, and several processes may write to one home at once. Runs that the default
storage recorded are read from their own files.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.storage.base_storage import DagsterStorage
from dagster._core.storage.runs import RunStorageSqlMetadata, SqliteRunStorage
from dagster._core.storage.schedules import ScheduleStorageSqlMetadata, SqliteScheduleStorage
from dagster._core.storage.sqlite import create_db_conn_string
from dagster._serdes import ConfigurableClass, ConfigurableClassData
from sqlalchemy import Connection

from cf_pipeline.project.private_files import make_private
from resources.dagster_connections import Connections, make_tables
from resources.event_records import EventRecords

SESSION_TAG = "cf/session"
"""The tag of a run that a command of `cf-pipeline` makes in its own process, with the command's id."""
HOME = "DAGSTER_HOME"
RUNS, SCHEDULES = "runs", "schedules"
EVENTS_AT_ONCE = "DAGSTER_EVENT_BATCH_SIZE"
"""Dagster's setting: what a run is going to make is recorded in one transaction, up to so many events."""


def open_home(home: Path) -> dg.DagsterInstance:
    """The Dagster instance of a home; the process's DAGSTER_HOME is that home from now on."""
    os.environ[HOME] = str(home)  # dagster.yaml names it, and so do the processes that Dagster starts
    os.environ.setdefault(EVENTS_AT_ONCE, "1000")
    return dg.DagsterInstance.from_config(str(home))


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

"""Dagster's own records in PostgreSQL, over connections that stay open.

Dagster's storage opens a connection for every statement, and a run is some 3,000 of them: with encryption and
a password, half of the work of a night.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from dagster._core.storage.base_storage import DagsterStorage
from dagster._core.storage.config import pg_config
from dagster._core.storage.event_log import EventLogStorage
from dagster._core.storage.runs import RunStorage
from dagster._core.storage.schedules import ScheduleStorage
from dagster._serdes import ConfigurableClass, ConfigurableClassData
from sqlalchemy import Engine

KEPT_CONNECTIONS = 2
"""Of each process: Dagster asks for a run's tags while it reads a run. More open and close as needed."""
MORE_CONNECTIONS = 30


@cache
def open_engine(config: str) -> Engine:
    """The process's connections to the database of the storage's `config`, which is JSON.

    The code server opens an instance for each look of a sensor: all of them share these connections.
    """
    from dagster_postgres import utils  # noqa: PLC0415 - installed in production alone

    storage = json.loads(config)
    engine: Engine = utils.create_pg_engine(
        utils.pg_url_from_config(storage),
        utils.get_token_provider_from_config(storage),
        isolation_level="AUTOCOMMIT",
        pool_pre_ping=True,  # after a restart of the server the next statement succeeds
        pool_size=KEPT_CONNECTIONS,
        max_overflow=MORE_CONNECTIONS,
    )
    return engine


class PooledPostgreSQLStorage(DagsterStorage, ConfigurableClass):
    """Dagster's storage in PostgreSQL, with connections that stay open."""

    def __init__(self, config: Any, inst_data: ConfigurableClassData | None = None) -> None:
        """`config`: what dagster.yaml says of a PostgreSQL storage."""
        from dagster_postgres import DagsterPostgresStorage  # noqa: PLC0415 - as above

        self._inst_data = inst_data
        storage = DagsterPostgresStorage.from_config_value(None, config)
        self._runs: RunStorage = storage.run_storage
        self._events: EventLogStorage = storage.event_log_storage
        self._schedules: ScheduleStorage = storage.schedule_storage
        for records in (self._runs, self._events, self._schedules):
            # Dagster has no setting for it: `optimize_for_webserver` does not test a connection before use
            vars(records)["_engine"] = open_engine(json.dumps(config, sort_keys=True))

    @property
    def inst_data(self) -> ConfigurableClassData | None:
        """How Dagster makes this storage again in another process."""
        return self._inst_data

    @classmethod
    def config_type(cls) -> Any:
        """As that of Dagster's own storage in PostgreSQL."""
        return pg_config()

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Any
    ) -> PooledPostgreSQLStorage:
        """The storage that dagster.yaml describes."""
        return cls(config_value, inst_data)

    @property
    def event_log_storage(self) -> EventLogStorage:
        """The events."""
        return self._events

    @property
    def run_storage(self) -> RunStorage:
        """The runs."""
        return self._runs

    @property
    def schedule_storage(self) -> ScheduleStorage:
        """The ticks of schedules and sensors."""
        return self._schedules

"""Dagster's events of all runs in one SQLite file, each once."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.events import ASSET_CHECK_EVENTS, ASSET_EVENTS
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log import (
    AssetKeyTable,
    ConsolidatedSqliteEventLogStorage,
    DynamicPartitionsTable,
    SqlEventLogStorageMetadata,
    SqlEventLogStorageTable,
    SqlPollingEventWatcher,
)
from dagster._core.storage.event_log.schema import AssetEventTagsTable
from dagster._core.storage.sqlite import create_db_conn_string
from sqlalchemy import Connection, bindparam, func, inspect, select
from sqlalchemy.dialects.sqlite import Insert, insert

from resources.dagster_connections import Connections, make_tables

INDEX = "index"
INSERT_EVENT = SqlEventLogStorageTable.insert()
FIND_WIPED = select(AssetKeyTable.c.id).where(
    AssetKeyTable.c.asset_key == bindparam("asset"), AssetKeyTable.c.asset_details.is_not(None)
)
"""An asset that someone wiped in the UI: its earlier events count no more."""
_LATEST = (
    select(SqlEventLogStorageTable.c.partition, func.max(SqlEventLogStorageTable.c.id).label("id"))
    .where(
        SqlEventLogStorageTable.c.asset_key == bindparam("asset"),
        SqlEventLogStorageTable.c.dagster_event_type == bindparam("kind"),
        SqlEventLogStorageTable.c.partition.in_(bindparam("partitions", expanding=True)),
    )
    .group_by(SqlEventLogStorageTable.c.partition)
    .subquery()
)
FIND_LATEST_TAGS = (
    select(_LATEST.c.partition, AssetEventTagsTable.c.key, AssetEventTagsTable.c.value)
    .select_from(_LATEST.join(AssetEventTagsTable, AssetEventTagsTable.c.event_id == _LATEST.c.id))
    .where(AssetEventTagsTable.c.key.in_(bindparam("keys", expanding=True)))
)
FIND_PARTITION = select(DynamicPartitionsTable.c.id).where(
    DynamicPartitionsTable.c.partitions_def_name == bindparam("definition"),
    DynamicPartitionsTable.c.partition == bindparam("key"),
)


@cache
def insert_or_update_asset(columns: tuple[str, ...]) -> Insert:
    """The statement that gives the row of an asset new values of some columns, and makes it if it is new."""
    statement = insert(AssetKeyTable)
    new = {name: statement.excluded[name] for name in columns}
    return statement.on_conflict_do_update(index_elements=[AssetKeyTable.c.asset_key], set_=new)


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

    def store_event(self, event: EventLogEntry) -> None:
        """Store an event, and what the index says of it, in one transaction."""
        self.store_event_batch([event])

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Store events in one transaction, without tags that repeat their run, job and step.

        As Dagster does it, by statements that are made once: making one costs more than executing it.
        """
        with self.index_connection() as connection:
            for event in events:
                self._store(connection, _without_repeated_tags(event))

    def _store(self, connection: Connection, event: EventLogEntry) -> None:
        with self.run_connection(event.run_id) as own:
            event_id = own.execute(INSERT_EVENT, self._event_to_row(event)).lastrowid
        made = event.dagster_event
        if made is None:
            return
        if made.event_type in ASSET_EVENTS and made.asset_key:
            self._store_asset_event_tags(connection, [event], [event_id])
            values = self._get_asset_entry_values(event, event_id, has_asset_key_index_cols=True)
            if values:
                row = {"asset_key": made.asset_key.to_string(), **values}
                connection.execute(insert_or_update_asset(tuple(values)), row)
        if made.event_type in ASSET_CHECK_EVENTS:
            self.store_asset_check_event(event, event_id)

    def has_dynamic_partition(self, partitions_def_name: str, partition_key: str) -> bool:
        """Whether a partition is there; Dagster asks four times an asset."""
        named = {"definition": partitions_def_name, "key": partition_key}
        with self.index_connection() as connection:
            return connection.execute(FIND_PARTITION, named).first() is not None

    def get_latest_tags_by_partition(
        self,
        asset_key: dg.AssetKey,
        event_type: dg.DagsterEventType,
        tag_keys: Sequence[str],
        asset_partitions: Sequence[str] | None = None,
        before_cursor: int | None = None,
        after_cursor: int | None = None,
    ) -> Mapping[str, Mapping[str, str]]:
        """Partition -> tags of its latest event; a step asks for each table that it is made from."""
        named = {"asset": asset_key.to_string()}
        is_plain = asset_partitions is not None and before_cursor is None and after_cursor is None
        with self.index_connection() as connection:
            if not is_plain or connection.execute(FIND_WIPED, named).first() is not None:
                return super().get_latest_tags_by_partition(
                    asset_key, event_type, tag_keys, asset_partitions, before_cursor, after_cursor
                )
            asked = {
                "kind": event_type.value,
                "partitions": list(asset_partitions or ()),
                "keys": list(tag_keys),
            }
            found = dict[str, dict[str, str]]()
            for partition, key, value in connection.execute(FIND_LATEST_TAGS, named | asked):
                found.setdefault(partition, {})[key] = value
        return found

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
        return self._connections.transaction(_address(self._base_dir, name))


@cache
def _address(folder: str, name: str) -> str:
    return create_db_conn_string(folder, name)


def _without_repeated_tags(event: EventLogEntry) -> EventLogEntry:
    if event.dagster_event is None or not event.dagster_event.logging_tags:
        return event
    return event._replace(dagster_event=event.dagster_event._replace(logging_tags={}))

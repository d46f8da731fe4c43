"""Which of its own runs Dagster keeps: it deletes none of them, and one of an authority is some 900 events.

Belongs here: which runs go, and everything that goes with them. Does not belong here: ticks of schedules and
sensors, which Dagster deletes itself (`retention` in dagster.yaml), and anything of the lake.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import dagster as dg
from dagster._core.storage.dagster_run import FINISHED_STATUSES
from dagster._core.storage.event_log import SqlEventLogStorage, SqlEventLogStorageTable
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable
from dagster._core.storage.runs import SqlRunStorage
from dagster._core.storage.runs.schema import RunTagsTable
from sqlalchemy import Connection, func, select

from cf_pipeline.errors import PlainError
from resources.dagster_space import free_space
from resources.lake import PARTITION_TAG

RUNS_AT_ONCE = 500
LONGEST_STATEMENT_MS = 3_600_000
"""A table of a year is rewritten in less."""
DAYS_OF_ALL_RUNS = 1
"""Sensors and the automatic publication still look at the runs of the last day."""
EVENTS, CHECKS = SqlEventLogStorageTable.c, AssetCheckExecutionsTable.c
FIND_SHOWN = (
    select(EVENTS.run_id).where(
        EVENTS.id.in_(
            select(func.max(EVENTS.id))
            .where(EVENTS.dagster_event_type == dg.DagsterEventType.ASSET_MATERIALIZATION.value)
            .group_by(EVENTS.asset_key, EVENTS.partition)
        )
    ),
    select(CHECKS.run_id).where(
        CHECKS.id.in_(
            select(func.max(CHECKS.id)).group_by(CHECKS.asset_key, CHECKS.check_name, CHECKS.partition)
        )
    ),
)
"""The runs of the newest record of each asset and of each check, partition by partition."""


class PurgeError(PlainError):
    """Dagster's records are in a storage of which it is not known what a run leaves there."""


@dataclass(frozen=True)
class PurgeCounts:
    """How many runs and events a purge removed, and how many are there after it."""

    removed_runs: int
    kept_runs: int
    removed_events: int
    kept_events: int

    @property
    def sentence(self) -> str:
        """The counts in words."""
        return (
            f"Removed {self.removed_runs} runs with {self.removed_events} events from Dagster's records; "
            f"{self.kept_runs} runs with {self.kept_events} events stay."
        )


def purge_runs(instance: dg.DagsterInstance, now: datetime, failed_run_days: int) -> PurgeCounts:
    """Delete the runs that nobody needs with all that Dagster's storage holds of them, and free their space.

    What stays: the newest good run of each job and partition, runs that ended otherwise in the last
    `failed_run_days` days, runs of the last day and those under way, and the runs of what the pages of assets
    show: the newest record of each asset and check of each partition.

    Args:
        instance: Dagster's.
        now: the time, with its zone.
        failed_run_days: for how many days runs that failed or were cancelled are kept.

    Raises:
        PurgeError: the records are not in a SQL database.
    """
    events, runs = instance.event_log_storage, instance.run_storage
    if not isinstance(events, SqlEventLogStorage) or not isinstance(runs, SqlRunStorage):
        raise PurgeError(
            f"Dagster's records are kept by {type(events).__name__}, which cannot be purged: "
            "set a PostgreSQL or SQLite storage in dagster.yaml."
        )
    _keep_connections(events, runs)
    with events.index_connection() as connection:
        before = count_events(connection)
        shown = {run_id for query in FIND_SHOWN for run_id in connection.execute(query).scalars()}
    removed = [run_id for run_id in find_old_runs(instance, now, failed_run_days) if run_id not in shown]
    for start in range(0, len(removed), RUNS_AT_ONCE):
        _delete_runs(instance, events, runs, removed[start : start + RUNS_AT_ONCE])
    with events.index_connection() as connection:
        after = count_events(connection)
    if removed:
        free_space(events, runs, is_mostly_free=before - after > after)
    return PurgeCounts(len(removed), instance.get_runs_count(), before - after, after)


def find_old_runs(instance: dg.DagsterInstance, now: datetime, failed_run_days: int) -> list[str]:
    """The ended runs that are neither recent nor the newest good run of their job and partition."""
    with_success = set[tuple[str, str]]()
    old = list[str]()
    for record in _ended_runs(instance):
        run = record.dagster_run
        of = (run.job_name, run.tags.get(PARTITION_TAG, ""))
        is_newest_success = run.is_success and of not in with_success
        if is_newest_success:
            with_success.add(of)
        days = DAYS_OF_ALL_RUNS if run.is_success else max(failed_run_days, DAYS_OF_ALL_RUNS)
        age = now.astimezone(UTC) - record.create_timestamp.replace(tzinfo=UTC)
        if age > timedelta(days=days) and not is_newest_success:
            old.append(run.run_id)
    return old


def count_events(connection: Connection) -> int:
    """How many events of all runs are recorded."""
    return int(connection.execute(select(func.count()).select_from(SqlEventLogStorageTable)).scalar_one())


def _keep_connections(*storages: SqlEventLogStorage | SqlRunStorage) -> None:
    """Let a server's storages keep their connections: one a statement costs ten times as much."""
    for storage in storages:
        storage.optimize_for_webserver(LONGEST_STATEMENT_MS, pool_recycle=3600, max_overflow=2)


def _ended_runs(instance: dg.DagsterInstance) -> Iterator[dg.RunRecord]:
    """Every run that has ended, the newest first."""
    ended = dg.RunsFilter(statuses=list(FINISHED_STATUSES))
    cursor: str | None = None
    while page := instance.get_run_records(ended, limit=RUNS_AT_ONCE, cursor=cursor):
        yield from page
        cursor = page[-1].dagster_run.run_id


def _delete_runs(
    instance: dg.DagsterInstance, events: SqlEventLogStorage, runs: SqlRunStorage, run_ids: Sequence[str]
) -> None:
    """Delete runs, and what `delete_run` leaves: evaluations of checks, and with SQLite tags of runs."""
    for run_id in run_ids:
        instance.delete_run(run_id)
    with events.index_connection() as connection:
        connection.execute(AssetCheckExecutionsTable.delete().where(CHECKS.run_id.in_(run_ids)))
    with runs.connect() as connection:
        connection.execute(RunTagsTable.delete().where(RunTagsTable.c.run_id.in_(run_ids)))

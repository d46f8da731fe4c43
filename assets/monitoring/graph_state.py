"""What Dagster's records say of runs, checks and ticks, as the plain values that the domain reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

import dagster as dg
from dagster._core.event_api import PartitionKeyFilter
from dagster._core.scheduler.instigation import InstigatorState, InstigatorType
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus

from assets.support.refusals import are_refusals
from cf_pipeline.operations.graph_state import (
    PUBLISHING,
    SCHEDULE,
    SENSOR,
    EndedRun,
    FailedCheck,
    GraphState,
    OpenRun,
    Ticker,
)
from resources.lake import PARTITION_TAG

PUBLISH_JOBS = ("publish_job", "__ASSET_JOB")
"""Runs that publish are of one of these jobs: the sensor and the UI start single assets in the second."""
NEWEST = 20
"""So many runs of a subject are looked at to find the newest that has ended."""


def read_graph_state(
    instance: dg.DagsterInstance, authorities: Iterable[str], check_keys: Iterable[dg.AssetCheckKey]
) -> GraphState:
    """The state of the runs and checks of some authorities, and of publishing, schedules and sensors."""
    names = list(authorities)
    ended: list[EndedRun] = []
    still_open: list[OpenRun] = []
    for subject, records in _runs_by_subject(instance, names):
        still_open += [
            OpenRun(subject, _time(record.start_time or record.create_timestamp.timestamp()))
            for record in records
            if not record.dagster_run.is_finished
        ]
        newest = next((record for record in records if record.dagster_run.is_finished), None)
        if newest is not None:
            has_failed = newest.dagster_run.status == dg.DagsterRunStatus.FAILURE
            end = newest.end_time or newest.update_timestamp.timestamp()
            is_refusal = has_failed and _is_refusal(instance, newest.dagster_run.run_id)
            ended.append(EndedRun(subject, has_failed, _time(end), is_refusal))
    heartbeats = [beat.timestamp for beat in instance.get_daemon_heartbeats().values()]
    return GraphState(
        tuple(ended),
        tuple(still_open),
        tuple(_failed_checks(instance, names, list(check_keys))),
        tuple(_tickers(instance)),
        _time(max(heartbeats)) if heartbeats else None,
        tuple(_old_stores(instance)),
    )


def _runs_by_subject(
    instance: dg.DagsterInstance, authorities: Iterable[str]
) -> Iterator[tuple[str, list[dg.RunRecord]]]:
    """The newest runs of each authority and of publishing, newest first."""
    for name in authorities:
        yield name, list(instance.get_run_records(dg.RunsFilter(tags={PARTITION_TAG: name}), limit=NEWEST))
    found = [
        record
        for job in PUBLISH_JOBS
        for record in instance.get_run_records(dg.RunsFilter(job_name=job), limit=NEWEST)
        if PARTITION_TAG not in record.dagster_run.tags
    ]
    yield PUBLISHING, sorted(found, key=lambda record: record.storage_id, reverse=True)


def _is_refusal(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Whether a run failed because it refused its input."""
    entries = instance.all_logs(run_id, of_type=dg.DagsterEventType.STEP_FAILURE)
    return are_refusals(entry.dagster_event for entry in entries if entry.dagster_event)


def _failed_checks(
    instance: dg.DagsterInstance, authorities: list[str], keys: list[dg.AssetCheckKey]
) -> Iterator[FailedCheck]:
    """The checks whose newest word on the newest table is a failure at severity error."""
    storage = instance.event_log_storage
    for info in storage.get_asset_check_partition_info(keys):
        is_failed = info.latest_execution_status == AssetCheckExecutionRecordStatus.FAILED
        authority = info.partition_key or ""
        if not (is_failed and info.is_current and (not authority or authority in authorities)):
            continue
        history = storage.get_asset_check_execution_history(
            info.check_key, limit=1, partition_filter=PartitionKeyFilter(key=info.partition_key)
        )
        event = history[0].event if history else None
        evaluation = (
            event.dagster_event.asset_check_evaluation_data if event and event.dagster_event else None
        )
        if evaluation is not None and evaluation.severity == dg.AssetCheckSeverity.ERROR:
            yield FailedCheck(authority, info.check_key.name)


def _tickers(instance: dg.DagsterInstance) -> Iterator[Ticker]:
    """Schedules and sensors with their newest tick; of several of a name the one that ticked last."""
    newest: dict[str, Ticker] = {}
    for state in instance.all_instigator_state():
        ticker = _ticker(instance, state)
        known = newest.get(ticker.name)
        if known is None or (
            ticker.ticked_at and (not known.ticked_at or ticker.ticked_at > known.ticked_at)
        ):
            newest[ticker.name] = ticker
    yield from sorted(newest.values(), key=lambda each: each.name)


def _ticker(instance: dg.DagsterInstance, state: InstigatorState) -> Ticker:
    kind = SCHEDULE if state.instigator_type == InstigatorType.SCHEDULE else SENSOR
    ticks = instance.get_ticks(state.instigator_origin_id, state.selector_id, limit=1)
    if not ticks:
        return Ticker(state.instigator_name, kind, state.is_running)
    tick = ticks[0]
    return Ticker(
        state.instigator_name, kind, state.is_running, _time(tick.timestamp), tick.status.value.lower()
    )


def _old_stores(instance: dg.DagsterInstance) -> Iterator[str]:
    """The stores whose tables are not yet as this version of Dagster makes them."""
    stores = {
        "runs": instance.run_storage,
        "events": instance.event_log_storage,
        "schedules": instance.schedule_storage,
    }
    for name, store in stores.items():
        version = store.alembic_version() if store is not None else None
        if version is not None and version[0] != version[1]:
            yield name


def _time(timestamp: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(timestamp, dt.UTC)

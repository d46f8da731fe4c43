"""Runs of a year as Dagster's own records hold them, written through its instance."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

import dagster as dg
from dagster._core.definitions.asset_checks.asset_check_evaluation import AssetCheckEvaluation
from dagster._core.events import (
    AssetMaterializationPlannedData,
    DagsterEvent,
    DagsterEventType,
    EngineEventData,
    StepMaterializationData,
)

from resources.event_records import EventRecords
from resources.lake import PARTITION_TAG

JOB = "authority_job"


def record_run(
    instance: dg.DagsterInstance,
    at: datetime,
    partition: str | None,
    assets: Iterable[dg.AssetKey],
    status: dg.DagsterRunStatus = dg.DagsterRunStatus.SUCCESS,
    lines: int = 0,
) -> str:
    """Record a run of that time that makes assets; one that failed makes none. Returns its id.

    Each asset is planned, made and checked; `lines` are further events without an asset.
    """
    tags = {PARTITION_TAG: partition} if partition else {}
    run = dg.DagsterRun(job_name=JOB, run_id=str(uuid4()), tags=tags, status=status)
    instance.run_storage.add_historical_run(run, at)
    events = [
        _event("a line of the log", DagsterEventType.ENGINE_EVENT, EngineEventData()) for _ in range(lines)
    ]
    for key in assets:
        planned = AssetMaterializationPlannedData(key, partition=partition)
        events.append(_event("planned", DagsterEventType.ASSET_MATERIALIZATION_PLANNED, planned))
        if status == dg.DagsterRunStatus.SUCCESS:
            made = dg.AssetMaterialization(key, partition=partition, tags={"cf/made": "yes"})
            checked = AssetCheckEvaluation(
                asset_key=key, check_name="contract", passed=True, metadata={}, partition=partition
            )
            events.append(
                _event("made", DagsterEventType.ASSET_MATERIALIZATION, StepMaterializationData(made))
            )
            events.append(_event("checked", DagsterEventType.ASSET_CHECK_EVALUATION, checked))
    entries = [
        dg.EventLogEntry(
            error_info=None, level="debug", user_message="", run_id=run.run_id, timestamp=at.timestamp(),
            job_name=JOB, dagster_event=event,
        )
        for event in events
    ]  # fmt: skip
    storage = instance.event_log_storage
    if isinstance(storage, EventRecords):
        storage.store_event_batch(entries)
    else:  # PostgreSQL's takes batches of a few kinds alone
        for entry in entries:
            storage.store_event(entry)
    return run.run_id


def _event(message: str, kind: DagsterEventType, data: object) -> DagsterEvent:
    return DagsterEvent(event_type_value=kind.value, job_name=JOB, message=message, event_specific_data=data)

"""The sensors: on new deliveries in `raw/`, on good runs of an authority, and one that publishes after all.

A run starts once a folder is unchanged on two ticks in a row, because a copy may be under way. Deliveries
that were read are recognised by the content of their files, so a file that was only touched starts no run.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import dagster as dg

from assets.jobs import authority_job
from assets.support.partitions import authorities
from assets.support.policies import PUBLISH_POOL
from assets.support.run_requests import inputs_on_their_way, run_request
from cf_pipeline.ingest.files.listing import walk_folder
from cf_pipeline.ingest.receive import find_authorities
from cf_pipeline.project import lake_layout
from cf_pipeline.project.acceptances import find_acceptances
from cf_pipeline.project.input_hash import REFERENCE, authority_hash
from cf_pipeline.project.privacy.register_files import erasures_hash
from cf_pipeline.project.runs.good_run import FINGERPRINT, is_run_news, record_good_run
from resources.dagster_storage import SESSION_TAG
from resources.lake import PARTITION_TAG, asset_key
from resources.settings import PipelineSettings

SECONDS_BETWEEN_TICKS = 10


@dataclass(frozen=True)
class FolderState:
    """The folder of an authority: its last listing, the listing and content last run, the number of runs."""

    listing: str = ""
    run_listing: str = ""
    run_content: str = ""
    runs: int = 0


@dg.sensor(
    name="raw_deliveries",
    job=authority_job,
    minimum_interval_seconds=SECONDS_BETWEEN_TICKS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Starts one run for an authority when a delivery in its folder is new and complete.",
)
def raw_deliveries(context: dg.SensorEvaluationContext, settings: PipelineSettings) -> dg.SensorResult:
    """One run request for each authority whose files are new and have stopped changing."""
    now = settings.load()
    known = _read_cursor(context.cursor)
    cursor: dict[str, FolderState] = {}
    requests: list[dg.RunRequest] = []
    for name in find_authorities(now.raw):
        before = known.get(name, FolderState())
        acceptances = find_acceptances(now.data, name)
        listing = hash_listing(now.raw / name, now.raw / REFERENCE)
        listing += "".join(entry.at for entry in acceptances) + erasures_hash(now.data, name)
        if listing != before.listing or listing == before.run_listing:
            cursor[name] = replace(before, listing=listing)
            continue
        content = authority_hash(now, name)
        known_contents = (
            before.run_content,
            last_fingerprint(context.instance, name),
            inputs_on_their_way(context.instance).get(name),
        )
        is_new = content not in known_contents and is_run_news(now.lake, name, content)
        cursor[name] = FolderState(listing, listing, content, before.runs + is_new)
        if is_new:
            requests.append(run_request(name, content, f"{name}:{content}:{before.runs + 1}"))
    new = [str(request.partition_key) for request in requests]
    return dg.SensorResult(
        run_requests=requests,
        cursor=json.dumps({name: asdict(state) for name, state in cursor.items()}),
        dynamic_partitions_requests=[authorities.build_add_request(new)] if new else [],
    )


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    name="good_runs",
    minimum_interval_seconds=SECONDS_BETWEEN_TICKS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Records a good run of an authority: it is not made again until something is new.",
)
def good_runs(context: dg.RunStatusSensorContext, settings: PipelineSettings) -> None:
    """Record the run of an authority when it made all of its tables; another run is left alone.

    A command records its own runs as they end.
    """
    tags = context.dagster_run.tags
    authority = tags.get(PARTITION_TAG)
    if authority and SESSION_TAG not in tags:
        record_good_run(settings.load().lake, authority, context.dagster_run.run_id)


def _read_cursor(text: str | None) -> dict[str, FolderState]:
    """The state of each folder at the last tick; fields of another version of the product are left out."""
    names = {field.name for field in fields(FolderState)}
    return {
        authority: FolderState(**{name: value for name, value in state.items() if name in names})
        for authority, state in json.loads(text or "{}").items()
    }


def hash_listing(*folders: Path) -> str:
    """SHA-256 (hex) over the names, sizes and times of the files in folders; no file is opened."""
    digest = hashlib.sha256()
    for folder in folders:
        digest.update(os.fsencode(folder))
        for entry in walk_folder(folder, with_ignored=True):
            size = entry.status.st_size if entry.status and entry.kind == "file" else ""
            time = entry.status.st_mtime_ns if entry.status else ""
            digest.update(os.fsencode(entry.path) + f"\0{entry.kind}:{size}:{time}\n".encode())
    return digest.hexdigest()


def last_fingerprint(instance: dg.DagsterInstance, authority: str) -> str:
    """The fingerprint of the files that were last read for an authority; empty when none were."""
    found = instance.fetch_materializations(
        dg.AssetRecordsFilter(asset_key=asset_key(lake_layout.RAW_DELIVERIES), asset_partitions=[authority]),
        limit=1,
    ).records
    materialization = found[0].asset_materialization if found else None
    value = materialization.metadata.get(FINGERPRINT) if materialization else None
    return str(value.value) if value is not None else ""


publish_sensor = dg.AutomationConditionSensorDefinition(
    "publish_sensor",
    target=dg.AssetSelection.groups("warehouse", "outputs"),
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=SECONDS_BETWEEN_TICKS,
    run_tags={"cf/step": PUBLISH_POOL},
    description="Publishes once when the last authority's run has ended.",
)

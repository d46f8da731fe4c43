"""What watches: `raw/` for new deliveries, the figures for something to publish.

A delivery is taken once its folder has looked the same on two ticks in a row: a copy under way is
left alone. What was taken is known by the content of its files, so a touched file starts nothing.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import dagster as dg

from assets.ingest import FINGERPRINT
from assets.jobs import authority_job, run_request
from assets.support.partitions import authorities
from assets.support.policies import PUBLISH_POOL
from cf_pipeline.ingest.receive import find_authorities
from cf_pipeline.project import lake_layout
from cf_pipeline.project.acceptances import accepted_content
from cf_pipeline.project.input_hash import REFERENCE, received_hash
from resources.lake import asset_key
from resources.settings import PipelineSettings

SECONDS_BETWEEN_LOOKS = 10


@dataclass(frozen=True)
class Seen:
    """What the sensor knows of one authority: how its folder looked, what was taken, how often."""

    look: str = ""
    taken_look: str = ""
    taken: str = ""
    times: int = 0


@dg.sensor(
    name="raw_deliveries",
    job=authority_job,
    minimum_interval_seconds=SECONDS_BETWEEN_LOOKS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Starts one run for an authority when a delivery in its folder is new and complete.",
)
def raw_deliveries(context: dg.SensorEvaluationContext, settings: PipelineSettings) -> dg.SensorResult:
    """One run request for each authority whose files are new and have stopped changing."""
    raw, data = settings.load().raw, settings.load().data
    known = {name: Seen(**seen) for name, seen in json.loads(context.cursor or "{}").items()}
    cursor: dict[str, Seen] = {}
    requests: list[dg.RunRequest] = []
    for name in find_authorities(raw):
        before = known.get(name, Seen())
        decided = accepted_content(data, name)
        look = look_of(raw / name, raw / REFERENCE) + "".join(sorted(content for _, content in decided))
        if look != before.look or look == before.taken_look:
            cursor[name] = replace(before, look=look)
            continue
        content = received_hash(raw, name, decided)
        is_new = content not in (before.taken, last_read(context.instance, name))
        cursor[name] = Seen(look, look, content, before.times + is_new)
        if is_new:
            requests.append(run_request(name, run_key=f"{name}:{content}:{before.times + 1}"))
    new = [str(request.partition_key) for request in requests]
    return dg.SensorResult(
        run_requests=requests,
        cursor=json.dumps({name: asdict(seen) for name, seen in cursor.items()}),
        dynamic_partitions_requests=[authorities.build_add_request(new)] if new else [],
    )


def look_of(*folders: Path) -> str:
    """How folders look from outside: a hash of the names, sizes and times of what is in them."""
    looks: list[str] = []
    for folder in folders:
        looks.append(str(folder))
        for path in sorted(folder.rglob("*")):
            seen = path.lstat()
            size = seen.st_size if path.is_file() else ""
            looks.append(f"{path.relative_to(folder)}:{size}:{seen.st_mtime_ns}")
    return hashlib.sha256("\n".join(looks).encode()).hexdigest()


def last_read(instance: dg.DagsterInstance, authority: str) -> str:
    """The fingerprint of the files that were last read for an authority; empty when none were."""
    found = instance.fetch_materializations(
        dg.AssetRecordsFilter(asset_key=asset_key(lake_layout.RAW_DELIVERIES), asset_partitions=[authority]),
        limit=1,
    ).records
    materialization = found[0].asset_materialization if found else None
    value = materialization.metadata.get(FINGERPRINT) if materialization else None
    return str(value.value) if value is not None else ""


when_to_publish = dg.AutomationConditionSensorDefinition(
    "when_to_publish",
    target=dg.AssetSelection.groups("warehouse", "outputs"),
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=SECONDS_BETWEEN_LOOKS,
    run_tags={"cf/step": PUBLISH_POOL},
    description="Publishes once after the last authority under way is done.",
)

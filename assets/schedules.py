"""The nightly schedule: one run an authority; publishing follows when all have ended."""

from collections.abc import Iterator

import dagster as dg

from assets.jobs import authority_job, run_request
from assets.support.partitions import AUTHORITY
from cf_pipeline.ingest.receive import find_authorities
from resources.settings import PipelineSettings

NIGHTLY = "0 2 * * *"


def nightly_schedule(cron: str = NIGHTLY) -> dg.ScheduleDefinition:
    """The schedule that runs every authority's folder, in London's time; a new folder is registered."""

    @dg.schedule(
        name="nightly",
        job=authority_job,
        cron_schedule=cron,
        execution_timezone="Europe/London",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="02:00 in London: one run for every authority's folder, then one publish.",
    )
    def nightly(
        context: dg.ScheduleEvaluationContext, settings: PipelineSettings
    ) -> Iterator[dg.RunRequest | dg.SkipReason]:
        found = find_authorities(settings.load().raw)
        if not found:
            yield dg.SkipReason("raw/ holds no authority's folder.")
            return
        context.instance.add_dynamic_partitions(AUTHORITY, found)
        tick = context.scheduled_execution_time.isoformat()
        yield from (run_request(name, run_key=f"{name}:{tick}") for name in found)

    return nightly

"""The nightly schedule: one run for each authority that has something new; publishing follows.

An authority has something new when anything that decides its tables differs from its last good run, or when
a table is not as that run left it. A run that is on its way with the same inputs is not asked for again.
"""

from collections.abc import Iterator

import dagster as dg

from assets.jobs import authority_job
from assets.support.partitions import AUTHORITY
from assets.support.run_requests import inputs_on_their_way, run_request
from cf_pipeline.ingest.receive import find_authorities
from cf_pipeline.project.input_hash import authority_hash
from cf_pipeline.project.runs.good_run import is_run_news
from resources.settings import PipelineSettings

NIGHTLY = "0 2 * * *"


def nightly_schedule(cron: str = NIGHTLY) -> dg.ScheduleDefinition:
    """The schedule that runs every authority with something new; a folder that is new is registered."""

    @dg.schedule(
        name="nightly",
        job=authority_job,
        cron_schedule=cron,
        execution_timezone="Europe/London",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="02:00 in London: one run for every authority that has something new, then one publish.",
    )
    def nightly(
        context: dg.ScheduleEvaluationContext, settings: PipelineSettings
    ) -> Iterator[dg.RunRequest | dg.SkipReason]:
        now = settings.load()
        found = find_authorities(now.raw)
        if not found:
            yield dg.SkipReason("raw/ holds no authority's folder.")
            return
        context.instance.add_dynamic_partitions(AUTHORITY, found)
        inputs = {name: authority_hash(now, name) for name in found}
        on_their_way = inputs_on_their_way(context.instance)
        with_news = [
            name
            for name, each in inputs.items()
            if each != on_their_way.get(name) and is_run_news(now.lake, name, each)
        ]
        if not with_news:
            yield dg.SkipReason("No authority has anything new: every table is as its last good run made it.")
        tick = context.scheduled_execution_time.isoformat()
        yield from (run_request(name, inputs[name], f"{name}:{tick}") for name in with_news)

    return nightly

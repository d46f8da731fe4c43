"""The job that removes Dagster's own records of runs that nobody needs, and its schedule."""

from datetime import UTC, datetime

import dagster as dg

from cf_pipeline.project.settings import Settings
from resources.dagster_purge import purge_runs
from resources.dagster_storage import open_home
from resources.settings import PipelineSettings

EVERY_MORNING = "30 5 * * *"


def purge_home(settings: Settings) -> str:
    """Purge the records of the project's Dagster home; returns one sentence with the counts."""
    with open_home(settings.dagster_home) as instance:
        return purge_runs(instance, datetime.now(UTC), settings.failed_run_days).sentence


@dg.op(description="Keeps the newest good run of each authority and what failed lately; removes other runs.")
def purge_records(context: dg.OpExecutionContext, settings: PipelineSettings) -> None:
    """Purge Dagster's records, and say in the run's log how many went."""
    counts = purge_runs(context.instance, datetime.now(UTC), settings.load().failed_run_days)
    context.log.info(counts.sentence)


@dg.job(
    name="purge_job",
    description="Removes Dagster's own records of old runs; no figure and no table depends on them.",
    executor_def=dg.in_process_executor,
)
def purge_job() -> None:
    """One step: the purge."""
    purge_records()


purge_schedule = dg.ScheduleDefinition(
    name="purge",
    job=purge_job,
    cron_schedule=EVERY_MORNING,
    execution_timezone="Europe/London",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="05:30 in London: Dagster's own records of old runs are removed.",
)

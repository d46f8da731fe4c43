"""The definitions that Dagster loads, built by one function so that a test can replace a part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg

from assets.clean import clean
from assets.core import core
from assets.forecasts import year
from assets.ingest import ingest
from assets.jobs import authority_job, publish_job
from assets.kpis import figures
from assets.monitoring.alerts import alerts
from assets.outputs import OUTPUTS, data_dictionary
from assets.reference import reference
from assets.schedules import NIGHTLY, nightly_schedule
from assets.sensors import good_runs, publish_sensor, raw_deliveries
from assets.support.progress import progress_logger
from assets.upkeep import purge_job, purge_schedule
from assets.warehouse import publish
from resources.lake import Lake
from resources.settings import PipelineSettings
from resources.warehouse import Warehouse

ASSETS = (
    ingest,
    clean,
    core,
    figures,
    reference,
    year,
    publish,
    *OUTPUTS,
    data_dictionary,
)


def build_definitions(
    root: str = "", resources: Mapping[str, Any] | None = None, cron: str = NIGHTLY
) -> dg.Definitions:
    """The definitions of a project folder.

    Args:
        root: the folder of `pipeline.toml`; empty for the nearest one when a run starts.
        resources: replacements by name (settings, lake, warehouse), for tests.
        cron: when the nightly schedule ticks, London's time.
    """
    settings = PipelineSettings(root=root)
    return dg.Definitions(
        assets=ASSETS,
        jobs=[authority_job, publish_job, purge_job],
        schedules=[nightly_schedule(cron), purge_schedule],
        sensors=[raw_deliveries, good_runs, publish_sensor, alerts],
        loggers={"progress": progress_logger, "console": dg.colored_console_logger},
        executor=dg.in_process_executor,
        resources={
            "settings": settings,
            "lake": Lake(settings=settings),
            "warehouse": Warehouse(settings=settings),
            **(resources or {}),
        },
    )


defs = build_definitions()

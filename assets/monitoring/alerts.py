"""The sensor that tells alerts while the daemon runs; it starts no run."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable

import dagster as dg

from assets.monitoring.graph_state import read_graph_state
from cf_pipeline.errors import PlainError
from cf_pipeline.operations.alerts.watch import watch_project
from cf_pipeline.operations.graph_state import GraphState
from cf_pipeline.operations.project_state import ProjectState, read_project_state
from cf_pipeline.project.operations.alert_secrets import is_watched
from cf_pipeline.project.settings import Settings
from resources.settings import PipelineSettings

SECONDS_BETWEEN_LOOKS = 15 * 60


@dg.sensor(
    name="alerts",
    minimum_interval_seconds=SECONDS_BETWEEN_LOOKS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Every 15 minutes: tells what went wrong and what is over, where alerts are on.",
)
def alerts(context: dg.SensorEvaluationContext, settings: PipelineSettings) -> dg.SkipReason:
    """Tell what is new or over; the reason of the skipped tick says in counts what was told."""
    now = settings.load()
    sentence = ""
    try:
        if not is_watched(now.alerts, now.data, os.environ):
            return dg.SkipReason("Alerts are off.")
        look = watch_project(now, os.environ, _read_state(context, now))
        for fault in look.faults:
            context.log.warning(fault)
        if look.is_told:
            return dg.SkipReason(look.message.subject if look.message else "Nothing is new or over.")
        sentence = "No channel took the message; it is told by the next look."
    except PlainError as error:
        sentence = str(error)
    raise dg.Failure(sentence)


def _read_state(context: dg.SensorEvaluationContext, now: Settings) -> ProjectState:
    checks = context.repository_def.asset_graph.asset_check_keys if context.repository_def else ()

    def read_graph(authorities: Iterable[str]) -> GraphState:
        return read_graph_state(context.instance, authorities, sorted(checks, key=str))

    return read_project_state(now, read_graph, dt.datetime.now(dt.UTC))

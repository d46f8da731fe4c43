"""When an alert is due: pure functions over the state of a project."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterator

from cf_pipeline.operations.alerts.alert import (
    CHECK_FAILED,
    COMMAND,
    COMMAND_FAILED,
    HELD,
    NOTHING_NEW,
    PUBLISH_OLD,
    REFUSED,
    RUN_FAILED,
    SOURCE,
    UNREAD,
    Alert,
)
from cf_pipeline.operations.graph_state import FAILURE, PUBLISHING, EndedRun, GraphState
from cf_pipeline.operations.project_state import ProjectState
from cf_pipeline.project.operations.alert_settings import AlertSettings

NIGHTLY = "nightly"
TOLD_AS_DELIVERIES = frozenset({"every_file_was_read", "no_delivery_is_held"})
"""Checks that fail for what is refused or held, which has an alert of its own."""


def find_alerts(
    state: ProjectState, settings: AlertSettings, has_command_failed: bool | None = None
) -> set[Alert]:
    """Everything that is wrong now, as far as it could be read.

    Args:
        state: of the project.
        settings: how old is too old.
        has_command_failed: how `cf-pipeline run` ended just now; None when it is not known.
    """
    graph = state.graph or GraphState()
    found = {
        *(Alert(RUN_FAILED, _authority(run.subject), run.subject) for run in _failed_runs(state)),
        *(
            Alert(CHECK_FAILED, check.authority, check.name)
            for check in graph.failed_checks
            if check.name not in TOLD_AS_DELIVERIES
        ),
        *(Alert(HELD, hold.authority, _hash(hold.place)) for hold in state.holds),
        *(Alert(REFUSED, refusal.authority, _hash(refusal.sentence)) for refusal in state.refusals),
        *(Alert(UNREAD, "", source) for source in state.unread),
        *_late(state, settings),
    }
    if has_command_failed and not any(alert.kind in (RUN_FAILED, UNREAD) for alert in found):
        found.add(Alert(COMMAND_FAILED))
    return found


def find_ended(
    before: Collection[Alert], now: Collection[Alert], state: ProjectState, *, is_command_known: bool
) -> set[Alert]:
    """Alerts that were told and are over; one whose source could not be read is not over.

    Args:
        before: what was told and not yet told to be over.
        now: what is wrong now.
        state: of the project.
        is_command_known: whether it is known how `cf-pipeline run` ended.
    """
    unknown = {*state.unread, *(() if is_command_known else (COMMAND,))}
    return {alert for alert in before if alert not in now and SOURCE[alert.kind] not in unknown}


def find_good_night(state: ProjectState) -> dt.datetime | None:
    """When the newest nightly tick was, once all that it started has ended and nothing failed; else None."""
    graph = state.graph
    tick = graph.ticker(NIGHTLY) if graph is not None else None
    if graph is None or tick is None or tick.ticked_at is None or tick.ended in (FAILURE, "started"):
        return None
    is_over = not graph.open_runs and not _failed_runs(state)
    return tick.ticked_at if is_over else None


def _failed_runs(state: ProjectState) -> list[EndedRun]:
    """The runs that failed, but those of an authority of which all was refused: that is told by itself."""
    told = {refusal.authority for refusal in state.refusals} | {hold.authority for hold in state.holds}
    runs = state.graph.runs if state.graph is not None else ()
    return [run for run in runs if run.has_failed and not (run.is_refusal and run.subject in told)]


def _late(state: ProjectState, settings: AlertSettings) -> Iterator[Alert]:
    """Authorities that have delivered nothing for too long, and a publication that is too old."""
    days, hours = dt.timedelta(days=settings.nothing_new_days), dt.timedelta(hours=settings.publish_hours)
    if days:
        yield from (
            Alert(NOTHING_NEW, name)
            for name, newest in state.newest_files.items()
            if state.now - newest > days
        )
    if hours and state.publication is not None and state.now - state.publication.published_at > hours:
        yield Alert(PUBLISH_OLD)


def _authority(subject: str) -> str:
    return "" if subject == PUBLISHING else subject


def _hash(text: str) -> str:
    """What tells two texts apart and does not tell them: a folder's name may hold anything."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]

"""Checks the work: how the newest runs ended, and what of the deliveries waits or was refused."""

from __future__ import annotations

import datetime as dt

from cf_pipeline.contracts.english import count_of, sentence
from cf_pipeline.operations.doctor.finding import ATTENTION, FAULT, Finding, or_ok
from cf_pipeline.operations.graph_state import PUBLISHING, EndedRun, GraphState
from cf_pipeline.operations.project_state import LAKE, RAW, ProjectState

RUNS, DELIVERIES = "last run", "deliveries"
LONGEST_RUN = dt.timedelta(hours=12)
"""No night of many councils takes as long; a run that seems to was killed with its machine."""


def check_runs(state: ProjectState, killed_commands: int) -> list[Finding]:
    """A finding for each run that failed, does not end, or was killed; else how long ago the newest ended.

    Args:
        state: of the project.
        killed_commands: how many commands were killed and ended by no later one.
    """
    graph = state.graph or GraphState()
    findings = [_failed_run(run) for run in graph.runs if run.has_failed]
    for run in graph.open_runs:
        if state.now - run.started_at > LONGEST_RUN:
            what = f"{run.subject}: a run is under way since {run.started_at:%Y-%m-%d %H:%M} UTC."
            fix = "Terminate it under Runs in the Dagster UI (make ui), then cf-pipeline run"
            findings.append(Finding(RUNS, ATTENTION, what, fix))
    if killed_commands:
        what = f"{count_of(killed_commands, 'command was', 'commands were')} killed before the end."
        findings.append(
            Finding(RUNS, ATTENTION, what, "cf-pipeline run ends what was under way and goes on.")
        )
    if not graph.runs and not findings:
        return [Finding(RUNS, ATTENTION, "Nothing was run yet.", "cf-pipeline run")]
    newest = max((run.ended_at for run in graph.runs), default=state.now)
    return or_ok(RUNS, findings, f"The newest run ended well {age(state.now - newest)} ago.")


def check_deliveries(state: ProjectState) -> list[Finding]:
    """A finding for each delivery or list that is held, and for each refusal."""
    findings = (
        [Finding(DELIVERIES, FAULT, state.unread[LAKE], "cf-pipeline run")] if LAKE in state.unread else []
    )
    if RAW in state.unread:
        fix = "Mount it, or put files in <authority>/<as-at date>/ in it."
        findings.append(Finding(DELIVERIES, ATTENTION, state.unread[RAW], fix))
    for hold in state.holds:
        thing = "list" if hold.list else "delivery"
        fix = (
            "Look at it in the data-quality workbook, then deliver it again, or cf-pipeline accept "
            f"{hold.place} --by NAME --because TEXT"
        )
        what = f"The {thing} {hold.place} is held until someone decides."
        findings.append(Finding(DELIVERIES, ATTENTION, what, fix))
    for refusal in state.refusals:
        fix = "Put right what the sentence names and deliver it again; cf-pipeline check FILE tells more."
        findings.append(Finding(DELIVERIES, ATTENTION, sentence(refusal.sentence), fix))
    count = count_of(len(state.authorities), "authority", "authorities")
    return or_ok(DELIVERIES, findings, f"Nothing of {count} is held or refused.")


def age(span: dt.timedelta) -> str:
    """A span of time in words: '5 minutes', '3 hours', '9 days'."""
    minutes = max(int(span.total_seconds() // 60), 0)
    if minutes < 120:
        return count_of(minutes, "minute", "minutes")
    return f"{minutes // 60} hours" if minutes < 2880 else f"{minutes // 1440} days"


def _failed_run(run: EndedRun) -> Finding:
    what = f"{run.subject}: the newest run failed ({run.ended_at:%Y-%m-%d %H:%M} UTC)."
    command = "cf-pipeline publish" if run.subject == PUBLISHING else "cf-pipeline run"
    return Finding(RUNS, FAULT, what, f"{command} says why; so does the run in the Dagster UI (make ui).")

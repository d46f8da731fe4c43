"""Checks Dagster's part: its stores, the daemon, and the ticks of schedules and sensors."""

from __future__ import annotations

import datetime as dt

from cf_pipeline.operations.doctor.finding import ATTENTION, FAULT, Finding, or_ok
from cf_pipeline.operations.doctor.work import age
from cf_pipeline.operations.graph_state import FAILURE, SCHEDULE, SENSOR, Ticker
from cf_pipeline.operations.project_state import RECORDS, ProjectState

STORES, TICKS = "Dagster's records", "ticks"
NIGHTLY = "nightly"
MOST_SILENT = dt.timedelta(minutes=5)
"""The daemon gives a sign of life every half minute."""
LONGEST_WAIT = {SCHEDULE: dt.timedelta(hours=26), SENSOR: dt.timedelta(hours=1)}
START = (
    "Start it: systemctl start the service of the Dagster daemon, or make ui on a machine without services."
)
AUTOMATION = "See its error under Automation in the Dagster UI (make ui)."


def check_stores(state: ProjectState) -> list[Finding]:
    """A finding for records that cannot be read, or that an older Dagster made."""
    if RECORDS in state.unread:
        fix = "Do what the sentence says; of a server, check that it runs and that dagster.yaml names it."
        return [Finding(STORES, FAULT, state.unread[RECORDS], fix)]
    if state.graph is None:
        return [Finding(STORES, ATTENTION, "Dagster's home is not made yet.", "cf-pipeline init")]
    if state.graph.old_stores:
        what = f"The records of {', '.join(state.graph.old_stores)} are of an older version of Dagster."
        fix = "Stop the services, back up, then DAGSTER_HOME=data/dagster .venv/bin/dagster instance migrate"
        return [Finding(STORES, FAULT, what, fix)]
    return or_ok(STORES, [], "They can be read, and are of this version of Dagster.")


def check_ticks(state: ProjectState) -> list[Finding]:
    """A finding for a daemon that is silent, and for each schedule or sensor that fails, waits or is off.

    A project whose nights cron starts has no daemon: that is well.
    """
    graph = state.graph
    if graph is None or graph.daemon_seen_at is None:
        return or_ok(TICKS, [], "Dagster's daemon never ran here: runs are started by hand or by cron.")
    silent = state.now - graph.daemon_seen_at
    if silent > MOST_SILENT:
        what = f"Dagster's daemon was last seen {age(silent)} ago: no night is started."
        return [Finding(TICKS, ATTENTION, what, START)]
    findings = [finding for each in graph.tickers if (finding := _check_ticker(each, state.now))]
    return or_ok(TICKS, findings, "The daemon runs, and every schedule and sensor ticks.")


def _check_ticker(ticker: Ticker, now: dt.datetime) -> Finding | None:
    name = f"The {ticker.kind} {ticker.name}"
    if not ticker.is_on:
        return Finding(
            TICKS, ATTENTION, f"{name} is switched off.", "Switch it on under Automation in the UI."
        )
    if ticker.ended == FAILURE:
        return Finding(TICKS, FAULT, f"{name} failed when it last ticked.", AUTOMATION)
    is_daily = ticker.kind == SENSOR or ticker.name == NIGHTLY
    if is_daily and ticker.ticked_at and now - ticker.ticked_at > LONGEST_WAIT[ticker.kind]:
        what = f"{name} last ticked {age(now - ticker.ticked_at)} ago."
        fix = "Restart the Dagster daemon and the code server (systemctl restart); see Automation in the UI."
        return Finding(TICKS, ATTENTION, what, fix)
    return None

"""Checks the clock: against the publication, the newest file and the clock of the warehouse's server."""

from __future__ import annotations

import datetime as dt

from cf_pipeline.operations.doctor.finding import ATTENTION, FAULT, Finding, or_ok
from cf_pipeline.operations.doctor.scan import Scan
from cf_pipeline.operations.project_state import ProjectState

CHECK = "clock"
TOLERANCE = dt.timedelta(minutes=2)
"""Clocks of two machines that ask a time server differ by less."""
FIX = "Set the clock and keep it set: timedatectl set-ntp true"


def check_clock(state: ProjectState, scan: Scan, server_time: dt.datetime | None) -> list[Finding]:
    """A finding for each thing by which the clock is wrong.

    Args:
        state: of the project; its `now` is the clock.
        scan: of what the pipeline keeps.
        server_time: by the server of the warehouse, None without one.
    """
    findings = []
    if state.publication is not None and state.publication.published_at > state.now + TOLERANCE:
        published_at = _text(state.publication.published_at)
        what = f"The publication is of {published_at}, later than now: the clock went back."
        findings.append(Finding(CHECK, FAULT, what, FIX))
    if scan.newest is not None and scan.newest > state.now + TOLERANCE:
        what = f"{scan.newest_path} was changed at {_text(scan.newest)}, later than now."
        findings.append(Finding(CHECK, ATTENTION, what, FIX))
    if server_time is not None and abs(server_time - state.now) > TOLERANCE:
        seconds = round((server_time - state.now).total_seconds())
        what = f"The clock of the warehouse's server differs by {seconds:+,} seconds."
        findings.append(Finding(CHECK, ATTENTION, what, f"{FIX} on both machines"))
    return or_ok(CHECK, findings, f"It is {_text(state.now)}, and nothing is later.")


def _text(time: dt.datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC"

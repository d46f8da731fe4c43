"""What Dagster's records say of a project, as plain values: runs, checks, ticks of schedules and sensors.

Belongs here: the values alone, because the domain does not know Dagster; `assets/monitoring` fills them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

PUBLISHING = "publishing"
"""The subject of runs that are of all authorities."""
FAILURE, SKIPPED, SUCCESS = "failure", "skipped", "success"
"""How a tick ends."""
SCHEDULE, SENSOR = "schedule", "sensor"


@dataclass(frozen=True)
class EndedRun:
    """The newest run of an authority, or of publishing, that has ended, as it was meant to or not.

    `is_refusal`: it failed because nothing of its input could be used.
    """

    subject: str
    has_failed: bool
    ended_at: dt.datetime
    is_refusal: bool = False


@dataclass(frozen=True)
class OpenRun:
    """A run that has not ended."""

    subject: str
    started_at: dt.datetime


@dataclass(frozen=True)
class FailedCheck:
    """A check of an authority that failed at severity error on its newest table; '' for one of all."""

    authority: str
    name: str


@dataclass(frozen=True)
class Ticker:
    """A schedule or sensor: whether it is switched on, and its newest tick; None before the first."""

    name: str
    kind: str
    is_on: bool
    ticked_at: dt.datetime | None = None
    ended: str = ""


@dataclass(frozen=True)
class GraphState:
    """What Dagster's records say.

    `daemon_seen_at`: the daemon's newest heartbeat, None where none ever ran. `old_stores`: those of its
    stores that an older version of Dagster made.
    """

    runs: tuple[EndedRun, ...] = ()
    open_runs: tuple[OpenRun, ...] = ()
    failed_checks: tuple[FailedCheck, ...] = ()
    tickers: tuple[Ticker, ...] = ()
    daemon_seen_at: dt.datetime | None = None
    old_stores: tuple[str, ...] = ()

    def ticker(self, name: str) -> Ticker | None:
        """The schedule or sensor of a name."""
        return next((each for each in self.tickers if each.name == name), None)

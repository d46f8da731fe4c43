"""How a run of the graph ended, and why, in one plain sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import dagster as dg

from assets.support.hooks import failure_sentence
from assets.support.refusals import REFUSED


class Listener(Protocol):
    """Whoever shows the progress of runs."""

    def start(self, subject: str) -> None:
        """Work on an authority, or publishing, begins."""

    def step(self, subject: str, name: str) -> None:
        """A step of it has ended."""


@dataclass(frozen=True)
class RunEnd:
    """How a run ended: whether it succeeded; if not, why, and whether that is a refusal of its input."""

    succeeded: bool
    sentence: str = ""
    is_refusal: bool = False


def run_end(result: dg.JobExecutionResult) -> RunEnd:
    """The end of a run in this process."""
    return RunEnd(succeeded=True) if result.success else _failure(result.all_events)


def _failure(events: Sequence[dg.DagsterEvent]) -> RunEnd:
    blocked = [
        f"check {check.check_name} of {check.asset_key.to_user_string()} stopped it: {check.description}"
        for event in events
        if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
        and (check := event.asset_check_evaluation_data)
        and not check.passed
        and check.blocking
    ]
    if blocked:
        return RunEnd(False, " ".join(blocked))
    for event in events:
        if event.is_step_failure:
            failure = event.step_failure_data
            known = failure.user_failure_data
            if known is not None and known.description:
                return RunEnd(False, known.description, REFUSED in (known.metadata or {}))
            kind = failure.error.cls_name if failure.error else "error"
            return RunEnd(False, failure_sentence(str(event.step_key), str(kind)))
    return RunEnd(False, "the run could not start; see the Dagster UI (make ui) for its events.")

"""Refusals of input that cannot be used: the authority's run fails, and is not tried again."""

from __future__ import annotations

from collections.abc import Iterable

import dagster as dg

REFUSED = "refused"


def refusal(sentence: str) -> dg.Failure:
    """The failure to raise: one plain sentence, no retries, and marked as a refusal of the input."""
    return dg.Failure(sentence, metadata={REFUSED: True}, allow_retries=False)


def are_refusals(events: Iterable[dg.DagsterEvent]) -> bool:
    """Whether steps failed, and each of them because it refused its input."""
    failures = [event.step_failure_data.user_failure_data for event in events if event.is_step_failure]
    return bool(failures) and all(each is not None and REFUSED in (each.metadata or {}) for each in failures)

"""Refusals of input that cannot be used: the authority's run fails, and is not tried again."""

from __future__ import annotations

import dagster as dg

REFUSED = "refused"


def refusal(sentence: str) -> dg.Failure:
    """The failure to raise: one plain sentence, no retries, and marked as a refusal of the input."""
    return dg.Failure(sentence, metadata={REFUSED: True}, allow_retries=False)

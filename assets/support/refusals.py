"""Input that cannot be used, told as a failure of its authority's run: not tried again, not a fault."""

from __future__ import annotations

import dagster as dg

REFUSED = "refused"


def refusal(sentence: str) -> dg.Failure:
    """The failure to raise: one plain sentence, no retries, and marked as the input's, not ours."""
    return dg.Failure(sentence, metadata={REFUSED: True}, allow_retries=False)

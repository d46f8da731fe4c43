"""What control limits say of a quarter's figure, in a word or two; and of many figures together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pandas as pd

from cf_pipeline.contracts.english import join_words
from cf_pipeline.dashboard.content import Cell

SIGNALS = {
    "special_concern": ("worse than usual", "bad"),
    "special_improvement": ("better than usual", "good"),
    "special_high": ("higher than usual", "notice"),
    "special_low": ("lower than usual", "notice"),
    "common_cause": ("as usual", ""),
}
"""Variation, as published -> the words, and the mark beside them; the worst first."""
STATUSES = {
    "none": "no limits",
    "too_few": "too few cases",
    "trial": "too early to judge",
    "firm": "not judged",
}
"""Status of limits that judge nothing -> the words."""


def signal_cell(limit: Any) -> Cell:
    """The signal of a row of `fact_control_limit`; None is no row.

    Limits of a stock do not judge by themselves, because it follows itself: their caveat says so below.
    """
    if limit is None:
        return Cell("–", value="", unseen="no limits")
    variation = variation_of(limit)
    if variation:
        words, mark = SIGNALS[variation]
        return Cell(words, mark=mark)
    return Cell(STATUSES[str(limit.status)])


def variation_of(limit: Any) -> str:
    """What firm limits say of a figure, as published; '' where they judge nothing."""
    if limit is None or limit.status != "firm" or not pd.isna(limit.caveat) or pd.isna(limit.variation):
        return ""
    return str(limit.variation)


def sum_of_signals(limits: Iterable[Any]) -> Cell:
    """How many of some figures stand out and in which direction, with how many are judged below."""
    counts = Counter(variation_of(limit) for limit in limits)
    judged = sum(count for variation, count in counts.items() if variation)
    if not judged:
        return Cell("none judged yet", value="")
    stand_out = [name for name in SIGNALS if counts[name] and name != "common_cause"]
    if not stand_out:
        return Cell("all as usual", value=0, detail=f"{judged} judged")
    words = join_words(f"{counts[name]} {SIGNALS[name][0]}" for name in stand_out)
    number = sum(counts[name] for name in stand_out)
    return Cell(words, value=number, detail=f"of {judged} judged", mark=SIGNALS[stand_out[0]][1])

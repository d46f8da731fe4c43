"""Doubts about the as-at date: no event for too long before it (docs/rulings.md#23).

A file of September in the folder of December would be published as a quarter without events. Days are
counted, not events, so that brothers and sisters who come on one day weigh no more than one child.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.holds.doubt import WHOLE_DELIVERY, Doubt
from cf_pipeline.history.long_extract import Days, EventDates

LATE_RULE, PERHAPS_LATE_RULE = "as_at_too_late", "as_at_perhaps_late"
IMPLAUSIBLE_DAYS, DOUBTFUL_DAYS = 9.0, 4.6
"""So many days with an event are expected in the gap, at the rate of the window, when it is implausible (by
chance once in 8,000 deliveries) or doubtful (once in 100)."""
USUAL_GAP_DAYS = 31


@dataclass(frozen=True)
class EventGap:
    """The days from the newest event to the as-at date, and how many days with an event they should hold."""

    newest: pd.Timestamp
    days: int
    expected: float

    @property
    def words(self) -> str:
        """The gap in words, without a place."""
        return (
            f"the newest event is of {self.newest:%Y-%m-%d}, {self.days:,} days before the as-at date;"
            f" about {self.expected:,.0f} days with an event were to be expected since"
        )


def event_gap(days: Days, first: pd.Timestamp, as_at: pd.Timestamp) -> EventGap | None:
    """The gap from the newest event to the as-at date; None without an event, or when it is usual.

    Args:
        days: the dates of the events.
        first: the first day that is covered. Where no event is in the days covered, the window begins with
            the earliest event: all of them are then older.
        as_at: the as-at date.
    """
    event_days = np.unique(days.astype("datetime64[D]"))  # missing ones come last, and compare as false
    event_days = event_days[event_days <= as_at.to_datetime64()]
    covered = event_days[event_days >= first.to_datetime64()]
    if not len(covered):
        covered = event_days
    if not len(covered):
        return None
    earliest, newest = pd.Timestamp(covered[0]), pd.Timestamp(covered[-1])
    gap = (as_at - newest).days
    window = (as_at - min(first, earliest)).days + 1
    return EventGap(newest, gap, len(covered) * gap / window) if gap > USUAL_GAP_DAYS else None


def find_gap_doubts(
    as_at: pd.Timestamp,
    days: Mapping[str, tuple[pd.Timestamp, pd.Timestamp]],
    dates: EventDates,
) -> Iterator[Doubt]:
    """The doubts about the as-at date of a delivery: about all of it, else about single lists.

    One that is not implausible but doubtful has the rule `PERHAPS_LATE_RULE`, which holds nothing.

    Args:
        as_at: the delivery's as-at date.
        days: list -> first and last day covered.
        dates: event list -> the dates of the delivery's events.
    """
    dates = {name: own for name, own in dates.items() if name in days}
    if not dates:
        return
    first = min(days[name][0] for name in dates)
    together = event_gap(np.concatenate(list(dates.values())), first, as_at)
    if together is not None and together.expected > DOUBTFUL_DAYS:
        yield _doubt(together, WHOLE_DELIVERY)
        if together.expected > IMPLAUSIBLE_DAYS:
            return
    for name, own in dates.items() if len(dates) > 1 else ():
        gap = event_gap(own, days[name][0], as_at)
        if gap is not None and gap.expected > DOUBTFUL_DAYS:
            yield _doubt(gap, name)


def _doubt(gap: EventGap, name: str) -> Doubt:
    rule = LATE_RULE if gap.expected > IMPLAUSIBLE_DAYS else PERHAPS_LATE_RULE
    words = gap.words if name == WHOLE_DELIVERY else f"{list_contracts()[name].title}: {gap.words}"
    return Doubt(rule, name, "", round(gap.expected, 1), words)

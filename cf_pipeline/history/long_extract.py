"""Which deliveries are long extracts, and from when those cover (docs/rulings.md#5, docs/rulings.md#24).

One referral dated 2002 by a slip of the keyboard does not make a delivery cover twenty years of quarters
without any event: quarters before a silence that is too long to be true are not covered.
"""

from __future__ import annotations

import pandas as pd

from cf_pipeline.contracts.dates.months import months_before
from cf_pipeline.contracts.lists import list_contracts

LONG_EXTRACT_SHARE, LONG_EXTRACT_ROWS, LONG_EXTRACT_DAYS = 0.10, 5, 31
"""A delivery is a long extract when over this share, and over this many, of its rows of the deciding lists
lie more than so many days before the window."""
IMPLAUSIBLE_EVENTS = 9.0
"""A run of empty quarters is no true one when more events than this were expected in it."""

EventDates = dict[str, pd.Series]
"""Event list -> the dates of a delivery's rows."""


def long_extract_start(
    lists: dict[str, pd.DataFrame], delivery_id: str, as_at: pd.Timestamp
) -> pd.Timestamp | None:
    """The first day that a long extract covers; None for another delivery.

    It is the start of the quarter of the earliest event after the last implausible silence.
    """
    dates = _event_dates(lists, delivery_id)
    first = first_day_after_silence(dates, as_at)
    if first is not None:
        dates = {name: days[days >= first] for name, days in dates.items()}
    if not _is_long(dates, as_at):
        return None
    return pd.Timestamp(pd.concat(list(dates.values())).min().to_period("Q").start_time)


def day_of_rows_far_before(
    lists: dict[str, pd.DataFrame], delivery_id: str, as_at: pd.Timestamp
) -> pd.Timestamp | None:
    """The day before which the events of a delivery cover nothing; None when all of them count."""
    dates = _event_dates(lists, delivery_id)
    return first_day_after_silence(dates, as_at) if _is_long(dates, as_at) else None


def first_day_after_silence(dates: EventDates, as_at: pd.Timestamp) -> pd.Timestamp | None:
    """The first day after the last run of empty quarters that is too long to be true; None without one.

    A run is too long when, at the rate of the quarters that follow it, more than `IMPLAUSIBLE_EVENTS` were
    expected in it, in all event lists together.

    Args:
        dates: the dates of the delivery's events.
        as_at: its as-at date; events after it are no evidence.
    """
    events = pd.concat(list(dates.values()))
    events = events[events < as_at + pd.Timedelta(days=1)]
    if events.empty:
        return None
    counts = events.dt.to_period("Q").value_counts()
    quarters = pd.period_range(counts.index.min(), as_at.to_period("Q"), freq="Q")
    by_quarter = counts.reindex(quarters, fill_value=0)
    filled = by_quarter.index[by_quarter > 0]
    for before, after in zip(filled[-2::-1], filled[:0:-1], strict=True):
        first = after.start_time
        silent_days = (first - before.end_time.normalize()).days - 1
        days = (as_at - first).days + 1
        if by_quarter[after:].sum() / days * silent_days > IMPLAUSIBLE_EVENTS:
            return pd.Timestamp(first)
    return None


def _is_long(dates: EventDates, as_at: pd.Timestamp) -> bool:
    """Whether the deciding lists reach back too far for the usual window."""
    rows = old = 0
    for name, days in dates.items():
        contract = list_contracts()[name]
        if contract.long_extract == "decides":
            window = months_before(as_at, contract.window_months) - pd.Timedelta(days=LONG_EXTRACT_DAYS)
            rows += len(days)
            old += int((days < window).sum())
    return old > LONG_EXTRACT_ROWS and old > LONG_EXTRACT_SHARE * rows


def _event_dates(lists: dict[str, pd.DataFrame], delivery_id: str) -> EventDates:
    contracts = [contract for contract in list_contracts().values() if contract.long_extract is not None]
    dates = {}
    for contract in contracts:
        rows = lists[contract.name]
        dates[contract.name] = rows.loc[rows["delivery_id"].eq(delivery_id), contract.key_date].dropna()
    return dates

"""Which deliveries are long extracts, and from when those cover (docs/rulings.md#5, docs/rulings.md#24).

One referral dated 2002 by a slip of the keyboard does not make a delivery cover twenty years of quarters
without any event: quarters before a silence that is too long to be true are not covered.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.dates.months import months_before
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.rows_by_delivery import rows_by_delivery

LONG_EXTRACT_SHARE, LONG_EXTRACT_ROWS, LONG_EXTRACT_DAYS = 0.10, 5, 31
"""A delivery is a long extract when over this share, and over this many, of its rows of the deciding lists
lie more than so many days before the window."""
IMPLAUSIBLE_EVENTS = 9.0
"""A run of empty quarters is no true one when more events than this were expected in it."""

Days = npt.NDArray[np.datetime64]
EventDates = Mapping[str, Days]
"""Event list -> the dates of a delivery's rows, without missing ones."""

EVENT_LISTS = tuple(name for name, contract in list_contracts().items() if contract.long_extract is not None)
"""The lists of events by which a delivery's dates are judged (docs/rulings.md#5)."""
NO_EVENTS: EventDates = {name: np.empty(0, dtype="datetime64[us]") for name in EVENT_LISTS}
"""The dates of a delivery without events."""


def event_dates_by_delivery(lists: dict[str, pd.DataFrame]) -> dict[str, EventDates]:
    """Delivery -> the dates of its events; a delivery without events is not in it.

    Args:
        lists: cleaned rows by list.
    """
    found: dict[str, dict[str, Days]] = {}
    for name in EVENT_LISTS:
        days = lists[name][list_contracts()[name].key_date].to_numpy(dtype="datetime64[us]")
        for delivery_id, positions in rows_by_delivery(lists[name]).items():
            own = days[positions]
            found.setdefault(delivery_id, {**NO_EVENTS})[name] = own[~np.isnat(own)]
    return {**found}


def long_extract_start(dates: EventDates, as_at: pd.Timestamp) -> pd.Timestamp | None:
    """The first day that a long extract covers; None for another delivery.

    It is the start of the quarter of the earliest event after the last implausible silence.

    Args:
        dates: the dates of the delivery's events.
        as_at: its as-at date.
    """
    first = first_day_after_silence(dates, as_at)
    if first is not None:
        dates = {name: days[days >= first.to_datetime64()] for name, days in dates.items()}
    if not _is_long(dates, as_at):
        return None
    return _start_of_quarter(int(_quarters(np.concatenate(list(dates.values()))).min()))


def day_of_rows_far_before(dates: EventDates, as_at: pd.Timestamp) -> pd.Timestamp | None:
    """The day before which the events of a delivery cover nothing; None when all of them count."""
    return first_day_after_silence(dates, as_at) if _is_long(dates, as_at) else None


def first_day_after_silence(dates: EventDates, as_at: pd.Timestamp) -> pd.Timestamp | None:
    """The first day after the last run of empty quarters that is too long to be true; None without one.

    A run is too long when, at the rate of the quarters that follow it, more than `IMPLAUSIBLE_EVENTS` were
    expected in it, in all event lists together.

    Args:
        dates: the dates of the delivery's events.
        as_at: its as-at date; events after it are no evidence.
    """
    events = np.concatenate(list(dates.values()))
    quarters = _quarters(events[events < (as_at + pd.Timedelta(days=1)).to_datetime64()])
    filled, counts = np.unique(quarters, return_counts=True)
    for last in range(len(filled) - 1, 0, -1):
        before, after = int(filled[last - 1]), int(filled[last])
        if after == before + 1:
            continue
        first = _start_of_quarter(after)
        silent_days = (first - _start_of_quarter(before + 1)).days
        days = (as_at - first).days + 1
        if counts[last:].sum() / days * silent_days > IMPLAUSIBLE_EVENTS:
            return first
    return None


def _quarters(days: Days) -> npt.NDArray[np.int64]:
    """The quarter of each day, counted from that of January 1970."""
    return days.astype("datetime64[M]").astype("int64") // 3


def _start_of_quarter(quarter: int) -> pd.Timestamp:
    return pd.Timestamp(np.datetime64(3 * quarter, "M").astype("datetime64[us]"))


def _is_long(dates: EventDates, as_at: pd.Timestamp) -> bool:
    """Whether the deciding lists reach back too far for the usual window."""
    rows = old = 0
    for name, days in dates.items():
        contract = list_contracts()[name]
        if contract.long_extract == "decides" and len(days):
            window = months_before(as_at, contract.window_months) - pd.Timedelta(days=LONG_EXTRACT_DAYS)
            rows += len(days)
            old += int((days < window.to_datetime64()).sum())
    return old > LONG_EXTRACT_ROWS and old > LONG_EXTRACT_SHARE * rows

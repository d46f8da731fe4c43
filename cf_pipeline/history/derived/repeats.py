"""Whether an event or a period of care follows an earlier one within a year (ruling 15 of the design).

From the history of the list where deliveries reach back a year before the event; else from the list's own
counter of the last 12 months, where it has one.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from cf_pipeline.contracts.months import days_of
from cf_pipeline.history.coverage import is_covered
from cf_pipeline.history.merge.status import WITHDRAWN

REPEAT_DAYS = 365


def is_repeat(
    rows: pd.DataFrame, date: str, covers: pd.DataFrame, counter: pd.Series | None = None
) -> pd.Series:
    """'Y' where the child has an event 1 to 365 days before, 'N' where it has none, else missing.

    Args:
        rows: the list's rows with person_ref and status; withdrawn rows are no earlier event.
        date: the column of the event's date; two events on one day do not repeat each other.
        covers: the list's coverage.
        counter: the list's own number of earlier events, read where history does not reach.
    """
    said = pd.Series(None, index=rows.index, dtype="str")
    if counter is not None:
        said = said.mask(counter.ge(1).fillna(False), "Y").mask(counter.eq(0).fillna(False), "N")
    return _yes_no_where_known(_has_earlier_event(rows, date), rows[date], covers, said)


def is_return(
    rows: pd.DataFrame, earlier: pd.DataFrame, start: str, end: str, covers: pd.DataFrame, said: pd.Series
) -> pd.Series:
    """'Y' where an earlier period of the child ended 1 to 365 days before the start, 'N' where none did.

    Args:
        rows: the list's rows with person_ref.
        earlier: those of them that can be an earlier period, with status; withdrawn rows are none.
        start: the column of the period's first day.
        end: the column of the day from which it is over; a period that goes on the same day is no return.
        covers: the list's coverage.
        said: what the list itself says (Y or N), read where history does not reach.
    """
    ended = earlier.loc[earlier["status"].ne(WITHDRAWN) & earlier[end].notna(), ["person_ref", end]]
    pairs = rows[["person_ref", start]].assign(row=rows.index).merge(ended, on="person_ref")
    days = (pairs[start] - pairs[end]).dt.days
    near = rows.index.isin(pairs.loc[days.between(1, REPEAT_DAYS), "row"])
    return _yes_no_where_known(pd.Series(near, index=rows.index), rows[start], covers, said)


def _yes_no_where_known(
    near: pd.Series, dates: pd.Series, covers: pd.DataFrame, said: pd.Series
) -> pd.Series:
    """Y where history shows an earlier one, N where it reaches a year back and shows none, else as said."""
    days = days_of(dates)
    known = ~np.isnat(days)
    reached = np.zeros(len(dates), dtype=bool)
    first, last = (days_of(covers[name]) for name in ("covers_from", "covers_to"))
    reached[known] = is_covered(first, last, days[known] - np.timedelta64(REPEAT_DAYS, "D"), days[known])
    return said.mask(reached, "N").mask(near, "Y").where(known).astype("str")


def _has_earlier_event(rows: pd.DataFrame, date: str) -> pd.Series:
    events = rows.loc[rows["status"].ne(WITHDRAWN), ["person_ref", date]].dropna().drop_duplicates()
    events = events.sort_values(["person_ref", date])
    gap = events[date] - events.groupby("person_ref")[date].shift()
    repeats = events[gap <= pd.Timedelta(days=REPEAT_DAYS)]
    found = pd.MultiIndex.from_frame(rows[["person_ref", date]]).isin(pd.MultiIndex.from_frame(repeats))
    return pd.Series(found, index=rows.index)

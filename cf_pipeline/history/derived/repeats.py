"""Find events and periods of care that follow an earlier one of the child within a year (docs/rulings.md#15).

The history of the list decides where deliveries cover the year before the event; elsewhere the list's own
counter or flag of the last 12 months, where it has one.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from cf_pipeline.contracts.dates.months import days_of
from cf_pipeline.history.coverage import is_covered
from cf_pipeline.history.merge.record_groups import first_positions, join_numbers
from cf_pipeline.history.merge.status import WITHDRAWN

REPEAT_DAYS = 365


def is_repeat(
    rows: pd.DataFrame, date: str, covers: pd.DataFrame, counter: pd.Series | None = None
) -> pd.Series:
    """'Y' where the child has an event 1 to 365 days before, 'N' where it has none; missing where not known.

    Args:
        rows: the list's rows with person_ref and status; a withdrawn row is no earlier event.
        date: the column of the event's date; of two events on one day neither repeats the other.
        covers: the list's coverage.
        counter: the list's own number of earlier events, used where the history does not reach back a year.
    """
    delivered_flag = pd.Series(None, index=rows.index, dtype="str")
    if counter is not None:
        delivered_flag = delivered_flag.mask(counter.ge(1).fillna(False), "Y")
        delivered_flag = delivered_flag.mask(counter.eq(0).fillna(False), "N")
    return _combine(_has_earlier_event(rows, date), rows[date], covers, delivered_flag)


def is_return(
    rows: pd.DataFrame,
    earlier: pd.DataFrame,
    start: str,
    end: str,
    covers: pd.DataFrame,
    delivered_flag: pd.Series,
) -> pd.Series:
    """'Y' where an earlier period of the child ended 1 to 365 days before the start, 'N' where none did.

    Args:
        rows: the list's rows with person_ref.
        earlier: those of them that can be an earlier period, with status; a withdrawn row cannot.
        start: the column of the period's first day.
        end: the column of the day on which it is over; a period that starts on that same day is no return.
        covers: the list's coverage.
        delivered_flag: the list's own Y or N, used where the history does not reach back a year.
    """
    ends = earlier.loc[earlier["status"].ne(WITHDRAWN) & earlier[end].notna(), ["person_ref", end]]
    pairs = rows[["person_ref", start]].assign(row=rows.index).merge(ends, on="person_ref")
    days = (pairs[start] - pairs[end]).dt.days
    has_earlier = rows.index.isin(pairs.loc[days.between(1, REPEAT_DAYS), "row"])
    return _combine(pd.Series(has_earlier, index=rows.index), rows[start], covers, delivered_flag)


def _combine(
    has_earlier: pd.Series, dates: pd.Series, covers: pd.DataFrame, delivered_flag: pd.Series
) -> pd.Series:
    """'Y' where the history has an earlier event; 'N' where it covers the year before and has none.

    Elsewhere the delivered flag. Missing where the date is.
    """
    days = days_of(dates)
    has_date = ~np.isnat(days)
    is_year_covered = np.zeros(len(dates), dtype=bool)
    first, last = (days_of(covers[name]) for name in ("covers_from", "covers_to"))
    year_before = days[has_date] - np.timedelta64(REPEAT_DAYS, "D")
    is_year_covered[has_date] = is_covered(first, last, year_before, days[has_date])
    flags = delivered_flag.mask(is_year_covered, "N").mask(has_earlier, "Y")
    return flags.where(has_date).astype("str")


def _has_earlier_event(rows: pd.DataFrame, date: str) -> pd.Series:
    """Whether the child has an event that is not withdrawn 1 to 365 days before."""
    person, _ = pd.factorize(rows["person_ref"])
    moment = rows[date].to_numpy(dtype="datetime64[us]")
    # Of two events of one moment neither repeats the other.
    event = join_numbers(person, pd.factorize(moment)[0])
    is_event = rows["status"].ne(WITHDRAWN).to_numpy() & ~np.isnat(moment) & (person >= 0)
    first = np.flatnonzero(is_event)[first_positions(pd.factorize(event[is_event])[0])]
    first = first[np.lexsort([moment[first], person[first]])]
    is_near = np.diff(moment[first]) <= np.timedelta64(REPEAT_DAYS, "D")
    repeats = first[1:][is_near & (np.diff(person[first]) == 0)]
    return pd.Series(np.isin(event, event[repeats]), index=rows.index)

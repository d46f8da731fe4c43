"""The tables of quarters and of days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import numpy as np
import pandas as pd

from cf_pipeline.contracts.dates.calendar import bank_holidays
from cf_pipeline.contracts.dates.quarters import Quarter

MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def dim_quarter(keys: Iterable[str], latest_key: str | None) -> pd.DataFrame:
    """The rows of `dim_quarter`: every quarter from the first of some to the last.

    Args:
        keys: the quarters that the facts have.
        latest_key: the newest quarter that an authority reports on; None where none does.
    """
    quarters = _quarters_from_first_to_last(keys)
    return pd.DataFrame(
        {
            "quarter_key": [quarter.key for quarter in quarters],
            "fiscal_year": [quarter.fiscal_year for quarter in quarters],
            "quarter_no": [quarter.number for quarter in quarters],
            "sequence": [quarter.index for quarter in quarters],
            "year_ending": [quarter.year + 1 for quarter in quarters],
            "start_date": pd.to_datetime([quarter.start for quarter in quarters]),
            "end_date": pd.to_datetime([quarter.end for quarter in quarters]),
            "year_end_date": pd.to_datetime([dt.date(quarter.year + 1, 3, 31) for quarter in quarters]),
            "is_latest": [quarter.key == latest_key for quarter in quarters],
        }
    )


def dim_date(keys: Iterable[str]) -> pd.DataFrame:
    """The rows of `dim_date`: the days of the rows of `dim_quarter`, which these keys give."""
    quarters = _quarters_from_first_to_last(keys)
    if not quarters:
        return pd.DataFrame({"date": pd.Series(dtype="datetime64[us]")}).reindex(columns=DATE_COLUMNS)
    days = np.arange(np.datetime64(quarters[0].start), np.datetime64(quarters[-1].next().start))
    months = days.astype("datetime64[M]")
    month = months.astype("int64") % 12  # 0 for January
    weekday = (days.astype("int64") + 3) % 7  # 0 for Monday: 1 January 1970 was a Thursday
    lengths = [(quarter.next().start - quarter.start).days for quarter in quarters]
    columns = {
        "date": days.astype("datetime64[us]"),
        "quarter_key": np.repeat([quarter.key for quarter in quarters], lengths),
        "fiscal_year": np.repeat([quarter.fiscal_year for quarter in quarters], lengths),
        "month": np.datetime_as_string(months),
        "month_start": months.astype("datetime64[us]"),
        "month_name": np.array(MONTH_NAMES)[month],
        "month_no": (month + 9) % 12 + 1,
        "week_start": (days - weekday.astype("timedelta64[D]")).astype("datetime64[us]"),
        "weekday": weekday + 1,
        "is_working_day": np.is_busday(days, holidays=bank_holidays()),
    }
    return pd.DataFrame(columns)


DATE_COLUMNS = [
    *("date", "quarter_key", "fiscal_year", "month", "month_start"),
    *("month_name", "month_no", "week_start", "weekday", "is_working_day"),
]


def _quarters_from_first_to_last(keys: Iterable[str]) -> list[Quarter]:
    quarters = sorted(Quarter.parse(key) for key in keys)
    if not quarters:
        return []
    return [quarters[0].next(count) for count in range(quarters[-1].index - quarters[0].index + 1)]

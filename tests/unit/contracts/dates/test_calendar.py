"""Working days and calendar months."""

from __future__ import annotations

import datetime as dt

import holidays
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cf_pipeline.contracts.dates.calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    add_working_days,
    bank_holidays,
    working_days,
)
from cf_pipeline.contracts.dates.months import add_months

HOLIDAYS_2019_20 = [
    "2019-04-19", "2019-04-22", "2019-05-06", "2019-05-27",
    "2019-08-26", "2019-12-25", "2019-12-26", "2020-01-01",
]  # fmt: skip
DAYS = st.dates(dt.date(2019, 4, 1), dt.date(2020, 3, 31))


def between(start: str | dt.date | None, end: str | dt.date | None):
    value = working_days(pd.Series(pd.to_datetime([start])), pd.Series(pd.to_datetime([end]))).iloc[0]
    return None if pd.isna(value) else value


def test_the_bank_holidays_of_2019_20_are_these_eight() -> None:
    year = [str(day) for day in bank_holidays() if "2019-04-01" <= str(day) <= "2020-03-31"]
    assert year == HOLIDAYS_2019_20


def test_the_bank_holidays_are_those_that_the_library_knows() -> None:
    known = holidays.country_holidays("GB", subdiv="ENG", years=range(FIRST_YEAR, LAST_YEAR + 1))
    assert bank_holidays().astype(str).tolist() == [str(day) for day in sorted(known)]


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2019-10-01", "2019-10-01", 0),
        ("2019-10-04", "2019-10-05", 0),  # Friday to Saturday
        ("2019-10-04", "2019-10-07", 1),  # Friday to Monday
        ("2019-10-05", "2019-10-07", 1),  # Saturday to Monday
        ("2019-12-24", "2019-12-27", 1),  # over Christmas
        ("2019-10-02", "2019-10-01", None),
        (None, "2019-10-01", None),
        ("2019-10-01", None, None),
    ],
)
def test_working_days_after_the_first_up_to_the_last(start, end, days) -> None:
    assert between(start, end) == days


@given(DAYS, DAYS)
def test_it_equals_counting_one_day_at_a_time(start: dt.date, end: dt.date) -> None:
    if end < start:
        start, end = end, start
    counted = sum(
        day.weekday() < 5 and day.isoformat() not in HOLIDAYS_2019_20
        for day in (start + dt.timedelta(days=n) for n in range(1, (end - start).days + 1))
    )
    assert between(start, end) == counted


@given(st.dates(dt.date(2000, 1, 1), dt.date(2030, 12, 31)), st.integers(0, 240))
def test_months_are_those_of_the_calendar_clipped_to_its_end(day: dt.date, months: int) -> None:
    expected = pd.Timestamp(day) + pd.DateOffset(months=months)
    assert add_months(pd.Series(pd.to_datetime([day])), months).iloc[0] == expected


@given(DAYS, DAYS, st.integers(0, 60))
def test_a_day_plus_working_days_is_the_last_day_within_so_many(
    start: dt.date, end: dt.date, count: int
) -> None:
    start, end = min(start, end), max(start, end)
    last = add_working_days(pd.Series(pd.to_datetime([start])), count).iloc[0]
    assert (pd.Timestamp(end) <= last) == (between(start, end) <= count)


def test_no_day_plus_working_days_is_no_day() -> None:
    assert add_working_days(pd.Series([pd.NaT], dtype="datetime64[us]"), 3).isna().all()

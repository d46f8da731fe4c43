"""Quarters, and which rows fall in a period."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cf_pipeline.contracts.dates.birthdays import age_years
from cf_pipeline.contracts.dates.quarters import Quarter, latest_complete_quarter, quarters_between
from cf_pipeline.kpi.measure.categories.breakdowns import age_bands
from cf_pipeline.kpi.measure.categories.category_codes import CategoryCodes
from cf_pipeline.kpi.measure.categories.distribution_bands import duration_bands
from cf_pipeline.kpi.measure.periods import BASES, Days, pairs_open_at_end, pairs_overlapping, periods_of

DAYS = st.dates(dt.date(2015, 1, 1), dt.date(2022, 12, 31))
QUARTERS = quarters_between(dt.date(2016, 4, 1), dt.date(2020, 3, 31))


def days(*texts: str | None) -> Days:
    return np.array(texts, dtype="datetime64[D]")


def as_set(pairs: tuple[np.ndarray, np.ndarray]) -> set[tuple[int, int]]:
    """Pairs of a row's and a period's position."""
    return set(zip(*(positions.tolist() for positions in pairs), strict=True))


def words_of(categories: CategoryCodes) -> list[str]:
    return [categories.names[code] for code in categories.codes]


@pytest.mark.parametrize(
    ("day", "key"),
    [
        ("2019-04-01", "2019/20 Q1"), ("2019-06-30", "2019/20 Q1"), ("2019-07-01", "2019/20 Q2"),
        ("2019-12-31", "2019/20 Q3"), ("2020-01-01", "2019/20 Q4"), ("2020-03-31", "2019/20 Q4"),
        ("1999-04-01", "1999/00 Q1"),
    ],
)  # fmt: skip
def test_a_day_belongs_to_the_financial_quarter(day: str, key: str) -> None:
    quarter = Quarter.of(dt.date.fromisoformat(day))
    assert quarter.key == key
    assert Quarter.parse(key) == quarter


@given(DAYS)
def test_every_day_lies_in_its_quarter_and_the_next_starts_the_day_after(day: dt.date) -> None:
    quarter = Quarter.of(day)
    assert quarter.start <= day <= quarter.end
    assert quarter.next().start == quarter.end + dt.timedelta(days=1)
    assert quarter.next().previous() == quarter


@pytest.mark.parametrize(
    "key",
    [
        "2019/20 Q5", "2019/21 Q1", "2019-20 Q1", "Q3 2019/20", "", "2019/20 Q3\n", "٢٠١٩/٢٠ Q3",
        "0000/01 Q1", "1899/00 Q4",
    ],
)  # fmt: skip
def test_what_is_no_quarter_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="write it as 2019/20 Q3"):
        Quarter.parse(key)


def test_a_quarter_is_complete_on_its_last_day() -> None:
    assert latest_complete_quarter(dt.date(2019, 12, 31)).key == "2019/20 Q3"
    assert latest_complete_quarter(dt.date(2019, 12, 30)).key == "2019/20 Q2"


@given(st.lists(st.tuples(DAYS, st.none() | DAYS), max_size=8), st.sampled_from(BASES))
def test_rows_are_placed_as_a_loop_over_rows_and_periods_would_place_them(rows, basis: str) -> None:
    periods = periods_of(QUARTERS, basis)
    start, end = (np.array([row[side] for row in rows], dtype="datetime64[D]") for side in (0, 1))
    bounds = [
        (first.astype(dt.date), last.astype(dt.date))
        for first, last in zip(periods.starts, periods.ends, strict=True)
    ]
    shares = {
        (row, period)
        for row, (first, last) in enumerate(rows)
        for period, (from_, to) in enumerate(bounds)
        if first <= to and (last or dt.date.max) >= from_
    }
    is_open = {
        (row, period)
        for row, (first, last) in enumerate(rows)
        for period, (_, to) in enumerate(bounds)
        if first <= to and (last is None or last > to)
    }
    assert (
        set(zip(*(part.tolist() for part in pairs_overlapping(periods, start, end)), strict=True)) == shares
    )
    assert (
        set(zip(*(part.tolist() for part in pairs_open_at_end(periods, start, end)), strict=True)) == is_open
    )


@pytest.mark.parametrize(
    ("birth", "band"),
    [
        ("2020-01-01", "unborn"), ("2019-12-31", "<1"), ("2019-01-01", "<1"), ("2018-12-31", "1-4"),
        ("2014-12-31", "5-9"), ("2009-12-31", "10-15"), ("2003-12-31", "16-17"), ("2001-12-31", "18+"),
        ("2002-01-01", "16-17"), (None, "unknown"),
    ],
)  # fmt: skip
def test_the_age_band_on_31_december_2019(birth: str | None, band: str) -> None:
    assert words_of(age_bands(days(birth), days("2019-12-31"))) == [band]


@pytest.mark.parametrize(
    ("age", "band"),
    [(15, "unknown"), (16, "16-17"), (18, "18"), (19, "19-21"), (22, "22-25"), (26, "unknown")],
)
def test_care_leavers_have_their_own_age_bands(age: int, band: str) -> None:
    birth = days(f"{2019 - age}-06-01")
    assert words_of(age_bands(birth, days("2019-12-31"), is_care_leaver=True)) == [band]


def test_a_leap_day_child_has_a_birthday_on_the_first_of_march() -> None:
    birth = days("2004-02-29", "2004-02-29")
    assert words_of(age_bands(birth, days("2022-02-28", "2022-03-01"))) == ["16-17", "18+"]


def test_duration_bands_count_calendar_months() -> None:
    start = pd.Series(pd.to_datetime(["2019-11-30", "2019-11-29"]))
    end = pd.Series(pd.to_datetime(["2020-02-29", "2020-03-01"]))
    assert duration_bands(start, end).tolist() == ["<=3m", ">3-6m"]


def test_a_category_that_no_one_has_is_left_out_and_names_are_sorted() -> None:
    categories = CategoryCodes.from_codes(["z", "b", "a", "z"], np.array([3, 0, 2]))
    assert categories.names == ["a", "z"]
    assert words_of(categories) == ["z", "z", "a"]
    assert categories.codes_in(["a", "b", "z"]).tolist() == [2, 2, 0]
    assert categories.subset(np.array([0])).names == ["z"]


@given(st.lists(st.tuples(DAYS, DAYS), min_size=1, max_size=20))
def test_an_age_is_the_number_of_birthdays_since(pairs: list[tuple[dt.date, dt.date]]) -> None:
    birth, on = (np.array(each, dtype="datetime64[D]") for each in zip(*pairs, strict=True))
    expected = [
        -1 if day < born else day.year - born.year - ((day.month, day.day) < (born.month, born.day))
        for born, day in pairs
    ]
    assert age_years(birth, on).tolist() == expected

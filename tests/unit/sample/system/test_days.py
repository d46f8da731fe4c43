"""Calendar arithmetic of the sample, by example."""

from __future__ import annotations

import numpy as np
import pytest

from cf_pipeline.sample.system.days import Quarter, add_months, add_working_days, age_on, working_days


def days(*texts: str) -> np.ndarray:
    return np.array(texts, dtype="M8[D]")


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        ("2019-10-01", "2019-10-01", 0),
        ("2019-10-04", "2019-10-07", 1),  # Friday to Monday
        ("2019-12-24", "2019-12-27", 1),  # over Christmas
        ("2019-12-31", "2020-01-02", 1),  # over New Year
        ("2019-10-05", "2019-10-07", 1),  # from a Saturday
    ],
)
def test_working_days_are_after_the_start_up_to_and_including_the_end(start, end, count):
    assert working_days(days(start), days(end)).tolist() == [count]


def test_adding_working_days_is_the_inverse():
    start = np.arange("2019-04-01", "2019-06-30", dtype="M8[D]")
    for count in (1, 15, 45):
        assert (working_days(start, add_working_days(start, count)) == count).all()


def test_months_are_calendar_months_clipped_to_the_months_end():
    moved = add_months(days("2019-08-31", "2018-12-31", "2020-02-29", "NaT"), 6)
    assert moved.astype(str).tolist() == ["2020-02-29", "2019-06-30", "2020-08-29", "NaT"]


def test_age_is_at_the_last_birthday_and_minus_one_before_birth():
    born = days("2001-12-31", "2002-01-01", "2019-12-31", "2020-01-01")
    assert age_on(born, np.datetime64("2019-12-31")).tolist() == [18, 17, 0, -1]


def test_a_quarter_knows_its_year_and_its_days():
    quarter = Quarter(2019, 4)
    assert (quarter.key, str(quarter.start), str(quarter.end)) == ("2019/20 Q4", "2020-01-01", "2020-03-31")

"""Birthdays and ages, those of somebody born on 29 February among them (docs/rulings.md#34)."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cf_pipeline.contracts.dates.birthdays import age_years, birthday, whole_years

BIRTHS = st.dates(dt.date(1990, 1, 1), dt.date(2030, 12, 31))


def dates(*days):
    return pd.Series(pd.to_datetime(list(days)))


@pytest.mark.parametrize(
    ("born", "years", "day"),
    [
        ("2004-02-29", 16, "2020-02-29"),
        ("2004-02-29", 18, "2022-03-01"),
        ("2004-02-28", 18, "2022-02-28"),
        ("2004-03-01", 18, "2022-03-01"),
        ("2001-12-31", 18, "2019-12-31"),
    ],
)
def test_a_birthday_on_29_february_falls_on_1_march_in_other_years(born, years, day):
    assert birthday(dates(born), years).tolist() == [pd.Timestamp(day)]


def test_a_birth_that_is_not_known_has_no_birthday_and_no_age():
    assert birthday(dates(None, "2004-02-29"), 18).isna().tolist() == [True, False]
    assert whole_years(dates(None), dates("2020-01-01")).tolist() == [-2]


@given(BIRTHS, st.integers(0, 30))
def test_the_age_goes_up_on_the_birthday_and_not_the_day_before(born, years):
    day = birthday(dates(born), years).to_numpy().astype("datetime64[D]")
    births = np.array([born], dtype="datetime64[D]")
    assert age_years(births, day).tolist() == [years]
    assert age_years(births, day - 1).tolist() == [years - 1]

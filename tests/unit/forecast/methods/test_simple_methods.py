"""The methods without a model, on numbers that can be checked by eye."""

import numpy as np
import pytest

from cf_pipeline.forecast.methods.simple_methods import SIMPLE_METHODS
from cf_pipeline.forecast.series.known_periods import KnownPeriods

LAST_YEAR, THIS_YEAR = [10, 20, 30, 40], [12, 18]


@pytest.fixture
def known():
    return KnownPeriods(np.array([LAST_YEAR + THIS_YEAR], dtype=float), 4, 2)


@pytest.mark.parametrize(
    ("method", "year_end"),
    [("pro_rata", 60), ("last_year_remainder", 30 + 30 + 40), ("latest_value", 30 + 18 + 18)],
)
def test_the_rest_of_a_flow_is_the_pace_so_far_last_years_rest_or_the_latest_quarter(known, method, year_end):
    assert SIMPLE_METHODS[method].flow(known.numerators, known)[0] == year_end


@pytest.mark.parametrize(
    ("method", "year_end"),
    [("pro_rata", 18), ("last_year_remainder", 18 + (40 - 20)), ("latest_value", 18)],
)
def test_a_stock_stays_or_moves_as_last_year_moved(known, method, year_end):
    assert SIMPLE_METHODS[method].stock(known.numerators, known)[0] == year_end


def test_a_stock_that_would_fall_below_zero_ends_at_zero():
    known = KnownPeriods(np.array([[50.0, 40, 30, 5, 3]]), 4, 1)
    assert SIMPLE_METHODS["last_year_remainder"].stock(known.numerators, known)[0] == 0


def test_in_months_the_latest_quarter_is_three_of_them():
    year = [1.0] * 12
    known = KnownPeriods(np.array([[*year, 1, 1, 1, 2, 3, 4]]), 12, 6)
    assert SIMPLE_METHODS["latest_value"].flow(known.numerators, known)[0] == 12 + 9 + 9

"""Months are read singly and by quarter, and what both expect is averaged."""

import numpy as np
import pytest

from cf_pipeline.forecast.model.averaging import expected_counts, expected_rates
from cf_pipeline.forecast.model.rest_of_year import (
    expect_last_count,
    expect_rate,
    expect_rest_of_counts,
    smoothed_rates,
)
from cf_pipeline.forecast.series.known_periods import KnownPeriods, sum_by_quarter

GENERATOR = np.random.default_rng(15)
MONTHS = GENERATOR.poisson(12, (3, 42)).astype(float)
BY_MONTH = KnownPeriods(MONTHS, 12, 6)
SHARES = KnownPeriods(np.floor(MONTHS * GENERATOR.uniform(0.5, 1, MONTHS.shape)), 12, 6, MONTHS)


def test_months_and_their_quarters_are_averaged():
    by_month, by_quarter = expected_counts(MONTHS, 12, 6), expected_counts(sum_by_quarter(MONTHS, 12), 4, 2)
    rest = expect_rest_of_counts(BY_MONTH)
    totals = [each.periods.sum(axis=1) for each in (by_month, by_quarter)]
    assert rest.count == pytest.approx(np.sqrt((totals[0] + 1) * (totals[1] + 1)) - 1)
    assert rest.variance == pytest.approx((by_month.variance + by_quarter.variance) / 2)


@pytest.mark.parametrize(
    ("known_quarters", "weight_of_months", "weight_of_quarters"),
    [(1, 1 / 2, 1 / 2), (2, 2 / 3, 1 / 3), (3, 5 / 6, 1 / 6)],
)
def test_the_fewer_quarters_are_to_come_the_more_an_expected_share_is_that_of_the_months(
    known_quarters, weight_of_months, weight_of_quarters
):
    periods = slice(0, 24 + 3 * known_quarters)
    sides = [np.tile(side, 2)[:, periods] for side in (SHARES.numerators, SHARES.require_denominators())]
    known = KnownPeriods(sides[0], 12, 3 * known_quarters, sides[1])
    rates, variances = [], []
    for reading in (known, known.sum_by_quarter()):
        found = expected_rates(smoothed_rates(reading), reading.season_length, reading.remaining_periods)
        rates.append(found.periods.mean(axis=1))
        variances.append(found.variance / reading.remaining_periods**2)
    rate, variance = expect_rate(known)
    assert rate == pytest.approx(weight_of_months * rates[0] + weight_of_quarters * rates[1])
    assert variance == pytest.approx(weight_of_months * variances[0] + weight_of_quarters * variances[1])


def test_quarters_are_read_once():
    quarters = KnownPeriods(sum_by_quarter(MONTHS, 12), 4, 2)
    found = expected_counts(quarters.numerators, 4, 2)
    assert expect_rest_of_counts(quarters).count == pytest.approx(found.periods.sum(axis=1))


def test_a_single_year_of_quarters_is_too_short_for_a_prior_or_an_exception():
    one_year = KnownPeriods(np.array([[40.0, 44, 160, 42, 41]]), 4, 1)
    plain = expected_counts(one_year.numerators, 4, 3, is_plain=True)
    rest = expect_rest_of_counts(one_year)
    assert rest.count == pytest.approx(plain.periods.sum(axis=1))
    assert not rest.past.is_exceptional.any()


def test_a_single_year_of_months_is_long_enough():
    months = KnownPeriods(MONTHS[:, :15], 12, 3)
    both = [expected_counts(MONTHS[:, :15], 12, 9), expected_counts(sum_by_quarter(MONTHS[:, :15], 12), 4, 3)]
    totals = [each.periods.sum(axis=1) + 1 for each in both]
    assert expect_rest_of_counts(months).count == pytest.approx(np.sqrt(totals[0] * totals[1]) - 1)


def test_a_month_that_is_exceptional_shows_in_its_quarter():
    months = np.tile([17.0, 16, 17], (1, 15))
    months[0, 27] = 60
    past = expect_rest_of_counts(KnownPeriods(months, 12, 9)).past
    assert np.flatnonzero(past.is_exceptional[0]).tolist() == [9]
    assert past.counts[0, 9] == 93
    assert past.counted[0, 9] == pytest.approx(50, abs=5)
    assert past.counted[0, :9] == pytest.approx(past.counts[0, :9])


def test_the_stock_of_a_quarter_is_that_of_its_last_period():
    stock = np.full((1, 45), 30.0)
    assert expect_last_count(KnownPeriods(stock, 12, 9)).past.counts.tolist() == [[30.0] * 12]
    quarters = np.array([[30.0, 31, 30, 29] * 3 + [31, 30, 31]])
    quarters[0, 5] = 60
    past = expect_last_count(KnownPeriods(quarters, 4, 3)).past
    assert np.flatnonzero(past.is_exceptional[0]).tolist() == [5]

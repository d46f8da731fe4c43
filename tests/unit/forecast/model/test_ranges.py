"""Ranges hold what chance alone may bring in the rest of the year, and never have no width."""

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.stats import binom, poisson

from cf_pipeline.forecast.model import ranges
from cf_pipeline.forecast.model.ranges import LEVELS, count_range, share_range
from cf_pipeline.forecast.model.year_end import (
    flow_year_ends,
    percentage_year_ends,
    stock_percentage_year_ends,
    stock_year_ends,
)
from cf_pipeline.forecast.series.known_periods import KnownPeriods
from tests.unit.forecast.model.test_year_end import flows, shares

anytime = settings(deadline=None, max_examples=60)
level = pytest.mark.parametrize("level", LEVELS)


@level
@pytest.mark.parametrize("expected", [0, 0.3, 0.5, 1.6, 4, 9.6, 10.1, 11.75, 14.2, 55, 900.2, 40_000])
def test_a_count_s_range_holds_poisson_s(expected, level):
    lower, upper = count_range(np.array([6.0]), np.array([expected]), np.array([0.0]), 69, level)
    for mean in (expected, np.floor(expected + 0.5)):  # the forecast shown is a whole number
        assert lower[0] <= 6 + poisson.ppf((1 - level) / 2, mean)
        assert upper[0] >= 6 + poisson.ppf((1 + level) / 2, mean)
    assert lower[0] < upper[0]


@level
@pytest.mark.parametrize("rate", [0, 0.004, 0.05, 0.5, 0.9, 0.97, 1])
@pytest.mark.parametrize("rest", [0, 0.3, 1, 2.6, 7, 40, 5000])
def test_a_share_s_range_is_the_binomial_s_and_at_least_one_case_wide(rest, rate, level):
    cases = max(round(rest), 1)
    so_far = (np.array([3.0]), np.array([10.0]))
    lower, upper = share_range(so_far, np.array([rest]), np.array([rate]), level)
    exact = [binom.ppf((1 - level) / 2, cases, rate), binom.ppf((1 + level) / 2, cases, rate)]
    if exact[0] == exact[1]:
        exact = [exact[0], exact[1] + 1] if exact[0] < cases else [exact[0] - 1, exact[1]]
    assert [lower[0], upper[0]] == pytest.approx([(3 + end) / (10 + cases) for end in exact])


@anytime
@given(flows())
def test_no_range_of_a_count_has_width_zero_before_the_year_is_complete(known):
    for method in (flow_year_ends, stock_year_ends):
        ends = method(known)
        for name in LEVELS:
            assert ((ends.upper[name] > ends.lower[name]) == (known.remaining_periods > 0)).all()


@anytime
@given(shares())
def test_no_range_of_a_percentage_has_width_zero_before_the_year_is_complete(known):
    for method in (percentage_year_ends, stock_percentage_year_ends):
        ends = method(known)
        is_measured = np.isfinite(ends.point)
        for name in LEVELS:
            width = ends.upper[name][is_measured] - ends.lower[name][is_measured]
            assert ((width > 0) == (known.remaining_periods > 0)).all()
            assert (np.isfinite(ends.upper[name]) == is_measured).all()


@pytest.mark.parametrize(
    ("part", "ends_at"),
    [
        ([0] * 11, [0, 100 * 1 / 40]),  # no case in eleven quarters of ten: one is possible
        ([10] * 11, [100 * 39 / 40, 100]),
    ],
)
def test_a_percentage_that_never_moved_may_still_move_by_a_case(part, ends_at):
    known = KnownPeriods(np.array([part], dtype=float), 4, 3, np.full((1, 11), 10.0))
    ends = percentage_year_ends(known)
    assert [ends.lower[0.80][0], ends.upper[0.80][0]] == pytest.approx(ends_at)


@pytest.mark.parametrize("share", [0.025, 0.1, 0.9, 0.975])
def test_quantiles_of_a_count_are_those_of_scipy(share: float) -> None:
    means = np.concatenate([np.geomspace(1e-6, 1e6, 5_000), np.arange(1.0, 2_000.0)])
    assert ranges._poisson_quantile(share, means).tolist() == poisson.ppf(share, means).tolist()


def test_a_count_beyond_all_counts_has_a_range_too() -> None:
    """A scenario may set any number: from 1e16 on, adding a case changes no figure."""
    expected = np.array([1e12, 1e16, 1e20])
    lower, upper = count_range(np.zeros(3), expected, expected, 8, 0.8)
    assert (lower < expected).all()
    assert (upper > expected).all()

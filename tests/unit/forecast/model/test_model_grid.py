"""The matrices of the grid are those of generalised least squares, model by model."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from cf_pipeline.forecast.model.averaging import expected_counts, expected_rates
from cf_pipeline.forecast.model.model_grid import LEVEL_WEIGHTS, SEASON_SIZES, build_model_grid

KNOWN, SEASON, TO_COME = 11, 4, 2
SERIES = np.array([3.1, 4.0, 2.2, 5.9, 3.3, 4.8, 2.0, 6.3, 3.9, 4.4, 2.7])
MODELS = [(weight, size) for weight in LEVEL_WEIGHTS for size in SEASON_SIZES]


def covariance(weight, size):
    """Levels that keep `weight` of each surprise, and a season of that size around nothing."""
    many = KNOWN + TO_COME
    level = np.array(
        [[1.0 if i == j else weight if j < i else 0.0 for j in range(many)] for i in range(many)]
    )
    season = np.array([[(i % SEASON == j % SEASON) - 1 / SEASON for j in range(many)] for i in range(many)])
    return level @ level.T + size**2 * season


@pytest.mark.parametrize("number", range(len(MODELS)), ids=[f"{a}, {tau}" for a, tau in MODELS])
def test_a_model_predicts_as_generalised_least_squares_does(number):
    whole, grid = covariance(*MODELS[number]), build_model_grid(KNOWN, SEASON, TO_COME)
    past, across, ahead = whole[:KNOWN, :KNOWN], whole[KNOWN:, :KNOWN], whole[KNOWN:, KNOWN:]
    ones = np.ones(KNOWN)
    precision = ones @ np.linalg.solve(past, ones)
    mean = ones @ np.linalg.solve(past, SERIES) / precision
    predicted = mean + across @ np.linalg.solve(past, SERIES - mean)
    left = 1 - across @ np.linalg.solve(past, ones)
    errors = ahead - across @ np.linalg.solve(past, across.T) + np.outer(left, left) / precision
    assert grid.weights[number] @ SERIES == pytest.approx(predicted)
    assert grid.covariances[number] == pytest.approx(errors)


def test_the_evidence_is_the_likelihood_of_the_differences():
    # Differences hold all that a series says beside its mean; the noise's variance is the likeliest one.
    differences = np.diff(np.eye(KNOWN), axis=0)
    grid, freedom = build_model_grid(KNOWN, SEASON, TO_COME), KNOWN - 1
    (squares,) = grid.residual_squares(grid.residuals(SERIES[None]))
    found = grid.log_evidence - freedom / 2 * np.log(squares)
    expected = []
    for model in MODELS:
        shape = differences @ covariance(*model)[:KNOWN, :KNOWN] @ differences.T
        values = differences @ SERIES
        variance = values @ np.linalg.solve(shape, values) / freedom
        expected.append(multivariate_normal.logpdf(values, cov=variance * shape))
    assert found - found[0] == pytest.approx(np.array(expected) - expected[0])


@pytest.mark.parametrize("number", range(len(MODELS)), ids=[f"{a}, {tau}" for a, tau in MODELS])
def test_a_period_is_compared_with_what_all_the_others_lead_one_to_expect(number):
    past, grid = covariance(*MODELS[number])[:KNOWN, :KNOWN], build_model_grid(KNOWN, SEASON, TO_COME)
    only = np.zeros((1, len(MODELS)))
    only[0, number] = 1
    found = grid.deviations(grid.residuals(SERIES[None]), only, KNOWN)[0]
    for period in range(KNOWN):
        others = np.delete(np.arange(KNOWN), period)
        ones, known = np.ones(KNOWN - 1), past[np.ix_(others, others)]
        across, values = past[period, others], SERIES[others]
        precision = ones @ np.linalg.solve(known, ones)
        mean = ones @ np.linalg.solve(known, values) / precision
        expected = mean + across @ np.linalg.solve(known, values - mean)
        left = 1 - across @ np.linalg.solve(known, ones)
        variance = past[period, period] - across @ np.linalg.solve(known, across) + left**2 / precision
        assert found[period] == pytest.approx(SERIES[period] - expected)
        assert grid.deviation_sizes[number, period] ** 2 == pytest.approx(variance)


def test_the_average_is_weighted_by_the_likelihood_and_its_variance_is_within_and_between():
    grid, freedom = build_model_grid(KNOWN, SEASON, TO_COME), KNOWN - 1
    (squares,) = grid.residual_squares(grid.residuals(SERIES[None]))
    model_weights = np.exp(grid.log_evidence - freedom / 2 * np.log(squares))
    model_weights /= model_weights.sum()
    by_model = grid.weights @ SERIES
    sums = by_model.sum(axis=1)
    within = grid.covariances.sum(axis=(1, 2)) * squares / freedom
    found = expected_rates(SERIES[None], SEASON, TO_COME)
    assert found.periods[0] == pytest.approx(model_weights @ by_model)
    assert found.variance[0] == pytest.approx(
        model_weights @ within + model_weights @ (sums - model_weights @ sums) ** 2
    )


def test_counts_are_worked_on_as_logarithms_of_one_more():
    counts = np.round(np.expm1(SERIES))
    rates = expected_rates(np.log1p(counts)[None], SEASON, TO_COME)
    found = expected_counts(counts[None], SEASON, TO_COME, is_plain=True)
    assert found.periods == pytest.approx(np.expm1(rates.periods))


def test_the_last_period_alone_varies_less_than_the_sum():
    last = expected_rates(SERIES[None], SEASON, TO_COME, last_only=True)
    assert 0 < last.variance[0] < expected_rates(SERIES[None], SEASON, TO_COME).variance[0]


def test_many_series_are_worked_on_in_parts_that_fit_together():
    many = np.tile(SERIES, (5000, 1)) + np.arange(5000)[:, None]
    found = expected_rates(many, SEASON, TO_COME)
    assert found.periods - np.arange(5000)[:, None] == pytest.approx(np.tile(found.periods[0], (5000, 1)))


@pytest.mark.parametrize(("known", "to_come"), [(1, 2), (5, 0)])
def test_a_bank_of_too_few_periods_is_refused(known, to_come):
    with pytest.raises(ValueError, match="two known periods and one to come"):
        build_model_grid(known, 4, to_come)

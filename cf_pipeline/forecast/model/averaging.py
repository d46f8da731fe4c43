"""The expected rest of a year, averaged over the grid of models, for all series of one shape at once.

The models are weighted by their restricted likelihoods, series by series. There is no optimiser, so nothing
can fail to converge and the same series always give the same figures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cf_pipeline.forecast.model.model_grid import ModelGrid, build_model_grid

CHUNK_SIZE = 256
"""Series computed together: enough for fast matrix products, few enough that their arrays of a few megabytes
use the same memory again; larger ones are asked of the machine anew each time, which can cost as much as the
products."""
MINIMUM_NOISE = 1e-9
"""A constant series has no noise; this much keeps its weights and ranges finite."""


@dataclass(frozen=True)
class Expectation:
    """The expected periods to come: one row a series.

    periods: each period's expected value, on the scale of the counts or rates; for counts a median.
    variance: of the sum of those periods (or of the last one), within and between the models.
    """

    periods: np.ndarray
    variance: np.ndarray


def expected_counts(
    series: np.ndarray, season_length: int, remaining_periods: int, last_only: bool = False
) -> Expectation:
    """The expected counts or amounts of the rest of a year, computed on log(y + 1).

    Args:
        series: one row a series, one column a period, oldest first; none negative.
        season_length: periods in a year.
        remaining_periods: periods of the year still to come.
        last_only: True for a stock, whose variance is that of the last period; False for a flow, whose
            variance is that of the sum.
    """
    grid = build_model_grid(series.shape[1], season_length, remaining_periods)
    period_weights = _period_weights(remaining_periods, last_only)
    return _average_in_chunks(np.log1p(series), grid, period_weights, is_logarithm=True)


def expected_rates(
    series: np.ndarray, season_length: int, remaining_periods: int, last_only: bool = False
) -> Expectation:
    """The expected rates of the rest of a year, without logarithms; arguments as for `expected_counts`."""
    grid = build_model_grid(series.shape[1], season_length, remaining_periods)
    period_weights = _period_weights(remaining_periods, last_only)
    return _average_in_chunks(series, grid, period_weights, is_logarithm=False)


def _period_weights(remaining_periods: int, last_only: bool) -> np.ndarray:
    """1 for each period whose sum has the variance, 0 for the others."""
    weights = np.ones(remaining_periods)
    if last_only:
        weights[:-1] = 0
    return weights


def _average_in_chunks(
    series: np.ndarray, grid: ModelGrid, period_weights: np.ndarray, *, is_logarithm: bool
) -> Expectation:
    parts = [
        _average_models(series[start : start + CHUNK_SIZE], grid, period_weights, is_logarithm)
        for start in range(0, max(len(series), 1), CHUNK_SIZE)
    ]
    return Expectation(
        np.concatenate([part.periods for part in parts]), np.concatenate([part.variance for part in parts])
    )


def _average_models(
    series: np.ndarray, grid: ModelGrid, period_weights: np.ndarray, is_logarithm: bool
) -> Expectation:
    """Each model's prediction, weighted by its restricted likelihood."""
    # With a flat prior on the mean only differences from it matter; small numbers keep their digits.
    means = series.mean(axis=1, keepdims=True)
    centred = series - means
    degrees_of_freedom = series.shape[1] - 1
    squares = np.maximum(grid.residual_squares(grid.residuals(centred)), MINIMUM_NOISE)
    likelihood = grid.log_evidence - degrees_of_freedom / 2 * np.log(squares)
    model_weights = np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
    model_weights /= model_weights.sum(axis=1, keepdims=True)

    remaining_periods = grid.weights.shape[1]
    by_model = (centred @ grid.weights.reshape(-1, series.shape[1]).T).reshape(
        -1, grid.model_count, remaining_periods
    )
    by_model += means[:, :, None]
    periods = np.einsum("sm,smr->sr", model_weights, by_model)
    # An error of a logarithm moves the count in proportion to the count (delta method).
    slopes = (
        np.exp(by_model) * period_weights if is_logarithm else np.broadcast_to(period_weights, by_model.shape)
    )
    sums = (slopes if is_logarithm else by_model * period_weights).sum(axis=2)
    within = np.einsum("smi,mij,smj->sm", slopes, grid.covariances, slopes, optimize=True)
    within = within * squares / degrees_of_freedom
    average = np.einsum("sm,sm->s", model_weights, sums)
    variance = np.einsum("sm,sm->s", model_weights, within + (sums - average[:, None]) ** 2)
    return Expectation(np.maximum(np.expm1(periods), 0) if is_logarithm else periods, variance)

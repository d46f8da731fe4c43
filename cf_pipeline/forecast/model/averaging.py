"""The expected rest of a year, averaged over the grid of models, for all series of one shape at once.

The models are weighted series by series, in closed form. There is no optimiser, so nothing can fail to
converge and the same series always give the same figures. Counts are averaged twice: once to find their
exceptional past periods, and once with those moved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np

from cf_pipeline.forecast.model.exceptional_periods import damp_exceptional_periods
from cf_pipeline.forecast.model.model_grid import ModelGrid, build_model_grid
from cf_pipeline.forecast.model.model_weights import ModelWeights, weigh_models

CHUNK_SIZE = 256
"""Series computed together: enough for fast matrix products, few enough that their arrays of a few megabytes
use the same memory again; larger ones are asked of the machine anew each time, which can cost as much as the
products."""


@dataclass(frozen=True)
class Expectation:
    """The expected periods to come: one row a series.

    periods: each period's expected value, on the scale of the counts or rates; for counts a median.
    variance: of the sum of those periods (or of the last one), within and between the models.
    counted_past: what each period of the past years counts as; an exceptional one as less or more than it is.
    """

    periods: np.ndarray
    variance: np.ndarray
    counted_past: np.ndarray


def expected_counts(
    series: np.ndarray,
    season_length: int,
    remaining_periods: int,
    last_only: bool = False,
    is_plain: bool = False,
) -> Expectation:
    """The expected counts or amounts of the rest of a year, computed on log(y + 1).

    Args:
        series: one row a series, one column a period, oldest first; none negative.
        season_length: periods in a year.
        remaining_periods: periods of the year still to come.
        last_only: True for a stock, whose variance is that of the last period; False for a flow, whose
            variance is that of the sum.
        is_plain: True for no prior on how far levels move, and every past period counting as it is.
    """
    grid = build_model_grid(series.shape[1], season_length, remaining_periods)
    period_weights = _period_weights(remaining_periods, last_only)
    past_periods = series.shape[1] - season_length + remaining_periods

    def average(logarithms: np.ndarray) -> Expectation:
        models = weigh_models(logarithms, grid, has_drift_prior=not is_plain)
        if not is_plain:
            logarithms = damp_exceptional_periods(logarithms, models, grid, past_periods)
            models = weigh_models(logarithms, grid, has_drift_prior=True)
        by_model = _predictions(logarithms, grid)
        periods = np.maximum(np.expm1(_average(by_model, models)), 0)
        # An error of a logarithm moves the count in proportion to the count (delta method).
        counts = np.exp(by_model) * period_weights
        variance = _variance(counts.sum(axis=2), counts, models, grid)
        return Expectation(periods, variance, np.expm1(logarithms[:, :past_periods]))

    return _average_in_chunks(average, np.log1p(series))


def expected_rates(
    series: np.ndarray, season_length: int, remaining_periods: int, last_only: bool = False
) -> Expectation:
    """The expected rates of the rest of a year, without logarithms; arguments as for `expected_counts`.

    Rates have no prior on how far they move, and every past period counts as it is.
    """
    grid = build_model_grid(series.shape[1], season_length, remaining_periods)
    period_weights = _period_weights(remaining_periods, last_only)
    past_periods = series.shape[1] - season_length + remaining_periods

    def average(rates: np.ndarray) -> Expectation:
        models = weigh_models(rates, grid, has_drift_prior=False)
        by_model = _predictions(rates, grid)
        slopes = np.broadcast_to(period_weights, by_model.shape)
        variance = _variance((by_model * period_weights).sum(axis=2), slopes, models, grid)
        return Expectation(_average(by_model, models), variance, rates[:, :past_periods])

    return _average_in_chunks(average, series)


def _period_weights(remaining_periods: int, last_only: bool) -> np.ndarray:
    """1 for each period whose sum has the variance, 0 for the others."""
    weights = np.ones(remaining_periods)
    if last_only:
        weights[:-1] = 0
    return weights


def _average_in_chunks(average: Callable[[np.ndarray], Expectation], series: np.ndarray) -> Expectation:
    """The expectations of all series, `CHUNK_SIZE` of them at a time."""
    parts = [
        average(series[start : start + CHUNK_SIZE]) for start in range(0, max(len(series), 1), CHUNK_SIZE)
    ]
    return Expectation(
        *(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Expectation))
    )


def _predictions(series: np.ndarray, grid: ModelGrid) -> np.ndarray:
    """Each model's prediction of each period to come: (series, models, periods)."""
    means = series.mean(axis=1, keepdims=True)
    weights = grid.weights.reshape(-1, series.shape[1])
    by_model = ((series - means) @ weights.T).reshape(len(series), grid.model_count, -1)
    return np.asarray(by_model + means[:, :, None])


def _average(by_model: np.ndarray, models: ModelWeights) -> np.ndarray:
    """Each period to come, averaged over the models."""
    return np.asarray(np.einsum("sm,smr->sr", models.weights, by_model))


def _variance(sums: np.ndarray, slopes: np.ndarray, models: ModelWeights, grid: ModelGrid) -> np.ndarray:
    """The variance of a sum of periods to come, within and between the models.

    Args:
        sums: each model's, (series, models).
        slopes: how far the sum moves with the prediction of each period, (series, models, periods).
        models: their weights.
        grid: the models.
    """
    within = np.einsum("smi,mij,smj->sm", slopes, grid.covariances, slopes, optimize=True)
    within = within * models.noise_variances
    average = np.einsum("sm,sm->s", models.weights, sums)
    return np.asarray(np.einsum("sm,sm->s", models.weights, within + (sums - average[:, None]) ** 2))

"""Exceptional past periods, moved to what the other periods lead one to expect.

Only past years are looked at: what is unusual this year may be what the rest of the year will be like.
Source: `docs/forecasts.md`, "The model, in words".
"""

from __future__ import annotations

import numpy as np

from cf_pipeline.forecast.model.model_grid import ModelGrid
from cf_pipeline.forecast.model.model_weights import ModelWeights

LARGEST_USUAL, LEAST_EXCEPTIONAL = 2.0, 3.0
"""In usual distances: up to the first a period counts as it is, from the second on as the others lead one to
expect."""


def damp_exceptional_periods(
    series: np.ndarray, models: ModelWeights, grid: ModelGrid, past_periods: int
) -> np.ndarray:
    """The series with the exceptional ones of their first periods moved; the others are as they were.

    The distance of a period from what the others lead one to expect is compared with what is usual: the noise
    of the series, and chance in a count of that size. Between two and three times that it is moved part of
    the way, so that a small change of a count never makes a large one of the forecast.

    Args:
        series: logarithms of counts, one row a series, one column a known period.
        models: their weights.
        grid: the models.
        past_periods: periods of past years, the first columns.
    """
    past = slice(past_periods)
    distance = grid.deviations(models.residuals, models.weights, past_periods)
    noise = (models.weights * np.sqrt(models.noise_variances)) @ grid.deviation_sizes[:, past]
    # The variance of the logarithm of a count by chance: 1 / count, at most 1.
    chance = np.exp(-np.maximum(series[:, past] - distance, 0))
    usual_distances = np.abs(distance) / np.sqrt(noise**2 + chance)
    share = LEAST_EXCEPTIONAL * (1 - LARGEST_USUAL / np.maximum(usual_distances, LARGEST_USUAL))
    moved = series.copy()
    moved[:, past] -= np.minimum(share, 1) * distance
    return moved

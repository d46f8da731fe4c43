"""The weight of each model in the average, series by series.

A model weighs as its restricted likelihood, times a prior on how far the level of a count moves: a short
series alone hardly tells a level that moves from one that stays. Source: `docs/forecasts.md`, "The model, in
words".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR
from cf_pipeline.forecast.model.model_grid import ModelGrid

MINIMUM_NOISE = 1e-9
"""A constant series has no noise; this much keeps its weights and ranges finite."""
USUAL_DRIFT = 0.07
"""How far the logarithm of a level moves in a quarter, unless the series shows otherwise: about 7%."""
LEAST_LEVEL_WEIGHT = 0.05
"""The prior takes a level that never moves as one that keeps this share of each surprise."""


@dataclass(frozen=True)
class ModelWeights:
    """What each model makes of each series.

    residuals (series, level weights, n - 1): as `ModelGrid.residuals` returns them.
    noise_variances (series, models): of the noise, by model.
    weights (series, models): adding up to 1 for each series.
    """

    residuals: np.ndarray
    noise_variances: np.ndarray
    weights: np.ndarray


def weigh_models(series: np.ndarray, grid: ModelGrid, has_drift_prior: bool) -> ModelWeights:
    """The weights of the models.

    Args:
        series: logarithms of counts, or rates: one row a series, one column a known period.
        grid: the models of that shape.
        has_drift_prior: whether a level is taken to move as far as those of counts usually do.
    """
    # With a flat prior on the mean only differences from it matter; small numbers keep their digits.
    residuals = grid.residuals(series - series.mean(axis=1, keepdims=True))
    degrees_of_freedom = series.shape[1] - 1
    noise_variances = np.maximum(grid.residual_squares(residuals), MINIMUM_NOISE) / degrees_of_freedom
    log_noise = np.log(noise_variances)
    log_weights = grid.log_evidence - degrees_of_freedom / 2 * log_noise
    if has_drift_prior:
        usual_drift = USUAL_DRIFT * np.sqrt(QUARTERS_PER_YEAR / grid.season_length)
        level_weights = np.maximum(grid.level_weights, LEAST_LEVEL_WEIGHT)
        log_weights -= (np.log(level_weights / usual_drift) + log_noise / 2) ** 2 / 2
    weights = np.exp(log_weights - log_weights.max(axis=1, keepdims=True))
    return ModelWeights(residuals, noise_variances, weights / weights.sum(axis=1, keepdims=True))

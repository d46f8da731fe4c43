"""The grid of models behind a forecast, as matrices that depend only on the shape of the series.

A series (of logarithms of counts, or of rates) is a level that moves slowly, plus a seasonal effect, plus
noise. How fast the level moves (the exponential smoothing weight) and how large the seasonal effect is
relative to the noise are not estimated: each pair of values in a small grid is one model, and the models are
averaged. Weight 0 without a season is the long-run mean, weight 1 repeats the latest period, and a large
season repeats the usual pattern of the year.

For each pair the covariance of the series is known up to its scale. The best linear prediction of the periods
to come and the restricted likelihood (mean integrated out, scale profiled out) are therefore closed forms.
They depend only on the number of known periods, the season length and the number of periods to come, so the
matrices are computed once a shape and used for every series of it.

Source: exponential smoothing in innovations form, Hyndman and others 2008; restricted likelihood, Patterson
and Thompson 1971; in plain words `docs/forecasts.md`.

Belongs here: the grid and its matrices. Does not belong here: values of series.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

LEVEL_WEIGHTS = (0.0, 0.1, 0.2, 0.35, 0.5, 0.7, 1.0)
"""Share of each period's surprise that stays in the level."""
SEASON_SIZES = (0.0, 0.3, 1.0, 3.0)
"""Prior standard deviation of the seasonal effect, in standard deviations of the noise."""


@dataclass(frozen=True)
class ModelGrid:
    """The models of one shape: n known periods, r periods to come, m models.

    weights (m, r, n): their product with the known values is the prediction.
    covariances (m, r, r): of the prediction errors, in units of the noise's variance.
    residual_factors (n, m * (n - 1)): the known values times the n - 1 columns of a model are its residuals;
        their squares add up to its residual sum of squares.
    log_evidence (m): the part of the log likelihood that does not depend on the values.
    """

    weights: np.ndarray
    covariances: np.ndarray
    residual_factors: np.ndarray
    log_evidence: np.ndarray

    @property
    def model_count(self) -> int:
        """The number of models."""
        return len(self.log_evidence)


@lru_cache(maxsize=64)
def build_model_grid(known_periods: int, season_length: int, remaining_periods: int) -> ModelGrid:
    """The matrices of every model for series of one shape.

    Args:
        known_periods: two or more.
        season_length: periods in a year.
        remaining_periods: periods to predict, one or more.

    Raises:
        ValueError: there are too few periods to predict from, or none to predict.
    """
    if known_periods < 2 or remaining_periods < 1:
        raise ValueError("A grid of models needs two known periods and one to come.")
    periods = np.arange(known_periods + remaining_periods)
    surprises = np.tri(len(periods), k=-1)
    same_season = (periods[:, None] % season_length == periods % season_length) - 1 / season_length
    levels = np.stack([np.eye(len(periods)) + weight * surprises for weight in LEVEL_WEIGHTS])
    seasons = np.stack([size**2 * same_season for size in SEASON_SIZES])
    covariances = (levels @ levels.swapaxes(1, 2))[:, None] + seasons
    covariances = covariances.reshape(-1, len(periods), len(periods))
    weights, error_covariances = _predictions(covariances, known_periods)
    factors, log_evidence = _likelihoods(covariances[:, :known_periods, :known_periods])
    return ModelGrid(weights, error_covariances, factors, log_evidence)


def _predictions(covariances: np.ndarray, known_periods: int) -> tuple[np.ndarray, np.ndarray]:
    """Weights and error covariances of the best linear predictions, with a flat prior on the mean."""
    inverse = np.linalg.inv(covariances[:, :known_periods, :known_periods])
    mean_weights = inverse.sum(axis=2)
    precision = mean_weights.sum(axis=1)[:, None, None]
    cross_covariances = covariances[:, known_periods:, :known_periods]
    own_weights = cross_covariances @ inverse
    # The weights on the known values do not sum to 1; the remainder is the weight of the estimated mean.
    remainder = 1 - own_weights.sum(axis=2)
    weights = own_weights + remainder[:, :, None] * mean_weights[:, None, :] / precision
    mean_variance = remainder[:, :, None] * remainder[:, None, :] / precision
    remaining = covariances[:, known_periods:, known_periods:]
    return weights, remaining - own_weights @ cross_covariances.swapaxes(1, 2) + mean_variance


def _likelihoods(covariances: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Residual factors and log evidence: a restricted likelihood is that of contrasts, which have no mean."""
    known_periods = covariances.shape[1]
    spanning = np.column_stack([np.ones(known_periods), np.eye(known_periods)[:, 1:]])
    contrasts = np.linalg.qr(spanning)[0][:, 1:]
    root = np.linalg.cholesky(contrasts.T @ covariances @ contrasts)
    factors = contrasts @ np.linalg.inv(root).swapaxes(1, 2)
    log_evidence = -np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
    return factors.swapaxes(0, 1).reshape(known_periods, -1), log_evidence

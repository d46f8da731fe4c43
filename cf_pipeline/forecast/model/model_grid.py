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

The models of one level weight share their residuals: in the right coordinates a season only widens some of
them. A residual sum of squares is then one product for each level weight, not one for each model.

Source: exponential smoothing in innovations form, Hyndman and others 2008; restricted likelihood, Patterson
and Thompson 1971; in plain words `docs/forecasts.md`.

Belongs here: the grid and its matrices. Does not belong here: values of series.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

LEVEL_WEIGHTS = (0.0, 0.1, 0.2, 0.35, 0.5, 0.7, 1.0)
"""Share of each period's surprise that stays in the level."""
SEASON_SIZES = (0.0, 0.3, 1.0, 3.0)
"""Prior standard deviation of the seasonal effect, in standard deviations of the noise."""


@dataclass(frozen=True)
class ModelGrid:
    """The models of one shape: n known periods, r periods to come, w level weights, m models.

    The models are ordered by level weight, then by season size.

    season_length: periods in a year.
    weights (m, r, n): their product with the known values is the prediction.
    covariances (m, r, r): of the prediction errors, in units of the noise's variance.
    residual_factors (n, w * (n - 1)): the known values times the n - 1 columns of a level weight are the
        residuals of its models; they are independent.
    residual_variances (w, m / w, n - 1): of those residuals by model, in units of the noise's variance.
    log_evidence (m): the part of the log likelihood that does not depend on the values.
    """

    season_length: int
    weights: np.ndarray
    covariances: np.ndarray
    residual_factors: np.ndarray
    residual_variances: np.ndarray
    log_evidence: np.ndarray

    @property
    def model_count(self) -> int:
        """The number of models."""
        return len(self.log_evidence)

    @property
    def level_weights(self) -> np.ndarray:
        """The level weight of each model."""
        return np.repeat(LEVEL_WEIGHTS, len(SEASON_SIZES))

    def residuals(self, series: np.ndarray) -> np.ndarray:
        """The residuals of each series for each level weight: (series, w, n - 1)."""
        return np.asarray((series @ self.residual_factors).reshape(len(series), len(LEVEL_WEIGHTS), -1))

    def residual_squares(self, residuals: np.ndarray) -> np.ndarray:
        """The residual sum of squares of each series under each model: (series, m)."""
        by_level = (residuals**2).swapaxes(0, 1) @ self._residual_precisions.swapaxes(1, 2)
        return np.asarray(by_level.swapaxes(0, 1).reshape(len(residuals), -1))

    def deviations(self, residuals: np.ndarray, model_weights: np.ndarray, periods: int) -> np.ndarray:
        """How far the first known periods lie from what all the others lead one to expect: (series, periods).

        Args:
            residuals: as `residuals` returns them.
            model_weights (series, m): by which the models' deviations are averaged.
            periods: how many.
        """
        by_level = model_weights.reshape(len(residuals), len(LEVEL_WEIGHTS), -1, 1)
        by_model = by_level * residuals[:, :, None, :]
        return np.asarray(by_model.reshape(len(residuals), -1) @ self._deviation_factors[:, :periods])

    @cached_property
    def deviation_sizes(self) -> np.ndarray:
        """The standard deviation of those deviations under each model, in that of the noise: (m, n)."""
        return np.asarray(1 / np.sqrt(self._period_precisions.reshape(self.model_count, -1)))

    @cached_property
    def _deviation_factors(self) -> np.ndarray:
        """The residuals under a model times its n - 1 rows of this (m * (n - 1), n) are the deviations.

        M the inverse covariance of the contrasts in terms of the periods, the deviation of period i is
        (M y)_i / M_ii.
        """
        factors = self._factors_by_level.swapaxes(1, 2)[:, None] * self._residual_precisions[..., None]
        return np.asarray((factors / self._period_precisions[:, :, None]).reshape(-1, factors.shape[-1]))

    @cached_property
    def _period_precisions(self) -> np.ndarray:
        """The diagonal of M for each model: (w, m / w, n)."""
        return np.asarray(self._residual_precisions @ np.square(self._factors_by_level).swapaxes(1, 2))

    @property
    def _factors_by_level(self) -> np.ndarray:
        """The residual factors of each level weight: (w, n, n - 1)."""
        known_periods = len(self.residual_factors)
        return self.residual_factors.reshape(known_periods, len(LEVEL_WEIGHTS), -1).swapaxes(0, 1)

    @cached_property
    def _residual_precisions(self) -> np.ndarray:
        return np.asarray(1 / self.residual_variances)


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
    roots = np.stack([np.eye(len(periods)) + weight * surprises for weight in LEVEL_WEIGHTS])
    levels = roots @ roots.swapaxes(1, 2)
    season = (periods[:, None] % season_length == periods % season_length) - 1 / season_length
    sizes = np.square(SEASON_SIZES)
    covariances = (levels[:, None] + sizes[:, None, None] * season).reshape(-1, len(periods), len(periods))
    weights, error_covariances = _predictions(covariances, known_periods)
    known = slice(known_periods)
    factors, season_variances, log_evidence = _independent_residuals(
        levels[:, known, known], season[known, known]
    )
    variances = 1 + sizes[:, None] * season_variances[:, None, :]
    log_evidence = log_evidence[:, None] - np.log(variances).sum(axis=2) / 2
    return ModelGrid(season_length, weights, error_covariances, factors, variances, log_evidence.ravel())


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


def _independent_residuals(
    levels: np.ndarray, season: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Residual factors, the variances that a season of size 1 adds, and the log evidence without a season.

    A restricted likelihood is that of contrasts, which have no mean. They are scaled to independent ones of
    variance 1 under a level alone, then turned so that a season leaves them independent.

    Args:
        levels: covariances of the known periods, one for each level weight.
        season: covariance of a seasonal effect of size 1 over the known periods.
    """
    known_periods = len(season)
    spanning = np.column_stack([np.ones(known_periods), np.eye(known_periods)[:, 1:]])
    contrasts = np.linalg.qr(spanning)[0][:, 1:]
    root = np.linalg.cholesky(contrasts.T @ levels @ contrasts)
    scaled = contrasts @ np.linalg.inv(root).swapaxes(1, 2)
    season_variances, turns = np.linalg.eigh(scaled.swapaxes(1, 2) @ season @ scaled)
    log_evidence = -np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
    factors = (scaled @ turns).swapaxes(0, 1).reshape(known_periods, -1)
    # A season of 4 or 12 effects moves no more contrasts than that; rounding makes the others a hair below 0.
    return factors, np.maximum(season_variances, 0), log_evidence

"""The bank of models behind a forecast, as matrices that depend on nothing but the shape of the series.

A series (of logarithms of counts, or of rates) is a level that moves slowly, plus a seasonal effect, plus
noise. How fast the level moves (the exponential smoothing weight) and how large the seasonal effect is beside
the noise are not estimated: every pair of a small grid is one model, and the models are averaged. Weight 0
without a season is the long-run mean, weight 1 "the same as the latest period", a large season "the usual
pattern of the year".

For each pair the covariance of the series is known up to its scale, so the best linear prediction of the
periods to come and the restricted likelihood (the mean integrated out, the scale profiled) are closed form.
They depend on the number of known periods, the season's length and the number of periods to come alone: the
matrices are made once a shape and serve every series of it.

Belongs here: the grid and its matrices. Does not belong here: any value of any series.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

LEVEL_WEIGHTS = (0.0, 0.1, 0.2, 0.35, 0.5, 0.7, 1.0)
"""How much of each surprise stays in the level."""
SEASON_SIZES = (0.0, 0.3, 1.0, 3.0)
"""Prior standard deviation of the seasonal effect, in standard deviations of the noise."""


@dataclass(frozen=True)
class Bank:
    """The models of one shape: n known periods, r periods to come, m models.

    weights (m, r, n): the prediction is its product with the known values.
    covariances (m, r, r): of the errors of the predictions, in units of the noise's variance.
    factor (n, m * (n - 1)): for each model, the residual sum of squares is the squared length of the known
        values times its columns.
    evidence (m): the part of the log likelihood that does not depend on the values.
    """

    weights: np.ndarray
    covariances: np.ndarray
    factor: np.ndarray
    evidence: np.ndarray

    @property
    def models(self) -> int:
        """How many models there are."""
        return len(self.evidence)


@lru_cache(maxsize=64)
def bank_of(known: int, season: int, to_come: int) -> Bank:
    """The bank of a shape.

    Args:
        known: periods known, two or more.
        season: periods in a year.
        to_come: periods to predict, one or more.

    Raises:
        ValueError: there are too few periods to predict from, or none to predict.
    """
    if known < 2 or to_come < 1:
        raise ValueError("A bank of models needs two known periods and one to come.")
    periods = np.arange(known + to_come)
    surprises = np.tri(len(periods), k=-1)
    same_season = (periods[:, None] % season == periods % season) - 1 / season
    levels = np.stack([np.eye(len(periods)) + weight * surprises for weight in LEVEL_WEIGHTS])
    seasons = np.stack([size**2 * same_season for size in SEASON_SIZES])
    covariances = (levels @ levels.swapaxes(1, 2))[:, None] + seasons
    covariances = covariances.reshape(-1, len(periods), len(periods))
    weights, errors = _prediction(covariances, known)
    factor, evidence = _likelihood(covariances[:, :known, :known])
    return Bank(weights, errors, factor, evidence)


def _prediction(covariances: np.ndarray, known: int) -> tuple[np.ndarray, np.ndarray]:
    """Weights and error covariances of the best linear predictions, the mean having a flat prior."""
    inverse = np.linalg.inv(covariances[:, :known, :known])
    of_mean = inverse.sum(axis=2)
    precision = of_mean.sum(axis=1)[:, None, None]
    across = covariances[:, known:, :known]
    carried = across @ inverse
    # What the carried weights do not sum to, the mean brings in.
    of_the_mean = 1 - carried.sum(axis=2)
    weights = carried + of_the_mean[:, :, None] * of_mean[:, None, :] / precision
    unsure = of_the_mean[:, :, None] * of_the_mean[:, None, :] / precision
    return weights, covariances[:, known:, known:] - carried @ across.swapaxes(1, 2) + unsure


def _likelihood(covariances: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The factor and the evidence: restricted likelihoods are those of the contrasts, which have no mean."""
    known = covariances.shape[1]
    contrasts = np.linalg.qr(np.column_stack([np.ones(known), np.eye(known)[:, 1:]]))[0][:, 1:]
    root = np.linalg.cholesky(contrasts.T @ covariances @ contrasts)
    factors = contrasts @ np.linalg.inv(root).swapaxes(1, 2)
    evidence = -np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
    return factors.swapaxes(0, 1).reshape(known, -1), evidence

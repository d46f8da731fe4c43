"""Series of one shape in, what the averaged bank of models expects of the rest of the year out.

The models are weighted by their restricted likelihoods, series by series. There is no optimiser: nothing can
fail to converge, and the same series give the same figures every time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cf_pipeline.forecast.model.model_grid import Bank, bank_of

AT_ONCE = 4096
"""Series worked on together: enough for fast matrices, few enough to stay small in memory."""
LEAST_NOISE = 1e-9
"""A constant series has no noise at all; this much keeps its weights and ranges numbers."""


@dataclass(frozen=True)
class Expected:
    """What is expected of the periods to come: one row a series.

    steps: each period's expected value, on the scale of the counts or rates. For counts a median.
    variance: of the sum of the periods that were asked for, within and between the models.
    """

    steps: np.ndarray
    variance: np.ndarray


def expected_counts(known: np.ndarray, season: int, to_come: int, last_only: bool = False) -> Expected:
    """Counts or amounts, worked on as log(y + 1).

    Args:
        known: one row a series, one column a period, oldest first; none negative.
        season: periods in a year.
        to_come: periods of the year still to come.
        last_only: the variance is that of the last period (a stock), not that of the sum (a flow).
    """
    wanted = _wanted(to_come, last_only)
    return _in_parts(np.log1p(known), bank_of(known.shape[1], season, to_come), wanted, logarithms=True)


def expected_rates(known: np.ndarray, season: int, to_come: int, last_only: bool = False) -> Expected:
    """Rates, worked on as they are; arguments as for counts. The variance is of the sum of the rates."""
    wanted = _wanted(to_come, last_only)
    return _in_parts(known, bank_of(known.shape[1], season, to_come), wanted, logarithms=False)


def _wanted(to_come: int, last_only: bool) -> np.ndarray:
    wanted = np.ones(to_come)
    if last_only:
        wanted[:-1] = 0
    return wanted


def _in_parts(series: np.ndarray, bank: Bank, wanted: np.ndarray, logarithms: bool) -> Expected:
    parts = [
        _averaged(series[start : start + AT_ONCE], bank, wanted, logarithms)
        for start in range(0, max(len(series), 1), AT_ONCE)
    ]
    return Expected(
        np.concatenate([part.steps for part in parts]), np.concatenate([part.variance for part in parts])
    )


def _averaged(series: np.ndarray, bank: Bank, wanted: np.ndarray, logarithms: bool) -> Expected:
    # Only differences from the series' own mean matter to a flat prior; small numbers keep their digits.
    means = series.mean(axis=1, keepdims=True)
    around = series - means
    freedom = series.shape[1] - 1
    residuals = (around @ bank.factor).reshape(len(series), bank.models, freedom)
    squares = np.maximum(np.einsum("smd,smd->sm", residuals, residuals), LEAST_NOISE)
    likelihood = bank.evidence - freedom / 2 * np.log(squares)
    chance = np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
    chance /= chance.sum(axis=1, keepdims=True)

    to_come = bank.weights.shape[1]
    by_model = (around @ bank.weights.reshape(-1, series.shape[1]).T).reshape(-1, bank.models, to_come)
    by_model += means[:, :, None]
    steps = np.einsum("sm,smr->sr", chance, by_model)
    # The error of a logarithm moves the count in proportion to the count.
    slopes = np.exp(by_model) * wanted if logarithms else np.broadcast_to(wanted, by_model.shape)
    sums = (slopes if logarithms else by_model * wanted).sum(axis=2)
    within = np.einsum("smi,mij,smj->sm", slopes, bank.covariances, slopes, optimize=True) * squares / freedom
    average = np.einsum("sm,sm->s", chance, sums)
    variance = np.einsum("sm,sm->s", chance, within + (sums - average[:, None]) ** 2)
    return Expected(np.maximum(np.expm1(steps), 0) if logarithms else steps, variance)

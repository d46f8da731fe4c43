"""Limits of process control charts: XmR, c, p, u, Laney's, and funnels.

Functions of arrays: one row a series, one column a point, oldest first; a shorter series ends in NaN. Limits
that cannot be reached (a share below 0 or above 1) are cut off. Those of XmR are not, as NHS "Making Data
Count" prints them.

Source: NHS "Making Data Count" (XmR, as in NHSRplotthedots); Laney 2002; Spiegelhalter 2005 (funnels).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

XMR_WIDTH = 2.66
OUTLYING_RANGE = 3.267
"""A moving range of at least this many times the mean one is a jump of the level and not noise."""
SIGMAS = 3
RANGE_TO_SIGMA = 1.128
"""The mean moving range of noise, in standard deviations of the noise."""
StandardError = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Computes the standard error of a point from the pooled mean and the point's size."""


@dataclass(frozen=True)
class Limits:
    """The mean and both limits: one row a series; one column when they are the same for every point."""

    mean: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


def xmr_chart(values: np.ndarray, drop_outlying_ranges: bool = True) -> Limits:
    """The mean, and limits 2.66 mean moving ranges from it.

    Args:
        values: of the points.
        drop_outlying_ranges: leave out moving ranges of OUTLYING_RANGE times their mean, once.
    """
    ranges = np.abs(np.diff(values, axis=1))
    if drop_outlying_ranges:
        mean_range = _mean(ranges)
        # Where nothing moves no range is outlying.
        ranges = np.where((ranges < OUTLYING_RANGE * mean_range) | (mean_range == 0), ranges, np.nan)
    mean, half_width = _mean(values), XMR_WIDTH * _mean(ranges)
    return Limits(mean, mean - half_width, mean + half_width)


def c_chart(counts: np.ndarray) -> Limits:
    """Limits of counts of independent events: three standard errors of a Poisson count."""
    mean = _mean(counts)
    half_width = SIGMAS * np.sqrt(mean)
    return Limits(mean, mean - half_width, mean + half_width)


def p_chart(cases: np.ndarray, sizes: np.ndarray) -> Limits:
    """Limits of shares, 0 to 1: three standard errors of a share of each point's size."""
    return _three_sigma_limits(cases, sizes, share_error, 1.0)


def u_chart(cases: np.ndarray, sizes: np.ndarray) -> Limits:
    """Limits of rates (cases for each unit of size): three standard errors of a Poisson rate."""
    return _three_sigma_limits(cases, sizes, rate_error, 1.0)


def laney_chart(cases: np.ndarray, sizes: np.ndarray, error: StandardError) -> Limits:
    """The p or u chart widened by how much more the points move than chance alone moves them."""
    return _three_sigma_limits(cases, sizes, error, laney_factor(cases, sizes, error))


def funnel(target: np.ndarray, sizes: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Exact binomial limits of shares, 0 to 1, around a target, interpolated between the possible counts.

    Args:
        target: the share around which chance varies, such as London's.
        sizes: the denominators.
        level: the share of places that chance alone leaves inside, 0.95 or 0.998.
    """
    tail = (1 - level) / 2
    return _binomial_quantile(target, sizes, tail), _binomial_quantile(target, sizes, 1 - tail)


def laney_factor(cases: np.ndarray, sizes: np.ndarray, error: StandardError) -> np.ndarray:
    """How many times more than by chance the points move from one to the next: one value a series."""
    ranges = np.abs(np.diff(z_scores(cases, sizes, error), axis=1))
    return np.asarray(_mean(ranges) / RANGE_TO_SIGMA)


def is_overdispersed(cases: np.ndarray, sizes: np.ndarray, error: StandardError) -> np.ndarray:
    """Whether the points vary more than those of 95 in 100 series do by chance (chi-squared test)."""
    squares = z_scores(cases, sizes, error) ** 2
    points = np.sum(~np.isnan(squares), axis=1, keepdims=True)
    variation = np.nansum(squares, axis=1, keepdims=True)
    if not variation.any():  # as in a council's first quarter
        return np.zeros(variation.shape, dtype=bool)
    from scipy.special import chdtri  # noqa: PLC0415 - slow to import, and few callers need it

    return np.asarray(variation > chdtri(np.maximum(points - 1, 1), 0.05))


def z_scores(cases: np.ndarray, sizes: np.ndarray, error: StandardError) -> np.ndarray:
    """How many standard errors each point lies from the pooled mean; 0 where the standard error is 0."""
    mean = _pooled_rate(cases, sizes)
    errors = error(mean, sizes)
    differences = cases / sizes - mean
    zeros = np.where(np.isnan(differences), np.nan, 0.0)
    return np.asarray(np.divide(differences, errors, out=zeros, where=errors > 0))


def share_error(mean: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Standard error of a binomial share."""
    return np.asarray(np.sqrt(mean * (1 - mean) / sizes))


def rate_error(mean: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Standard error of a Poisson rate."""
    return np.asarray(np.sqrt(mean / sizes))


def wider_limits(limits: Limits, others: Limits) -> tuple[Limits, np.ndarray]:
    """The wider of two pairs of limits around one mean, series by series, and whether it is the second."""
    is_wider = (others.upper - others.mean > limits.upper - limits.mean).any(axis=1, keepdims=True)
    lines = (
        np.where(is_wider, getattr(others, name), getattr(limits, name))
        for name in ("mean", "lower", "upper")
    )
    return Limits(*lines), is_wider


def _three_sigma_limits(
    cases: np.ndarray, sizes: np.ndarray, error: StandardError, factor: np.ndarray | float
) -> Limits:
    mean = _pooled_rate(cases, sizes)
    half_width = SIGMAS * error(mean, sizes) * factor
    largest = 1.0 if error is share_error else np.inf
    return Limits(mean, np.maximum(mean - half_width, 0), np.minimum(mean + half_width, largest))


def _binomial_quantile(target: np.ndarray, sizes: np.ndarray, probability: float) -> np.ndarray:
    """The quantile of a binomial share, interpolated between the possible counts (Spiegelhalter 2005)."""
    # What scipy.stats.binom calls: importing scipy.stats costs more than all funnels of a council.
    from scipy.special._ufuncs import _binom_cdf, _binom_ppf  # noqa: PLC0415 - only funnels need it

    count = _binom_ppf(probability, sizes, target)
    lower = np.where(count > 0, _binom_cdf(np.maximum(count - 1, 0), sizes, target), 0.0)
    upper = _binom_cdf(count, sizes, target)
    fraction = (upper - probability) / (upper - lower)
    return np.asarray(np.clip((count - fraction) / sizes, 0, 1))


def _pooled_rate(cases: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    return np.asarray(np.nansum(cases, axis=1, keepdims=True) / np.nansum(sizes, axis=1, keepdims=True))


def _mean(values: np.ndarray) -> np.ndarray:
    """The mean of the known points of each series; NaN without any."""
    is_known = ~np.isnan(values)
    points = is_known.sum(axis=1, keepdims=True)
    total = np.where(is_known, values, 0).sum(axis=1, keepdims=True)
    return np.asarray(np.divide(total, points, out=np.full(total.shape, np.nan), where=points > 0))

"""Limits of process control charts: XmR, p, u, Laney's, and funnels.

Functions of arrays, one row a series and one column a point, oldest first; a shorter series ends in NaN.
Limits that cannot be (a share below 0 or above 1) are cut off; those of XmR are not, as NHS "Making Data
Count" prints them.

Source: NHS "Making Data Count" (XmR, as in NHSRplotthedots); Laney 2002; Spiegelhalter 2005 (funnels).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

XMR_WIDTH = 2.66
SCREEN = 3.267
"""Moving ranges of this many times their mean, or more, are the jump itself and not the noise."""
SIGMAS = 3
RANGE_TO_SIGMA = 1.128
"""The mean moving range of noise in standard deviations of the noise."""
Error = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""The standard error of a point, from the pooled mean and the point's size."""


@dataclass(frozen=True)
class Limits:
    """The middle and both limits, one row a series; one column when they are the same for every point."""

    mean: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


def xmr(values: np.ndarray, screened: bool = True) -> Limits:
    """The mean, and 2.66 mean moving ranges either side; the largest moving ranges dropped once before."""
    moves = np.abs(np.diff(values, axis=1))
    if screened:
        usual = _mean(moves)
        # Without any movement nothing is a jump.
        moves = np.where((moves < SCREEN * usual) | (usual == 0), moves, np.nan)
    mean, wide = _mean(values), XMR_WIDTH * _mean(moves)
    return Limits(mean, mean - wide, mean + wide)


def p_chart(cases: np.ndarray, sizes: np.ndarray) -> Limits:
    """Limits of shares 0 to 1: three standard errors of a share of each point's size."""
    return _chart(cases, sizes, share_error, 1.0)


def u_chart(cases: np.ndarray, sizes: np.ndarray) -> Limits:
    """Limits of rates (cases for each unit of size): three standard errors of a Poisson rate."""
    return _chart(cases, sizes, rate_error, 1.0)


def laney_chart(cases: np.ndarray, sizes: np.ndarray, error: Error) -> Limits:
    """The p or u chart widened by how much more the points move than chance alone moves them."""
    return _chart(cases, sizes, error, spread(cases, sizes, error))


def funnel(target: np.ndarray, sizes: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Exact binomial limits of shares 0 to 1 around a target, interpolated between the possible counts.

    Args:
        target: the share that chance varies around, such as London's.
        sizes: the denominators.
        level: the share of places that chance alone leaves inside, 0.95 or 0.998.
    """
    tail = (1 - level) / 2
    return _exact(target, sizes, tail), _exact(target, sizes, 1 - tail)


def spread(cases: np.ndarray, sizes: np.ndarray, error: Error) -> np.ndarray:
    """How many times chance alone the points move from one to the next, one a series."""
    moves = np.abs(np.diff(standardised(cases, sizes, error), axis=1))
    return np.asarray(_mean(moves) / RANGE_TO_SIGMA)


def is_overdispersed(cases: np.ndarray, sizes: np.ndarray, error: Error) -> np.ndarray:
    """Whether points lie further from their mean than chance alone leaves in 95 of 100 series."""
    from scipy.special import chdtri  # noqa: PLC0415 - slow to import, and few callers need it

    squares = standardised(cases, sizes, error) ** 2
    many = np.sum(~np.isnan(squares), axis=1, keepdims=True)
    return np.asarray(np.nansum(squares, axis=1, keepdims=True) > chdtri(np.maximum(many - 1, 1), 0.05))


def standardised(cases: np.ndarray, sizes: np.ndarray, error: Error) -> np.ndarray:
    """How many standard errors each point lies from the pooled mean; 0 where nothing can vary."""
    mean = _pooled(cases, sizes)
    errors = error(mean, sizes)
    away = cases / sizes - mean
    flat = np.where(np.isnan(away), np.nan, 0.0)
    return np.asarray(np.divide(away, errors, out=flat, where=errors > 0))


def share_error(mean: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Standard error of a share of so many."""
    return np.asarray(np.sqrt(mean * (1 - mean) / sizes))


def rate_error(mean: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Standard error of a rate over so many."""
    return np.asarray(np.sqrt(mean / sizes))


def _chart(cases: np.ndarray, sizes: np.ndarray, error: Error, stretch: np.ndarray | float) -> Limits:
    mean = _pooled(cases, sizes)
    wide = SIGMAS * error(mean, sizes) * stretch
    most = 1.0 if error is share_error else np.inf
    return Limits(mean, np.maximum(mean - wide, 0), np.minimum(mean + wide, most))


def _exact(target: np.ndarray, sizes: np.ndarray, share: float) -> np.ndarray:
    from scipy.stats import binom  # noqa: PLC0415 - a second to import, and only funnels need it

    count = binom.ppf(share, sizes, target)
    below, until = binom.cdf(count - 1, sizes, target), binom.cdf(count, sizes, target)
    part = (until - share) / (until - below)
    return np.asarray(np.clip((count - part) / sizes, 0, 1))


def _pooled(cases: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    return np.asarray(np.nansum(cases, axis=1, keepdims=True) / np.nansum(sizes, axis=1, keepdims=True))


def _mean(values: np.ndarray) -> np.ndarray:
    """The mean of the points that are there; NaN without any."""
    there = ~np.isnan(values)
    many = there.sum(axis=1, keepdims=True)
    total = np.where(there, values, 0).sum(axis=1, keepdims=True)
    return np.asarray(np.divide(total, many, out=np.full(total.shape, np.nan), where=many > 0))

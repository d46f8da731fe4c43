"""Limits of process control charts: XmR, p, u, Laney's, and funnels.

Functions of arrays, one row a series and one column a point, oldest first; a shorter series ends in NaN.
Limits that cannot be (a share below 0 or above 1) are cut off; those of XmR are not, as NHS "Making Data
Count" prints them.

Source: NHS "Making Data Count" (XmR, as in NHSRplotthedots); Laney 2002; Spiegelhalter 2005 (funnels).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

XMR_WIDTH = 2.66
SCREEN = 3.267
"""Moving ranges of this many times their mean, or more, are the jump itself and not the noise."""
SIGMAS = 3
RANGE_TO_SIGMA = 1.128
"""The mean moving range of noise in standard deviations of the noise."""
FUNNEL_LEVELS = (0.95, 0.998)


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
    mean = _pooled(cases, sizes)
    wide = SIGMAS * share_error(mean, sizes)
    return _of_shares(mean, wide)


def laney_chart(cases: np.ndarray, sizes: np.ndarray) -> Limits:
    """The p chart widened by how much more the standardised shares move than chance alone moves them."""
    mean = _pooled(cases, sizes)
    wide = SIGMAS * share_error(mean, sizes) * spread_of_shares(cases, sizes)
    return _of_shares(mean, wide)


def u_chart(cases: np.ndarray, sizes: np.ndarray) -> Limits:
    """Limits of rates (cases for each unit of size): three standard errors of a Poisson rate."""
    mean = _pooled(cases, sizes)
    wide = SIGMAS * np.sqrt(mean / sizes)
    return Limits(mean, np.maximum(mean - wide, 0), mean + wide)


def funnel(target: np.ndarray, sizes: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Exact binomial limits of shares 0 to 1 around a target, interpolated between the possible counts.

    Args:
        target: the share that chance varies around, such as London's.
        sizes: the denominators.
        level: the share of places that chance alone leaves inside, 0.95 or 0.998.
    """
    tail = (1 - level) / 2
    return _exact(target, sizes, tail), _exact(target, sizes, 1 - tail)


def spread_of_shares(cases: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """How many times chance alone the shares move from point to point, one a series."""
    mean = _pooled(cases, sizes)
    error = share_error(mean, sizes)
    standard = np.divide(cases / sizes - mean, error, out=np.zeros_like(error), where=error > 0)
    moves = np.abs(np.diff(np.where(np.isnan(error), np.nan, standard), axis=1))
    return np.asarray(_mean(moves) / RANGE_TO_SIGMA)


def share_error(mean: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Standard error of a share of so many."""
    return np.asarray(np.sqrt(mean * (1 - mean) / sizes))


def _exact(target: np.ndarray, sizes: np.ndarray, share: float) -> np.ndarray:
    from scipy.stats import binom  # noqa: PLC0415 - a second to import, and only funnels need it

    count = binom.ppf(share, sizes, target)
    below, until = binom.cdf(count - 1, sizes, target), binom.cdf(count, sizes, target)
    part = (until - share) / (until - below)
    return np.asarray(np.clip((count - part) / sizes, 0, 1))


def _of_shares(mean: np.ndarray, wide: np.ndarray) -> Limits:
    return Limits(mean, np.maximum(mean - wide, 0), np.minimum(mean + wide, 1))


def _pooled(cases: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    return np.asarray(np.nansum(cases, axis=1, keepdims=True) / np.nansum(sizes, axis=1, keepdims=True))


def _mean(values: np.ndarray) -> np.ndarray:
    """The mean of the points that are there; NaN without any."""
    there = ~np.isnan(values)
    many = there.sum(axis=1, keepdims=True)
    total = np.where(there, values, 0).sum(axis=1, keepdims=True)
    return np.asarray(np.divide(total, many, out=np.full(total.shape, np.nan), where=many > 0))

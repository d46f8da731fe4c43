"""Year ends by the averaged models: of counts, of percentages and of stocks, for all series of one shape at once.

A shape is the number of whole years before, the periods in a year and the periods of this year known. Only whole
periods are evidence. With the last period known the forecast is the outturn and its range has no width.

Belongs here: from arrays of known periods to arrays of year ends. Does not belong here: KPIs, words, frames.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cf_pipeline.forecast.averaging import expected_counts, expected_rates
from cf_pipeline.forecast.ranges import LEVELS, count_range, multiple

MOST_YEARS = 5
"""Whole years before this one that are used; older ones say little about today."""
DIGITS = 9
"""Decimals kept of a percentage: what is beyond depends on the order in which series were multiplied."""


@dataclass(frozen=True)
class YearEnds:
    """Year ends, one entry a series; `lower` and `upper` are by level (0.80, 0.95), the wider around the other."""

    point: np.ndarray
    lower: dict[float, np.ndarray]
    upper: dict[float, np.ndarray]


def counts(known: np.ndarray, season: int, elapsed: int) -> YearEnds:
    """Year ends of flows: what has happened, and the expected rest of the year.

    Args:
        known: one row a series, one column a period, whole years first and then this year's; none negative.
        season: periods in a year.
        elapsed: periods of this year that are known, 1 to `season`.

    Returns:
        Whole numbers for series of whole numbers; other amounts keep their decimals.

    Raises:
        ValueError: `elapsed` is not within the year, or there is no whole year before.
    """
    known = _recent(known, season, elapsed)
    so_far = known[:, -elapsed:].sum(axis=1)
    if elapsed == season:
        return _certain(so_far)
    expected = expected_counts(known, season, season - elapsed)
    rest = expected.steps.sum(axis=1)
    return _around_counts(known, so_far, rest, expected.variance)


def stocks(known: np.ndarray, season: int, elapsed: int) -> YearEnds:
    """The last period's expected value of stocks (whole numbers); arguments as for `counts`."""
    known = _recent(known, season, elapsed)
    if elapsed == season:
        return _certain(known[:, -1])
    expected = expected_counts(known, season, season - elapsed, last_only=True)
    return _around_counts(known, np.zeros(len(known)), expected.steps[:, -1], expected.variance)


def percentages(numerators: np.ndarray, denominators: np.ndarray, season: int, elapsed: int) -> YearEnds:
    """Percentages of the year, 0 to 100: the ratio of both year ends, within what is still possible.

    The denominator is forecast as a count. The rate of the rest of the year is drawn towards the pooled rate by
    two cases a period, so that a period of few cases does not swing it. A series without any denominator has no
    percentage: NaN.

    Args:
        numerators: as `known` of `counts`; none above its denominator.
        denominators: of the same shape.
        season: as for `counts`.
        elapsed: as for `counts`.
    """
    tops, bottoms = _recent(numerators, season, elapsed), _recent(denominators, season, elapsed)
    top, bottom = tops[:, -elapsed:].sum(axis=1), bottoms[:, -elapsed:].sum(axis=1)
    if elapsed == season:
        return _certain(_percent(top, bottom))
    to_come = season - elapsed
    rest = expected_counts(bottoms, season, to_come).steps.sum(axis=1)
    rates = expected_rates(_steadied(tops, bottoms), season, to_come)
    rate = np.clip(rates.steps.mean(axis=1), 0, 1)
    # No wider evidence than this many cases to come: the models' variance, or chance alone if that is more.
    noise = np.maximum(rates.variance / to_come**2, rate * (1 - rate) / np.maximum(rest, 1))
    half = np.sqrt(noise) * rest
    return _around_shares(top + rate * rest, half, tops.shape[1], top, top + rest, bottom + rest)


def stock_percentages(numerators: np.ndarray, denominators: np.ndarray, season: int, elapsed: int) -> YearEnds:
    """The last period's expected percentage of stocks; arguments and result as for `percentages`."""
    tops, bottoms = _recent(numerators, season, elapsed), _recent(denominators, season, elapsed)
    if elapsed == season:
        return _certain(_percent(tops[:, -1], bottoms[:, -1]))
    to_come = season - elapsed
    rates = expected_rates(_steadied(tops, bottoms), season, to_come, last_only=True)
    rate = np.clip(rates.steps[:, -1], 0, 1)
    size = bottoms[:, -1]
    half = np.sqrt(np.maximum(rates.variance, rate * (1 - rate) / np.maximum(size, 1))) * size
    return _around_shares(rate * size, half, tops.shape[1], np.zeros(len(tops)), size, size)


def _recent(known: np.ndarray, season: int, elapsed: int) -> np.ndarray:
    """The latest years that are used, as floats."""
    if not 1 <= elapsed <= season or known.shape[1] < season + elapsed:
        raise ValueError("A year end needs a whole year before and between one and all periods of this one.")
    return np.asarray(known, dtype="float64")[:, -(MOST_YEARS * season + elapsed) :]


def _steadied(tops: np.ndarray, bottoms: np.ndarray) -> np.ndarray:
    whole = bottoms.sum(axis=1, keepdims=True)
    pooled = np.divide(tops.sum(axis=1, keepdims=True), whole, out=np.zeros_like(whole), where=whole > 0)
    return (tops + 2 * pooled) / (bottoms + 2)


def _certain(point: np.ndarray) -> YearEnds:
    return YearEnds(point, dict.fromkeys(LEVELS, point), dict.fromkeys(LEVELS, point))


def _around_counts(known: np.ndarray, so_far: np.ndarray, rest: np.ndarray, variance: np.ndarray) -> YearEnds:
    is_whole = (known == np.floor(known)).all(axis=1)
    point = np.where(is_whole, np.floor(so_far + rest + 0.5), so_far + rest)
    lower, upper = {}, {}
    for level in LEVELS:
        low, high = count_range(so_far, rest, variance, known.shape[1], level)
        lower[level], upper[level] = np.minimum(low, point), np.maximum(high, point)
    return _nested(point, lower, upper)


def _around_shares(
    top: np.ndarray, half: np.ndarray, known: int, least: np.ndarray, most: np.ndarray, bottom: np.ndarray
) -> YearEnds:
    lower, upper = {}, {}
    for level in LEVELS:
        wide = multiple(known, level) * half
        lower[level] = _percent(np.clip(top - wide, least, most), bottom)
        upper[level] = _percent(np.clip(top + wide, least, most), bottom)
    return _nested(_percent(np.clip(top, least, most), bottom), lower, upper)


def _nested(point: np.ndarray, lower: dict[float, np.ndarray], upper: dict[float, np.ndarray]) -> YearEnds:
    narrow, wide = LEVELS
    lower[wide] = np.minimum(lower[wide], lower[narrow])
    upper[wide] = np.maximum(upper[wide], upper[narrow])
    return YearEnds(point, lower, upper)


def _percent(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    share = np.divide(top, bottom, out=np.full(len(bottom), np.nan), where=bottom > 0)
    return np.round(share * 100, DIGITS)

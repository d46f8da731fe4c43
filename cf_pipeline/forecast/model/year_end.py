"""Year ends by the averaged models: of counts, percentages and stocks, all series of one shape at once.

Only whole periods are evidence. With the last period known the forecast is the outturn and its range has no
width.

Belongs here: from arrays of known periods to arrays of year ends. Does not belong here: KPIs, words, frames.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cf_pipeline.forecast.model.averaging import expected_counts, expected_rates
from cf_pipeline.forecast.model.ranges import LEVELS, count_range, multiple
from cf_pipeline.forecast.series.known_periods import Known

MOST_YEARS = 5
"""Whole years before this one that are used; older ones say little about today."""
DIGITS = 9
"""Decimals kept of a percentage: what is beyond depends on the order in which series were multiplied."""
Bounds = dict[float, np.ndarray]
Interval = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class YearEnds:
    """Year ends, one entry a series; `lower` and `upper` by level (0.80, 0.95), one inside the other."""

    point: np.ndarray
    lower: Bounds
    upper: Bounds


def counts(known: Known) -> YearEnds:
    """Year ends of flows: what has happened, and the expected rest of the year.

    Returns:
        Whole numbers for series of whole numbers; other amounts keep their decimals.

    Raises:
        ValueError: there is no whole year before.
    """
    known = _recent(known)
    so_far = known.so_far(known.tops)
    if not known.to_come:
        return _certain(so_far)
    expected = expected_counts(known.tops, known.season, known.to_come)
    return _around_counts(known, so_far, expected.steps.sum(axis=1), expected.variance)


def stocks(known: Known) -> YearEnds:
    """The last period's expected value of stocks; returns and raises as `counts`."""
    known = _recent(known)
    if not known.to_come:
        return _certain(known.tops[:, -1])
    expected = expected_counts(known.tops, known.season, known.to_come, last_only=True)
    nothing_yet = np.zeros(len(known.tops))
    return _around_counts(known, nothing_yet, expected.steps[:, -1], expected.variance)


def percentages(known: Known) -> YearEnds:
    """Percentages of the year, 0 to 100: the ratio of both year ends, within what is still possible.

    The denominator is forecast as a count. The rate of the rest of the year is drawn towards the pooled rate
    by two cases a period, so that a period of few cases does not swing it. A series without any denominator
    has no percentage: NaN. Raises as `counts`.
    """
    known = _recent(known)
    top, bottom = known.so_far(known.tops), known.so_far(known.denominators)
    if not known.to_come:
        return _certain(_percent(top, bottom))
    rest = expected_counts(known.denominators, known.season, known.to_come).steps.sum(axis=1)
    rates = expected_rates(_steadied(known), known.season, known.to_come)
    rate = np.clip(rates.steps.mean(axis=1), 0, 1)
    # The models' variance, or what chance alone gives for so many cases to come, if that is more.
    noise = np.maximum(rates.variance / known.to_come**2, rate * (1 - rate) / np.maximum(rest, 1))
    return _around_shares(known, top + rate * rest, np.sqrt(noise) * rest, (top, top + rest), bottom + rest)


def stock_percentages(known: Known) -> YearEnds:
    """The last period's expected percentage of stocks, 0 to 100; NaN and raises as `percentages`."""
    known = _recent(known)
    size = known.denominators[:, -1]
    if not known.to_come:
        return _certain(_percent(known.tops[:, -1], size))
    rates = expected_rates(_steadied(known), known.season, known.to_come, last_only=True)
    rate = np.clip(rates.steps[:, -1], 0, 1)
    noise = np.maximum(rates.variance, rate * (1 - rate) / np.maximum(size, 1))
    return _around_shares(known, rate * size, np.sqrt(noise) * size, (np.zeros(len(size)), size), size)


def _recent(known: Known) -> Known:
    if known.years < 1:
        raise ValueError("The averaged models need a whole year before the one they forecast.")
    return known.latest_years(MOST_YEARS)


def _steadied(known: Known) -> np.ndarray:
    """Rates by period, drawn towards the pooled rate of the whole series."""
    tops, whole = known.tops.sum(axis=1, keepdims=True), known.denominators.sum(axis=1, keepdims=True)
    pooled = np.divide(tops, whole, out=np.zeros(whole.shape), where=whole > 0)
    return np.asarray((known.tops + 2 * pooled) / (known.denominators + 2))


def _certain(point: np.ndarray) -> YearEnds:
    return YearEnds(point, dict.fromkeys(LEVELS, point), dict.fromkeys(LEVELS, point))


def _around_counts(known: Known, so_far: np.ndarray, rest: np.ndarray, variance: np.ndarray) -> YearEnds:
    is_whole = (known.tops == np.floor(known.tops)).all(axis=1)
    point = np.where(is_whole, np.floor(so_far + rest + 0.5), so_far + rest)
    lower, upper = {}, {}
    for level in LEVELS:
        low, high = count_range(so_far, rest, variance, known.tops.shape[1], level)
        lower[level], upper[level] = np.minimum(low, point), np.maximum(high, point)
    return _nested(point, lower, upper)


def _around_shares(
    known: Known,
    top: np.ndarray,
    half: np.ndarray,
    possible: tuple[np.ndarray, np.ndarray],
    whole: np.ndarray,
) -> YearEnds:
    """Percentages of a numerator, give or take multiples of `half`, within what is possible."""
    lower, upper = {}, {}
    for level in LEVELS:
        wide = multiple(known.tops.shape[1], level) * half
        lower[level] = _percent(np.clip(top - wide, *possible), whole)
        upper[level] = _percent(np.clip(top + wide, *possible), whole)
    return _nested(_percent(np.clip(top, *possible), whole), lower, upper)


def _nested(point: np.ndarray, lower: Bounds, upper: Bounds) -> YearEnds:
    """The wider range around the narrower, also where rounding or rare events would cross them."""
    narrow, wide = LEVELS
    lower[wide] = np.minimum(lower[wide], lower[narrow])
    upper[wide] = np.maximum(upper[wide], upper[narrow])
    return YearEnds(point, lower, upper)


def _percent(top: np.ndarray, whole: np.ndarray) -> np.ndarray:
    share = np.divide(top, whole, out=np.full(len(whole), np.nan), where=whole > 0)
    return np.asarray(np.round(share * 100, DIGITS))

"""Year ends by the averaged models: of flows, percentages and stocks, all series of one shape at once.

Only complete periods are used. When the last period is known the forecast is the outturn and its range has no
width.

Belongs here: from arrays of known periods to arrays of year ends. Does not belong here: KPIs, labels, frames.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cf_pipeline.forecast.model.averaging import expected_rates
from cf_pipeline.forecast.model.exceptional_quarters import PastQuarters
from cf_pipeline.forecast.model.ranges import LEVELS, count_range, range_multiplier, share_range
from cf_pipeline.forecast.model.rest_of_year import (
    ExpectedCount,
    expect_last_count,
    expect_rate,
    expect_rest_of_counts,
    smoothed_rates,
)
from cf_pipeline.forecast.series.known_periods import LONGEST_HISTORY, KnownPeriods

DECIMALS = 9
"""Decimals kept of a percentage or an amount; further ones depend on the series beside it."""
Bounds = dict[float, np.ndarray]


@dataclass(frozen=True)
class YearEnds:
    """Year ends, one entry a series; `lower` and `upper` by level (0.80, 0.95), the 80% inside the 95%.

    past: the counts of the quarters of the past years (of a share its denominators), and what they count as;
        None where every quarter counts as it is.
    """

    point: np.ndarray
    lower: Bounds
    upper: Bounds
    past: PastQuarters | None = None


def flow_year_ends(history: KnownPeriods) -> YearEnds:
    """Year ends of flows: the year to date plus the expected rest of the year.

    Returns:
        Whole numbers for series of whole numbers; other amounts keep their decimals.

    Raises:
        ValueError: there is no whole year before.
    """
    history = _limit_history(history)
    so_far = history.sum_to_date(history.numerators)
    if not history.remaining_periods:
        return _outturns(so_far)
    return _with_count_ranges(history, so_far, expect_rest_of_counts(history))


def stock_year_ends(history: KnownPeriods) -> YearEnds:
    """Year ends of stocks: the expected value of the last period; returns and raises as `flow_year_ends`."""
    history = _limit_history(history)
    if not history.remaining_periods:
        return _outturns(history.numerators[:, -1])
    so_far = np.zeros(len(history.numerators))
    return _with_count_ranges(history, so_far, expect_last_count(history))


def percentage_year_ends(history: KnownPeriods) -> YearEnds:
    """Percentages of the year, 0 to 100: the ratio of both year ends, within what is still possible.

    The denominator is forecast as a count, the rate of the rest of the year from smoothed rates. A series
    whose denominator is 0 has no percentage: NaN. Raises as `flow_year_ends`.
    """
    history = _limit_history(history)
    denominators = history.require_denominators()
    numerator, denominator = history.sum_to_date(history.numerators), history.sum_to_date(denominators)
    if not history.remaining_periods:
        return _outturns(_percentages(numerator, denominator))
    rest = expect_rest_of_counts(history.denominators_as_counts())
    rate, variance = expect_rate(history)
    # The models' variance, or the binomial's for so many cases to come if that is larger.
    variance = np.maximum(variance, rate * (1 - rate) / np.maximum(rest.count, 1))
    ends = _with_share_ranges(history, (numerator, denominator), rest.count, rate, variance)
    return replace(ends, past=rest.past)


def stock_percentage_year_ends(history: KnownPeriods) -> YearEnds:
    """Percentages of stocks expected in the last period, 0 to 100; otherwise as `percentage_year_ends`."""
    history = _limit_history(history)
    size = history.require_denominators()[:, -1]
    if not history.remaining_periods:
        return _outturns(_percentages(history.numerators[:, -1], size))
    expected = expected_rates(
        smoothed_rates(history), history.season_length, history.remaining_periods, last_only=True
    )
    rate = np.clip(expected.periods[:, -1], 0, 1)
    variance = np.maximum(expected.variance, rate * (1 - rate) / np.maximum(size, 1))
    nothing = np.zeros(len(size))
    return _with_share_ranges(history, (nothing, nothing), size, rate, variance)


def _limit_history(history: KnownPeriods) -> KnownPeriods:
    if history.whole_years < 1:
        raise ValueError("The averaged models need a whole year before the one they forecast.")
    return history.limit_history(LONGEST_HISTORY)


def _outturns(point: np.ndarray) -> YearEnds:
    return YearEnds(point, dict.fromkeys(LEVELS, point), dict.fromkeys(LEVELS, point))


def _with_count_ranges(history: KnownPeriods, so_far: np.ndarray, rest: ExpectedCount) -> YearEnds:
    """The year to date (0 of a stock) and what is expected on top of it, as whole numbers where all are."""
    is_whole = (history.numerators == np.floor(history.numerators)).all(axis=1)
    point = so_far + rest.count
    point = np.where(is_whole, np.floor(point + 0.5), np.round(point, DECIMALS))
    lower, upper, known_periods = {}, {}, history.numerators.shape[1]
    for level in LEVELS:
        low, high = count_range(so_far, rest.count, rest.variance, known_periods, level)
        lower[level], upper[level] = np.minimum(low, point), np.maximum(high, point)
    return replace(_nest_ranges(point, lower, upper), past=rest.past)


def _with_share_ranges(
    history: KnownPeriods,
    so_far: tuple[np.ndarray, np.ndarray],
    rest: np.ndarray,
    rate: np.ndarray,
    variance: np.ndarray,
) -> YearEnds:
    """Percentages of numerators and denominators so far, and of the rest at a rate that has this variance."""
    numerator, denominator = so_far[0] + rate * rest, so_far[1] + rest
    possible = (so_far[0], so_far[0] + rest)
    point = _percentages(np.clip(numerator, *possible), denominator)
    lower, upper = {}, {}
    for level in LEVELS:
        half_width = range_multiplier(history.numerators.shape[1], level) * np.sqrt(variance) * rest
        low = _percentages(np.clip(numerator - half_width, *possible), denominator)
        high = _percentages(np.clip(numerator + half_width, *possible), denominator)
        chance_low, chance_high = (
            _rounded_percentages(end) for end in share_range(so_far, rest, rate, level)
        )
        # Where there is no percentage there is no range: the minimum of NaN and a number is NaN.
        lower[level] = np.minimum(np.minimum(low, chance_low), point)
        upper[level] = np.maximum(np.maximum(high, chance_high), point)
    return _nest_ranges(point, lower, upper)


def _nest_ranges(point: np.ndarray, lower: Bounds, upper: Bounds) -> YearEnds:
    """Widen the 95% range to hold the 80% range where rounding or rare events make them cross."""
    narrow, wide = LEVELS
    lower[wide] = np.minimum(lower[wide], lower[narrow])
    upper[wide] = np.maximum(upper[wide], upper[narrow])
    return YearEnds(point, lower, upper)


def _percentages(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    share = np.divide(numerator, denominator, out=np.full(len(denominator), np.nan), where=denominator > 0)
    return _rounded_percentages(share)


def _rounded_percentages(share: np.ndarray) -> np.ndarray:
    return np.asarray(np.round(share * 100, DECIMALS))

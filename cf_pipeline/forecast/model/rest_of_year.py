"""The expected rest of a year, from periods read singly and, where they are months, also by quarter.

Months say more about the latest weeks, quarters more about a season that chance hides in single months: a
mean of both readings misses by less than either. Source: `docs/benchmarks.md`, "The accuracy of forecasts".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR
from cf_pipeline.forecast.model.averaging import expected_counts, expected_rates
from cf_pipeline.forecast.model.exceptional_quarters import PastQuarters
from cf_pipeline.forecast.series.known_periods import KnownPeriods, sum_by_quarter

PRIOR_CASES = 2
"""Cases at the pooled rate added to each period's rate, so that a period of few cases does not swing it."""
WEIGHT_OF_A_QUARTER = 1 / 6
"""What each quarter to come adds to the weight of rates read by quarter. Measured on the development half of
the real series (`docs/benchmarks.md`): half of the weight whatever is to come misses admissions by more in
quarters 2 and 3 than months alone; this misses neither share by more in any quarter."""


@dataclass(frozen=True)
class ExpectedCount:
    """A count that is expected: of the rest of a year, or of a stock on its last day; one entry a series.

    count, variance: of it.
    past: the quarters of the past years, and what they count as in it.
    """

    count: np.ndarray
    variance: np.ndarray
    past: PastQuarters


def expect_rest_of_counts(history: KnownPeriods) -> ExpectedCount:
    """The expected rest of a year of counts; of months the geometric mean of both readings."""
    readings = _readings(history)
    # A single year of four quarters is too short to tell an exception or a drift from a season.
    is_plain = len(readings) == 1 and history.whole_years == 1
    counts, variances, counted_past = [], [], []
    for reading in readings:
        season_length, periods = reading.season_length, reading.remaining_periods
        expected = expected_counts(reading.numerators, season_length, periods, is_plain=is_plain)
        counts.append(expected.periods.sum(axis=1))
        variances.append(expected.variance)
        counted_past.append(sum_by_quarter(expected.counted_past, season_length))
    past = PastQuarters(
        sum_by_quarter(history.past_numerators, history.season_length), _geometric_mean(counted_past)
    )
    return ExpectedCount(_geometric_mean(counts), np.mean(variances, axis=0), past)


def expect_last_count(history: KnownPeriods) -> ExpectedCount:
    """The expected stock on the last day of a year."""
    expected = expected_counts(
        history.numerators, history.season_length, history.remaining_periods, last_only=True
    )
    # The stock of a quarter is that of its last period.
    step = history.season_length // QUARTERS_PER_YEAR
    quarter_ends = slice(step - 1, None, step)
    past = PastQuarters(history.past_numerators[:, quarter_ends], expected.counted_past[:, quarter_ends])
    return ExpectedCount(expected.periods[:, -1], expected.variance, past)


def expect_rate(history: KnownPeriods) -> tuple[np.ndarray, np.ndarray]:
    """The expected share of the cases in the rest of a year, 0 to 1, and its variance by the models.

    Of months both are means of both readings. That by quarter has half of the weight when three quarters are
    to come, a third with two, and a sixth with one: what few quarters say of the last one, months say better.
    """
    readings = _readings(history)
    remaining_quarters = history.remaining_periods * QUARTERS_PER_YEAR // history.season_length
    by_quarter = remaining_quarters * WEIGHT_OF_A_QUARTER
    weights = [1.0] if len(readings) == 1 else [1 - by_quarter, by_quarter]
    rate, variance = np.zeros(len(history.numerators)), np.zeros(len(history.numerators))
    for weight, reading in zip(weights, readings, strict=True):
        periods = reading.remaining_periods
        expected = expected_rates(smoothed_rates(reading), reading.season_length, periods)
        rate += weight * expected.periods.mean(axis=1)
        variance += weight * expected.variance / periods**2
    return np.clip(rate, 0, 1), variance


def smoothed_rates(history: KnownPeriods) -> np.ndarray:
    """Each period's rate, drawn towards the pooled rate of the whole series by PRIOR_CASES cases."""
    denominators = history.require_denominators()
    cases, size = (side.sum(axis=1, keepdims=True) for side in (history.numerators, denominators))
    pooled = np.divide(cases, size, out=np.zeros(size.shape), where=size > 0)
    return np.asarray((history.numerators + PRIOR_CASES * pooled) / (denominators + PRIOR_CASES))


def _readings(history: KnownPeriods) -> list[KnownPeriods]:
    """The periods as they are and, where they are months, their sums by quarter."""
    return [history] if history.season_length == QUARTERS_PER_YEAR else [history, history.sum_by_quarter()]


def _geometric_mean(counts: Sequence[np.ndarray]) -> np.ndarray:
    """The geometric mean of counts, one case more each so that none may be 0."""
    return np.asarray(np.expm1(np.mean(np.log1p(counts), axis=0)))

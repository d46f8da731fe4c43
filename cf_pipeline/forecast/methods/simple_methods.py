"""The methods without a model as arithmetic on arrays: pro rata, last year's remainder and the latest value.

The year end of a flow is a sum; that of a share is two sums (numerator and denominator), so that it stays
exact. A stock has no sum: its year end is its value on the last day.

Belongs here: arithmetic on known periods. Does not belong here: labels, ranges, which method is selected.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR
from cf_pipeline.forecast.series.known_periods import KnownPeriods

Extrapolation = Callable[[np.ndarray, KnownPeriods], np.ndarray]
"""Computes the year end of the known numerators or denominators: one value a series."""


@dataclass(frozen=True)
class SimpleMethod:
    """How a method extrapolates flows and stocks, and how many whole years before it needs."""

    flow: Extrapolation
    stock: Extrapolation
    whole_years: int = 0


def _continue_pace(values: np.ndarray, history: KnownPeriods) -> np.ndarray:
    # Multiplied before divided: 247 x 4 / 4 is 247 again, so the fourth quarter is the outturn to the digit.
    return history.sum_to_date(values) * history.season_length / history.elapsed_periods


def _add_last_years_remainder(values: np.ndarray, history: KnownPeriods) -> np.ndarray:
    remainder = values[:, -history.season_length : -history.elapsed_periods].sum(axis=1)
    return np.asarray(history.sum_to_date(values) + remainder)


def _repeat_latest_quarter(values: np.ndarray, history: KnownPeriods) -> np.ndarray:
    periods_per_quarter = history.season_length // QUARTERS_PER_YEAR
    latest = values[:, -periods_per_quarter:].sum(axis=1)
    return np.asarray(
        history.sum_to_date(values) + latest * (history.remaining_periods // periods_per_quarter)
    )


def _repeat_latest_value(values: np.ndarray, _: KnownPeriods) -> np.ndarray:
    return np.asarray(values[:, -1])


def _repeat_last_years_change(values: np.ndarray, history: KnownPeriods) -> np.ndarray:
    """The latest value plus last year's change from the same point to its end, never below 0."""
    last_year_end = values[:, -history.elapsed_periods - 1]
    same_point_last_year = values[:, -history.season_length - 1]
    return np.asarray(np.maximum(values[:, -1] + last_year_end - same_point_last_year, 0))


SIMPLE_METHODS: dict[str, SimpleMethod] = {
    "pro_rata": SimpleMethod(_continue_pace, _repeat_latest_value),
    "last_year_remainder": SimpleMethod(_add_last_years_remainder, _repeat_last_years_change, whole_years=1),
    "latest_value": SimpleMethod(_repeat_latest_quarter, _repeat_latest_value),
}
"""Each method by the name under which its forecasts are stored."""

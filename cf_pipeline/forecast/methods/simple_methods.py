"""The methods that need no model: pro rata, last year's remainder and the latest value.

Each gives the year end of flows as a sum and of shares as two sums (numerator and denominator), so that a
share stays exact. A stock has no sum: its year end is its value on the last day.

Belongs here: arithmetic on known periods. Does not belong here: labels, ranges, which method is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cf_pipeline.forecast.series.known_periods import Known

Carried = Callable[[np.ndarray, Known], np.ndarray]
"""Known periods of tops or bottoms in, their year end out."""


@dataclass(frozen=True)
class Named:
    """One method: how it carries a flow and how a stock, and the whole years before that it needs."""

    flow: Carried
    stock: Carried
    years: int = 0


def _at_the_same_pace(values: np.ndarray, known: Known) -> np.ndarray:
    # Multiplied before divided: 247 x 4 / 4 is 247 again, so the fourth quarter is the outturn to the digit.
    return known.so_far(values) * known.season / known.elapsed


def _as_last_years_rest(values: np.ndarray, known: Known) -> np.ndarray:
    last_years = values[:, -known.season : -known.elapsed].sum(axis=1)
    return np.asarray(known.so_far(values) + last_years)


def _as_the_latest_quarter(values: np.ndarray, known: Known) -> np.ndarray:
    quarter = known.season // 4
    latest = values[:, -quarter:].sum(axis=1)
    return np.asarray(known.so_far(values) + latest * (known.to_come // quarter))


def _latest(values: np.ndarray, known: Known) -> np.ndarray:
    return np.asarray(values[:, -1])


def _moved_as_last_year(values: np.ndarray, known: Known) -> np.ndarray:
    """The latest value moved as last year's moved from here to its end, never below 0."""
    last_year_end, last_year_then = values[:, -known.elapsed - 1], values[:, -known.season - 1]
    return np.asarray(np.maximum(values[:, -1] + last_year_end - last_year_then, 0))


NAMED: dict[str, Named] = {
    "pro_rata": Named(_at_the_same_pace, _latest),
    "last_year_remainder": Named(_as_last_years_rest, _moved_as_last_year, years=1),
    "latest_value": Named(_as_the_latest_quarter, _latest),
}
"""Each method by the name under which its forecasts are stored."""

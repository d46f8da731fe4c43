"""The known periods of series of one shape: whole years, then the year to date."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR

LONGEST_HISTORY = 5
"""Whole years before the forecast year that are used; older ones describe today poorly."""


@dataclass(frozen=True)
class KnownPeriods:
    """Known values of series of one shape: one row a series, one column a period, oldest first.

    numerators: counts, amounts or numerators; the last `elapsed_periods` columns are the year to date.
    season_length: periods in a year, 4 or 12.
    elapsed_periods: known periods of the forecast year, 1 to `season_length`, always whole quarters.
    denominators: of the same shape as `numerators`; None for counts.
    """

    numerators: np.ndarray
    season_length: int
    elapsed_periods: int
    denominators: np.ndarray | None = None

    @property
    def whole_years(self) -> int:
        """Whole years before the forecast year."""
        return int((self.numerators.shape[1] - self.elapsed_periods) // self.season_length)

    @property
    def remaining_periods(self) -> int:
        """Periods of the forecast year still to come."""
        return self.season_length - self.elapsed_periods

    @property
    def past_numerators(self) -> np.ndarray:
        """The numerators of the whole years before the forecast year."""
        return self.numerators[:, : -self.elapsed_periods]

    def require_denominators(self) -> np.ndarray:
        """The denominators.

        Raises:
            ValueError: the series are counts.
        """
        if self.denominators is None:
            raise ValueError("Counts have no denominators.")
        return self.denominators

    def limit_history(self, whole_years: int) -> KnownPeriods:
        """The same series with at most so many whole years before the forecast year, the latest ones."""
        columns = slice(-(whole_years * self.season_length + self.elapsed_periods), None)
        denominators = None if self.denominators is None else self.denominators[:, columns]
        return KnownPeriods(
            self.numerators[:, columns], self.season_length, self.elapsed_periods, denominators
        )

    def sum_by_quarter(self) -> KnownPeriods:
        """The same series by quarter."""
        denominators = self.denominators
        return KnownPeriods(
            sum_by_quarter(self.numerators, self.season_length),
            QUARTERS_PER_YEAR,
            self.elapsed_periods * QUARTERS_PER_YEAR // self.season_length,
            None if denominators is None else sum_by_quarter(denominators, self.season_length),
        )

    def denominators_as_counts(self) -> KnownPeriods:
        """The denominators as series of their own; raises as `require_denominators`."""
        return KnownPeriods(self.require_denominators(), self.season_length, self.elapsed_periods)

    def sum_to_date(self, values: np.ndarray) -> np.ndarray:
        """The sum over the year to date of numerators or denominators: one value a series."""
        return np.asarray(values[:, -self.elapsed_periods :].sum(axis=1))


def sum_by_quarter(values: np.ndarray, season_length: int) -> np.ndarray:
    """Values by period as sums by quarter: one row a series, one column a quarter.

    Args:
        values: one row a series, one column a period, whole quarters.
        season_length: periods in a year.
    """
    periods = season_length // QUARTERS_PER_YEAR
    return np.asarray(reduce(np.add, (values[:, first::periods] for first in range(periods))))

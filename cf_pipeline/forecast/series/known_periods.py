"""What is known of series of one shape: whole years before, and this year as far as it has gone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Known:
    """Series of one shape: one row a series, one column a period, oldest first.

    tops: counts, amounts or numerators; the last `elapsed` columns are this year's.
    season: periods in a year, 4 or 12.
    elapsed: periods of this year that are known, 1 to `season`, whole quarters.
    bottoms: denominators of the same shape; None for counts.
    """

    tops: np.ndarray
    season: int
    elapsed: int
    bottoms: np.ndarray | None = None

    @property
    def years(self) -> int:
        """Whole years before this one."""
        return int((self.tops.shape[1] - self.elapsed) // self.season)

    @property
    def to_come(self) -> int:
        """Periods of this year still to come."""
        return self.season - self.elapsed

    @property
    def denominators(self) -> np.ndarray:
        """The denominators of series that have them.

        Raises:
            ValueError: these are counts.
        """
        if self.bottoms is None:
            raise ValueError("Counts have no denominators.")
        return self.bottoms

    def latest_years(self, most: int) -> Known:
        """The same series without the years before the latest `most` whole ones."""
        columns = slice(-(most * self.season + self.elapsed), None)
        bottoms = None if self.bottoms is None else self.bottoms[:, columns]
        return Known(self.tops[:, columns], self.season, self.elapsed, bottoms)

    def so_far(self, values: np.ndarray) -> np.ndarray:
        """The sum of this year's known periods of tops or bottoms."""
        return np.asarray(values[:, -self.elapsed :].sum(axis=1))

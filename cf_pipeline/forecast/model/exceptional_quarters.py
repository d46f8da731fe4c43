"""What a forecast set aside, in words: the past quarters that count as something else than they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cf_pipeline.contracts.dates.quarters import Quarter

SMALLEST_DIFFERENCE = 0.5
"""A count that moves by less is still the same whole number."""


@dataclass(frozen=True)
class PastQuarters:
    """The quarters of the years before a forecast: one row a series, one column a quarter, oldest first.

    counts: as they are; of a share its denominators, of a stock those on the quarters' last days.
    counted: what they count as in the forecast. Of a series known by month it is the mean of both readings,
        so that a month that is exceptional shows in its quarter.
    """

    counts: np.ndarray
    counted: np.ndarray

    @property
    def is_exceptional(self) -> np.ndarray:
        """Whether each quarter counts as at least another whole number than it is."""
        return np.asarray(np.abs(self.counted - self.counts) > SMALLEST_DIFFERENCE)


def describe_exceptional_quarters(past: PastQuarters, years: np.ndarray, sides: np.ndarray) -> np.ndarray:
    """What each series' exceptional quarters count as: '2018/19 Q2, 61, counts as about 44'; '' without one.

    Several are listed from the oldest on, with semicolons between them.

    Args:
        past: the quarters of the years before.
        years: the forecast year of each series, by the calendar year it starts in.
        sides: of each series what the counts are beside the figure, such as 'denominator'; '' where they are
            the figure.
    """
    texts = np.full(len(past.counts), "", dtype="object")
    for series, position in np.argwhere(past.is_exceptional):
        quarter = Quarter(int(years[series]), 1).previous(int(past.counts.shape[1] - position))
        side = f"{sides[series]} " if sides[series] else ""
        count, counted = (np.floor(each[series, position] + 0.5) for each in (past.counts, past.counted))
        text = f"{quarter.key}, {side}{count:,.0f}, counts as about {counted:,.0f}"
        texts[series] = f"{texts[series]}; {text}" if texts[series] else text
    return texts

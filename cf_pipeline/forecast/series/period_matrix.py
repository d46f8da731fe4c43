"""Series side by side in arrays, one column a period, and the known periods of one shape taken from them.

Flows are known by month, stocks by quarter. A flow without months is known by quarter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR
from cf_pipeline.forecast.series.known_periods import LONGEST_HISTORY, KnownPeriods
from cf_pipeline.forecast.series.series_keys import (
    MONTHS_PER_YEAR,
    SERIES_KEY,
    month_numbers,
    quarter_numbers,
    series_numbers,
)
from cf_pipeline.forecast.series.series_kind import FLOW, NOT_EXTRAPOLATED, SHARE
from cf_pipeline.forecast.series.years_so_far import NOT_COVERED

READ = ["numerator", "denominator", "symbol"]
"""What a timeline reads of each figure."""


@dataclass(frozen=True)
class Timeline:
    """Series of one season length: one row a series, one column a period from April of `first_year` on.

    series: the SERIES_KEY of each row.
    numerators, denominators: NaN where a period is not covered; counts have no denominator in any period.
    """

    series: pd.MultiIndex
    season_length: int
    first_year: int
    numerators: np.ndarray
    denominators: np.ndarray

    @cached_property
    def known_from_april(self) -> np.ndarray:
        """How many periods in a row are known from April on: one row a series, one column a year."""
        known = ~np.isnan(self.numerators.reshape(len(self.numerators), -1, self.season_length))
        return np.asarray(np.cumprod(known, axis=2).sum(axis=2))

    @cached_property
    def whole_years_before(self) -> np.ndarray:
        """How many complete years in a row precede each year: one row a series, one column a year."""
        is_whole = self.known_from_april == self.season_length
        years = np.zeros(is_whole.shape, dtype="int64")
        for year in range(1, is_whole.shape[1]):
            years[:, year] = np.where(is_whole[:, year - 1], years[:, year - 1] + 1, 0)
        return years

    def known_periods(
        self, positions: np.ndarray, years: np.ndarray, whole_years: int, elapsed_periods: int
    ) -> KnownPeriods:
        """The first periods of a year and the whole years before it, of the series at some positions.

        Args:
            positions: of the series; one occurs once for each of its years.
            years: the year of each position.
            whole_years: before each of those years.
            elapsed_periods: of each of those years.
        """
        first = (years - self.first_year - whole_years) * self.season_length
        columns = first[:, None] + np.arange(whole_years * self.season_length + elapsed_periods)
        at = (positions[:, None], columns)
        return KnownPeriods(self.numerators[at], self.season_length, elapsed_periods, self.denominators[at])


def build_timelines(
    rows: pd.DataFrame, kpi_quarterly: pd.DataFrame, kpi_monthly: pd.DataFrame
) -> list[Timeline]:
    """The timeline of months and that of quarters for the series of `rows`; one without a series is left out.

    Args:
        rows: as `years_so_far` returns them.
        kpi_quarterly: the measured KPIs.
        kpi_monthly: the months of the KPIs that add up.
    """
    kinds = rows.drop_duplicates("kpi_id").set_index("kpi_id")["series_kind"]
    by_month = set(kinds.index[kinds.isin([FLOW, SHARE])]) & set(kpi_monthly["kpi_id"].unique())
    by_quarter = set(kinds.index[kinds.ne(NOT_EXTRAPOLATED)]) - by_month
    is_month = kpi_monthly["kpi_id"].isin(by_month)
    is_quarter = kpi_quarterly["basis"].eq("quarter") & kpi_quarterly["kpi_id"].isin(by_quarter)
    months = kpi_monthly.loc[is_month, [*SERIES_KEY, "month", *READ]]
    quarters = kpi_quarterly.loc[is_quarter, [*SERIES_KEY, "quarter_key", *READ]]
    return [
        _build_timeline(figures, season_length, period_numbers)
        for figures, season_length, period_numbers in (
            (months, MONTHS_PER_YEAR, month_numbers(months["month"])),
            (quarters, QUARTERS_PER_YEAR, quarter_numbers(quarters["quarter_key"])),
        )
        if len(figures)
    ]


def _build_timeline(rows: pd.DataFrame, season_length: int, period_numbers: np.ndarray) -> Timeline:
    """The timeline of some figures; `period_numbers` counts periods from April of year 0 on."""
    first_year, last_year = (
        int(number) // season_length for number in (period_numbers.min(), period_numbers.max())
    )
    code, names = series_numbers(rows)
    shape = (len(names), (last_year - first_year + 1) * season_length)
    is_covered = rows["symbol"].ne(NOT_COVERED).to_numpy(dtype="bool")
    sides = []
    for name in ("numerator", "denominator"):
        side = np.full(shape, np.nan)
        values = rows[name].to_numpy(dtype="float64", na_value=np.nan)
        side[code[is_covered], period_numbers[is_covered] - first_year * season_length] = values[is_covered]
        sides.append(side)
    return Timeline(pd.MultiIndex.from_frame(names), season_length, first_year, *sides)


@dataclass(frozen=True)
class TimelinePositions:
    """Where the rows of `years_so_far` are on the timelines.

    timeline, series: positions in `timelines` and in its series; -1 where the row is on no timeline.
    whole_years: complete years in a row before the row's year.
    is_known: whether every period of the year to date is known, not only its sum.
    """

    timelines: list[Timeline]
    rows: pd.DataFrame
    timeline: np.ndarray
    series: np.ndarray
    whole_years: np.ndarray
    is_known: np.ndarray

    def group_by_shape(
        self,
        fewest_years: int,
        is_wanted: np.ndarray | None = None,
        most_years: int = LONGEST_HISTORY,
    ) -> Iterator[tuple[np.ndarray, str, KnownPeriods]]:
        """The rows with at least so many whole years, grouped so that their known periods have one shape.

        The years of one shape are in one group: what is computed for each group costs more than its rows.

        Args:
            fewest_years: whole years before.
            is_wanted: true for each row to be grouped; None for all.
            most_years: whole years before that are taken, the latest ones; at most LONGEST_HISTORY.

        Yields:
            The positions of a group's rows, their series kind, and their known periods in that order.
        """
        kind, kinds = pd.factorize(self.rows["series_kind"])
        year, used = (self.rows[name].to_numpy(dtype="int64") for name in ("year", "quarters_used"))
        whole_years = np.minimum(self.whole_years, most_years)
        is_chosen = (self.timeline >= 0) & (self.whole_years >= fewest_years) & self.is_known
        chosen = np.flatnonzero(is_chosen if is_wanted is None else is_chosen & is_wanted)
        sizes = (len(self.timelines), len(kinds), LONGEST_HISTORY + 1, QUARTERS_PER_YEAR + 1)
        parts = [part[chosen] for part in (self.timeline, kind, whole_years, used)]
        shape_of_row = np.ravel_multi_index(parts, sizes) if len(chosen) else chosen
        for shape in np.unique(shape_of_row):
            position, code, years, quarters = (int(part) for part in np.unravel_index(shape, sizes))
            members = chosen[shape_of_row == shape]
            timeline = self.timelines[position]
            elapsed_periods = quarters * timeline.season_length // QUARTERS_PER_YEAR
            known = timeline.known_periods(self.series[members], year[members], years, elapsed_periods)
            yield members, str(kinds[code]), known


def locate_on_timelines(
    rows: pd.DataFrame, timelines: list[Timeline], first_years: pd.Series
) -> TimelinePositions:
    """Find each row's series and history on the timelines.

    Args:
        rows: as `years_so_far` returns them.
        timelines: of the same figures.
        first_years: the first year that each row may use; years before a declared step change are not used.
    """
    position, series, whole_years = (np.full(len(rows), fill, dtype="int64") for fill in (-1, -1, 0))
    is_known = np.zeros(len(rows), dtype="bool")
    keys = pd.MultiIndex.from_frame(rows[SERIES_KEY])
    year, quarters = (rows[name].to_numpy(dtype="int64") for name in ("year", "quarters_used"))
    for number, timeline in enumerate(timelines):
        row = timeline.series.get_indexer(keys)
        column = year - timeline.first_year
        years_on_timeline = timeline.numerators.shape[1] // timeline.season_length
        is_here = (row >= 0) & (column >= 0) & (column < years_on_timeline)
        position[is_here], series[is_here] = number, row[is_here]
        at = (row[is_here], column[is_here])
        elapsed_periods = quarters[is_here] * timeline.season_length // QUARTERS_PER_YEAR
        is_known[is_here] = timeline.known_from_april[at] >= elapsed_periods
        whole_years[is_here] = np.where(is_known[is_here], timeline.whole_years_before[at], 0)
    allowed = np.clip(year - first_years.to_numpy(dtype="int64"), 0, None)
    return TimelinePositions(timelines, rows, position, series, np.minimum(whole_years, allowed), is_known)

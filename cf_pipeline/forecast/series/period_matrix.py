"""Known periods of many series side by side, and those of one shape taken out of them.

Flows are known by month, stocks by quarter; a flow whose months nobody counted is known by quarter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from cf_pipeline.forecast.model.year_end import MOST_YEARS
from cf_pipeline.forecast.series.known_periods import Known
from cf_pipeline.forecast.series.series_keys import SERIES, month_numbers, quarter_numbers, series_numbers
from cf_pipeline.forecast.series.series_kind import CARRIED, FLOW, SHARE
from cf_pipeline.forecast.series.years_so_far import NOT_COVERED

QUARTERS, MONTHS = 4, 12


@dataclass(frozen=True)
class Timeline:
    """Series by period: one row a series of `series`, one column a period from April of `first_year` on.

    A period that is not covered is NaN; counts have NaN bottoms throughout.
    """

    series: pd.MultiIndex
    season: int
    first_year: int
    tops: np.ndarray
    bottoms: np.ndarray

    @cached_property
    def known_from_april(self) -> np.ndarray:
        """For each series and year, how many periods in a row from April on are known."""
        known = ~np.isnan(self.tops.reshape(len(self.tops), -1, self.season))
        return np.asarray(np.cumprod(known, axis=2).sum(axis=2))

    @cached_property
    def whole_years_before(self) -> np.ndarray:
        """For each series and year, how many years in a row before it are known whole."""
        known = self.known_from_april == self.season
        years = np.zeros(known.shape, dtype="int64")
        for year in range(1, known.shape[1]):
            years[:, year] = np.where(known[:, year - 1], years[:, year - 1] + 1, 0)
        return years

    def taken(self, series: np.ndarray, year: int, years: int, elapsed: int) -> Known:
        """The periods of some series (positions): whole years before one, and its first `elapsed` periods."""
        until = (year - self.first_year) * self.season + elapsed
        columns = slice(until - years * self.season - elapsed, until)
        bottoms = self.bottoms[series, columns]
        return Known(self.tops[series, columns], self.season, elapsed, bottoms)


def timelines(rows: pd.DataFrame, kpi_quarterly: pd.DataFrame, kpi_monthly: pd.DataFrame) -> list[Timeline]:
    """The months and the quarters of the series of `rows` (as `history.years_so_far` gives them)."""
    families = rows.drop_duplicates("kpi_id").set_index("kpi_id")["family"]
    of_sums = set(families.index[families.isin([FLOW, SHARE])])
    by_month = of_sums & set(kpi_monthly["kpi_id"])
    by_quarter = set(families.index[families.ne(CARRIED)]) - by_month
    months = kpi_monthly[kpi_monthly["kpi_id"].isin(by_month)]
    quarters = kpi_quarterly[kpi_quarterly["basis"].eq("quarter") & kpi_quarterly["kpi_id"].isin(by_quarter)]
    return [
        _timeline(known, season, numbers)
        for known, season, numbers in (
            (months, MONTHS, month_numbers(months["month"])),
            (quarters, QUARTERS, quarter_numbers(quarters["quarter_key"])),
        )
        if len(known)
    ]


def _timeline(rows: pd.DataFrame, season: int, at: np.ndarray) -> Timeline:
    """The timeline of some rows, `at` counting periods from April of year 0."""
    first_year, last_year = int(at.min()) // season, int(at.max()) // season
    code, names = series_numbers(rows)
    shape = (len(names), (last_year - first_year + 1) * season)
    covered = rows["symbol"].fillna("").ne(NOT_COVERED).to_numpy(dtype="bool")
    sides = []
    for name in ("numerator", "denominator"):
        side = np.full(shape, np.nan)
        values = rows[name].to_numpy(dtype="float64", na_value=np.nan)
        side[code[covered], at[covered] - first_year * season] = values[covered]
        sides.append(side)
    return Timeline(pd.MultiIndex.from_frame(names), season, first_year, *sides)


@dataclass(frozen=True)
class Placed:
    """Where rows (years so far) lie on the timelines.

    line and series are positions, -1 for none; years the whole years in a row before; is_known tells whether
    every period of the year so far is known, not only its sum.
    """

    lines: list[Timeline]
    rows: pd.DataFrame
    line: np.ndarray
    series: np.ndarray
    years: np.ndarray
    is_known: np.ndarray

    def shapes(self, fewest: int) -> Iterator[tuple[np.ndarray, str, Known]]:
        """Rows of one family and shape that have so many whole years: positions, family, periods."""
        families, family = np.unique(self.rows["family"].to_numpy(dtype="object"), return_inverse=True)
        year, used = (self.rows[name].to_numpy(dtype="int64") for name in ("year", "quarters_used"))
        years = np.minimum(self.years, MOST_YEARS)
        chosen = np.flatnonzero((self.line >= 0) & (self.years >= fewest) & self.is_known)
        keys = np.stack([self.line, family, year, years, used], axis=1)[chosen]
        shapes, of_shape = np.unique(keys, axis=0, return_inverse=True)
        for number, (line, code, start, whole, quarters) in enumerate(shapes.tolist()):
            at = chosen[of_shape == number]
            timeline = self.lines[line]
            known = timeline.taken(self.series[at], start, whole, quarters * timeline.season // QUARTERS)
            yield at, str(families[code]), known


def place(rows: pd.DataFrame, lines: list[Timeline], first_years: pd.Series) -> Placed:
    """Where rows lie on the timelines.

    Args:
        rows: as `history.years_so_far` gives them.
        lines: of the same figures.
        first_years: of each row, the first year that may be used; the years before a declared step change
            may not.
    """
    line, series, years = (np.full(len(rows), fill, dtype="int64") for fill in (-1, -1, 0))
    is_known = np.zeros(len(rows), dtype="bool")
    wanted = pd.MultiIndex.from_frame(rows[SERIES])
    year, quarters = (rows[name].to_numpy(dtype="int64") for name in ("year", "quarters_used"))
    for number, timeline in enumerate(lines):
        found = timeline.series.get_indexer(wanted)
        column = year - timeline.first_year
        here = (found >= 0) & (column >= 0) & (column < timeline.tops.shape[1] // timeline.season)
        line[here], series[here] = number, found[here]
        elapsed = quarters[here] * timeline.season // QUARTERS
        is_known[here] = timeline.known_from_april[found[here], column[here]] >= elapsed
        years[here] = np.where(is_known[here], timeline.whole_years_before[found[here], column[here]], 0)
    allowed = np.clip(year - first_years.to_numpy(dtype="int64"), 0, None)
    return Placed(lines, rows, line, series, np.minimum(years, allowed), is_known)

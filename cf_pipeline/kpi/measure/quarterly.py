"""Every KPI of the registry for every complete quarter, year to date and year of one authority."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.quarters import Quarter, latest_complete_quarter, quarters_between
from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.kpi.definitions.sides import Side
from cf_pipeline.kpi.measure.availability import (
    Availability,
    Words,
    first_words,
    has_words,
    no_words,
    with_word,
)
from cf_pipeline.kpi.measure.breakdowns import category
from cf_pipeline.kpi.measure.category_codes import Coded
from cf_pipeline.kpi.measure.count_records import Counting
from cf_pipeline.kpi.measure.counted_records import Members, joined
from cf_pipeline.kpi.measure.distribution_bands import band_names, band_of
from cf_pipeline.kpi.measure.grid import Cells, Counts, Grid, Measured, count_of, frame_of, ratio_of
from cf_pipeline.kpi.measure.periods import BASES, Periods, periods_of

PER_CENT, PER_10K = 100, 10_000
POPULATION = "population"
"""The table of mid-year populations of the authority: mid_year, persons aged 0 to 17."""
COLUMNS: dict[str, str] = {
    "authority_code": "str",
    "quarter_key": "str",
    "basis": "str",
    "kpi_id": "str",
    "breakdown": "str",
    "category": "str",
    "numerator": "Float64",
    "denominator": "Float64",
    "value": "Float64",
    "symbol": "str",
    "reason": "str",
    "as_at": "datetime64[us]",
}


def measured_quarters(deliveries: pd.DataFrame, coverage: pd.DataFrame) -> list[Quarter]:
    """The quarters to measure: from the first day covered to the newest complete quarter."""
    newest = latest_complete_quarter(deliveries["as_at"].max().date())
    first = pd.Series([table["covers_from"].min() for table in (coverage, deliveries)]).min()
    start: dt.date = newest.start if pd.isna(first) else min(first.date(), newest.start)
    return quarters_between(start, newest.end)


def measure(
    tables: dict[str, pd.DataFrame],
    registry: dict[str, Kpi],
    authority_code: str,
    only: Iterable[str] | None = None,
    bases: Iterable[str] = BASES,
) -> pd.DataFrame:
    """Every KPI, period, breakdown and category.

    Args:
        tables: the core tables of one authority; with `population` (mid_year, persons) rates have a
            denominator, without it they are absent.
        registry: the KPIs.
        authority_code: GSS code.
        only: ids of the KPIs to measure; all of the registry when None.
        bases: the bases to measure them on.

    Returns:
        The columns of COLUMNS. Counts have no denominator; percentages are 0 to 100 and rates per 10,000
        children aged 0 to 17 (of the mid-year before the year's end, not annualised), unrounded; a median
        has no numerator and the number of values as its denominator, an average their sum and number. A
        period not covered has symbol 'x' and a reason, a denominator of 0 symbol 'z'.
    """
    counting = Counting(tables, registry, Availability(tables["coverage"]))
    quarters = measured_quarters(tables["deliveries"], tables["coverage"])
    blocks = [
        block
        for kpi_id in (registry if only is None else only)
        for basis in bases
        for block in _measured(counting, registry[kpi_id], periods_of(quarters, basis))
    ]
    as_at = tables["deliveries"]["as_at"].max()
    return frame_of(blocks, COLUMNS, authority_code=authority_code, as_at=as_at)


def _measured(counting: Counting, kpi: Kpi, periods: Periods) -> Iterator[dict[str, Counts]]:
    """One KPI on one basis: total (or bands) and breakdowns."""
    if not len(periods):
        return
    also = kpi.band.columns if kpi.band is not None else ()
    above, reasons, notes = side_of(counting, kpi.numerator, periods, also)
    above = counting.with_columns(kpi.numerator, above, periods, also)
    below = None
    if kpi.denominator is not None:
        below, missing_below, _ = side_of(counting, kpi.denominator, periods)
        reasons = first_words(reasons, missing_below)
    sides = Sides(kpi, periods, above, below)
    if kpi.kind == "rate_10k" or kpi.numerator.table == POPULATION:
        sides, reasons = _of_population(sides, counting, reasons)
    of_kpi = {"kpi_id": kpi.id, "basis": periods.basis}
    cells = Cells(periods, reasons, notes, of_kpi)
    if kpi.band is None:
        yield cells.block("total", ["all"], sides.measured(["all"]))
    else:
        bands = Coded.of(band_of(kpi.band, above))
        names = band_names(kpi.band, kpi.numerator.table, bands.names)
        yield cells.block("band", names, sides.banded(names, bands))
    has_teams = all(counting.team_of(side) for side in (kpi.numerator, kpi.denominator) if side is not None)
    for breakdown in kpi.breakdowns:
        if breakdown == "band" or (breakdown == "team" and not has_teams):
            continue
        if breakdown in kpi.overlapping:
            yield _overlapping(counting, kpi, breakdown, cells)
            continue
        of_above = counting.coded(breakdown, above, kpi.numerator)
        of_below = of_above
        if below is not None and kpi.denominator is not None:
            of_below = counting.coded(breakdown, below, kpi.denominator)
        names = sorted({*of_above.names, *of_below.names})
        yield cells.block(breakdown, names, sides.measured(names, of_above, of_below), only_covered=True)


def _overlapping(counting: Counting, kpi: Kpi, breakdown: str, cells: Cells) -> dict[str, Counts]:
    """Different children of each category: a child of two is in both, so they do not add to the total."""
    rows = counting.members(replace(kpi.numerator, count="rows"), cells.periods)
    rows = rows.assign(_category=category(breakdown, rows, counting.people, None))
    apart = rows.frame(["period", "person_ref", "_category"]).drop_duplicates()
    rows = rows.at(apart.index.to_numpy(dtype="int64"))
    coded = Coded.of(rows["_category"])
    grid = Grid.of(rows, cells.periods, coded, coded.names)
    return cells.block(breakdown, coded.names, count_of(grid.counts()), only_covered=True)


@dataclass(frozen=True)
class Sides:
    """The counted members of a KPI: of its numerator, and of its denominator or the population instead."""

    kpi: Kpi
    periods: Periods
    above: Members
    below: Members | None
    population: npt.NDArray[np.float64] | None = None

    def measured(
        self, names: list[str], of_above: Coded | None = None, of_below: Coded | None = None
    ) -> Measured:
        """Numerator, denominator and value by category (the members' own) and period."""
        grid = Grid.of(self.above, self.periods, of_above, names)
        side = self.kpi.numerator
        if side.value is not None:
            values, count = values_of(self.above, side.value), grid.counts()
            if self.kpi.kind == "average":
                return ratio_of(grid.sums(values), count, 1)
            return Measured(None, count, grid.medians(values))
        if self.population is not None and side.table != POPULATION:
            return ratio_of(grid.counts(), np.tile(self.population, (len(names), 1)), PER_10K)
        if self.below is None:
            return count_of(amounts(grid, self.above, side))
        assert self.kpi.denominator is not None  # noqa: S101 - whoever has members below has a side
        below = amounts(Grid.of(self.below, self.periods, of_below, names), self.below, self.kpi.denominator)
        return ratio_of(amounts(grid, self.above, side), below, PER_CENT)

    def banded(self, names: list[str], bands: Coded) -> Measured:
        """The share of each band in the whole denominator."""
        assert self.below is not None  # noqa: S101 - the registry gives every distribution one
        whole = np.tile(Grid.of(self.below, self.periods).counts(), (len(names), 1))
        return ratio_of(Grid.of(self.above, self.periods, bands, names).counts(), whole, PER_CENT)


def amounts(grid: Grid, members: Members, side: Side) -> Counts:
    """How many members are in each cell, or the sum of the column that the side adds up."""
    return grid.counts() if side.sum is None else grid.sums(members[side.sum])


def values_of(members: Members, column: str) -> pd.Series:
    """The numbers of a column, or the days from its dates to the period's end."""
    values = members[column]
    return (members["period_end"] - values).dt.days if values.dtype.kind == "M" else values


def _of_population(sides: Sides, counting: Counting, reasons: Words) -> tuple[Sides, Words]:
    """The sides with each period's population: the year that ends in March 2020 by mid-2019's."""
    known = counting.tables.get(POPULATION)
    persons = pd.Series(dtype="float64")
    if known is not None and len(known):
        persons = known.set_index("mid_year")["persons"].astype("float64")
    years = [quarter.year for quarter in sides.periods.quarters]
    found = persons.reindex(years).to_numpy()
    words = [f"The population of mid-{year} aged 0 to 17 was not delivered." for year in years]
    missing = with_word(np.array(words, dtype=object), ~np.isnan(found), None)
    return replace(sides, population=np.nan_to_num(found)), first_words(reasons, missing)


def side_of(
    counting: Counting, side: Side, periods: Periods, also: tuple[str, ...] = ()
) -> tuple[Members, Words, Words]:
    """Members of a side, the reasons of periods that lack it, and notes on periods that fell back."""
    reasons = counting.availability.reasons(side, periods, also)
    for part in side.parts:
        if part.within is not None:
            other = counting.registry[part.within].numerator
            reasons = first_words(reasons, counting.availability.reasons(other, periods))
    members = counting.members(side, periods)
    notes = no_words(periods)
    if side.fallback is not None:
        instead = counting.availability.reasons(side.fallback, periods)
        falls_back = has_words(reasons) & ~has_words(instead)
        others = counting.members(side.fallback, periods)
        kept, taken = ~falls_back[members.period], falls_back[others.period]
        members = joined([(side.table, members.where(kept)), (side.fallback.table, others.where(taken))])
        notes = with_word(notes, falls_back, side.fallback.note)
        reasons = with_word(reasons, falls_back, None)
    return members, reasons, notes

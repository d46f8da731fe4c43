"""Every KPI of the registry for every complete quarter, year to date and year of one authority."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.dates.quarters import Quarter, latest_complete_quarter, quarters_between
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.history.text_categories import hide_rare_texts
from cf_pipeline.kpi.definitions.registry import POPULATION, Kpi
from cf_pipeline.kpi.definitions.sides import Side
from cf_pipeline.kpi.measure.availability import Availability
from cf_pipeline.kpi.measure.breakdowns import record_categories
from cf_pipeline.kpi.measure.category_codes import CategoryCodes
from cf_pipeline.kpi.measure.count_records import RecordCounter
from cf_pipeline.kpi.measure.count_sides import count_side, values_of
from cf_pipeline.kpi.measure.counted_records import CountedRecords
from cf_pipeline.kpi.measure.distribution_bands import band_names, record_bands
from cf_pipeline.kpi.measure.grid import (
    Counts,
    FactRows,
    Figures,
    Grid,
    concat_blocks,
    count_figures,
    in_order_of_bases,
    names_in_use,
    ratio_figures,
)
from cf_pipeline.kpi.measure.periods import (
    BASES,
    Periods,
    Reasons,
    first_reason,
    has_reason,
    join_periods,
    no_reasons,
    periods_of,
)
from cf_pipeline.kpi.measure.population import add_populations, populations

PER_CENT, PER_10K = 100, 10_000
QUARTERLY = table_contract("kpi/quarterly")


def quarters_to_measure(deliveries: pd.DataFrame, coverage: pd.DataFrame) -> list[Quarter]:
    """The quarters from the first day covered to the newest complete quarter."""
    newest = latest_complete_quarter(deliveries["as_at"].max().date())
    first = pd.Series([table["covers_from"].min() for table in (coverage, deliveries)]).min()
    start: dt.date = newest.start if pd.isna(first) else min(first.date(), newest.start)
    return quarters_between(start, newest.end)


def prepare_counter(tables: dict[str, pd.DataFrame], registry: dict[str, Kpi]) -> RecordCounter:
    """The counter of an authority's KPIs: what figures and the records behind them read is made once.

    Args:
        tables: the core tables of one authority; with `population` (mid_year, persons) rates have a
            denominator, without it they are absent. Texts that `text_categories` does not publish are
            counted as `other`.
        registry: the KPIs.
    """
    quarters = quarters_to_measure(tables["deliveries"], tables["coverage"])
    tables = add_populations(hide_rare_texts(tables), quarters)
    return RecordCounter(tables, registry, Availability.from_tables(tables))


def periods_to_measure(counter: RecordCounter, bases: Iterable[str] = BASES) -> Periods:
    """The periods of some bases in which the records of an authority are counted, all at once."""
    quarters = quarters_to_measure(counter.tables["deliveries"], counter.tables["coverage"])
    return join_periods([periods_of(quarters, basis) for basis in bases])


def measure_kpis(
    tables: dict[str, pd.DataFrame],
    registry: dict[str, Kpi],
    authority_code: str,
    only: Iterable[str] | None = None,
    bases: Iterable[str] = BASES,
) -> pd.DataFrame:
    """The figures of every KPI, period, breakdown and category: `measure_counted` of `prepare_counter`."""
    return measure_counted(prepare_counter(tables, registry), authority_code, only, bases)


def measure_counted(
    counter: RecordCounter,
    authority_code: str,
    only: Iterable[str] | None = None,
    bases: Iterable[str] = BASES,
) -> pd.DataFrame:
    """The figures of every KPI, period, breakdown and category.

    Args:
        counter: as `prepare_counter` makes it.
        authority_code: GSS code.
        only: ids of the KPIs to measure; all of the registry when None.
        bases: the bases to measure them on.

    Returns:
        The columns of QUARTERLY. Counts have no denominator; percentages are 0 to 100 and rates per 10,000
        children aged 0 to 17 (of the mid-year before the year's end, not annualised), unrounded; a median
        has no numerator and the number of values as its denominator, an average their sum and number. A
        period not covered has symbol 'x' and a reason, a denominator of 0 symbol 'z'. `note` names the
        mid-year of a population that is not the year's own.
    """
    periods = periods_to_measure(counter, bases)
    registry = counter.registry
    blocks = [
        block
        for kpi_id in (registry if only is None else only)
        for block in in_order_of_bases(_blocks(counter, registry[kpi_id], periods), periods)
    ]
    as_at = counter.tables["deliveries"]["as_at"].max()
    return concat_blocks(blocks, QUARTERLY.dtypes, authority_code=authority_code, as_at=as_at)


def _blocks(counter: RecordCounter, kpi: Kpi, periods: Periods) -> Iterator[dict[str, Counts]]:
    """The figures of one KPI: the total (or the bands), then each breakdown."""
    counted, reasons, notes = _count_kpi(counter, kpi, periods)
    rows = FactRows(periods, reasons, notes, counted.population_notes, {"kpi_id": kpi.id})
    if kpi.band is None:
        yield rows.block("total", ["all"], counted.figures(["all"]))
    else:
        bands = CategoryCodes.encode(record_bands(kpi.band, counted.numerator))
        in_use = counted.names_in_use(bands.names, bands)
        names_of_parts = [band_names(kpi.band, kpi.numerator.table, names) for names in in_use]
        names = band_names(kpi.band, kpi.numerator.table, bands.names)
        names += sorted(set().union(*names_of_parts) - set(names))
        yield rows.block("band", names, counted.band_figures(names, bands), names_of_parts)
    if has_reason(reasons).all():
        return  # a breakdown has rows of covered periods alone
    has_teams = all(
        counter.supplied_team_column(side) for side in (kpi.numerator, kpi.denominator) if side is not None
    )
    for breakdown in kpi.breakdowns:
        if breakdown == "band" or (breakdown == "team" and not has_teams):
            continue
        if breakdown in kpi.overlapping:
            yield _overlapping_block(counter, kpi, breakdown, rows)
            continue
        categories = counter.categories(breakdown, counted.numerator, kpi.numerator)
        denominator_categories = categories
        if counted.denominator is not None and kpi.denominator is not None:
            denominator_categories = counter.categories(breakdown, counted.denominator, kpi.denominator)
        names = sorted({*categories.names, *denominator_categories.names})
        figures = counted.figures(names, categories, denominator_categories)
        in_use = counted.names_in_use(names, categories, denominator_categories)
        yield rows.block(breakdown, names, figures, in_use, only_covered=True)


def _count_kpi(counter: RecordCounter, kpi: Kpi, periods: Periods) -> tuple[CountedKpi, Reasons, Reasons]:
    """The counted sides of a KPI, why each period is absent, and the notes on each period."""
    band_columns = kpi.band.columns if kpi.band is not None else ()
    numerator = count_side(counter, kpi.numerator, periods, band_columns)
    reasons = numerator.reasons
    records = counter.add_columns(kpi.numerator, numerator.records, periods, band_columns)
    counted = CountedKpi(kpi, periods, records, no_reasons(periods))
    if kpi.denominator is not None:
        denominator = count_side(counter, kpi.denominator, periods)
        counted = replace(counted, denominator=denominator.records)
        reasons = first_reason(reasons, denominator.reasons)
    if kpi.needs_population:
        persons, missing, names = populations(counter.tables[POPULATION], periods)
        counted = replace(counted, population=persons, population_notes=names)
        reasons = first_reason(reasons, missing)
    return counted, reasons, numerator.notes


def _overlapping_block(counter: RecordCounter, kpi: Kpi, breakdown: str, rows: FactRows) -> dict[str, Counts]:
    """Different children of each category: a child of two is in both, so they do not add to the total."""
    records = counter.count(replace(kpi.numerator, count="rows"), rows.periods)
    records = records.assign(_category=record_categories(breakdown, records, counter.people, None))
    different = records.frame(["period", "person_ref", "_category"]).drop_duplicates()
    records = records.at(different.index.to_numpy(dtype="int64"))
    categories = CategoryCodes.encode(records["_category"])
    counts = Grid.from_records(records, rows.periods, categories, categories.names).counts()
    in_use = names_in_use(categories.names, counts, rows.periods)
    return rows.block(breakdown, categories.names, count_figures(counts), in_use, only_covered=True)


@dataclass(frozen=True)
class CountedKpi:
    """The counted records of a KPI's numerator, and of its denominator or the population in its place."""

    kpi: Kpi
    periods: Periods
    numerator: CountedRecords
    population_notes: Reasons
    denominator: CountedRecords | None = None
    population: npt.NDArray[np.float64] | None = None

    def figures(
        self,
        names: list[str],
        categories: CategoryCodes | None = None,
        denominator_categories: CategoryCodes | None = None,
    ) -> Figures:
        """Numerator, denominator and value by category (the records' own) and period."""
        grid = Grid.from_records(self.numerator, self.periods, categories, names)
        side = self.kpi.numerator
        if side.value is not None:
            values, count = values_of(self.numerator, side.value), grid.counts()
            if self.kpi.kind == "average":
                return ratio_figures(grid.sums(values), count, 1)
            return Figures(None, count, grid.medians(values))
        if self.population is not None and side.table != POPULATION:
            return ratio_figures(grid.counts(), np.tile(self.population, (len(names), 1)), PER_10K)
        numerator = _counts_or_sums(grid, self.numerator, side)
        if self.denominator is None:
            return count_figures(numerator)
        assert self.kpi.denominator is not None  # noqa: S101 - records of a denominator come from its side
        grid = Grid.from_records(self.denominator, self.periods, denominator_categories, names)
        denominator = _counts_or_sums(grid, self.denominator, self.kpi.denominator)
        return ratio_figures(numerator, denominator, PER_CENT)

    def names_in_use(
        self,
        names: list[str],
        categories: CategoryCodes,
        denominator_categories: CategoryCodes | None = None,
    ) -> list[list[str]]:
        """Of each basis the categories that a record of the numerator or the denominator has."""
        counts = Grid.from_records(self.numerator, self.periods, categories, names).counts()
        if self.denominator is not None and denominator_categories is not None:
            grid = Grid.from_records(self.denominator, self.periods, denominator_categories, names)
            counts = counts + grid.counts()
        return names_in_use(names, counts, self.periods)

    def band_figures(self, names: list[str], bands: CategoryCodes) -> Figures:
        """The share of each band in the whole denominator."""
        assert self.denominator is not None  # noqa: S101 - the registry gives every distribution one
        total = Grid.from_records(self.denominator, self.periods).counts()
        in_band = Grid.from_records(self.numerator, self.periods, bands, names).counts()
        return ratio_figures(in_band, np.tile(total, (len(names), 1)), PER_CENT)


def _counts_or_sums(grid: Grid, records: CountedRecords, side: Side) -> Counts:
    """The number of records in each cell, or the sum of the column that the side adds up."""
    return grid.counts() if side.sum is None else grid.sums(records[side.sum])

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
from cf_pipeline.kpi.definitions.sides import Band
from cf_pipeline.kpi.measure.availability import Availability
from cf_pipeline.kpi.measure.categories.breakdowns import record_categories
from cf_pipeline.kpi.measure.categories.category_codes import CategoryCodes
from cf_pipeline.kpi.measure.categories.distribution_bands import band_names, record_bands
from cf_pipeline.kpi.measure.count_records import RecordCounter
from cf_pipeline.kpi.measure.count_sides import count_side, values_of
from cf_pipeline.kpi.measure.counted_records import CountedRecords
from cf_pipeline.kpi.measure.grid import (
    Block,
    Figures,
    Grid,
    KpiTexts,
    count_figures,
    fact_rows,
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
Population = tuple[npt.NDArray[np.float64], Reasons, Reasons]
"""Persons, why they are unknown and a note, of each period: what `populations` returns."""
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
    kpi_ids = registry if only is None else only
    known = populations(counter.tables[POPULATION], periods)
    blocks = [block for kpi_id in kpi_ids for block in _blocks(counter, registry[kpi_id], periods, known)]
    as_at = counter.tables["deliveries"]["as_at"].max()
    return fact_rows(blocks, periods, QUARTERLY.dtypes, authority_code=authority_code, as_at=as_at)


def _blocks(counter: RecordCounter, kpi: Kpi, periods: Periods, population: Population) -> Iterator[Block]:
    """The figures of one KPI: the total (or the bands), then each breakdown."""
    counted, reasons, notes = _count_kpi(counter, kpi, periods, population)
    texts = KpiTexts(kpi.id, reasons, notes, counted.population_notes)
    if kpi.band is None:
        yield Block(texts, "total", ["all"], counted.figures(["all"]))
    else:
        yield _band_block(kpi, kpi.band, counted, texts)
    if has_reason(reasons).all():
        return  # a breakdown has rows of covered periods alone
    has_teams = all(
        counter.supplied_team_column(side) for side in (kpi.numerator, kpi.denominator) if side is not None
    )
    for breakdown in kpi.breakdowns:
        if breakdown == "band" or (breakdown == "team" and not has_teams):
            continue
        if breakdown in kpi.overlapping:
            yield _overlapping_block(counter, kpi, breakdown, texts, periods)
            continue
        categories = counter.categories(breakdown, counted.numerator, kpi.numerator)
        denominator_categories = categories
        if counted.denominator is not None and kpi.denominator is not None:
            denominator_categories = counter.categories(breakdown, counted.denominator, kpi.denominator)
        names = sorted({*categories.names, *denominator_categories.names})
        figures = counted.figures(names, categories, denominator_categories)
        yield Block(texts, breakdown, names, figures, figures.is_in_use(periods), only_covered=True)


def _band_block(kpi: Kpi, band: Band, records: CountedKpi, texts: KpiTexts) -> Block:
    """The share of each band; the bands that are not known beforehand have rows where a record has them."""
    bands = CategoryCodes.encode(record_bands(band, records.numerator))
    is_in_use = records.band_figures(bands.names, bands).is_in_use(records.periods)
    names_of_parts = [
        band_names(band, kpi.numerator.table, np.array(bands.names, dtype=object)[mask])
        for mask in is_in_use.T
    ]
    names = band_names(band, kpi.numerator.table, bands.names)
    names += sorted(set().union(*names_of_parts) - set(names))
    has_rows = np.array([[name in part for part in names_of_parts] for name in names], dtype=bool)
    return Block(texts, "band", names, records.band_figures(names, bands), has_rows)


def _count_kpi(
    counter: RecordCounter, kpi: Kpi, periods: Periods, population: Population
) -> tuple[CountedKpi, Reasons, Reasons]:
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
        persons, missing, names = population
        counted = replace(counted, population=persons, population_notes=names)
        reasons = first_reason(reasons, missing)
    return counted, reasons, numerator.notes


def _overlapping_block(
    counter: RecordCounter, kpi: Kpi, breakdown: str, texts: KpiTexts, periods: Periods
) -> Block:
    """Different children of each category: a child of two is in both, so they do not add to the total."""
    records = counter.count(replace(kpi.numerator, count="rows"), periods)
    of_person = counter.of_person(records.table, records.row)
    records = records.assign(_category=record_categories(breakdown, records, of_person, None))
    different = records.frame(["period", "person_ref", "_category"]).drop_duplicates()
    records = records.at(different.index.to_numpy(dtype="int64"))
    categories = CategoryCodes.encode(records["_category"])
    counts = Grid.from_records(records, periods, categories, categories.names).counts()
    figures = count_figures(counts, counts)
    return Block(texts, breakdown, categories.names, figures, figures.is_in_use(periods), only_covered=True)


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
        side, records = self.kpi.numerator, grid.counts()
        if side.value is not None:
            values = values_of(self.numerator, side.value)
            if self.kpi.kind == "average":
                return ratio_figures(grid.sums(values), records, 1, records)
            return Figures(None, records, grid.medians(values), records)
        if self.population is not None and side.table != POPULATION:
            return ratio_figures(records, np.tile(self.population, (len(names), 1)), PER_10K, records)
        numerator = records if side.sum is None else grid.sums(self.numerator[side.sum])
        if self.denominator is None:
            return count_figures(numerator, records)
        assert self.kpi.denominator is not None  # noqa: S101 - records of a denominator come from its side
        grid = Grid.from_records(self.denominator, self.periods, denominator_categories, names)
        denominator, summed = grid.counts(), self.kpi.denominator.sum
        records = records + denominator
        if summed is not None:
            denominator = grid.sums(self.denominator[summed])
        return ratio_figures(numerator, denominator, PER_CENT, records)

    def band_figures(self, names: list[str], bands: CategoryCodes) -> Figures:
        """The share of each band in the whole denominator; `records` are those of the numerator alone."""
        assert self.denominator is not None  # noqa: S101 - the registry gives every distribution one
        total = Grid.from_records(self.denominator, self.periods).counts()
        in_band = Grid.from_records(self.numerator, self.periods, bands, names).counts()
        return ratio_figures(in_band, np.tile(total, (len(names), 1)), PER_CENT, in_band)

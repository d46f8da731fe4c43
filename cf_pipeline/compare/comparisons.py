"""The rows of fact_kpi_comparison: each figure, its references, and the phrase for the difference."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cf_pipeline.comparators.lookup import ComparatorLookup
from cf_pipeline.compare.differences import DEFAULT_WORDING_LIMITS, WordingLimits, cross_multiply
from cf_pipeline.compare.figures import COUNT_KINDS, AuthorityFigures
from cf_pipeline.compare.phrases import confirm_difference, difference_from_reference, phrase
from cf_pipeline.compare.references import FORECAST_VS_LAST_YEAR, RATE, Comparison, find_comparisons
from cf_pipeline.contracts.rounding import PERCENT
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.results import (
    NO_STORE,
    Result,
    ResultStore,
    join_tables,
    result_key,
    table_hash,
    table_of,
)

COMPARISONS = table_contract("kpi/comparison").without("chance")
TABLE = "comparisons"
"""The name of the table of a result."""


def kpi_comparisons(
    figures_by_code: Mapping[str, AuthorityFigures],
    comparators: pd.DataFrame,
    limits: WordingLimits = DEFAULT_WORDING_LIMITS,
    neighbours: pd.DataFrame | None = None,
    store: ResultStore = NO_STORE,
) -> pd.DataFrame:
    """Every comparison of the totals.

    Args:
        figures_by_code: the figures of each authority, as `figures_by_authority` returns them.
        comparators: published figures (`comparators.combine_releases`).
        limits: between the words.
        neighbours: those in use (`comparators.combine_neighbours`); None for those that ship.
        store: keeps the comparisons of a year between runs of one version of the product.

    Returns:
        The columns of fact_kpi_comparison. value and reference are unrounded; difference_pct is empty for
        percentages, whose difference is in points, and for a reference of 0. year_ending is that of a
        published reference; note is what must come with it: how close the neighbours are, whether rounding
        explains the published figure's distance. Without either figure there is no row. `against` is one of:

        - previous_quarters: the mean of the year's earlier quarters; in quarter 1 last year's quarter 4.
        - same_quarter_last_year: the same quarter, or year to date, a year before.
        - last_year: a percentage's year to date, or any year, against last year's outturn.
        - last_year_end: a stock against the last 31 March.
        - forecast_vs_last_year: basis 'year', with the key of the quarter at which the forecast was made.
        - region, or for a London borough london and inner_london or outer_london; england; neighbours (the
          median of the statistical neighbours): percentages and stock rates against the latest published year
          that had ended; a flow rate for a whole year, or before its end the forecast, with basis 'year'.
        - own_published: a whole year, counts too, against what was published for the authority itself.
    """
    lookup = ComparatorLookup(comparators, figures_by_code, neighbours)
    published = [table_hash(table_of(rows)) for rows in (comparators, neighbours) if rows is not None]
    tables = []
    for code, figures in figures_by_code.items():
        for year in figures.years:
            # All that `find_comparisons` looks at, and the limits.
            own = [figures.year_hashes.get(each) for each in (year - 1, year)]
            key = result_key("comparisons", code, year, own, published, limits)
            result = store.find(key)
            if result is None:
                result = _comparisons_of_year(figures, lookup, code, year, limits)
                store.keep(key, result)
            tables.append(result.tables[TABLE])
    by = ["authority_code", "quarter_key", "kpi_id", "basis", "against"]
    found = join_tables(tables, COMPARISONS.dtypes) if tables else COMPARISONS.empty()
    return found.sort_values(by, ignore_index=True)


def _comparisons_of_year(
    figures: AuthorityFigures, lookup: ComparatorLookup, code: str, year: int, limits: WordingLimits
) -> Result:
    found = find_comparisons(figures, lookup, code, year)
    rows = COMPARISONS.frame([(code, *_row(comparison, limits)) for comparison in found])
    return Result({}, {TABLE: table_of(rows)})


def _row(comparison: Comparison, limits: WordingLimits) -> tuple[str | float | None, ...]:
    """The columns of fact_kpi_comparison after authority_code."""
    kpi, value, reference = comparison.kpi, comparison.value, comparison.reference
    own, other = cross_multiply(value, reference)
    difference_pct = None
    if other and (kpi.kind in COUNT_KINDS or kpi.kind == RATE):
        difference_pct = (own - other) * PERCENT / other if own != other else 0.0
    difference = difference_from_reference(kpi.kind, kpi.decimals, value, reference, limits)
    if comparison.earlier:
        difference = confirm_difference(kpi.kind, kpi.decimals, difference, value, comparison.earlier)
    return (
        comparison.quarter.key,
        comparison.basis,
        kpi.id,
        comparison.against,
        value.numerator / value.denominator,
        reference.numerator / reference.denominator,
        (own - other) / (value.denominator * reference.denominator),
        difference_pct,
        phrase(kpi.kind, difference, is_forecast=comparison.against == FORECAST_VS_LAST_YEAR),
        comparison.year_ending,
        comparison.note or None,
    )

"""fact_kpi_comparison: each figure beside its references, with the phrase for the difference."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cf_pipeline.comparators.lookup import Published
from cf_pipeline.compare.differences import DEFAULT_BANDS, Bands
from cf_pipeline.compare.figures import COUNTS, by_authority
from cf_pipeline.compare.phrases import difference_band, earlier_band, phrase
from cf_pipeline.compare.references import RATE, Pair, pairs
from cf_pipeline.contracts.rounding import PERCENT
from cf_pipeline.kpi.definitions.registry import Kpi

DTYPES = {
    "authority_code": "str",
    "quarter_key": "str",
    "basis": "str",
    "kpi_id": "str",
    "against": "str",
    "value": "Float64",
    "reference": "Float64",
    "difference": "Float64",
    "difference_pct": "Float64",
    "phrase": "str",
    "year_ending": "Int64",
    "note": "str",
}
FORECAST = "forecast_vs_last_year"


def comparisons(
    kpi_quarterly: pd.DataFrame,
    kpi_forecast: pd.DataFrame,
    comparators: pd.DataFrame,
    registry: Mapping[str, Kpi],
    bands: Bands = DEFAULT_BANDS,
) -> pd.DataFrame:
    """Every comparison of the totals.

    Args:
        kpi_quarterly: figures, of any number of authorities.
        kpi_forecast: their year-end forecasts.
        comparators: published figures (`comparators.comparators`).
        registry: the KPIs.
        bands: the limits between words.

    Returns:
        The columns of fact_kpi_comparison. `against` is one of previous_quarters (the mean of the year's
        earlier quarters; in quarter 1 last year's quarter 4), same_quarter_last_year (the same quarter, or
        year to date, a year before), last_year (year to date, for percentages, or the year, against last
        year's outturn), last_year_end (a stock against last 31 March), forecast_vs_last_year (basis 'year',
        the key of the quarter the forecast was made at), london, inner_london, england and neighbours
        (percentages and stock rates against the latest published year that had ended; a flow rate a whole
        year, or before its end the forecast, under basis 'year'; neighbours is the median of the statistical
        neighbours), and own_published (a whole year, counts too, against what was published for the authority
        itself). value and reference are unrounded; difference_pct is empty for percentages, whose difference
        is in points, and against 0. year_ending is the published reference's, note what must be said with it:
        how close the neighbours are, whether rounding explains the distance from the published figure. A side
        that is withheld or missing has no row.
    """
    authorities = by_authority(kpi_quarterly, kpi_forecast, registry)
    published = Published(comparators, authorities)
    rows = [
        (code, *_row(pair, bands))
        for code, figures in authorities.items()
        for pair in pairs(figures, published, code)
    ]
    return (
        pd.DataFrame(rows, columns=list(DTYPES))
        .astype(DTYPES)
        .sort_values(["authority_code", "quarter_key", "kpi_id", "basis", "against"], ignore_index=True)
    )


def _row(pair: Pair, bands: Bands) -> tuple[str | float | None, ...]:
    kpi, difference = pair.kpi, pair.value - pair.reference
    relative = None
    if pair.reference != 0 and (kpi.kind in COUNTS or kpi.kind == RATE):
        relative = float(difference / pair.reference * PERCENT)
    if pair.earlier:
        band = earlier_band(kpi.kind, kpi.decimals, pair.value, pair.earlier, bands)
    else:
        band = difference_band(kpi.kind, kpi.decimals, pair.value, pair.reference, bands)
    return (
        pair.quarter.key,
        pair.basis,
        kpi.id,
        pair.against,
        float(pair.value),
        float(pair.reference),
        float(difference),
        relative,
        phrase(kpi.kind, band, is_forecast=pair.against == FORECAST),
        pair.year_ending,
        pair.note or None,
    )

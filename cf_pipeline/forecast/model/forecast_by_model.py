"""The method `model`: the averaged models where there is enough history, otherwise pro rata.

Minimum history, in whole years before and known quarters of this one: none and one quarter gives no forecast;
none and two or more quarters is pro rata without a range; one year is provisional; a stock with fewer than
three years repeats its latest value. Only the latest five years are used, and none before a declared step
change. Source: `docs/forecasts.md`, "The model, in words".
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR
from cf_pipeline.forecast.methods.pro_rata import forecast_pro_rata
from cf_pipeline.forecast.methods.texts import replace_rows, select_texts
from cf_pipeline.forecast.model.kept_year_ends import BOUNDS, find_year_ends
from cf_pipeline.forecast.model.to_figures import figures_from_year_ends, is_share
from cf_pipeline.forecast.series.known_periods import LONGEST_HISTORY
from cf_pipeline.forecast.series.period_matrix import TimelinePositions
from cf_pipeline.forecast.series.series_kind import FLOW, NOT_EXTRAPOLATED, STOCK, STOCK_SHARE
from cf_pipeline.results import NO_STORE, ResultStore

FEWEST_CASES = 5
"""An expected year of fewer cases is too few to forecast: its range is stated, its point is not reliable."""
TOO_FEW = "too few to forecast"


def forecast_with_model(
    rows: pd.DataFrame, positions: TimelinePositions, store: ResultStore = NO_STORE
) -> pd.DataFrame:
    """The model's forecast of each year to date.

    Args:
        rows: as `years_so_far` returns them.
        positions: of those rows on the timelines.
        store: keeps the year ends of earlier years, for one version of the product.

    Returns:
        On the index of `rows`: forecast, forecast_numerator, forecast_denominator, lower_80, upper_80,
        lower_95, upper_95, label, symbol, exceptional_quarters (what the past quarters that were set aside
        count as; missing without one).
    """
    years = pd.Series(positions.whole_years, index=rows.index)
    is_outturn = rows["quarters_used"].eq(QUARTERS_PER_YEAR)
    # A series that is not extrapolated has no season: one outturn of a year before is history enough.
    fallback = forecast_pro_rata(rows, years.mask(rows["series_kind"].eq(NOT_EXTRAPOLATED), rows["years"]))
    used, histories = years.clip(upper=LONGEST_HISTORY).to_numpy(), _history_texts()
    is_stock = rows["series_kind"].isin([STOCK, STOCK_SHARE])
    is_latest = is_stock & fallback["forecast"].notna() & ~is_outturn
    latest = pd.array([f"latest value ({history})" for history in histories], dtype="str")
    fallback["label"] = fallback["label"].mask(is_latest, latest.take(used))
    outturns = fallback["forecast"].where(is_outturn)
    fallback = fallback.assign(**dict.fromkeys(BOUNDS.values(), outturns))
    fallback["exceptional_quarters"] = pd.Series(None, rows.index, dtype="str")

    year_ends = find_year_ends(rows, positions, _count_sides(rows), store)
    found = _figures(rows, year_ends["point"])
    bounds = {name: _figures(rows, year_ends[name])["forecast"] for name in BOUNDS.values()}
    is_too_few = rows["series_kind"].eq(FLOW).to_numpy("bool") & (year_ends["point"] < FEWEST_CASES)
    labels = [f"{'provisional' if years == 1 else 'model'} ({text})" for years, text in enumerate(histories)]
    texts = pd.Series(year_ends["exceptional_quarters"], rows.index, dtype="str")
    found = found.assign(
        **bounds,
        label=select_texts([is_too_few], [TOO_FEW], labels, used),
        symbol=pd.Series(None, rows.index, dtype="str"),
        exceptional_quarters=texts.mask(texts.eq("")),
    )
    return replace_rows(found[list(fallback)], fallback, found["forecast"].isna() | is_outturn)


def _count_sides(rows: pd.DataFrame) -> np.ndarray:
    """What the counts of each row's past quarters are beside its figure; '' where they are the figure."""
    return np.select([is_share(rows), rows["scale"].ne(1)], ["denominator", "numerator"], default="")


def _figures(rows: pd.DataFrame, year_ends: np.ndarray) -> pd.DataFrame:
    """Year ends as figures; that of a share is a percentage already, so its denominator is 100."""
    return figures_from_year_ends(rows, year_ends, rows["scale"].to_numpy(dtype="float64"))


def _history_texts() -> list[str]:
    """How much history was used, by the number of whole years."""
    many = [f"{years} years of history" for years in range(2, LONGEST_HISTORY + 1)]
    return ["no year of history", "1 year of history", *many]

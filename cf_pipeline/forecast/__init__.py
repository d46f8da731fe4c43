"""Year-end forecasts: one row a KPI, year and number of complete quarters, for each method.

Belongs here: methods that forecast the end of a year from the year to date, and their back-test.
Does not belong here: control limits (`spc`), the wording of headlines, comparisons.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.forecast.choices import METHOD_NAMES, CouncilChoices
from cf_pipeline.forecast.methods.pro_rata import forecast_pro_rata
from cf_pipeline.forecast.methods.without_model import forecast_without_model
from cf_pipeline.forecast.model.forecast_by_model import forecast_with_model
from cf_pipeline.forecast.series.period_matrix import (
    TimelinePositions,
    build_timelines,
    locate_on_timelines,
)
from cf_pipeline.forecast.series.series_keys import SERIES_KEY, as_categories, as_texts
from cf_pipeline.forecast.series.years_so_far import years_so_far
from cf_pipeline.forecast.unforecastable import separate_unforecastable
from cf_pipeline.results import NO_STORE, ResultStore

if TYPE_CHECKING:
    from cf_pipeline.kpi.definitions.registry import Kpi

FORECASTS = table_contract("kpi/forecast").without("explanation", "outside_range")
MONTHLY = table_contract("kpi/monthly")
YEAR_SO_FAR = [*SERIES_KEY, "fiscal_year", "quarters_used"]
"""The columns that name one year so far, which every method forecasts."""


def forecast_year_ends(
    kpi_quarterly: pd.DataFrame,
    registry: Mapping[str, Kpi],
    choices: CouncilChoices | None = None,
    kpi_monthly: pd.DataFrame | None = None,
    store: ResultStore = NO_STORE,
) -> pd.DataFrame:
    """Year-end forecasts by every method: totals and bands for every year, breakdowns for the newest year.

    Args:
        kpi_quarterly: the measured KPIs; those with a forecast rule are used.
        registry: the KPIs by id.
        choices: the selected methods and the declared step changes; None selects the model.
        kpi_monthly: the months of the KPIs that add up (`measure_months`); None where only quarters are
            known, which are then used instead.
        store: keeps the model's year ends between runs of one version of the product.

    Returns:
        The columns of fact_kpi_forecast except run_id, explanation and outside_range; forecast_numerator and
        forecast_denominator, whose ratio (times 100 for a percentage) is the exact forecast. quarters_used
        runs from 1 to 4 and exists only where the year to date is complete; with 4 the forecast is the
        outturn. The model's forecasts of counts are whole numbers, all others are unrounded. Where there is
        no forecast the symbol is 'x' or 'z' and the label gives the reason. A KPI with a faulty series has
        symbol 'x' and the fault as its label; the other KPIs are forecast.

    Raises:
        ValueError: a chosen method does not exist.
    """
    choices = choices or CouncilChoices()
    for method in sorted(choices.method_names - set(METHOD_NAMES)):
        raise ValueError(f"no forecast method {method!r}; there is {', '.join(METHOD_NAMES)}")
    monthly = MONTHLY.empty() if kpi_monthly is None else kpi_monthly
    sound_quarters, sound_months, unforecastable = separate_unforecastable(
        as_categories(kpi_quarterly, [*SERIES_KEY, "basis", "quarter_key"]),
        as_categories(monthly, [*SERIES_KEY, "basis", "month"]),
        registry,
    )
    rows = years_so_far(sound_quarters, registry)
    timelines = build_timelines(rows, sound_quarters, sound_months)
    positions = locate_on_timelines(rows, timelines, choices.first_usable_years(rows))
    found = _forecast_by_every_method(rows, positions, store)
    if len(unforecastable):
        faulty = pd.concat([unforecastable.assign(method=name) for name in METHOD_NAMES])
        found = pd.concat([found, faulty] if len(found) else [faulty])
        found = found.sort_values([*YEAR_SO_FAR, "method"], ignore_index=True)
    return (
        found.assign(is_selected=found["method"].eq(choices.selected_methods(found)))
        .reindex(columns=FORECASTS.column_names)
        .astype(FORECASTS.dtypes)
    )


def _forecast_by_every_method(
    rows: pd.DataFrame, positions: TimelinePositions, store: ResultStore
) -> pd.DataFrame:
    """The forecasts of each year to date, by every method in the order of names, sorted by year so far."""
    pro_rata = forecast_pro_rata(rows, rows["years"])
    by_method = {
        "last_year_remainder": forecast_without_model("last_year_remainder", rows, positions, pro_rata),
        "latest_value": forecast_without_model("latest_value", rows, positions, pro_rata),
        "model": forecast_with_model(rows, positions, store),
        "pro_rata": pro_rata,
    }
    order = rows[YEAR_SO_FAR].sort_values(YEAR_SO_FAR).index.to_numpy()
    in_every_frame = np.add.outer(order, np.arange(len(by_method)) * len(rows)).ravel()
    figures = pd.concat(list(by_method.values()), ignore_index=True).take(in_every_frame)
    keys = rows[[*YEAR_SO_FAR, "last_year"]].take(np.repeat(order, len(by_method)))
    names = pd.Series(list(by_method), dtype="str").take(np.tile(np.arange(len(by_method)), len(rows)))
    keys = as_texts(keys.reset_index(drop=True), SERIES_KEY)
    return pd.concat([keys, figures.reset_index(drop=True)], axis=1).assign(method=names.array)


__all__ = ["METHOD_NAMES", "CouncilChoices", "forecast_year_ends"]

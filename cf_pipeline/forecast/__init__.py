"""Year-end forecasts: one row a KPI, year and number of complete quarters, for each method.

Belongs here: methods that forecast the end of a year from the year to date, and their back-test.
Does not belong here: control limits (`spc`), the wording of headlines, comparisons.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

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
from cf_pipeline.forecast.series.series_keys import SERIES_KEY
from cf_pipeline.forecast.series.years_so_far import years_so_far
from cf_pipeline.forecast.unforecastable import separate_unforecastable

if TYPE_CHECKING:
    from cf_pipeline.kpi.definitions.registry import Kpi

FORECASTS = table_contract("kpi/forecast").without("explanation", "outside_range")
MONTHLY = table_contract("kpi/monthly")
ForecastMethod = Callable[[pd.DataFrame, TimelinePositions], pd.DataFrame]
_METHODS: dict[str, ForecastMethod] = {
    "model": forecast_with_model,
    "pro_rata": lambda rows, _: forecast_pro_rata(rows, rows["years"]),
    "last_year_remainder": partial(forecast_without_model, "last_year_remainder"),
    "latest_value": partial(forecast_without_model, "latest_value"),
}
"""Each method by name: from the years to date and their positions to forecast, sides, label and symbol."""


def forecast_year_ends(
    kpi_quarterly: pd.DataFrame,
    registry: Mapping[str, Kpi],
    choices: CouncilChoices | None = None,
    kpi_monthly: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Year-end forecasts by every method: totals and bands for every year, breakdowns for the newest year.

    Args:
        kpi_quarterly: the measured KPIs; those with a forecast rule are used.
        registry: the KPIs by id.
        choices: the selected methods and the declared step changes; None selects the model.
        kpi_monthly: the months of the KPIs that add up (`measure_months`); None where only quarters are
            known, which are then used instead.

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
    sound_quarters, sound_months, unforecastable = separate_unforecastable(kpi_quarterly, monthly, registry)
    rows = years_so_far(sound_quarters, registry).reset_index(drop=True)
    timelines = build_timelines(rows, sound_quarters, sound_months)
    positions = locate_on_timelines(rows, timelines, choices.first_usable_years(rows))
    keys = rows[[*SERIES_KEY, "fiscal_year", "quarters_used", "last_year"]]
    frames = [
        pd.concat([keys, method(rows, positions)], axis=1).assign(method=name)
        for name, method in _METHODS.items()
    ]
    frames += [unforecastable.assign(method=name) for name in METHOD_NAMES]
    found = pd.concat([frame for frame in frames if len(frame)] or [FORECASTS.empty()], ignore_index=True)
    return (
        found.assign(is_selected=found["method"].eq(choices.selected_methods(found)))
        .reindex(columns=FORECASTS.column_names)
        .astype(FORECASTS.dtypes)
        .sort_values([*SERIES_KEY, "fiscal_year", "quarters_used", "method"], ignore_index=True)
    )


__all__ = ["METHOD_NAMES", "CouncilChoices", "forecast_year_ends"]

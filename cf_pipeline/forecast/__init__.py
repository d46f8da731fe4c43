"""Year-end forecasts: one row a KPI, year and number of complete quarters, for each named method.

Belongs here: methods that carry a year so far to the year's end, their record, and process control.
Does not belong here: wording of headlines, comparing, choosing what a reader sees beyond the selected method.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from cf_pipeline.forecast.choices import METHODS, Choices
from cf_pipeline.forecast.columns import DTYPES, MONTHLY, empty_forecast
from cf_pipeline.forecast.methods.pro_rata import pro_rata
from cf_pipeline.forecast.methods.without_model import unmodelled
from cf_pipeline.forecast.model.forecast_by_model import modelled
from cf_pipeline.forecast.series.period_matrix import Placed, place, timelines
from cf_pipeline.forecast.series.series_keys import SERIES
from cf_pipeline.forecast.series.years_so_far import years_so_far
from cf_pipeline.forecast.unforecastable import forecastable

if TYPE_CHECKING:
    from cf_pipeline.kpi.definitions.registry import Kpi

Method = Callable[[pd.DataFrame, Placed], pd.DataFrame]
_METHODS: dict[str, Method] = {
    "model": modelled,
    "pro_rata": lambda rows, _: pro_rata(rows, rows["years"]),
    "last_year_remainder": partial(unmodelled, "last_year_remainder"),
    "latest_value": partial(unmodelled, "latest_value"),
}
"""Each method by name: the years so far and where they lie in; forecast, its sides, label and symbol out."""


def forecast(
    kpi_quarterly: pd.DataFrame,
    registry: Mapping[str, Kpi],
    choices: Choices | None = None,
    kpi_monthly: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Year-end forecasts by every method: of totals and bands for every year, of breakdowns for the newest.

    Args:
        kpi_quarterly: the measured KPIs; those with a forecast rule are used.
        registry: the KPIs by id.
        choices: the method that readers are shown, and the declared step changes; None for pro rata.
        kpi_monthly: the months of the KPIs that add up (`measure_months`); None where only quarters are
            known, which then stand in.

    Returns:
        The columns of fact_kpi_forecast but run_id and explanation, and forecast_numerator and
        forecast_denominator, from which the forecast is exact: their ratio, times 100 for a percentage.
        quarters_used runs from 1 to 4, only where the year to date is complete; with 4 the forecast is the
        outturn. Forecasts of the model are whole numbers for counts, others unrounded. Where there is none
        the symbol is 'x' or 'z' and the label says why; a KPI with a faulty series has symbol 'x' and the
        sentence as its label, and the others go on.

    Raises:
        ValueError: a chosen method is not one.
    """
    choices = choices or Choices()
    for method in (choices.method, *choices.by_kpi.values()):
        if method not in METHODS:
            raise ValueError(f"no forecast method {method!r}; there is {', '.join(METHODS)}")
    monthly = MONTHLY if kpi_monthly is None else kpi_monthly
    sound_quarters, sound_months, refused = forecastable(kpi_quarterly, monthly, registry)
    rows = years_so_far(sound_quarters, registry).reset_index(drop=True)
    lines = timelines(rows, sound_quarters, sound_months)
    placed = place(rows, lines, choices.first_years(rows))
    known = rows[[*SERIES, "fiscal_year", "quarters_used", "last_year"]]
    frames = [
        pd.concat([known, method(rows, placed)], axis=1).assign(method=name)
        for name, method in _METHODS.items()
    ]
    frames += [refused.assign(method=name) for name in METHODS]
    found = pd.concat([frame for frame in frames if len(frame)] or [empty_forecast()], ignore_index=True)
    return (
        found.assign(is_selected=found["method"].eq(choices.selected(found["kpi_id"])))
        .reindex(columns=list(DTYPES))
        .astype(DTYPES)
        .sort_values([*SERIES, "fiscal_year", "quarters_used", "method"], ignore_index=True)
    )


__all__ = ["METHODS", "Choices", "forecast"]

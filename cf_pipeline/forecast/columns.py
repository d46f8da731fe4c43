"""The columns of a forecast and their types."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.contracts.no_rows import no_rows

DTYPES = {
    "authority_code": "str",
    "fiscal_year": "str",
    "quarters_used": "Int64",
    "kpi_id": "str",
    "breakdown": "str",
    "category": "str",
    "method": "str",
    "is_selected": "boolean",
    "forecast": "Float64",
    "lower_80": "Float64",
    "upper_80": "Float64",
    "lower_95": "Float64",
    "upper_95": "Float64",
    "last_year": "Float64",
    "label": "str",
    "symbol": "str",
    "forecast_numerator": "Float64",
    "forecast_denominator": "Float64",
}
MONTHLY = no_rows(
    {
        **dict.fromkeys(("authority_code", "kpi_id", "breakdown", "category", "month", "basis"), "str"),
        "numerator": "Float64",
        "denominator": "Float64",
        "symbol": "str",
    }
)
"""An empty table with the columns of `measure_months` that a forecast reads."""


def empty_forecast() -> pd.DataFrame:
    """A table without forecasts, with every column."""
    return no_rows(DTYPES)

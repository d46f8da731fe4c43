"""The kind of series a KPI is to a forecast: a flow or stock, a share of one, or not extrapolated."""

from __future__ import annotations

FLOW, SHARE, STOCK, STOCK_SHARE = "flow", "share", "stock", "stock_share"
NOT_EXTRAPOLATED = "not_extrapolated"
"""Every method repeats the year to date: distinct children of a year, medians and averages."""
RATIO_SCALES = {"percentage": 100, "distribution": 100, "rate_10k": 10_000}
"""What numerator / denominator is multiplied by, by kind of KPI."""
STOCK_RULES = ("last_stock", "last_ratio")
"""The forecast rules of KPIs of those present on the last day."""
_KIND_BY_RULE = {
    "run_rate": FLOW,
    "rate_of_forecast": FLOW,
    "ratio_of_forecasts": SHARE,
    "last_stock": STOCK,
    "last_ratio": STOCK_SHARE,
}
_NOT_RATIOS = ("median_days", "average")


def series_kind(forecast_rule: str, kpi_kind: str) -> str:
    """The kind of series of a KPI, by its `forecast_rule` and `kind` in the registry."""
    kind = _KIND_BY_RULE.get(forecast_rule, NOT_EXTRAPOLATED)
    if kind == STOCK_SHARE and kpi_kind == "rate_10k":
        return STOCK  # The denominator is the population, which is fixed within a year.
    return NOT_EXTRAPOLATED if kpi_kind in _NOT_RATIOS else kind


def ratio_scale(kpi_kind: str) -> int:
    """What numerator / denominator is multiplied by: 100 for percentages, 10,000 for rates, 1 for counts."""
    return RATIO_SCALES.get(kpi_kind, 1)

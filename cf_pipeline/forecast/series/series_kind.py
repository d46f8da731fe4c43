"""What a KPI is to a forecast: a flow, a share of a flow, a stock, a share of a stock, or none of them."""

from __future__ import annotations

FLOW, SHARE, STOCK, STOCK_SHARE = "flow", "share", "stock", "stock_share"
CARRIED = "carried"
"""A value that is carried as it is by every method: different children of the year, medians, averages."""
PER_HUNDRED, PER_TEN_THOUSAND = 100.0, 10_000.0
_FAMILIES = {
    "run_rate": FLOW,
    "rate_of_forecast": FLOW,
    "ratio_of_forecasts": SHARE,
    "last_stock": STOCK,
    "last_ratio": STOCK_SHARE,
}
_WITHOUT_A_SHARE = ("median_days", "average")
_SCALES = {"percentage": PER_HUNDRED, "distribution": PER_HUNDRED, "rate_10k": PER_TEN_THOUSAND}


def family_of(rule: str, kind: str) -> str:
    """The family of a KPI's forecast rule and kind."""
    family = _FAMILIES.get(rule, CARRIED)
    if family == STOCK_SHARE and kind == "rate_10k":
        return STOCK  # The population below the line does not move within the year.
    return CARRIED if kind in _WITHOUT_A_SHARE else family


def scale_of(kind: str) -> float:
    """What the ratio of numerator and denominator is multiplied by; 1 for counts."""
    return _SCALES.get(kind, 1.0)

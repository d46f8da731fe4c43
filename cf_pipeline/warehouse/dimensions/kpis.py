"""The table of KPIs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from cf_pipeline.kpi.definitions.category_sets import band_code_set
from cf_pipeline.spc.control_limits import follows_itself

if TYPE_CHECKING:
    from cf_pipeline.kpi.definitions.registry import Kpi

FILLED = ("area", "title", "measure_class", "kind", "unit", "polarity", "decimals")
TEXTS = (
    *("numerator_text", "denominator_text", "threshold", "legal_source"),
    *("comparator_note", "comparator_series"),
)
SUMS = ("run_rate", "rate_of_forecast")
"""Forecast rules of KPIs whose quarters add up: counts of events, and their rates."""
RETIRED = {"area": "Retired", "measure_class": "output", "kind": "flow_count", "polarity": "context"}


def dim_kpi(registry: Mapping[str, Kpi], kpi_ids: Iterable[str] = ()) -> pd.DataFrame:
    """The rows of `dim_kpi`.

    Args:
        registry: the KPIs by id, in the order to show them.
        kpi_ids: those of the facts; one that the registry does not have any more is named by its id, after
            the others: rows that stay from an earlier version of the product may have it.
    """
    kpis = list(registry.values())
    columns: dict[str, object] = {"kpi_id": [kpi.id for kpi in kpis]}
    columns |= {name: [getattr(kpi, name) for kpi in kpis] for name in FILLED}
    columns |= {name: pd.Series([getattr(kpi, name) or None for kpi in kpis], dtype="str") for name in TEXTS}
    sets = pd.Series([band_code_set(kpi) for kpi in kpis], dtype="str")
    columns |= {"position": range(1, len(kpis) + 1), "band_code_set": sets}
    columns |= {"is_stock": [follows_itself(kpi) for kpi in kpis]}
    known = pd.DataFrame(columns | {"is_additive": [kpi.forecast_rule in SUMS for kpi in kpis]})
    retired = sorted(set(kpi_ids) - set(registry))
    if not retired:
        return known
    texts = {"kpi_id": retired, "title": [f"{kpi_id} (no longer measured)" for kpi_id in retired]}
    numbers = {"decimals": 0, "position": range(len(kpis) + 1, len(kpis) + 1 + len(retired))}
    flags = {"is_stock": False, "is_additive": False}
    rows = pd.DataFrame({**texts, **RETIRED, **numbers, "band_code_set": retired, **flags})
    return pd.concat([known, rows], ignore_index=True)

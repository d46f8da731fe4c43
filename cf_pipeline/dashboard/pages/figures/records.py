"""The way from a count to the list of the records that it counts, for those who may see them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cf_pipeline.dashboard.pages.figures.scope import Scope

_WITHOUT_NUMERATOR = ("median_days", "average", "distribution")
_WITHOUT_DENOMINATOR = ("flow_count", "stock", "rate_10k", "distribution")
"""Kinds of KPI of which `restricted.kpi_member` holds no numerator, or no denominator: that of a rate is the
population."""
_NO_TEAM = ("unknown", "other")
"""Categories of teams that are no team."""


def records_href(scope: Scope, kpi: Any, row: Any, role: str = "numerator") -> str | None:
    """The address of the list behind a count; None where there is none, or the reader may not see it.

    Args:
        scope: whose figure it is, and who reads.
        kpi: its row of `dim_kpi`.
        row: its row of `fact_kpi_quarterly`.
        role: which count of it: 'numerator' or 'denominator'.
    """
    without = _WITHOUT_NUMERATOR if role == "numerator" else _WITHOUT_DENOMINATOR
    if row is None or kpi.kind in without or not scope.sees_records or not _has_records(row, role):
        return None
    query = {"quarter": row.quarter_key, "basis": row.basis, "role": role}
    if row.breakdown == "team":
        query["team"] = row.category
    return scope.visit.href("records", query, kpi_id=str(kpi.kpi_id))


def _has_records(row: Any, role: str) -> bool:
    """Whether records are counted, and the list can be found: of the total, or of a team by name."""
    count = getattr(row, role)
    is_found = row.breakdown == "total" or (row.breakdown == "team" and row.category not in _NO_TEAM)
    return bool(is_found and not pd.isna(count) and count > 0)

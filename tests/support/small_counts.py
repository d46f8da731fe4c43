"""Small counts among released rows: those of 1 to 5, and the shares that leave 1 to 5 of their whole."""

from __future__ import annotations

import pandas as pd

SMALL = range(1, 6)
COUNTS, SHARES = ("flow_count", "stock"), ("percentage", "distribution")


def small_counts(rows: pd.DataFrame) -> set[tuple[str, str]]:
    """The KPIs and roles with a count of 1 to 5."""
    is_count, is_average = rows["kind"].isin(COUNTS), rows["kind"].eq("average")
    columns = {
        "numerator": rows["numerator"].mask(is_average),  # of an average a sum of days
        "denominator": rows["denominator"],
    }
    found = {
        (kpi_id, role) for role, each in columns.items() for kpi_id in rows.loc[each.isin(SMALL), "kpi_id"]
    }
    for name in ("value", "value_last_year"):
        is_small = rows[name].isin(SMALL) & is_count
        found |= {(kpi_id, "numerator") for kpi_id in rows.loc[is_small, "kpi_id"]}
    return found


def small_rests(rows: pd.DataFrame) -> set[tuple[str, int, int]]:
    """The shares that leave 1 to 5 of their whole: title, numerator, denominator."""
    rest = (rows["denominator"] - rows["numerator"]).where(rows["kind"].isin(SHARES))
    shares = rows[rest.isin(SMALL) & rows["numerator"].gt(0)]
    return set(
        zip(shares["title"], shares["numerator"].astype(int), shares["denominator"].astype(int), strict=True)
    )

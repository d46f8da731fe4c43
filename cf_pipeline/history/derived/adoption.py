"""Derived columns of children with an adoption plan."""

from __future__ import annotations

import pandas as pd

Tables = dict[str, pd.DataFrame]
WAITING_END_DATES = (
    "matched_date",
    "placed_for_adoption_date",
    "adoption_order_date",
    "decision_reversed_date",
)
"""The dates that end the wait for a match: a child who was placed or adopted has been matched."""


def derive_adoptions(rows: pd.DataFrame, _: Tables) -> pd.DataFrame:
    """Adoptions with waiting_end_date, days_to_placement and days_to_match."""
    moved_in = rows["ffa_placement_date"].fillna(rows["placed_for_adoption_date"])
    return rows.assign(
        waiting_end_date=rows[list(WAITING_END_DATES)].min(axis=1).astype("datetime64[us]"),
        days_to_placement=_days_between(rows["entered_care_date"], moved_in),
        days_to_match=_days_between(rows["placement_order_date"], rows["matched_date"]),
    )


def _days_between(start: pd.Series, end: pd.Series) -> pd.Series:
    days: pd.Series = (end - start).dt.days.astype("Int64")
    return days

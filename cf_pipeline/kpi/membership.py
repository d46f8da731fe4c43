"""The records behind every total: one row a counted record, so that a count equals its number of rows."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from cf_pipeline.kpi.availability import Availability, first_words, has_words
from cf_pipeline.kpi.counted import Members
from cf_pipeline.kpi.measure import measured_quarters, side_of
from cf_pipeline.kpi.members import TEAM_COLUMNS, Counting
from cf_pipeline.kpi.periods import BASES, Periods, periods_of
from cf_pipeline.kpi.registry import Kpi

NUMERATOR, DENOMINATOR = "numerator", "denominator"
MEMBERS: dict[str, str] = {
    "quarter_key": "str",
    "basis": "str",
    "kpi_id": "str",
    "role": "str",
    "member_no": "Int64",
    "person_ref": "str",
    "record_key": "str",
    "list": "str",
    "team": "str",
}
"""Columns of the members and their dtypes."""


def members_of(
    tables: dict[str, pd.DataFrame], registry: dict[str, Kpi], only: Collection[str] | None = None
) -> pd.DataFrame:
    """Every record that a KPI's total counts, in each complete quarter, year to date and year.

    Args:
        tables: the core tables of one authority.
        registry: the KPIs.
        only: the ids of those that are wanted; all when missing.

    Returns:
        The columns of MEMBERS; `member_no` counts from 1 within a figure's numerator or denominator. A
        measure of values (median, average) has its records as denominator. Populations have no records.
    """
    counting = Counting(tables, registry, Availability(tables["coverage"]))
    quarters = measured_quarters(tables["deliveries"], tables["coverage"])
    parts = []
    for kpi in (kpi for kpi in registry.values() if only is None or kpi.id in only):
        for basis in BASES:
            periods = periods_of(quarters, basis)
            if len(periods):
                parts += _of_kpi(counting, kpi, periods)
    parts = [part for part in parts if len(part)]
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in MEMBERS.items()})
    return pd.concat(parts, ignore_index=True).astype(MEMBERS)


def _of_kpi(counting: Counting, kpi: Kpi, periods: Periods) -> list[pd.DataFrame]:
    above, reasons, _ = side_of(counting, kpi.numerator, periods)
    # A measure of values has no numerator of its own: its records are what the value is taken of.
    sides = [(DENOMINATOR if kpi.numerator.value else NUMERATOR, kpi.numerator, above)]
    if kpi.denominator is not None:
        below, missing, _ = side_of(counting, kpi.denominator, periods)
        reasons = first_words(reasons, missing)
        sides.append((DENOMINATOR, kpi.denominator, below))
    known = ~has_words(reasons)
    return [
        _rows(role, members.where(known[members.period]), periods).assign(kpi_id=kpi.id)
        for role, side, members in sides
        if side.sum is None and "person_ref" in members.columns
    ]


def _rows(role: str, members: Members, periods: Periods) -> pd.DataFrame:
    rows = members.frame(["period", "person_ref", "record_key", "_list"])
    team = next((name for name in TEAM_COLUMNS if name in members.columns), None)
    rows = rows.assign(team=None if team is None else members[team])
    ordered = rows.sort_values(["period", "person_ref", "record_key"], ignore_index=True)
    keys = pd.Series(periods.keys, dtype="str")
    return pd.DataFrame(
        {
            "quarter_key": keys.take(ordered["period"].to_numpy(dtype="int64")).to_numpy(),
            "basis": periods.basis,
            "role": role,
            "member_no": ordered.groupby("period").cumcount() + 1,
            "person_ref": ordered["person_ref"],
            "record_key": ordered["record_key"],
            "list": ordered["_list"],
            "team": ordered["team"],
        }
    )

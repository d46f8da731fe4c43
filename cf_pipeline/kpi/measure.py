"""Every KPI of the registry for every complete quarter, year to date and year of one authority."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from cf_pipeline.kpi.availability import Availability, no_words
from cf_pipeline.kpi.breakdowns import DURATION_BANDS, category, duration_bands
from cf_pipeline.kpi.members import Counting, team_column
from cf_pipeline.kpi.periods import BASES, Periods, periods_of
from cf_pipeline.kpi.quarters import Quarter, latest_complete_quarter, quarters_between
from cf_pipeline.kpi.registry import Kpi, Side

COLUMNS: dict[str, str] = {
    "authority_code": "str",
    "quarter_key": "str",
    "basis": "str",
    "kpi_id": "str",
    "breakdown": "str",
    "category": "str",
    "numerator": "Float64",
    "denominator": "Float64",
    "value": "Float64",
    "symbol": "str",
    "reason": "str",
    "as_at": "datetime64[us]",
}
EMPTY_DENOMINATOR = "There was nothing to measure in the period."


def measured_quarters(deliveries: pd.DataFrame, coverage: pd.DataFrame) -> list[Quarter]:
    """The quarters to measure: from the first day covered to the newest complete quarter."""
    newest = latest_complete_quarter(deliveries["as_at"].max().date())
    first = pd.concat([coverage["covers_from"], deliveries["covers_from"]]).min()
    start: dt.date = newest.start if pd.isna(first) else min(first.date(), newest.start)
    return quarters_between(start, newest.end)


def measure(tables: dict[str, pd.DataFrame], registry: dict[str, Kpi], authority_code: str) -> pd.DataFrame:
    """Every KPI, period, breakdown and category.

    Args:
        tables: the core tables of one authority.
        registry: the KPIs.
        authority_code: GSS code.

    Returns:
        The columns of COLUMNS. Counts have no denominator; percentages are 0 to 100, unrounded; a
        period not covered has symbol 'x' and a reason, a denominator of 0 symbol 'z'.
    """
    counting = Counting(tables, registry, Availability(tables["coverage"]))
    quarters = measured_quarters(tables["deliveries"], tables["coverage"])
    frames = [
        _measured(counting, kpi, periods_of(quarters, basis)) for kpi in registry.values() for basis in BASES
    ]
    everything = pd.concat([frame for frame in frames if len(frame)], ignore_index=True)
    everything = everything.assign(authority_code=authority_code, as_at=tables["deliveries"]["as_at"].max())
    return everything[list(COLUMNS)].astype(COLUMNS)


def _measured(counting: Counting, kpi: Kpi, periods: Periods) -> pd.DataFrame:
    """One KPI on one basis: total (or bands) and breakdowns."""
    if not len(periods):
        return pd.DataFrame()
    numerator, missing, notes = _side(counting, kpi.numerator, periods)
    denominator, missing_below, _ = (
        _side(counting, kpi.denominator, periods) if kpi.denominator else (None, no_words(periods), None)
    )
    reasons = missing.fillna(missing_below)
    people = counting.tables["person"].set_index("person_ref")
    parts = []
    if kpi.band is None:
        parts.append(_cells(kpi, periods, "total", "all", numerator, denominator, reasons, notes))
    else:
        bands = duration_bands(numerator[kpi.band.start], numerator["period_end"])
        for band in DURATION_BANDS:
            inside = numerator[bands.eq(band)]
            parts.append(_cells(kpi, periods, "band", band, inside, denominator, reasons, notes))
    supplied = _supplied(counting, kpi.numerator.table)
    for breakdown in kpi.breakdowns:
        team = team_column(kpi.numerator.table, supplied)
        if breakdown == "band" or (breakdown == "team" and team is None):
            continue
        parts += _broken_down(kpi, periods, breakdown, team, numerator, denominator, reasons, people, notes)
    return pd.concat(parts, ignore_index=True).assign(kpi_id=kpi.id, basis=periods.basis)


def _side(counting: Counting, side: Side, periods: Periods) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """Members of a side, the reasons of periods that lack it, and notes on periods that fell back."""
    reasons = counting.availability.reasons(side, periods)
    if side.within is not None:
        other = counting.availability.reasons(counting.registry[side.within].numerator, periods)
        reasons = reasons.fillna(other)
    members = counting.members(side, periods)
    notes = no_words(periods)
    if side.fallback is not None:
        instead = counting.availability.reasons(side.fallback, periods)
        falls_back = reasons.notna() & instead.isna()
        instead_here = falls_back.to_numpy()
        others = counting.members(side.fallback, periods)
        members = pd.concat(
            [
                members[~instead_here[members["period"].to_numpy()]],
                others[instead_here[others["period"].to_numpy()]],
            ],
            ignore_index=True,
        )
        notes = notes.mask(falls_back, side.fallback.note)
        reasons = reasons.mask(falls_back)
    return members, reasons, notes


def _supplied(counting: Counting, table: str) -> set[str]:
    rows = counting.tables["coverage"]
    columns = rows.loc[rows["list"].eq(table), "columns_supplied"]
    return {name for have in columns for name in str(have).split(";")}


def _counts(members: pd.DataFrame, periods: Periods) -> np.ndarray:
    return np.bincount(members["period"].to_numpy(dtype="int64"), minlength=len(periods)).astype("float64")


def _cells(
    kpi: Kpi,
    periods: Periods,
    breakdown: str,
    name: str,
    numerator: pd.DataFrame,
    denominator: pd.DataFrame | None,
    reasons: pd.Series,
    notes: pd.Series,
) -> pd.DataFrame:
    """One category over all periods: counts, value, symbol and reason."""
    covered = reasons.isna().to_numpy()
    above = np.where(covered, _counts(numerator, periods), np.nan)
    if denominator is None:
        below = np.full(len(periods), np.nan)
        value = above
        empty = np.zeros(len(periods), dtype=bool)
    else:
        below = np.where(covered, _counts(denominator, periods), np.nan)
        empty = covered & (below == 0)
        value = above * 100 / np.where(empty | ~covered, np.nan, below)
    symbol = no_words(periods).mask(empty, "z").mask(~covered, "x")
    reason = notes.mask(empty, EMPTY_DENOMINATOR).mask(~covered, reasons)
    return pd.DataFrame(
        {
            "quarter_key": periods.keys,
            "breakdown": breakdown,
            "category": name,
            "numerator": pd.array(above, dtype="Float64"),
            "denominator": pd.array(below, dtype="Float64"),
            "value": pd.array(value, dtype="Float64"),
            "symbol": symbol,
            "reason": reason,
        }
    )


def _broken_down(
    kpi: Kpi,
    periods: Periods,
    breakdown: str,
    team: str | None,
    numerator: pd.DataFrame,
    denominator: pd.DataFrame | None,
    reasons: pd.Series,
    people: pd.DataFrame,
    notes: pd.Series,
) -> list[pd.DataFrame]:
    """One breakdown: every category seen in any period, in periods that are covered."""
    above = category(breakdown, numerator, people, team)
    below = category(breakdown, denominator, people, team) if denominator is not None else above
    cells = []
    for name in sorted(set(above) | set(below)):
        cell = _cells(
            kpi,
            periods,
            breakdown,
            name,
            numerator[above.eq(name)],
            denominator[below.eq(name)] if denominator is not None else None,
            reasons,
            notes,
        )
        cells.append(cell[reasons.isna().to_numpy()])
    return cells

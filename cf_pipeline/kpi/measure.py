"""Every KPI of the registry for every complete quarter, year to date and year of one authority."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from cf_pipeline.kpi.availability import Availability, no_words
from cf_pipeline.kpi.breakdowns import DURATION_BANDS, category, duration_bands
from cf_pipeline.kpi.cells import Cells, counts
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
    numerator, missing, notes = side_of(counting, kpi.numerator, periods)
    denominator, reasons = None, missing
    if kpi.denominator is not None:
        denominator, missing_below, _ = side_of(counting, kpi.denominator, periods)
        reasons = missing.fillna(missing_below)
    cells = Cells(periods, reasons, notes)
    if kpi.band is None:
        below = None if denominator is None else counts(denominator, periods)
        parts = [cells.frame("total", ["all"], counts(numerator, periods), below)]
    else:
        assert denominator is not None  # noqa: S101 - the registry gives every distribution one
        bands = duration_bands(numerator[kpi.band.start], numerator["period_end"])
        inside = counts(numerator, periods, bands, list(DURATION_BANDS))
        below = np.tile(counts(denominator, periods), (len(DURATION_BANDS), 1))
        parts = [cells.frame("band", list(DURATION_BANDS), inside, below)]
    people = counting.tables["person"].set_index("person_ref")
    team = team_column(kpi.numerator.table, _supplied(counting, kpi.numerator.table))
    for breakdown in kpi.breakdowns:
        if breakdown == "band" or (breakdown == "team" and team is None):
            continue
        of_above = category(breakdown, numerator, people, team)
        of_below = None if denominator is None else category(breakdown, denominator, people, team)
        names = sorted(set(of_above) | set(of_above if of_below is None else of_below))
        below = None if denominator is None else counts(denominator, periods, of_below, names)
        frame = cells.frame(breakdown, names, counts(numerator, periods, of_above, names), below)
        parts.append(frame[frame["symbol"].ne("x")])
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True).assign(kpi_id=kpi.id, basis=periods.basis)


def side_of(counting: Counting, side: Side, periods: Periods) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
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

"""What erased records contributed to figures, as amounts without a person: what was published stays.

A figure is the sum of what its records contribute. When records are erased, the amount by which each figure
would change is kept, by KPI, period, breakdown and category, and added whenever the figure is counted again.
A median has no amounts: its published value stays while the values of the other records give the same median
as on the day of the erasure. Amounts of all erasures of an authority are one sum (docs/data_protection.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR, Quarter, latest_complete_quarter
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.kpi.lineage.erased_members import find_member_amounts
from cf_pipeline.kpi.measure.grid import ABSENT, EMPTY_DENOMINATOR, NOTHING
from cf_pipeline.kpi.measure.quarterly import PER_10K, PER_CENT

AMOUNTS = table_contract("erasure/amounts")
QUARTERLY, MONTHLY, BY_TEAM = "quarterly", "monthly", "by_team"
COUNTED = "counted"
"""The part of a row without amounts: it says that figures of its as-at date were counted with and without."""
FIGURE = ["period", "basis", "kpi_id"]
CELL = [*FIGURE, "breakdown", "category", "team"]
NUMBERS = ["numerator", "denominator", "value"]
PERIOD_COLUMN = {QUARTERLY: "quarter_key", MONTHLY: "month", BY_TEAM: "quarter_key"}
SCALES = {"percentage": PER_CENT, "distribution": PER_CENT, "rate_10k": PER_10K, "average": 1}
"""What the numerator of a ratio is multiplied by before it is divided, by the kind of its KPI."""
YTD, YEAR = "ytd", "year"


@dataclass(frozen=True)
class CountedParts:
    """What is counted of one authority: the totals at each as-at date, and every figure at the newest.

    `totals_by_day`: as-at date -> QUARTERLY, totals alone. The others are as `CountedFigures` has them.
    """

    totals_by_day: Mapping[pd.Timestamp, pd.DataFrame]
    quarterly: pd.DataFrame
    monthly: pd.DataFrame
    by_team: pd.DataFrame
    members: pd.DataFrame


def find_amounts(with_records: CountedParts, without_records: CountedParts) -> pd.DataFrame:
    """What the records contribute that only the first of two counts has: the columns of AMOUNTS.

    Args:
        with_records: what is published, the amounts of earlier erasures included.
        without_records: the same counted without the records, and without any amount.
    """
    before, after = _cells(with_records), _cells(without_records)
    is_absent = before["symbol"].eq(ABSENT).fillna(False)
    place = ["part", "as_at", *CELL]
    both = before.assign(is_absent=is_absent).merge(
        after[[*place, *NUMBERS]], on=place, how="left", suffixes=("", "_without"), indicator="side"
    )
    both = both[~both["is_absent"] | both["side"].eq("left_only")]
    covered = after.loc[~after["symbol"].eq(ABSENT).fillna(False), ["part", "as_at", *FIGURE]]
    both["is_whole"] = ~pd.MultiIndex.from_frame(both[["part", "as_at", *FIGURE]]).isin(
        pd.MultiIndex.from_frame(covered)
    )
    both.loc[both["is_absent"] | both["part"].eq(BY_TEAM), "is_whole"] = False
    is_same = both["side"].eq("both")
    for name in NUMBERS:
        other = both[f"{name}_without"]
        is_same &= both[name].eq(other).fillna(False) | (both[name].isna() & other.isna())
    found = both[~is_same].copy()
    for name in ("numerator", "denominator"):
        found[name] = found[name] - found[f"{name}_without"].fillna(0)
    newest = with_records.quarterly["as_at"].max()
    of_members = find_member_amounts(with_records.members, without_records.members, newest)
    of_members = of_members.reindex(columns=AMOUNTS.column_names).assign(is_whole=False, team="")
    days = AMOUNTS.frame([{"part": COUNTED, "as_at": day} for day in before["as_at"].unique()])
    return AMOUNTS.concat([found, AMOUNTS.cast(of_members), days])


def add_amounts(
    part: str, figures: pd.DataFrame, amounts: pd.DataFrame, registry: Mapping[str, Kpi]
) -> pd.DataFrame:
    """Figures with what erased records contributed to them; a figure that is absent stays absent.

    Args:
        part: which figures they are: QUARTERLY, MONTHLY or BY_TEAM.
        figures: as they were counted without the records.
        amounts: AMOUNTS, those of one as-at date (`amounts_at`).
        registry: the KPIs.
    """
    own = amounts[amounts["part"].eq(part) & amounts["kpi_id"].isin(list(registry))]
    if own.empty or figures.empty:
        return figures
    places = _places(part, figures)
    key = pd.MultiIndex.from_frame(places)
    found = own.set_index(pd.MultiIndex.from_frame(own[CELL].fillna("")))
    is_absent = figures["symbol"].eq(ABSENT).fillna(False).to_numpy() if "symbol" in figures else False
    changed = key.isin(found.index)
    whole = found["is_whole"].reindex(key).fillna(False).to_numpy(dtype=bool)
    rows = np.flatnonzero(changed & (~np.broadcast_to(is_absent, len(key)) | whole))
    figures = figures.copy()
    figures.iloc[rows] = _with_amounts(figures.iloc[rows], found.reindex(key[rows]), registry)
    missing = found[~found.index.isin(key)]
    counted = places[~np.broadcast_to(is_absent, len(key))][FIGURE]
    is_counted = pd.MultiIndex.from_frame(missing[FIGURE].fillna("")).isin(pd.MultiIndex.from_frame(counted))
    is_shown = np.where(_is_absent(missing), ~is_counted, is_counted | missing["is_whole"].astype(bool))
    missing = missing[is_shown | (part == BY_TEAM)]
    if missing.empty:
        return figures
    new = _new_rows(part, figures, missing, registry)
    return pd.concat([figures, new], ignore_index=True).astype(figures.dtypes.to_dict())


def amounts_at(amounts: pd.DataFrame, day: pd.Timestamp, registry: Mapping[str, Kpi]) -> pd.DataFrame:
    """The amounts as of the newest delivery up to a day, those of its year carried to the year's end.

    A delivery after the erasure has those of the newest before it. One before it, in whose figures the erased
    records were not, has none: those of an earlier delivery are not added to its figures.
    What erased records contributed to a year so far, they contribute to the rest of it. A stock is of its
    own quarter alone.
    """
    known = amounts[amounts["as_at"] <= day]
    if known.empty:
        return known
    newest = known["as_at"].max()
    known = known[known["as_at"].eq(newest)]
    last = latest_complete_quarter(newest.date())
    is_carried = known["basis"].eq(YTD) & known["period"].eq(last.key) & _is_summed(known["kpi_id"], registry)
    carried = known[is_carried].assign(value=np.nan, value_without=np.nan, is_whole=False)
    now = latest_complete_quarter(day.date())
    later = [Quarter(last.year, number) for number in range(last.number + 1, QUARTERS_PER_YEAR + 1)]
    later = [quarter for quarter in later if quarter <= now]
    parts = [carried.assign(period=quarter.key) for quarter in later]
    parts += [
        carried.assign(period=quarter.key, basis=YEAR)
        for quarter in later
        if quarter.number == QUARTERS_PER_YEAR
    ]
    return AMOUNTS.concat([known, *parts])


def _cells(parts: CountedParts) -> pd.DataFrame:
    """Every figure as a row: part, as_at, CELL, the numbers, symbol, reason and note."""
    newest = parts.quarterly["as_at"].max()
    frames = [
        _cells_of(QUARTERLY, totals, day) for day, totals in parts.totals_by_day.items() if day != newest
    ]
    frames += [
        _cells_of(QUARTERLY, parts.quarterly, newest),
        _cells_of(MONTHLY, parts.monthly, newest),
        _cells_of(BY_TEAM, parts.by_team, newest),
    ]
    return pd.concat(frames, ignore_index=True)


def _cells_of(part: str, figures: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    dtypes = dict.fromkeys(NUMBERS, "Float64") | dict.fromkeys(("symbol", "reason", "note"), "str")
    columns = figures.reindex(columns=list(dtypes)).astype(dtypes)
    return pd.concat([_places(part, figures).assign(part=part, as_at=day), columns], axis="columns")


def _places(part: str, figures: pd.DataFrame) -> pd.DataFrame:
    """The columns of CELL as text; '' where a part has no such column."""
    names = {name: name for name in CELL} | {"period": PERIOD_COLUMN[part]}
    columns = {name: figures[own].astype("str") if own in figures else "" for name, own in names.items()}
    return pd.DataFrame(columns, index=figures.index).astype("str").fillna("")


def _with_amounts(rows: pd.DataFrame, amounts: pd.DataFrame, registry: Mapping[str, Kpi]) -> pd.DataFrame:
    """Rows of figures with the amounts of the same places."""
    rows, amounts = rows.copy(), amounts.set_index(rows.index)
    whole = amounts["is_whole"].to_numpy(dtype=bool)
    columns = [name for name in ("numerator", "denominator") if name in rows]
    for name in columns:
        counted = rows[name].astype("Float64")
        total = counted.fillna(0) + amounts[name].fillna(0)
        rows[name] = total.where(counted.notna() | amounts[name].notna())
    if "value" not in rows:
        return rows
    shown = rows["value"].astype("Float64")
    rows["value"] = _values(rows, shown, amounts, registry)
    is_new = whole | (shown.isna() & rows["value"].notna()).to_numpy(dtype=bool)
    rows.loc[is_new, "symbol"] = None
    for name in ("reason", "note"):
        rows.loc[is_new, name] = amounts.loc[is_new, name]
    is_empty = rows["denominator"].eq(0).fillna(False).to_numpy(dtype=bool)
    rows.loc[is_empty, "symbol"], rows.loc[is_empty, "reason"] = NOTHING, EMPTY_DENOMINATOR
    return rows


def _values(
    rows: pd.DataFrame, other_values: pd.Series, amounts: pd.DataFrame, registry: Mapping[str, Kpi]
) -> pd.Series:
    """The value of each row by the kind of its KPI, from its numerator and denominator."""
    kinds = rows["kpi_id"].astype("str").map({name: kpi.kind for name, kpi in registry.items()})
    scale = kinds.map(SCALES)
    numerator, denominator = rows["numerator"].astype("Float64"), rows["denominator"].astype("Float64")
    ratio = numerator * scale.astype("Float64") / denominator.mask(denominator.eq(0))
    is_same = other_values.eq(amounts["value_without"]).fillna(False) | (
        other_values.isna() & amounts["value_without"].isna()
    )
    median = amounts["value"].where(is_same & amounts["value"].notna(), other_values)
    values = ratio.where(scale.notna(), numerator)
    return values.where(kinds.ne("median_days"), median)


def _new_rows(
    part: str, figures: pd.DataFrame, amounts: pd.DataFrame, registry: Mapping[str, Kpi]
) -> pd.DataFrame:
    """Rows for places that the other records have none of."""
    names = {"period": PERIOD_COLUMN[part]}
    rows = amounts.reset_index(drop=True).rename(columns=names)
    rows = rows.reindex(columns=figures.columns).assign(
        **{name: figures[name].iloc[0] for name in ("authority_code", "as_at") if name in figures}
    )
    for name in NUMBERS:
        if name in rows:
            rows[name] = pd.array([pd.NA] * len(rows), dtype="Float64")
    for name in ("symbol", "reason", "note"):
        if name in rows:
            rows[name] = pd.array([None] * len(rows), dtype="str")
    rows, is_absent = _with_amounts(rows, amounts.reset_index(drop=True), registry), _is_absent(amounts)
    if "symbol" in rows:
        rows.loc[is_absent, "symbol"] = ABSENT
        rows.loc[is_absent, "reason"] = amounts["reason"].to_numpy()[is_absent]
    return rows


def _is_absent(amounts: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Which are of a figure that was published as absent, in a category that only these records have."""
    return amounts[NUMBERS].isna().all(axis="columns").to_numpy(dtype=bool)


def _is_summed(kpi_ids: pd.Series, registry: Mapping[str, Kpi]) -> pd.Series:
    """Whether the KPI counts over a period on both sides, so that a year so far is part of the year."""
    summed = [
        name
        for name, kpi in registry.items()
        if kpi.kind not in ("stock", "median_days")
        and not any(side.is_stock for side in (kpi.numerator, kpi.denominator) if side is not None)
    ]
    return kpi_ids.isin(summed)

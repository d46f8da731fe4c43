"""Answers put together from what steps before the warehouse wrote: forecasts, limits, revisions, issues."""

from __future__ import annotations

import datetime as dt
import math
from itertools import groupby
from statistics import fmean
from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.kpi.definitions.registry import load_registry
from tests.integration.sql_answers.lake_tables import NEWEST, TARGET_NOW, LakeTables, Rows, title


def published_figure(lake: LakeTables, place: str, quarter: Quarter) -> float | None:
    """The re-referrals that a place published for the newest year that had ended by a quarter's end."""
    rows = lake.read("reference", "comparators")
    own = rows[
        rows["kpi_id"].eq("rereferrals_12m_pct")
        & rows["authority_code"].eq(place)
        & rows["is_current"]
        & rows["category"].eq("all")
        & rows["value"].notna()
    ]
    ended = own[[dt.date(int(year), 3, 31) <= quarter.end for year in own["year_ending"]]]
    return float(ended.sort_values("year_ending")["value"].iloc[-1]) if len(ended) else None


def worse_than_last_quarter(lake: LakeTables) -> Rows:
    """2."""
    totals = lake.totals().set_index(["quarter_key", "kpi_id"])
    limits = lake.read("kpi", "control_limits").set_index(["quarter_key", "kpi_id"])["variation"]
    found = []
    for kpi in load_registry().values():
        keys = [(NEWEST.key, kpi.id), (NEWEST.previous().key, kpi.id)]
        if kpi.polarity == "context" or any(key not in totals.index for key in keys):
            continue
        now, before = (totals.loc[key] for key in keys)
        if pd.isna(now["value"]) or pd.isna(before["value"]):
            continue
        difference = now["value"] - before["value"]
        if difference == 0 or (difference > 0) == (kpi.polarity == "higher_better"):
            continue
        variation = limits.get(keys[0])
        errors, chance = judge(kpi, now, before, None if pd.isna(variation) else variation)
        found.append((kpi.title, before["value"], now["value"], errors, chance))
    return sorted(found, key=lambda row: (-abs(row[3]) if row[3] is not None else math.inf, row[0]))


def judge(kpi: Any, now: Any, before: Any, variation: str | None) -> tuple[float | None, str]:
    """The change in standard errors, and what chance says of it."""
    follows_itself = (
        kpi.forecast_rule in ("last_stock", "last_ratio") or kpi.numerator.months or kpi.numerator.overlaps
    )
    is_count, is_share = kpi.kind in ("flow_count", "rate_10k"), kpi.kind == "percentage"
    if follows_itself or not (is_count or is_share):
        words = {None: "not judged", "common_cause": "within chance"}.get(variation, "beyond chance")
        return None, words
    a, b = float(now["numerator"]), float(before["numerator"])
    if is_count:
        errors = (a - b) / math.sqrt(a + b) if a + b else None
        is_few = a + b < 10
    else:
        n, m = float(now["denominator"]), float(before["denominator"])
        share = (a + b) / (n + m)
        spread = math.sqrt(share * (1 - share) * (1 / n + 1 / m))
        errors = (a / n - b / m) / spread if spread else None
        is_few = min(share, 1 - share) * min(n, m) < 5
    if is_few:
        return errors, "too few to judge"
    size = abs(errors or 0)
    return (
        errors,
        "beyond chance" if size >= 3.09 else "at the edge of chance" if size >= 1.96 else "within chance",
    )


def off_target(lake: LakeTables) -> Rows:
    """2, the second query."""
    now = lake.totals().set_index(["quarter_key", "kpi_id"])["value"]
    values = {kpi_id: now[NEWEST.key, kpi_id] for kpi_id in ("contacts_1wd_pct", "assess_45wd_pct")}
    missed = [
        (title(kpi_id), value, TARGET_NOW[kpi_id])
        for kpi_id, value in values.items()
        if value < TARGET_NOW[kpi_id]
    ]
    return sorted(missed)


def errors_by_list(lake: LakeTables) -> Rows:
    """3."""
    issues = pd.concat([lake.read("clean", "issues"), lake.read("core", "issues")])
    issues = issues[issues["severity"].astype(str).eq("error")]
    manifest = lake.read("clean", "deliveries")
    manifest = manifest[manifest["status"].eq("read")]
    found = []
    for name in sorted(set(issues["list"].dropna().astype(str))):
        held = sorted(
            set(
                manifest.loc[manifest["list"].eq(name), ["as_at", "delivery_id"]].itertuples(
                    index=False, name=None
                )
            )
        )
        now, before = [*reversed([each[1] for each in held]), None][:2]
        own = issues[issues["list"].astype(str).eq(name)]
        counts = {
            delivery: own.loc[own["delivery_id"].eq(delivery)].groupby("rule", observed=True)["rows"].sum()
            for delivery in (now, before)
        }
        errors = sum(counts[now])
        change = (
            sum(number - counts[before].get(rule, 0) for rule, number in counts[now].items())
            if before
            else None
        )
        if errors:
            found.append((name, errors, change))
    return sorted(found, key=lambda row: (-row[1], row[0]))


def forecasts_beside_targets(lake: LakeTables) -> Rows:
    """4."""
    rows = lake.read("kpi", "forecast")
    rows = rows[
        rows["is_selected"]
        & rows["fiscal_year"].eq("2019/20")
        & rows["quarters_used"].eq(3)
        & rows["breakdown"].eq("total")
    ].set_index("kpi_id")
    names = ("forecast", "lower_80", "upper_80")
    found = [
        (title(kpi_id), *(rows.loc[kpi_id, name] for name in names), target, rows.loc[kpi_id, "last_year"])
        for kpi_id, target in TARGET_NOW.items()
    ]
    return sorted(found)


def revisions(lake: LakeTables) -> Rows:
    """5."""
    rows = lake.read("kpi", "revisions")
    rows = rows[rows["quarter_key"].eq("2018/19 Q4")]
    found = [
        (
            title(row.kpi_id),
            row.basis,
            row.from_value,
            row.to_value,
            row.from_as_at.date(),
            row.to_as_at.date(),
            row.reason,
        )
        for row in rows.itertuples()
    ]
    return sorted(found, key=lambda row: (row[0], row[1], row[5]))


def outside_limits(lake: LakeTables) -> Rows:
    """8."""
    rows = lake.read("kpi", "control_limits")
    rows = rows[rows["status"].eq("firm")]
    found = [
        (row.quarter_key, title(row.kpi_id), row.value, "above" if row.value > row.upper else "below")
        for row in rows.itertuples()
        if row.value > row.upper or row.value < row.lower
    ]
    return sorted(found, key=lambda row: (-Quarter.parse(row[0]).index, row[1]))


def best_methods(lake: LakeTables) -> Rows:
    """9."""
    rows = lake.read("kpi", "forecast_record")
    rows = rows[rows["abs_pct_error"].notna()].sort_values(["kpi_id", "method"])
    errors: dict[str, list[tuple[float, str, int]]] = {}
    for (kpi_id, method), cells in groupby(rows.itertuples(), key=lambda row: (row.kpi_id, row.method)):
        own = [cell.abs_pct_error for cell in cells]
        errors.setdefault(kpi_id, []).append((fmean(own), method, len(own)))
    found = []
    for kpi_id, methods in errors.items():
        best = min(round(error, 9) for error, _, _ in methods)
        names = {method: (number, error) for error, method, number in methods if round(error, 9) == best}
        found.append((title(kpi_id), frozenset(names), *names[min(names)]))
    return sorted(found, key=lambda row: row[0])


def without_figure(lake: LakeTables) -> Rows:
    """15."""
    rows = lake.totals()
    rows = rows[rows["quarter_key"].eq(NEWEST.key) & rows["value"].isna()]
    return sorted((title(row.kpi_id), row.symbol, row.reason) for row in rows.itertuples())


def received(lake: LakeTables) -> Rows:
    """17."""
    ledger, deliveries = lake.read("core", "row_ledger"), lake.read("core", "deliveries")
    names = ["rows_read", "rows_core", "rows_quarantined", "rows_superseded"]
    as_at = deliveries.drop_duplicates("delivery_id").set_index("delivery_id")["as_at"]
    found = [
        (delivery, as_at[delivery].date(), "read", *(own[name].sum() for name in names))
        for delivery, own in ledger.groupby("delivery_id")
    ]
    return sorted(found, key=lambda row: row[1])


def published_by_year(lake: LakeTables) -> Rows:
    """18."""
    rows = lake.read("reference", "comparators")
    rows = rows[rows["kpi_id"].eq("rereferrals_12m_pct") & rows["category"].eq("all") & rows["is_current"]]
    names = {"E12000007": "London", "E92000001": "England"}
    rows = rows[rows["authority_code"].isin(list(names))]
    return sorted((names[row.authority_code], row.year_ending, row.value) for row in rows.itertuples())

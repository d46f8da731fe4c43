"""The control limits of every KPI: which quarters differ from the others by more than chance explains.

Counts, stocks, medians and averages have XmR limits; percentages a p chart and rates a u chart, both widened
by Laney where the points move more than chance alone moves them. Fewer than 5 points have no limits, fewer
than 12 trial ones. Limits begin anew only where a step change was declared. With a hundred KPIs two or three
are flagged each quarter by chance alone.

Source: NHS "Making Data Count"; `limits` and `signals` hold the arithmetic.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cf_pipeline.contracts.no_rows import no_rows
from cf_pipeline.forecast.choices import CouncilChoices
from cf_pipeline.forecast.series.series_kind import STOCK, STOCK_SHARE, ratio_scale, series_kind
from cf_pipeline.forecast.series.years_so_far import NOT_COVERED
from cf_pipeline.spc.charts import (
    Limits,
    is_overdispersed,
    laney_chart,
    p_chart,
    rate_error,
    share_error,
    u_chart,
    xmr,
)
from cf_pipeline.spc.special_causes import assurance, special_causes

if TYPE_CHECKING:
    from cf_pipeline.kpi.definitions.registry import Kpi

DTYPES = {
    "authority_code": "str",
    "quarter_key": "str",
    "kpi_id": "str",
    "value": "Float64",
    "mean": "Float64",
    "lower": "Float64",
    "upper": "Float64",
    "points": "Int64",
    "status": "str",
    "variation": "str",
    "assurance": "str",
    "chart": "str",
    "cause": "str",
    "caveat": "str",
}
TRIAL, FIRM = 5, 12
"""Points from which limits are drawn, and from which they are firm."""
FEWEST = 5
"""A mean of fewer cases (or of fewer without) is too few to judge."""
IS_STOCK = "a stock follows itself from quarter to quarter, so its limits flag too much: read with care"
CHARTS = {"percentage": ("p", p_chart, share_error), "rate_10k": ("u", u_chart, rate_error)}
UNCHARTED = ("distribution",)
POLARITIES = {"higher_better": 1, "lower_better": -1, "context": 0}


def control_limits(
    kpi_quarterly: pd.DataFrame, registry: Mapping[str, Kpi], choices: CouncilChoices | None = None
) -> pd.DataFrame:
    """The limits of each KPI's total, quarter by quarter.

    Args:
        kpi_quarterly: the measured KPIs.
        registry: the KPIs by id.
        choices: declared step changes, at which limits begin anew, and targets, which assurance is about.

    Returns:
        The columns of fact_control_limit; value, mean and limits in the KPI's unit. points counts those the
        limits rest on. status is none (under 5 points), too_few (to judge), trial (under 12) or firm.
        variation is common_cause, special_improvement, special_concern, special_high or special_low; cause
        the rule that found it. assurance is consistent_pass, consistent_fail or inconsistent. All three are
        missing where there are no limits, assurance also without a target.
    """
    choices = choices or CouncilChoices()
    rows = _points(kpi_quarterly, registry, choices)
    parts = [_charted(of_kind, str(kind)) for kind, of_kind in rows.groupby("kind")]
    if not parts:
        return no_rows(DTYPES)
    found = pd.concat(parts, ignore_index=True).reindex(columns=list(DTYPES))
    for name in ("variation", "assurance", "cause", "caveat"):
        found[name] = found[name].replace("", pd.NA)
    return found.astype(DTYPES).sort_values(["authority_code", "kpi_id", "quarter_key"], ignore_index=True)


def _points(
    kpi_quarterly: pd.DataFrame, registry: Mapping[str, Kpi], choices: CouncilChoices
) -> pd.DataFrame:
    """Quarters of totals that have a value, with the KPI's kind and the phase (between step changes)."""
    kpis = {kpi.id: kpi for kpi in registry.values() if kpi.kind not in UNCHARTED}
    rows = kpi_quarterly[
        kpi_quarterly["basis"].eq("quarter")
        & kpi_quarterly["breakdown"].eq("total")
        & kpi_quarterly["kpi_id"].isin(list(kpis))
        & kpi_quarterly["symbol"].fillna("").ne(NOT_COVERED)
        & kpi_quarterly["value"].notna()
    ]
    key, kpi_id = rows["quarter_key"].str, rows["kpi_id"]
    stocks = {
        name for name, kpi in kpis.items() if series_kind(kpi.forecast_rule, kpi.kind) in (STOCK, STOCK_SHARE)
    }
    return rows.assign(
        kind=kpi_id.map({name: kpi.kind for name, kpi in kpis.items()}),
        better=kpi_id.map({name: POLARITIES[kpi.polarity] for name, kpi in kpis.items()}),
        target=kpi_id.map({name: choices.targets.get(name, np.nan) for name in kpis}).astype("float64"),
        caveat=kpi_id.map({name: IS_STOCK if name in stocks else "" for name in kpis}),
        quarter=key[:4].astype("int64") * 4 + key[-1].astype("int64") - 1,
        phase=choices.count_step_changes(rows),
    )


def _charted(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    """The rows of one kind with their limits: one line a KPI and phase, one column a quarter."""
    lines = rows.groupby(["authority_code", "kpi_id", "phase"]).ngroup().to_numpy()
    columns = (rows["quarter"] - rows["quarter"].min()).to_numpy(dtype="int64")
    grids = np.full((3, int(lines.max()) + 1, int(columns.max()) + 1), np.nan)
    for grid, name in zip(grids, ("value", "numerator", "denominator"), strict=True):
        grid[lines, columns] = rows[name].to_numpy(dtype="float64", na_value=np.nan)
    values, cases, sizes = grids
    points = (~np.isnan(values)).sum(axis=1, keepdims=True)
    is_few = _are_few(kind, cases, sizes)
    limits, chart = _limits(kind, values, cases, sizes)
    limits = _where((points >= TRIAL) & ~is_few, limits, values.shape)
    status = np.select([points < TRIAL, is_few, points < FIRM], ["none", "too_few", "trial"], default="firm")
    at = (lines, columns)
    cause, direction = (signal[at] for signal in special_causes(values, limits))
    lower, upper = limits.lower[at], limits.upper[at]
    better, has_limits = rows["better"].to_numpy(), ~np.isnan(lower)
    # What is neither better nor worse cannot meet a target.
    target = np.where(better == 0, np.nan, rows["target"])
    return rows[["authority_code", "quarter_key", "kpi_id", "value"]].assign(
        mean=limits.mean[at],
        # No figure is below 0; the signals were looked for beside the whole limit.
        lower=np.maximum(lower, 0),
        upper=upper,
        points=points[lines, 0],
        status=status[lines, 0],
        variation=_variation(cause, direction, better, has_limits),
        assurance=assurance(lower, upper, target, better > 0),
        chart=chart[lines, 0],
        cause=cause,
        caveat=np.where(has_limits, rows["caveat"], ""),
    )


def _where(has_limits: np.ndarray, limits: Limits, shape: tuple[int, ...]) -> Limits:
    """Limits for every point; NaN for lines without."""
    sides = (np.broadcast_to(side, shape) for side in (limits.mean, limits.lower, limits.upper))
    return Limits(*(np.where(has_limits, side, np.nan) for side in sides))


def _limits(kind: str, values: np.ndarray, cases: np.ndarray, sizes: np.ndarray) -> tuple[Limits, np.ndarray]:
    """The limits in the KPI's unit, and the chart of each line."""
    if kind not in CHARTS:
        return xmr(values), np.full((len(values), 1), "XmR", dtype="object")
    name, plain, error = CHARTS[kind]
    narrow, wide = plain(cases, sizes), laney_chart(cases, sizes, error)
    wider = (wide.upper - wide.mean > narrow.upper - narrow.mean).any(axis=1, keepdims=True)
    is_wide = is_overdispersed(cases, sizes, error) & wider
    chosen = (
        ratio_scale(kind) * np.where(is_wide, getattr(wide, side), getattr(narrow, side))
        for side in ("mean", "lower", "upper")
    )
    return Limits(*chosen), np.where(is_wide, f"Laney {name}", name).astype("object")


def _are_few(kind: str, cases: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Whether a line's points hold too few cases (or, for shares, too few others) to judge; medians never."""
    many = (~np.isnan(cases)).sum(axis=1, keepdims=True)
    with_cases = np.nansum(cases, axis=1, keepdims=True)
    others = np.nansum(sizes - cases, axis=1, keepdims=True) if kind == "percentage" else with_cases
    return np.asarray((many > 0) & (np.minimum(with_cases, others) < FEWEST * many))


def _variation(
    cause: np.ndarray, direction: np.ndarray, better: np.ndarray, has_limits: np.ndarray
) -> np.ndarray:
    is_special = has_limits & (cause != "")
    return np.select(
        [~has_limits, ~is_special, direction * better > 0, direction * better < 0, direction > 0],
        ["", "common_cause", "special_improvement", "special_concern", "special_high"],
        default="special_low",
    )

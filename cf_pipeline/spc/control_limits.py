"""The control limits of every KPI: which quarters differ from the others by more than chance explains.

Counts, stocks, medians and averages have XmR limits. Percentages have a p chart and rates a u chart, with
Laney's limits where the points move more than chance alone moves them. Fewer than 5 points have no limits,
fewer than 12 trial limits. Limits are computed anew only after a declared step change. With a hundred KPIs
two or three are flagged each quarter by chance alone.

Source: NHS "Making Data Count"; `docs/forecasts.md`, "Control limits".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.forecast.choices import CouncilChoices
from cf_pipeline.forecast.series.series_keys import quarter_numbers
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
    xmr_chart,
)
from cf_pipeline.spc.special_causes import assurance, special_causes

if TYPE_CHECKING:
    from cf_pipeline.kpi.definitions.registry import Kpi

CONTROL_LIMITS = table_contract("kpi/control_limits")
TRIAL, FIRM = 5, 12
"""Points from which there are limits, and from which the limits are firm."""
FEWEST_CASES = 5
"""With fewer cases (or fewer other cases) a point on average, the points are too few to judge."""
STOCK_CAVEAT = "a stock follows itself from quarter to quarter, so its limits flag too much: read with care"
CHARTS = {"percentage": ("p", p_chart, share_error), "rate_10k": ("u", u_chart, rate_error)}
"""Name, limits and standard error of the chart by kind of KPI; XmR for kinds that are not here."""
KINDS_WITHOUT_CHART = ("distribution",)
POLARITIES = {"higher_better": 1, "lower_better": -1, "context": 0}


def control_limits(
    kpi_quarterly: pd.DataFrame, registry: Mapping[str, Kpi], choices: CouncilChoices | None = None
) -> pd.DataFrame:
    """The limits of each KPI's total, quarter by quarter.

    Args:
        kpi_quarterly: the measured KPIs.
        registry: the KPIs by id.
        choices: declared step changes, after which limits are computed anew, and targets, for assurance.

    Returns:
        The columns of fact_control_limit. value, mean and limits are in the KPI's unit; points is the number
        of quarters that the limits are computed from. status is none (under 5 points), too_few (to judge),
        trial (under 12) or firm. variation is common_cause, special_improvement, special_concern,
        special_high or special_low; cause is the rule that found it. assurance is consistent_pass,
        consistent_fail or inconsistent. All three are missing where there are no limits, assurance also
        without a target.
    """
    choices = choices or CouncilChoices()
    rows = _points(kpi_quarterly, registry, choices)
    parts = [_limits_of_kind(of_kind, str(kind)) for kind, of_kind in rows.groupby("kind")]
    if not parts:
        return CONTROL_LIMITS.empty()
    limits = pd.concat(parts, ignore_index=True).reindex(columns=CONTROL_LIMITS.column_names)
    for name in ("variation", "assurance", "cause", "caveat"):
        limits[name] = limits[name].replace("", pd.NA)
    return CONTROL_LIMITS.cast(limits).sort_values(
        ["authority_code", "kpi_id", "quarter_key"], ignore_index=True
    )


def _points(
    kpi_quarterly: pd.DataFrame, registry: Mapping[str, Kpi], choices: CouncilChoices
) -> pd.DataFrame:
    """Quarters of totals that have a value, with the attributes of their KPI, and their phase.

    Adds kind, better (1 when higher is better, -1 when lower is, else 0), target, caveat, quarter (a number
    that rises by 1 each quarter) and phase (the number of step changes before it).
    """
    kpis = {kpi.id: kpi for kpi in registry.values() if kpi.kind not in KINDS_WITHOUT_CHART}
    rows = kpi_quarterly[
        kpi_quarterly["basis"].eq("quarter")
        & kpi_quarterly["breakdown"].eq("total")
        & kpi_quarterly["kpi_id"].isin(list(kpis))
        & kpi_quarterly["symbol"].fillna("").ne(NOT_COVERED)
        & kpi_quarterly["value"].notna()
    ]
    kpi_id = rows["kpi_id"]
    stocks = {
        name for name, kpi in kpis.items() if series_kind(kpi.forecast_rule, kpi.kind) in (STOCK, STOCK_SHARE)
    }
    return rows.assign(
        kind=kpi_id.map({name: kpi.kind for name, kpi in kpis.items()}),
        better=kpi_id.map({name: POLARITIES[kpi.polarity] for name, kpi in kpis.items()}),
        target=kpi_id.map({name: choices.targets.get(name, np.nan) for name in kpis}).astype("float64"),
        caveat=kpi_id.map({name: STOCK_CAVEAT if name in stocks else "" for name in kpis}),
        quarter=quarter_numbers(rows["quarter_key"]),
        phase=choices.count_step_changes(rows),
    )


def _limits_of_kind(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    """The points of one kind of KPI with their limits, computed on one row a KPI and phase."""
    series = rows.groupby(["authority_code", "kpi_id", "phase"]).ngroup().to_numpy()
    columns = (rows["quarter"] - rows["quarter"].min()).to_numpy(dtype="int64")
    grids = np.full((3, int(series.max()) + 1, int(columns.max()) + 1), np.nan)
    for grid, name in zip(grids, ("value", "numerator", "denominator"), strict=True):
        grid[series, columns] = rows[name].to_numpy(dtype="float64", na_value=np.nan)
    values, cases, sizes = grids
    points = (~np.isnan(values)).sum(axis=1, keepdims=True)
    is_few = _has_few_cases(kind, cases, sizes)
    limits, chart = _chart(kind, values, cases, sizes)
    limits = _mask_limits((points >= TRIAL) & ~is_few, limits, values.shape)
    status = np.select([points < TRIAL, is_few, points < FIRM], ["none", "too_few", "trial"], default="firm")
    at = (series, columns)
    cause, direction = (signal[at] for signal in special_causes(values, limits))
    lower, upper = limits.lower[at], limits.upper[at]
    better, has_limits = rows["better"].to_numpy(), ~np.isnan(lower)
    # A KPI of which neither higher nor lower is better cannot meet a target.
    target = np.where(better == 0, np.nan, rows["target"])
    return rows[["authority_code", "quarter_key", "kpi_id", "value"]].assign(
        mean=limits.mean[at],
        # No figure is below 0; the signals were found with the uncut limit.
        lower=np.maximum(lower, 0),
        upper=upper,
        points=points[series, 0],
        status=status[series, 0],
        variation=_variation(cause, direction, better, has_limits),
        assurance=assurance(lower, upper, target, better > 0),
        chart=chart[series, 0],
        cause=cause,
        caveat=np.where(has_limits, rows["caveat"], ""),
    )


def _mask_limits(has_limits: np.ndarray, limits: Limits, shape: tuple[int, ...]) -> Limits:
    """Limits for every point; NaN for series that have none."""
    lines = (np.broadcast_to(line, shape) for line in (limits.mean, limits.lower, limits.upper))
    return Limits(*(np.where(has_limits, line, np.nan) for line in lines))


def _chart(kind: str, values: np.ndarray, cases: np.ndarray, sizes: np.ndarray) -> tuple[Limits, np.ndarray]:
    """The limits in the KPI's unit, and the name of the chart of each series."""
    if kind not in CHARTS:
        return xmr_chart(values), np.full((len(values), 1), "XmR", dtype="object")
    name, chart, error = CHARTS[kind]
    plain, laney = chart(cases, sizes), laney_chart(cases, sizes, error)
    is_wider = (laney.upper - laney.mean > plain.upper - plain.mean).any(axis=1, keepdims=True)
    is_laney = is_overdispersed(cases, sizes, error) & is_wider
    limits = (
        ratio_scale(kind) * np.where(is_laney, getattr(laney, line), getattr(plain, line))
        for line in ("mean", "lower", "upper")
    )
    return Limits(*limits), np.where(is_laney, f"Laney {name}", name).astype("object")


def _has_few_cases(kind: str, cases: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Whether a series has too few cases (of a share, or too few others) to judge; a median never has."""
    points = (~np.isnan(cases)).sum(axis=1, keepdims=True)
    total = np.nansum(cases, axis=1, keepdims=True)
    others = np.nansum(sizes - cases, axis=1, keepdims=True) if kind == "percentage" else total
    return np.asarray((points > 0) & (np.minimum(total, others) < FEWEST_CASES * points))


def _variation(
    cause: np.ndarray, direction: np.ndarray, better: np.ndarray, has_limits: np.ndarray
) -> np.ndarray:
    is_special = has_limits & (cause != "")
    return np.select(
        [~has_limits, ~is_special, direction * better > 0, direction * better < 0, direction > 0],
        ["", "common_cause", "special_improvement", "special_concern", "special_high"],
        default="special_low",
    )

"""The control limits of every KPI: which quarters differ from the others by more than chance explains.

Counts, stocks, medians and averages have XmR limits, those of a flow's count at least as wide as chance alone
makes them (c). Percentages have a p chart and rates a u chart, with Laney's limits where the points move more
than chance alone moves them. Fewer than 5 points have no limits, nor have a population and other context and
points that never move. Limits are firm from 12 points of at least 4 different values, before that on trial.
Only firm limits flag a quarter. Limits are computed anew only after a declared step change. With a hundred
KPIs two or three are flagged each quarter by chance alone.

Source: `docs/rulings.md#36`; NHS "Making Data Count"; `docs/forecasts.md`, "Control limits".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.forecast.choices import CouncilChoices
from cf_pipeline.forecast.series.series_keys import quarter_numbers, series_numbers
from cf_pipeline.forecast.series.series_kind import STOCK_RULES, ratio_scale
from cf_pipeline.forecast.series.years_so_far import NOT_COVERED
from cf_pipeline.forecast.targets import target_values
from cf_pipeline.spc.charts import (
    Limits,
    c_chart,
    is_overdispersed,
    laney_chart,
    p_chart,
    rate_error,
    share_error,
    u_chart,
    wider_limits,
    xmr_chart,
)
from cf_pipeline.spc.special_causes import assurance, large_changes, special_causes

if TYPE_CHECKING:
    from cf_pipeline.kpi.definitions.registry import Kpi

CONTROL_LIMITS = table_contract("kpi/control_limits")
TRIAL, FIRM = 5, 12
"""Points from which there are limits, and from which the limits are firm."""
FEWEST_DIFFERENT = 4
"""Different values from which limits are firm: a figure that seldom moves says little of how it moves."""
SAME_VALUE = 1e-9
"""Values, or both limits, that are nearer to each other than this are the same."""
TRIAL_STATUS, FIRM_STATUS = "trial", "firm"
FEWEST_CASES = 5
"""With fewer cases (or fewer other cases) a point on average, the points are too few to judge."""
STOCK_CAVEAT = (
    "a stock follows itself from quarter to quarter, so only a larger change from the quarter before than "
    "usual is flagged, not its distance from the limits: read with care"
)
TRIAL_CAVEAT = "trial limits, which flag nothing: firm ones need twelve quarters of four different values"
CHARTS = {"percentage": ("p", p_chart, share_error), "rate_10k": ("u", u_chart, rate_error)}
"""Name, limits and standard error of the chart by kind of KPI; XmR for kinds that are not here."""
KINDS_WITHOUT_CHART = ("distribution",)
AREA_WITHOUT_LIMITS = "Context"
"""The area of the population and of other figures that describe no process of the service."""
COUNT_OF_EVENTS = "flow_count"
TEXTS_OR_NOTHING = ("variation", "assurance", "cause", "caveat")
"""Columns of text that are missing where nothing is to be said."""
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
        of quarters that the limits are computed from. status is none (under 5 points, context, or points
        that never move), too_few (to judge), trial (under 12 points or 4 different values) or firm.
        variation is common_cause, special_improvement, special_concern, special_high or special_low; cause
        is the rule that found it; both are missing without firm limits. assurance is consistent_pass,
        consistent_fail or inconsistent, missing without limits or a target.
    """
    choices = choices or CouncilChoices()
    rows = _points(kpi_quarterly, registry, choices)
    if rows.empty:
        return CONTROL_LIMITS.empty()
    kind, kinds = pd.factorize(rows["kind"])
    members = [np.flatnonzero(kind == number) for number in range(len(kinds))]
    parts = [_limits_of_kind(rows.take(at), name) for at, name in zip(members, kinds, strict=True)]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    nothing = np.array(None, dtype="object")
    columns |= {name: np.where(columns[name] == "", nothing, columns[name]) for name in TEXTS_OR_NOTHING}
    keys = rows[["authority_code", "quarter_key", "kpi_id", "value"]].take(np.concatenate(members))
    return CONTROL_LIMITS.cast(keys.assign(**columns)).sort_values(
        ["authority_code", "kpi_id", "quarter_key"], ignore_index=True
    )


def _points(
    kpi_quarterly: pd.DataFrame, registry: Mapping[str, Kpi], choices: CouncilChoices
) -> pd.DataFrame:
    """Quarters of totals that have a value, with the attributes of their KPI, and their phase.

    Adds kind, better (1 when higher is better, -1 when lower is, else 0), target, is_context, follows_itself
    (as a stock does), quarter (a number that rises by 1 each quarter), phase (the number of step changes
    before it) and series (a number of its own for each authority, KPI and phase).
    """
    kpis = {kpi.id: kpi for kpi in registry.values() if kpi.kind not in KINDS_WITHOUT_CHART}
    is_point = (
        kpi_quarterly["basis"].eq("quarter")
        & kpi_quarterly["breakdown"].eq("total")
        & kpi_quarterly["kpi_id"].isin(list(kpis))
        & kpi_quarterly["symbol"].ne(NOT_COVERED)
        & kpi_quarterly["value"].notna()
    )
    columns = ["authority_code", "quarter_key", "kpi_id", "numerator", "denominator", "value"]
    rows = kpi_quarterly.loc[is_point, columns]
    codes, ids = pd.factorize(rows["kpi_id"])
    of_kpi = [kpis[kpi_id] for kpi_id in ids]
    rows = rows.assign(
        kind=np.array([kpi.kind for kpi in of_kpi], dtype="object")[codes],
        better=np.array([POLARITIES[kpi.polarity] for kpi in of_kpi], dtype="int64")[codes],
        target=target_values(rows, choices.targets),
        is_context=np.array([kpi.area == AREA_WITHOUT_LIMITS for kpi in of_kpi], dtype="bool")[codes],
        follows_itself=np.array([follows_itself(kpi) for kpi in of_kpi], dtype="bool")[codes],
        quarter=quarter_numbers(rows["quarter_key"]),
        phase=choices.count_step_changes(rows),
    )
    return rows.assign(series=series_numbers(rows, ["authority_code", "kpi_id", "phase"])[0])


def follows_itself(kpi: Kpi) -> bool:
    """Whether most of what a KPI counts was counted the quarter before.

    So it is of a stock, of a window longer than a quarter, and of those whose intervals overlap it.
    """
    return kpi.forecast_rule in STOCK_RULES or bool(kpi.numerator.months or kpi.numerator.overlaps)


def _limits_of_kind(rows: pd.DataFrame, kind: str) -> dict[str, np.ndarray]:
    """The limits of the points of one kind of KPI by column, computed on one row a KPI and phase."""
    series, _ = pd.factorize(rows["series"])
    columns = (rows["quarter"] - rows["quarter"].min()).to_numpy(dtype="int64")
    grids = np.full((3, int(series.max()) + 1, int(columns.max()) + 1), np.nan)
    for grid, name in zip(grids, ("value", "numerator", "denominator"), strict=True):
        grid[series, columns] = rows[name].to_numpy(dtype="float64", na_value=np.nan)
    values, cases, sizes = grids
    flags = np.zeros((2, len(grids[0]), 1), dtype="bool")
    flags[0, series, 0], flags[1, series, 0] = rows["is_context"], rows["follows_itself"]
    is_context, follows_itself = flags
    limits, chart = _chart(kind, values, cases, sizes)
    status = _statuses(values, limits, is_context, _has_few_cases(kind, cases, sizes))
    limits = _mask_limits(np.isin(status, [TRIAL_STATUS, FIRM_STATUS]), limits, values.shape)
    at = (series, columns)
    is_firm = status == FIRM_STATUS
    (of_level, level_side), (of_change, change_side) = special_causes(values, limits), large_changes(values)
    cause = np.where(is_firm, np.where(follows_itself, of_change, of_level), "")[at]
    direction = np.where(is_firm, np.where(follows_itself, change_side, level_side), 0)[at]
    lower, upper, status = limits.lower[at], limits.upper[at], status[series, 0]
    better, has_limits = rows["better"].to_numpy(), ~np.isnan(lower)
    # A KPI of which neither higher nor lower is better cannot meet a target.
    target = np.where(better == 0, np.nan, rows["target"])
    return {
        "mean": limits.mean[at],
        # No figure is below 0; the signals were found with the uncut limit.
        "lower": np.maximum(lower, 0),
        "upper": upper,
        "points": _count_points(values)[series, 0],
        "status": status,
        "variation": _variation(cause, direction, better, status == FIRM_STATUS),
        "assurance": assurance(lower, upper, target, better > 0),
        "chart": chart[series, 0],
        "cause": cause,
        "caveat": np.select(
            [~has_limits, status == TRIAL_STATUS, rows["follows_itself"]],
            ["", TRIAL_CAVEAT, STOCK_CAVEAT],
            default="",
        ),
    }


def _statuses(values: np.ndarray, limits: Limits, is_context: np.ndarray, is_few: np.ndarray) -> np.ndarray:
    """How firm the limits of each series are, as in the column `status`: one column."""
    points = _count_points(values)
    width = np.broadcast_to(limits.upper - limits.lower, values.shape)
    # Points that never move have limits of no width: any later point would lie outside.
    has_width = np.nan_to_num(width).max(axis=1, keepdims=True) > SAME_VALUE
    is_new = np.diff(np.sort(values, axis=1), axis=1, prepend=-np.inf) > SAME_VALUE
    is_seldom = is_new.sum(axis=1, keepdims=True) < FEWEST_DIFFERENT
    return np.select(
        [is_context | (points < TRIAL), is_few, ~has_width, (points < FIRM) | is_seldom],
        ["none", "too_few", "none", TRIAL_STATUS],
        default=FIRM_STATUS,
    )


def _count_points(values: np.ndarray) -> np.ndarray:
    return np.asarray((~np.isnan(values)).sum(axis=1, keepdims=True))


def _mask_limits(has_limits: np.ndarray, limits: Limits, shape: tuple[int, ...]) -> Limits:
    """Limits for every point; NaN for series that have none."""
    lines = (np.broadcast_to(line, shape) for line in (limits.mean, limits.lower, limits.upper))
    return Limits(*(np.where(has_limits, line, np.nan) for line in lines))


def _chart(kind: str, values: np.ndarray, cases: np.ndarray, sizes: np.ndarray) -> tuple[Limits, np.ndarray]:
    """The limits in the KPI's unit, and the name of the chart of each series."""
    if kind not in CHARTS:
        xmr = xmr_chart(values)
        # Counts of events that seem steadier than chance are so by accident, or for this long.
        limits, is_wider = wider_limits(xmr, c_chart(values) if kind == COUNT_OF_EVENTS else xmr)
        return limits, np.where(is_wider, "c", "XmR").astype("object")
    name, chart, error = CHARTS[kind]
    plain = chart(cases, sizes)
    laney, is_wider = wider_limits(plain, laney_chart(cases, sizes, error))
    is_laney = is_overdispersed(cases, sizes, error) & is_wider
    limits_in_unit = (
        ratio_scale(kind) * np.where(is_laney, getattr(laney, line), getattr(plain, line))
        for line in ("mean", "lower", "upper")
    )
    return Limits(*limits_in_unit), np.where(is_laney, f"Laney {name}", name).astype("object")


def _has_few_cases(kind: str, cases: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Whether a series has too few cases (of a share, or too few others) to judge; a median never has."""
    points = _count_points(cases)
    total = np.nansum(cases, axis=1, keepdims=True)
    others = np.nansum(sizes - cases, axis=1, keepdims=True) if kind == "percentage" else total
    return np.asarray((points > 0) & (np.minimum(total, others) < FEWEST_CASES * points))


def _variation(
    cause: np.ndarray, direction: np.ndarray, better: np.ndarray, is_firm: np.ndarray
) -> np.ndarray:
    return np.select(
        [~is_firm, cause == "", direction * better > 0, direction * better < 0, direction > 0],
        ["", "common_cause", "special_improvement", "special_concern", "special_high"],
        default="special_low",
    )

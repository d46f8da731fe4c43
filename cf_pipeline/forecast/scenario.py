"""A scenario: the figures of one KPI with some quarters of its newest year replaced by given values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cf_pipeline.contracts.dates.quarters import QUARTERS_PER_YEAR, Quarter
from cf_pipeline.errors import PlainError
from cf_pipeline.forecast.series.series_keys import SERIES_KEY, quarter_parts
from cf_pipeline.forecast.series.series_kind import (
    NOT_EXTRAPOLATED,
    SHARE,
    STOCK,
    STOCK_SHARE,
    ratio_scale,
    series_kind,
)

if TYPE_CHECKING:
    from cf_pipeline.kpi.definitions.registry import Kpi

_SETTING = re.compile(r"^Q([1-4])=(\d+)(?:/(\d+))?$")
MONTHS_PER_QUARTER = 3
QuarterValues = Mapping[int, tuple[int, int | None]]
"""Numerator and denominator (None for a count) by quarter number, 1 to 4."""


class ScenarioError(PlainError):
    """A scenario that cannot be computed; the message is one plain sentence."""


def parse_scenario(texts: Sequence[str]) -> dict[int, tuple[int, int | None]]:
    """The quarter values of texts such as 'Q4=25' or, for a share, 'Q4=20/25'.

    Raises:
        ScenarioError: a text has neither form.
    """
    values: dict[int, tuple[int, int | None]] = {}
    for text in texts:
        match = _SETTING.match(text)
        if match is None:
            raise ScenarioError(
                f"--set {text}: write a quarter and a count as Q4=25, or a share as Q4=20/25."
            )
        values[int(match[1])] = (int(match[2]), None if match[3] is None else int(match[3]))
    return values


def apply_scenario(
    kpi_quarterly: pd.DataFrame, kpi_monthly: pd.DataFrame, kpi: Kpi, values: QuarterValues
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The total of one KPI and authority, by quarter and by month, with some quarters of its newest year set.

    Args:
        kpi_quarterly: figures of one authority.
        kpi_monthly: their months.
        kpi: the KPI.
        values: of the quarters to set. A quarter after the newest known one must follow without a gap.

    Returns:
        Only the rows of the KPI's total: quarters, years to date and year, computed from the values; the
        value of a quarter is spread evenly over its months.

    Raises:
        ScenarioError: the KPI's year does not follow from its quarters, a share lacks its denominator (or a
            count has one), or a quarter before a set one is not known.
    """
    kind = series_kind(kpi.forecast_rule, kpi.kind)
    _check_values(kpi, kind, values)
    quarters = _select_total(kpi_quarterly, kpi.id)
    months = _select_total(kpi_monthly, kpi.id)
    known = quarters[quarters["basis"].eq("quarter")].dropna(subset="numerator")
    if known.empty:
        raise ScenarioError(f"KPI {kpi.id}: no quarter of it is known, so there is nothing to go on from.")
    year = Quarter.parse(str(known["quarter_key"].max())).year
    this_year = _set_quarters(known, year, values, kpi.id)
    replaced = _cumulate(this_year, year, known.iloc[-1], kpi, is_stock=kind in (STOCK, STOCK_SHARE))
    keys = [quarter.key for quarter in Quarter(year, QUARTERS_PER_YEAR).year_quarters()]
    kept = quarters[~quarters["quarter_key"].isin(keys)]
    replaced = replaced.reindex(columns=kept.columns).astype(kept.dtypes.to_dict())
    return pd.concat([kept, replaced], ignore_index=True), _set_months(months, year, values)


def _check_values(kpi: Kpi, kind: str, values: QuarterValues) -> None:
    if kind == NOT_EXTRAPOLATED:
        raise ScenarioError(
            f"KPI {kpi.id}: its year does not follow from its quarters, so no quarter of it can be set."
        )
    is_share = kind in (SHARE, STOCK_SHARE)
    for number, (numerator, denominator) in values.items():
        if is_share != (denominator is not None):
            form = f"Q{number}=20/25, the part and the whole" if is_share else f"Q{number}=25"
            raise ScenarioError(f"KPI {kpi.id}: write --set {form}.")
        if denominator is not None and numerator > denominator:
            raise ScenarioError(f"KPI {kpi.id}: --set Q{number} has a part above its whole.")


def _select_total(rows: pd.DataFrame, kpi_id: str) -> pd.DataFrame:
    return rows[rows["kpi_id"].eq(kpi_id) & rows["breakdown"].eq("total")]


def _set_quarters(quarters: pd.DataFrame, year: int, values: QuarterValues, kpi_id: str) -> pd.DataFrame:
    """Numerator and denominator by quarter number of a year, up to its newest known or set quarter."""
    parts = quarter_parts(quarters["quarter_key"])
    is_this_year = parts["year"].eq(year)
    number = parts.loc[is_this_year, "quarter_no"].astype("int64")
    table = quarters[is_this_year].set_index(number)[["numerator", "denominator"]].astype("float64")
    for quarter_no, (numerator, denominator) in values.items():
        # A rate keeps its population; a count has no denominator.
        kept = table["denominator"].iloc[-1] if denominator is None and len(table) else denominator
        table.loc[quarter_no] = [numerator, np.nan if kept is None else kept]
    table = table.sort_index()
    missing = sorted(set(range(1, int(table.index.max()) + 1)) - set(table.index))
    if missing:
        raise ScenarioError(f"KPI {kpi_id}: Q{missing[0]} is not known; set it as well.")
    return table


def _cumulate(
    table: pd.DataFrame, year: int, template: pd.Series, kpi: Kpi, *, is_stock: bool
) -> pd.DataFrame:
    """The quarters, years to date and year of the quarters in `table`, keyed as the row `template`."""
    to_date = table if is_stock else table.cumsum()
    if kpi.kind == "rate_10k":
        to_date = to_date.assign(denominator=table["denominator"])
    parts = [
        table.assign(basis="quarter"),
        to_date.assign(basis="ytd"),
        to_date[to_date.index == QUARTERS_PER_YEAR].assign(basis="year"),
    ]
    rows = pd.concat(parts)
    denominator = rows["denominator"].fillna(1.0)
    value = (rows["numerator"] * ratio_scale(kpi.kind) / denominator).where(denominator > 0)
    return rows.assign(
        quarter_key=[Quarter(year, int(number)).key for number in rows.index],
        value=value,
        symbol=pd.Series(None, rows.index, dtype="str").mask(denominator.eq(0), "z"),
        **{name: template[name] for name in SERIES_KEY},
    )


def _set_months(months: pd.DataFrame, year: int, values: QuarterValues) -> pd.DataFrame:
    """The months, those of a set quarter sharing its value evenly; the first ones take the remainder."""
    if months.empty:
        return months
    last = months.iloc[-1]
    set_months = []
    for quarter_no, (numerator, denominator) in values.items():
        first = pd.Period(Quarter(year, quarter_no).start, freq="M")
        for position in range(MONTHS_PER_QUARTER):
            size = last["denominator"] if denominator is None else _month_share(denominator, position)
            month = {"month": str(first + position), "numerator": _month_share(numerator, position)}
            set_months.append(month | {"denominator": size})
    keys = {name: last[name] for name in (*SERIES_KEY, "basis")}
    replaced = pd.DataFrame(set_months).assign(symbol=None, **keys).reindex(columns=months.columns)
    kept = months[~months["month"].isin(replaced["month"])]
    return pd.concat([kept, replaced.astype(months.dtypes.to_dict())], ignore_index=True).sort_values(
        "month", ignore_index=True
    )


def _month_share(total: int, position: int) -> int:
    """The part of a quarter's total in its first, second or third month (position 0, 1, 2)."""
    return (total + MONTHS_PER_QUARTER - 1 - position) // MONTHS_PER_QUARTER

"""What if: the figures of one KPI with some quarters of its newest year set, as if they had been measured."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cf_pipeline.contracts.quarters import Quarter
from cf_pipeline.errors import PlainError
from cf_pipeline.forecast.series.series_kind import CARRIED, SHARE, STOCK, STOCK_SHARE, family_of, scale_of

if TYPE_CHECKING:
    from cf_pipeline.kpi.definitions.registry import Kpi

_SET = re.compile(r"^Q([1-4])=(\d+)(?:/(\d+))?$")
Values = Mapping[int, tuple[int, int | None]]
"""Quarter of the year to its numerator and denominator (None for a count)."""


class ScenarioError(PlainError):
    """A what-if that cannot be answered; the message is one plain sentence."""


def read_settings(texts: Sequence[str]) -> dict[int, tuple[int, int | None]]:
    """The quarters of texts such as 'Q4=25' or, for a share, 'Q4=20/25'.

    Raises:
        ScenarioError: a text is neither.
    """
    found: dict[int, tuple[int, int | None]] = {}
    for text in texts:
        match = _SET.match(text)
        if match is None:
            raise ScenarioError(
                f"--set {text}: write a quarter and a count as Q4=25, or a share as Q4=20/25."
            )
        found[int(match[1])] = (int(match[2]), None if match[3] is None else int(match[3]))
    return found


def what_if(
    kpi_quarterly: pd.DataFrame, kpi_monthly: pd.DataFrame, kpi: Kpi, values: Values
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The total of one KPI and authority, by quarter and by month, with some quarters of its newest year set.

    Args:
        kpi_quarterly: figures of one authority.
        kpi_monthly: their months.
        kpi: the KPI.
        values: what each quarter is set to. A quarter after the newest one follows without a gap.

    Returns:
        The rows of the KPI's total alone: quarters, years to date and year follow from what was set; a
        quarter that was set is spread evenly over its months.

    Raises:
        ScenarioError: the KPI does not follow from its quarters, a share lacks its denominator (or a count
            has one), or a quarter before a set one is not known.
    """
    family = family_of(kpi.forecast_rule, kpi.kind)
    if family == CARRIED:
        raise ScenarioError(
            f"KPI {kpi.id}: its year does not follow from its quarters, so no quarter of it can be set."
        )
    is_share = family in (SHARE, STOCK_SHARE)
    for quarter, (top, below) in values.items():
        if is_share != (below is not None):
            form = f"Q{quarter}=20/25, the part and the whole" if is_share else f"Q{quarter}=25"
            raise ScenarioError(f"KPI {kpi.id}: write --set {form}.")
        if below is not None and top > below:
            raise ScenarioError(f"KPI {kpi.id}: --set Q{quarter} has a part above its whole.")
    quarters = _total(kpi_quarterly, kpi.id)
    months = _total(kpi_monthly, kpi.id)
    known = quarters[quarters["basis"].eq("quarter")].dropna(subset="numerator")
    if known.empty:
        raise ScenarioError(f"KPI {kpi.id}: no quarter of it is known, so there is nothing to go on from.")
    year = Quarter.parse(str(known["quarter_key"].max())).year
    this_year = _year_with(known, year, values, kpi.id)
    changed = _bases(this_year, year, known.iloc[-1], kpi, family)
    keys = [Quarter(year, number).key for number in range(1, 5)]
    kept = quarters[~quarters["quarter_key"].isin(keys)]
    return (
        pd.concat(
            [kept, changed.reindex(columns=kept.columns).astype(kept.dtypes.to_dict())], ignore_index=True
        ),
        _months_with(months, year, values),
    )


def _total(rows: pd.DataFrame, kpi_id: str) -> pd.DataFrame:
    return rows[rows["kpi_id"].eq(kpi_id) & rows["breakdown"].eq("total")]


def _year_with(known: pd.DataFrame, year: int, values: Values, kpi_id: str) -> pd.DataFrame:
    """Numerator and denominator by quarter of the year, from the first to the newest known or set."""
    now = known[known["quarter_key"].str[:4].eq(str(year))]
    number = now["quarter_key"].str[-1].astype("int64")
    table = now.set_index(number)[["numerator", "denominator"]].astype("float64")
    for quarter, (top, below) in values.items():
        # A rate keeps the population it had; a count has nothing below it.
        whole = table["denominator"].iloc[-1] if below is None and len(table) else below
        table.loc[quarter] = [top, np.nan if whole is None else whole]
    table = table.sort_index()
    missing = sorted(set(range(1, int(table.index.max()) + 1)) - set(table.index))
    if missing:
        raise ScenarioError(f"KPI {kpi_id}: Q{missing[0]} is not known; set it as well.")
    return table


def _bases(table: pd.DataFrame, year: int, like: pd.Series, kpi: Kpi, family: str) -> pd.DataFrame:
    """The quarters, years to date and year that follow from the quarters of a year."""
    is_stock = family in (STOCK, STOCK_SHARE)
    so_far = table if is_stock else table.cumsum()
    if kpi.kind == "rate_10k":
        so_far = so_far.assign(denominator=table["denominator"])
    parts = [
        table.assign(basis="quarter"),
        so_far.assign(basis="ytd"),
        so_far[so_far.index == 4].assign(basis="year"),
    ]
    rows = pd.concat(parts)
    below = rows["denominator"].fillna(1.0)
    value = (rows["numerator"] * scale_of(kpi.kind) / below).where(below > 0)
    same = {name: like[name] for name in ("authority_code", "kpi_id", "breakdown", "category")}
    return rows.assign(
        quarter_key=[Quarter(year, int(number)).key for number in rows.index],
        value=value,
        symbol=pd.Series(None, rows.index, dtype="str").mask(below.eq(0), "z"),
        **same,
    )


def _months_with(months: pd.DataFrame, year: int, values: Values) -> pd.DataFrame:
    """The months with those of the set quarters evenly sharing what was set, the first ones the rest."""
    if months.empty:
        return months
    last = months.iloc[-1]
    set_rows = []
    for number, (top, below) in values.items():
        first = pd.Period(Quarter(year, number).start, freq="M")
        for place in range(3):
            whole = last["denominator"] if below is None else (below + 2 - place) // 3
            set_rows.append(
                {"month": str(first + place), "numerator": (top + 2 - place) // 3, "denominator": whole}
            )
    same = {name: last[name] for name in ("authority_code", "kpi_id", "breakdown", "category", "basis")}
    changed = pd.DataFrame(set_rows).assign(symbol=None, **same).reindex(columns=months.columns)
    kept = months[~months["month"].isin(changed["month"])]
    return pd.concat([kept, changed.astype(months.dtypes.to_dict())], ignore_index=True).sort_values(
        "month", ignore_index=True
    )

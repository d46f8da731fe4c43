"""Whether the deliveries cover what a KPI needs in a period, and the plain reason when they do not.

Rulings 4 and 5: a period not fully covered is absent with a reason, never zero; a fact that exists
only as a state comes from the first delivery with an as-at date in the 31 days from the period's end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.coverage import is_covered
from cf_pipeline.history.schema import BEFORE, lists_of, needs_of
from cf_pipeline.kpi.periods import Periods
from cf_pipeline.kpi.sides import AT_END, PERSON, Side

STATE_DAYS = 31
NOTHING_NEAR_THE_END = f"No delivery is dated within {STATE_DAYS} days of the period's end."


def no_words(periods: Periods) -> pd.Series:
    """A text for each period, all missing."""
    return pd.Series(None, index=range(len(periods)), dtype="str")


@dataclass(frozen=True)
class Availability:
    """Answers from the coverage table of one authority."""

    coverage: pd.DataFrame

    def reasons(self, side: Side, periods: Periods, also: tuple[str, ...] = ()) -> pd.Series:
        """For each period missing when everything needed was delivered, else the reason in words.

        Args:
            side: what is counted; of a union every part is needed.
            periods: the periods asked for.
            also: further columns of the side's table that are needed.
        """
        reasons = no_words(periods)
        for part in side.parts:
            reasons = reasons.fillna(self._reasons(part, side.columns | part.columns | set(also), periods))
        return reasons

    def _reasons(self, side: Side, columns: set[str], periods: Periods) -> pd.Series:
        periods = periods if side.months is None else periods.last_months(side.months)
        reasons = no_words(periods)
        for need in self._needs(side, columns):
            covered = np.any([self._covered(column, side, periods) for column in need], axis=0)
            reasons = reasons.where(reasons.notna() | covered, self._sentence(need, side.state))
        if side.state and not lists_of(side.table):
            found = np.array([name is not None for name in self.nearest(side.table, [], periods)])
            reasons = reasons.where(reasons.notna() | found, NOTHING_NEAR_THE_END)
        at_end = [name.removeprefix(AT_END) for name in sorted(columns) if name.startswith(AT_END)]
        if at_end:
            found = np.array([name is not None for name in self.nearest(side.table, at_end, periods)])
            reasons = reasons.where(reasons.notna() | found, _near_the_end(side.table))
        return reasons

    def nearest(self, table: str, columns: list[str], periods: Periods) -> list[str | None]:
        """For each period the first delivery with as-at in [end, end + 31 days] that supplies the columns."""
        rows = self._deliveries(lists_of(table)).sort_values(["as_at", "delivery_id"])
        supplied = [set(columns) <= set(str(have).split(";")) for have in rows["columns_supplied"]]
        rows = rows[np.array(supplied, dtype=bool)] if len(rows) else rows
        dates = rows["as_at"].to_numpy().astype("datetime64[D]")
        ids = rows["delivery_id"].tolist()
        first = np.searchsorted(dates, periods.ends, side="left")
        return [
            ids[index] if index < len(ids) and dates[index] <= end + np.timedelta64(STATE_DAYS, "D") else None
            for index, end in zip(first, periods.ends, strict=True)
        ]

    def _deliveries(self, lists: tuple[str, ...]) -> pd.DataFrame:
        """The coverage of the first list in each delivery that supplies all of them; any list's if none."""
        if not lists:
            return self.coverage.drop_duplicates("delivery_id")
        rows = self.coverage[self.coverage["list"].isin(lists)]
        supplies_all = rows.groupby("delivery_id")["list"].transform("nunique").eq(len(lists))
        return rows[supplies_all & rows["list"].eq(lists[0])]

    def _needs(self, side: Side, columns: set[str]) -> list[tuple[str, ...]]:
        """The side's list, and every delivered column its own columns rest on."""
        own = [name for name in sorted(columns) if not name.startswith((AT_END, PERSON))]
        lists = [(f"{name}.",) for name in lists_of(side.table)]
        return [*lists, *(need for name in own for need in needs_of(side.table, name))]

    def _covered(self, need: str, side: Side, periods: Periods) -> np.ndarray:
        """Whether deliveries that supply 'list.column' cover every day a period needs."""
        table, column = need.split(".")
        days_before = 0
        if column.startswith(BEFORE):
            column, days_before = "", int(column.removeprefix(BEFORE))
        if side.state:
            columns = [column] if column else []
            counted = self.nearest(side.table, [], periods)
            holders = self.nearest(table, columns, periods)
            return np.array(
                [
                    holder is not None and (holder == delivery or table not in lists_of(side.table))
                    for holder, delivery in zip(holders, counted, strict=True)
                ]
            )
        rows = self.coverage[self.coverage["list"].eq(table)]
        has = [not column or column in str(have).split(";") for have in rows["columns_supplied"]]
        rows = rows[np.array(has, dtype=bool)] if len(rows) else rows
        starts = (periods.ends if side.is_stock else periods.starts) - np.timedelta64(days_before, "D")
        return is_covered(rows, starts, periods.ends)

    def _sentence(self, need: tuple[str, ...], is_state: bool) -> str:
        table, column = need[0].split(".")
        contract = list_contracts()[table]
        rows = self.coverage[self.coverage["list"].eq(table)]
        if rows.empty:
            return f"The list {contract.title} was not delivered."
        if column.startswith(BEFORE):
            days = column.removeprefix(BEFORE)
            return f"The deliveries of {contract.title} do not reach back {days} days before the period."
        if column and not any(column in str(have).split(";") for have in rows["columns_supplied"]):
            return f"The column {contract.column(column).header} of {contract.title} was not delivered."
        if is_state:
            return _near_the_end(table)
        return f"The deliveries of {contract.title} do not cover the whole period."


def _near_the_end(table: str) -> str:
    title = list_contracts()[table].title
    return f"No delivery of {title} is dated within {STATE_DAYS} days of the period's end."

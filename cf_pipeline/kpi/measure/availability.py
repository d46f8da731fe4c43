"""Whether the deliveries cover what a KPI needs in a period, and the plain reason when they do not.

Rulings 4 and 5: a period not fully covered is absent with a reason, never zero; a fact that exists
only as a state comes from the first delivery with an as-at date in the 31 days from the period's end.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.coverage import STATE_DAYS, is_covered
from cf_pipeline.history.tables.core_tables import lists_of, needs_of
from cf_pipeline.history.tables.derived_columns import BEFORE
from cf_pipeline.kpi.definitions.sides import AT_END, PERSON, Side
from cf_pipeline.kpi.measure.delivery_index import Suppliers
from cf_pipeline.kpi.measure.periods import Periods

NOTHING_NEAR_THE_END = f"No delivery is dated within {STATE_DAYS} days of the period's end."
Words = npt.NDArray[np.object_]
"""A text for each period, None where there is none."""


def no_words(periods: Periods) -> Words:
    """A text for each period, all missing."""
    return np.full(len(periods), None, dtype=object)


def has_words(words: Words) -> npt.NDArray[np.bool_]:
    """For each period whether it has a text."""
    return np.array([word is not None for word in words], dtype=bool)


def first_words(words: Words, others: Words) -> Words:
    """The texts, and where there is none the other."""
    return np.where(has_words(words), words, others)


def with_word(words: Words, holds: npt.NDArray[np.bool_], word: str | None) -> Words:
    """The texts with another one for the periods for which something holds."""
    changed = words.copy()
    changed[holds] = word
    return changed


@dataclass(frozen=True)
class Availability:
    """Answers from the coverage table of one authority; each is worked out once."""

    coverage: pd.DataFrame
    _known: dict[tuple[Hashable, ...], Any] = field(default_factory=dict)

    def reasons(self, side: Side, periods: Periods, also: tuple[str, ...] = ()) -> Words:
        """For each period None when everything needed was delivered, else the reason in words.

        Args:
            side: what is counted; of a union every part is needed.
            periods: the periods asked for.
            also: further columns of the side's table that are needed.
        """
        reasons = no_words(periods)
        for part in side.parts:
            columns = frozenset(side.columns | part.columns | set(also))
            asked = periods if part.months is None else periods.last_months(part.months)
            key = (part.table, part.state, part.is_stock, columns, *_bounds(asked))
            if key not in self._known:
                self._known[key] = self._reasons(part, columns, asked)
            reasons = first_words(reasons, self._known[key])
        return reasons

    def _reasons(self, side: Side, columns: frozenset[str], periods: Periods) -> Words:
        reasons = no_words(periods)
        for need in self._needs(side, columns):
            covered = np.any([self._covered(column, side, periods) for column in need], axis=0)
            if not covered.all():
                lacking = ~covered & ~has_words(reasons)
                reasons = with_word(reasons, lacking, self._sentence(need, side.state))
        at_end = [name.removeprefix(AT_END) for name in sorted(columns) if name.startswith(AT_END)]
        if side.state and not lists_of(side.table):
            reasons = self._near(side.table, [], periods, reasons, NOTHING_NEAR_THE_END)
        if at_end:
            reasons = self._near(side.table, at_end, periods, reasons, _near_the_end(side.table))
        return reasons

    def _near(
        self, table: str, columns: list[str], periods: Periods, reasons: Words, otherwise: str
    ) -> Words:
        """The reasons, and `otherwise` for periods that have none and no delivery near their end."""
        found = [otherwise if name is None else None for name in self.nearest(table, columns, periods)]
        return first_words(reasons, np.array(found, dtype=object))

    def nearest(self, table: str, columns: list[str], periods: Periods) -> list[str | None]:
        """For each period the first delivery with as-at in [end, end + 31 days] that supplies the columns."""
        rows = self._supplying(table, *columns).last_of_each_day()
        first = np.searchsorted(rows.as_at, periods.ends, side="left")
        latest = periods.ends + np.timedelta64(STATE_DAYS, "D")
        return [
            rows.ids[index] if index < len(rows.ids) and rows.as_at[index] <= end else None
            for index, end in zip(first, latest, strict=True)
        ]

    def supplied(self, table: str) -> frozenset[str]:
        """The columns of a table that any delivery supplies."""
        each = [self._delivered((name,)).columns for name in lists_of(table)]
        return frozenset().union(*(columns for supplied in each for columns in supplied))

    def _needs(self, side: Side, columns: frozenset[str]) -> list[tuple[str, ...]]:
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
        starts = (periods.ends if side.is_stock else periods.starts) - np.timedelta64(days_before, "D")
        key = (need, side.table if side.state else None, starts.tobytes(), periods.ends.tobytes())
        if key not in self._known:
            names = [column] if column else []
            rows = self._supplying(table, *names)
            self._known[key] = (
                self._held(table, names, side.table, periods)
                if side.state
                else is_covered(rows.first, rows.last, starts, periods.ends)
            )
        covered: np.ndarray = self._known[key]
        return covered

    def _held(self, table: str, columns: list[str], counted_table: str, periods: Periods) -> np.ndarray:
        """Whether the delivery near the period's end whose rows are counted supplies the columns."""
        counted = self.nearest(counted_table, [], periods)
        holders = self.nearest(table, columns, periods)
        return np.array(
            [
                holder is not None and (holder == delivery or table not in lists_of(counted_table))
                for holder, delivery in zip(holders, counted, strict=True)
            ]
        )

    def _supplying(self, table: str, *columns: str) -> Suppliers:
        """The deliveries of a table that supply all the columns, oldest first."""
        key = ("supplying", table, columns)
        if key not in self._known:
            self._known[key] = self._delivered(lists_of(table)).with_columns(set(columns))
        found: Suppliers = self._known[key]
        return found

    def _delivered(self, lists: tuple[str, ...]) -> Suppliers:
        key = ("delivered", *lists)
        if key not in self._known:
            self._known[key] = self._suppliers.of_all(lists)
        found: Suppliers = self._known[key]
        return found

    @cached_property
    def _suppliers(self) -> Suppliers:
        return Suppliers.of(self.coverage)

    def _sentence(self, need: tuple[str, ...], is_state: bool) -> str:
        table, column = need[0].split(".")
        contract = list_contracts()[table]
        rows = self._delivered((table,))
        if not rows.ids:
            return f"The list {contract.title} was not delivered."
        if column.startswith(BEFORE):
            days = column.removeprefix(BEFORE)
            return f"The deliveries of {contract.title} do not reach back {days} days before the period."
        if column and not rows.with_columns({column}).ids:
            return f"The column {contract.column(column).header} of {contract.title} was not delivered."
        if is_state:
            return _near_the_end(table)
        return f"The deliveries of {contract.title} do not cover the whole period."


def _near_the_end(table: str) -> str:
    title = list_contracts()[table].title
    return f"No delivery of {title} is dated within {STATE_DAYS} days of the period's end."


def _bounds(periods: Periods) -> tuple[bytes, bytes]:
    return periods.starts.tobytes(), periods.ends.tobytes()

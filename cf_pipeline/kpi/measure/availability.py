"""Availability: whether the deliveries cover what a KPI needs in a period, and the reason when they do not.

A period that is not fully covered is absent with a reason, never zero (docs/rulings.md#5). A fact that exists
only as a state comes from the first delivery with an as-at date in the 31 days from the period's end
(docs/rulings.md#4).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.tables.delivery_status import HELD
from cf_pipeline.history.coverage import HELD_LISTS, STATE_DAYS, is_covered
from cf_pipeline.history.tables.core_tables import lists_of
from cf_pipeline.history.tables.derived_columns import DAYS_BEFORE
from cf_pipeline.kpi.definitions.needs import columns_at_end, needs_of
from cf_pipeline.kpi.definitions.sides import Side
from cf_pipeline.kpi.measure.delivery_index import DeliveryIndex, unread_columns
from cf_pipeline.kpi.measure.periods import (
    Periods,
    Reasons,
    first_reason,
    has_reason,
    no_reasons,
    set_reason,
)

STATE_SPAN = np.timedelta64(STATE_DAYS, "D")
NEVER = np.datetime64("9999-12-31", "D")
NO_DELIVERY_NEAR_THE_END = f"No delivery is dated within {STATE_DAYS} days of the period's end."
RECOGNISED = "under a header that is recognised"


@dataclass(frozen=True)
class Availability:
    """Answers from the core tables `coverage` and `held_lists` of one authority; each is worked out once."""

    coverage: pd.DataFrame
    held: pd.DataFrame = field(default_factory=HELD_LISTS.empty)
    _answers: dict[tuple[Hashable, ...], Any] = field(default_factory=dict)

    @classmethod
    def from_tables(cls, tables: dict[str, pd.DataFrame]) -> Availability:
        """The answers from the core tables of one authority."""
        return cls(tables["coverage"], tables.get("held_lists", HELD_LISTS.empty()))

    def reasons(self, side: Side, periods: Periods, further_columns: tuple[str, ...] = ()) -> Reasons:
        """Why the deliveries do not cover a side, for each period; None where they do.

        Args:
            side: the numerator or denominator; of a union every part is needed.
            periods: the periods.
            further_columns: columns of the side's table that are needed besides its own.
        """
        reasons = no_reasons(periods)
        for part in side.parts:
            columns = frozenset(side.columns | part.columns | set(further_columns))
            part_periods = periods if part.months is None else periods.last_months(part.months)
            key = (part.table, part.state, part.is_stock, columns, *_bounds(part_periods))
            if key not in self._answers:
                self._answers[key] = self._part_reasons(part, columns, part_periods)
            reasons = first_reason(reasons, self._answers[key])
        return reasons

    def notes(self, side: Side, periods: Periods) -> Reasons:
        """For each period the note that a list of newest rows alone has no delivery near its end."""
        notes = no_reasons(periods)
        if not self._newest_alone or not side.is_stock:
            return notes
        for need in needs_of(side, side.columns):
            columns = [tuple(list_column.split(".")) for list_column in need]
            newest_alone = [table for table, _ in columns if self.is_newest_alone(table)]
            if newest_alone:
                near = [self.nearest_deliveries(table, [column], periods) for table, column in columns]
                is_far = np.array([not any(found) for found in zip(*near, strict=True)], dtype=bool)
                text = f"{_no_state_text(newest_alone[0])[:-1]}: what was known before counts."
                notes = set_reason(notes, is_far, text)
        return notes

    def _part_reasons(self, side: Side, columns: frozenset[str], periods: Periods) -> Reasons:
        reasons = no_reasons(periods)
        for name in lists_of(side.table):
            if not side.is_stock and self.is_newest_alone(name):
                return set_reason(reasons, np.ones(len(periods), dtype=bool), _newest_alone_text(name))
        for need in needs_of(side, columns):
            covered = np.any([self._is_covered(column, side, periods) for column in need], axis=0)
            if not covered.all():
                is_first = ~covered & ~has_reason(reasons)
                table, column = need[0].split(".")
                has_list = self._is_covered(f"{table}.", side, periods)
                text = self._column_text(table, column, side.state) if column else ""
                held = set_reason(self._held_reasons((table,), periods), ~is_first | has_list, None)
                reasons = first_reason(reasons, held)
                is_first &= ~has_reason(held)
                is_state = side.state or self.is_newest_alone(table)
                reasons = set_reason(reasons, is_first & ~has_list, self._list_text(table, is_state))
                reasons = set_reason(reasons, is_first & has_list, text or None)
        at_end = columns_at_end(columns)
        if side.state and not lists_of(side.table):
            reasons = self._add_missing_state(side.table, [], periods, reasons, NO_DELIVERY_NEAR_THE_END)
        if at_end:
            reasons = self._add_missing_state(side.table, [], periods, reasons, _no_state_text(side.table))
        for column in at_end:
            text = self._column_text(side.table, column, is_state=True)
            reasons = self._add_missing_state(side.table, [column], periods, reasons, text)
        return reasons

    def _add_missing_state(
        self, table: str, columns: list[str], periods: Periods, reasons: Reasons, reason: str
    ) -> Reasons:
        """The reasons, with `reason` for periods that have none and no delivery near their end."""
        held = no_reasons(periods) if columns else self._held_reasons(lists_of(table), periods)
        texts = first_reason(held, np.full(len(periods), reason, dtype=object))
        found = [
            text if delivery_id is None else None
            for text, delivery_id in zip(texts, self.nearest_deliveries(table, columns, periods), strict=True)
        ]
        return first_reason(reasons, np.array(found, dtype=object))

    def _held_reasons(self, lists: tuple[str, ...], periods: Periods) -> Reasons:
        """For each period why a list that would count in it is held or not read: that of the newest delivery.

        A list counts in the periods that share a day with it; a state also in those that end at most
        `STATE_DAYS` days before it.
        """
        reasons = no_reasons(periods)
        for row in self._held_rows:
            if row["list"] not in lists:
                continue
            contract = list_contracts()[str(row["list"])]
            first, last = (np.datetime64(row[name], "D") for name in ("covers_from", "covers_to"))
            days = np.timedelta64(STATE_DAYS if contract.kind == "state" else 0, "D")
            is_near = (periods.ends + days >= first) & (periods.starts <= last)
            reasons = set_reason(reasons, is_near, _held_text(contract, row))
        return reasons

    def nearest_deliveries(self, table: str, columns: list[str], periods: Periods) -> list[str | None]:
        """For each period the first delivery with these columns and an as-at date in [end, end + 31 days]."""
        key = ("nearest", table, tuple(columns), periods.ends.tobytes())
        if key not in self._answers:
            entries = self._deliveries_with(table, *columns)
            self._answers[key] = entries.first_within(periods.ends, STATE_SPAN)
        found: list[str | None] = self._answers[key]
        return found

    def supplied_columns(self, table: str) -> frozenset[str]:
        """The columns of a table that any delivery supplies."""
        return frozenset().union(*(self._deliveries_of((name,)).any_columns for name in lists_of(table)))

    def _is_covered(self, list_column: str, side: Side, periods: Periods) -> np.ndarray:
        """Whether deliveries that supply 'list.column' cover every day that each period needs."""
        table, column = list_column.split(".")
        days_before = 0
        if column.startswith(DAYS_BEFORE):
            column, days_before = "", int(column.removeprefix(DAYS_BEFORE))
        starts = (periods.ends if side.is_stock else periods.starts) - np.timedelta64(days_before, "D")
        key = (list_column, side.table if side.state else None, starts.tobytes(), periods.ends.tobytes())
        if key not in self._answers:
            names = [column] if column else []
            entries = self._deliveries_with(table, *names)
            if side.state:
                answer = self._is_in_state(table, names, side.table, periods)
            else:
                is_known = self._is_known_before(table, entries, periods)
                covered = is_covered(entries.first, entries.last, starts, periods.ends)
                answer = np.where(is_known, covered, False)
            self._answers[key] = answer
        found: np.ndarray = self._answers[key]
        return found

    def is_newest_alone(self, name: str) -> bool:
        """Whether a list shows each child's newest row alone."""
        return name in self._newest_alone

    @cached_property
    def _newest_alone(self) -> frozenset[str]:
        is_newest_alone = self.coverage["is_newest_alone"].fillna(False).astype(bool)
        return frozenset(self.coverage.loc[is_newest_alone, "list"])

    @cached_property
    def _held_rows(self) -> list[dict[Hashable, Any]]:
        """The rows of `held`, oldest delivery first."""
        return self.held.sort_values(["as_at", "delivery_id"]).to_dict("records")

    def _is_in_state(
        self, table: str, columns: list[str], counted_table: str, periods: Periods
    ) -> np.ndarray:
        """Whether the delivery near each period's end whose rows are counted supplies the columns.

        Of another list that shows newest rows alone a delivery before the end is enough: the dates known then
        count (docs/rulings.md#26).
        """
        if table not in lists_of(counted_table) and self.is_newest_alone(table):
            entries = self._deliveries_with(table, *columns)
            has_counted = [found is not None for found in self.nearest_deliveries(counted_table, [], periods)]
            return np.array(has_counted) & self._is_known_before(table, entries, periods)
        counted = self.nearest_deliveries(counted_table, [], periods)
        with_columns = self.nearest_deliveries(table, columns, periods)
        return np.array(
            [
                supplier is not None and (supplier == delivery_id or table not in lists_of(counted_table))
                for supplier, delivery_id in zip(with_columns, counted, strict=True)
            ]
        )

    def _is_known_before(self, table: str, entries: DeliveryIndex, periods: Periods) -> npt.NDArray[np.bool_]:
        """Whether what a delivery shows counts at each period's end: of newest rows alone none that is later.

        The first delivery of such a list may be at most 31 days after the end: its rows hide what was known
        then (docs/rulings.md#26).
        """
        if not self.is_newest_alone(table):
            return np.ones(len(periods), dtype=bool)
        first = min(entries.as_at, default=NEVER)
        return np.array([end + STATE_SPAN >= first for end in periods.ends], dtype=bool)

    def _deliveries_with(self, table: str, *columns: str) -> DeliveryIndex:
        """The deliveries of a table that supply all the columns, oldest first."""
        key = ("with columns", table, columns)
        if key not in self._answers:
            self._answers[key] = self._deliveries_of(lists_of(table)).with_columns(set(columns))
        found: DeliveryIndex = self._answers[key]
        return found

    def _deliveries_of(self, lists: tuple[str, ...]) -> DeliveryIndex:
        key = ("of lists", *lists)
        if key not in self._answers:
            self._answers[key] = self._index.with_lists(lists)
        found: DeliveryIndex = self._answers[key]
        return found

    @cached_property
    def _index(self) -> DeliveryIndex:
        return DeliveryIndex.from_coverage(self.coverage)

    def _list_text(self, table: str, is_state: bool) -> str:
        """Why a list is not there for a period."""
        title = list_contracts()[table].title
        if not self._deliveries_of((table,)).ids and all(row["list"] != table for row in self._held_rows):
            return f"The list {title} was not delivered."
        return (
            _no_state_text(table) if is_state else f"The deliveries of {title} do not cover the whole period."
        )

    @cached_property
    def _unread_columns(self) -> dict[str, set[str]]:
        return unread_columns(self.coverage)

    def _column_text(self, table: str, column: str, is_state: bool) -> str:
        """Why a column is not there for a period for which its list is."""
        contract = list_contracts()[table]
        if column.startswith(DAYS_BEFORE):
            days = column.removeprefix(DAYS_BEFORE)
            return f"The deliveries of {contract.title} do not reach back {days} days before the period."
        name = f"column {contract.column(column).header}"
        if column in self._unread_columns.get(table, ()):
            if contract.column(column).type == "code":
                return f"Too many wordings in the {name} of {contract.title} fit no code."
            return f"Too many dates in the {name} of {contract.title} cannot be read."
        if column not in self._deliveries_of((table,)).any_columns:
            return f"The {name} of {contract.title} was not delivered {RECOGNISED}."
        if is_state:
            return f"The delivery of {contract.title} for the period's end has no {name} {RECOGNISED}."
        return f"Not every delivery of {contract.title} for the period has a {name} {RECOGNISED}."


def _held_text(contract: ListContract, row: Mapping[Hashable, Any]) -> str:
    """Why a list of a delivery counts nowhere, from its row of `HELD_LISTS`."""
    place = f"{contract.title} of the delivery {row['delivery_id']}"
    if row["status"] == HELD:
        return f"{place} is held until someone accepts it or it is delivered again: {row['reason']}."
    headers = str(row["reason"]).split(";")
    columns = f"column{'s' if len(headers) > 1 else ''} {' and '.join(headers)}"
    what_to_do = "open To decide in the data-quality workbook"
    return f"{place} was not read: it has no {columns} {RECOGNISED}; {what_to_do}."


def _newest_alone_text(table: str) -> str:
    title = list_contracts()[table].title
    return f"The deliveries of {title} show each child's newest row alone, not all of a period."


def _no_state_text(table: str) -> str:
    title = list_contracts()[table].title
    return f"No delivery of {title} is dated within {STATE_DAYS} days of the period's end."


def _bounds(periods: Periods) -> tuple[bytes, bytes]:
    return periods.starts.tobytes(), periods.ends.tobytes()

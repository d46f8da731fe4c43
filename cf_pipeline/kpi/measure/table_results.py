"""What is worked out for every row of a table, once however many KPIs read it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cf_pipeline.clean.unread_dates import is_unread
from cf_pipeline.contracts.dates.months import days_of
from cf_pipeline.contracts.list_contract import UNREAD_DATES
from cf_pipeline.history.merge.status import WITHDRAWN
from cf_pipeline.kpi.definitions.conditions import Condition
from cf_pipeline.kpi.definitions.needs import dates_read
from cf_pipeline.kpi.definitions.sides import Side
from cf_pipeline.kpi.measure.periods import NO_DAYS, Days

Mask = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class TableResults:
    """Results by table and name, each an array with a value for every row of the table."""

    _found: dict[tuple[int, Hashable], tuple[pd.DataFrame, Any]] = field(default_factory=dict)

    def once(self, table: pd.DataFrame, name: Hashable, compute: Callable[[], Any]) -> Any:
        """A result for a table: what `compute` gives when it is first asked for."""
        key = (id(table), name)
        if key not in self._found:
            # The table is kept with the result, so that no other table can get its id.
            self._found[key] = (table, compute())
        return self._found[key][1]

    def days(self, table: pd.DataFrame, column: str) -> Days:
        """The days of a column of dates."""
        days: Days = self.once(table, ("days", column), lambda: days_of(table[column]))
        return days

    def end_days(self, table: pd.DataFrame, column: str, before: Any = NO_DAYS) -> Days:
        """The end of each record, or its vanished_date less `before` when that is earlier."""
        days: Days = self.once(table, ("end", column, before), lambda: self._end_days(table, column, before))
        return days

    def _end_days(self, table: pd.DataFrame, column: str, before: Any) -> Days:
        ends: Days = np.fmin(self.days(table, column), self.days(table, "vanished_date") - before)
        return ends

    def is_not_withdrawn(self, table: pd.DataFrame) -> Mask:
        """Whether each row counts still; every row of a table without a status."""
        mask: Mask = self.once(
            table,
            "not withdrawn",
            lambda: (
                table["status"].ne(WITHDRAWN).to_numpy(dtype=bool)
                if "status" in table.columns
                else np.ones(len(table), dtype=bool)
            ),
        )
        return mask

    def holds(self, table: pd.DataFrame, condition: Condition) -> Mask:
        """Whether a condition holds for each row; one that reads columns of the table alone."""
        mask: Mask = self.once(
            table, ("holds", condition.text), lambda: condition.holds(table).to_numpy(dtype=bool)
        )
        return mask

    def has_unread_date(self, table: pd.DataFrame, side: Side) -> Mask | None:
        """Which rows have a date unread that a side needs (docs/rulings.md#22); None where none has."""
        if not self.once(table, UNREAD_DATES, lambda: _has_unread_date(table)):
            return None
        dates = (*dates_read(side), *side.other_dates)
        mask: Mask = self.once(
            table, (UNREAD_DATES, dates), lambda: is_unread(table[UNREAD_DATES], dates).to_numpy(dtype=bool)
        )
        return mask if mask.any() else None

    def numbers(self, table: pd.DataFrame, column: str) -> tuple[Positions, pd.Index]:
        """The position of each row's value (-1 without one) in the values of a column, and these."""
        found: tuple[Positions, pd.Index] = self.once(
            table, ("numbers", column), lambda: pd.factorize(table[column])
        )
        return found

    def places_in(self, people: pd.DataFrame, table: pd.DataFrame) -> Positions:
        """The position of each row's child in `people`, indexed by person_ref; -1 where it is not there."""
        places: Positions = self.once(table, "place in core/person", lambda: self._places_in(people, table))
        return places

    def _places_in(self, people: pd.DataFrame, table: pd.DataFrame) -> Positions:
        child, children = self.numbers(table, "person_ref")
        # pyarrow finds the children without making Python strings, which pandas would.
        found = pc.index_in(pa.array(children), value_set=pa.array(people.index)).fill_null(-1)
        return np.append(found.to_numpy().astype("int64"), -1)[child]

    def ranks(self, table: pd.DataFrame, dates: tuple[str, ...]) -> Positions:
        """The place of each row among all by some dates, those without one last, and by record_key."""
        ranks: Positions = self.once(table, ("rank", dates), lambda: self._ranks(table, dates))
        return ranks

    def _ranks(self, table: pd.DataFrame, dates: tuple[str, ...]) -> Positions:
        order = np.asarray(table["record_key"].argsort())
        for date in reversed(dates):
            order = order[np.argsort(self.days(table, date)[order], kind="stable")]
        ranks = np.empty(len(order), dtype="int64")
        ranks[order] = np.arange(len(order))
        return ranks


def _has_unread_date(table: pd.DataFrame) -> bool:
    return UNREAD_DATES in table.columns and bool(table[UNREAD_DATES].notna().any())

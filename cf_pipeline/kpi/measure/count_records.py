"""The rows a side of a KPI counts, one row a counted record (or child) and period.

A count is the number of its members, so every figure can be traced to records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.lookup import lookup
from cf_pipeline.contracts.months import days_of
from cf_pipeline.contracts.no_rows import no_rows
from cf_pipeline.history.merge.status import WITHDRAWN
from cf_pipeline.history.tables.core_tables import JOINED, core_columns, states_table, team_column
from cf_pipeline.kpi.definitions.conditions import Condition
from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.kpi.definitions.sides import AT_END, PERSON, Side
from cf_pipeline.kpi.measure.availability import Availability
from cf_pipeline.kpi.measure.breakdowns import age_bands, category, filled_from_person
from cf_pipeline.kpi.measure.category_codes import Coded
from cf_pipeline.kpi.measure.count_steps import (
    EACH_CHILD_ONCE,
    HAS_VALUE,
    IN_ANY_LIST,
    IN_HISTORY,
    IN_PERIOD,
    NOT_WITHDRAWN,
    WITHIN,
    Left,
    Step,
    Steps,
    ignored,
)
from cf_pipeline.kpi.measure.counted_records import Members, first_of_each_child, joined
from cf_pipeline.kpi.measure.periods import NO_DAYS, ONE_DAY, Days, Periods, open_at_end, overlapping

CLOSED_STATUS = "CLO"


@dataclass(frozen=True)
class Counting:
    """The core tables of one authority and the registry, ready to be counted."""

    tables: dict[str, pd.DataFrame]
    registry: dict[str, Kpi]
    availability: Availability
    _found: dict[tuple[Side, str], Members] = field(default_factory=dict)
    _known: dict[tuple[int, str], tuple[pd.DataFrame, Any]] = field(default_factory=dict)

    def members(self, side: Side, periods: Periods) -> Members:
        """Counted rows of a side, with `_on`: the day on which a member's age is taken.

        That is the event's day, else the period's last. A side that counts children has one row a child and
        period, the first by date.
        """
        key = (side, periods.basis)
        if key not in self._found:
            self._found[key] = self._count(side, periods)
        return self._found[key]

    @cached_property
    def people(self) -> pd.DataFrame:
        """core/person by person_ref."""
        return self.tables["person"].set_index("person_ref")

    def team_of(self, side: Side) -> str | None:
        """The column that holds the team on a side's list, when it has one and it was supplied."""
        team = team_column(side.table)
        return team if team in self.availability.supplied(side.table) else None

    def coded(self, breakdown: str, members: Members, side: Side) -> Coded:
        """The category of each of some members of a side.

        What does not change with the period is worked out once for every row of the table.
        """
        table, on, team = members.table, side.date, self.team_of(side)
        if breakdown != "age_band":
            once: Coded = self._of_table(
                table,
                breakdown,
                lambda: Coded.every(category(breakdown, table, self.people, team)),
            )
            return once.taken(members.row)
        is_care_leaver = side.table == "care_leavers"
        if on is None or table is not self._table(side.table):
            return age_bands(days_of(members["birth_date"]), days_of(members["_on"]), is_care_leaver)
        bands: Coded = self._of_table(
            table,
            f"age on {on}",
            lambda: age_bands(self._days(table, "birth_date"), self._days(table, on), is_care_leaver),
        )
        return bands.taken(members.row)

    def sieved(self, side: Side, period: Periods) -> list[Step]:
        """How many rows each step of counting a side leaves in one period, in the order they are taken.

        A part of another side starts from that side's steps; a union from those of each of its sides, after
        which the rows of all of them are counted together.
        """
        steps = Steps()
        self._count(side, period, steps.left)
        return steps.taken

    def _count(self, side: Side, periods: Periods, left: Left = ignored) -> Members:
        if side.base is not None:
            return self._part_of(side.base, side, periods, left)
        if side.union:
            # A child of two is told by the first part that holds it.
            everyone = joined([(part.table, self._whole(part, periods, left)) for part in side.union])
            left(side, IN_ANY_LIST, len(everyone))
            members = first_of_each_child(everyone, ())
            left(side, EACH_CHILD_ONCE, len(members))
            return members
        table = self._table(side.table)
        counts = self._not_withdrawn(table)
        left(side, IN_HISTORY, len(table))
        if "status" in table.columns:
            left(side, NOT_WITHDRAWN, int(counts.sum()))
        for condition in side.where:
            if not _is_late(condition):
                counts = counts & condition.holds(table).to_numpy(dtype=bool)
                left(side, condition.text, int(counts.sum()))
        if side.value is not None:
            counts = counts & table[side.value].notna().to_numpy(dtype=bool)
            left(side, HAS_VALUE.format(side.value), int(counts.sum()))
        row, period = self._placed(side, table, side_periods(side, periods))
        if not counts.all():
            kept = counts[row]
            row, period = row[kept], period[kept]
        members = Members(table, row, period, side_periods(side, periods))
        left(side, IN_PERIOD, len(members))
        members = self.with_columns(side, members, periods, side.columns)
        for condition in side.where:
            if _is_late(condition):
                members = members.where(condition.holds(members))
                left(side, condition.text, len(members))
        members = members.assign(_on=self._age_day(side, members))
        if side.within is not None:
            others = self.members(self.registry[side.within].numerator, periods)
            inside = pd.MultiIndex.from_frame(others.frame(["period", "person_ref"]))
            here = pd.MultiIndex.from_frame(members.frame(["period", "person_ref"]))
            members = members.where(here.isin(inside))
            left(side, WITHIN.format(side.within), len(members))
        if side.count == "children":
            # The rows of a joined table come in the order of its lists.
            order = () if side.table in JOINED else (*side.date_columns[:1], "record_key")
            members = first_of_each_child(members, order)
            left(side, EACH_CHILD_ONCE, len(members))
        return members

    def _not_withdrawn(self, table: pd.DataFrame) -> npt.NDArray[np.bool_]:
        if "status" not in table.columns:
            return np.ones(len(table), dtype=bool)
        found: npt.NDArray[np.bool_] = self._of_table(
            table, "not withdrawn", lambda: table["status"].ne(WITHDRAWN).to_numpy(dtype=bool)
        )
        return found

    def _days(self, table: pd.DataFrame, column: str) -> Days:
        days: Days = self._of_table(table, f"days of {column}", lambda: days_of(table[column]))
        return days

    def _ends(self, table: pd.DataFrame, column: str, before: Any = NO_DAYS) -> Days:
        """The days on which records end, or so long before they vanish when that is earlier."""
        vanished = table["vanished_date"]
        gone = np.flatnonzero(vanished.notna())
        ends = self._days(table, column)
        if not len(gone):
            return ends
        ends = ends.copy()
        ends[gone] = np.fmin(ends[gone], days_of(vanished.iloc[gone]) - before)
        return ends

    def _of_table(self, table: pd.DataFrame, what: str, found: Callable[[], Any]) -> Any:
        """What is worked out once for all rows of a table, however many KPIs read it."""
        key = (id(table), what)
        if key not in self._known:
            # The table is kept with the answer, so that no other can take its identity.
            self._known[key] = (table, found())
        return self._known[key][1]

    def _table(self, name: str) -> pd.DataFrame:
        """A core table; without rows where nothing of it was delivered."""
        if name not in self.tables:
            self.tables[name] = no_rows(core_columns(name))
        return self.tables[name]

    def _whole(self, side: Side, periods: Periods, left: Left) -> Members:
        """The members of a side that another one starts from; counted anew when its steps are asked for."""
        return self.members(side, periods) if left is ignored else self._count(side, periods, left)

    def _part_of(self, base: Side, side: Side, periods: Periods, left: Left) -> Members:
        """The members of the base for which the side's own conditions hold."""
        members = self.with_columns(side, self._whole(base, periods, left), periods, side.columns)
        for condition in side.where:
            members = members.where(condition.holds(members))
            left(side, condition.text, len(members))
        if side.value is not None:
            members = members.where(members[side.value].notna())
            left(side, HAS_VALUE.format(side.value), len(members))
        return members

    def _placed(self, side: Side, rows: pd.DataFrame, periods: Periods) -> tuple[np.ndarray, np.ndarray]:
        if side.state:
            nearest = self.availability.nearest(side.table, [], periods)
            places = pd.DataFrame({"delivery_id": nearest, "period": range(len(periods))}).dropna()
            pairs = rows[["delivery_id"]].assign(row=range(len(rows))).merge(places, on="delivery_id")
            return pairs["row"].to_numpy(dtype="int64"), pairs["period"].to_numpy(dtype="int64")
        if side.year is not None:
            years = pd.DataFrame({side.year: [quarter.year for quarter in periods.quarters]})
            pairs = rows[[side.year]].assign(row=range(len(rows)))
            pairs = pairs.merge(years.assign(period=range(len(years))), on=side.year)
            return pairs["row"].to_numpy(dtype="int64"), pairs["period"].to_numpy(dtype="int64")
        if side.open is not None:
            return open_at_end(periods, self._days(rows, side.open[0]), self._ends(rows, side.open[1]))
        if side.overlaps is not None:
            start, end = side.overlaps
            return overlapping(periods, self._days(rows, start), self._ends(rows, end, ONE_DAY))
        days = self._days(rows, str(side.date))
        row, period = overlapping(periods, days, days)
        return row, period

    def _age_day(self, side: Side, members: Members) -> pd.Series | str:
        if side.date is not None:
            return side.date
        if side.overlaps is not None:
            return members.frame([side.overlaps[0], "period_start"]).max(axis=1)
        return "period_end"

    def with_columns(self, side: Side, members: Members, periods: Periods, columns: Iterable[str]) -> Members:
        """Members of a side with the prefixed columns that are asked for.

        `at_end.` ones come from the delivery near the period's end, `person.` ones are filled in from
        core/person.
        """
        wanted = set(columns) - set(members.columns)
        for name in sorted(name for name in wanted if name.startswith(PERSON)):
            column = name.removeprefix(PERSON)
            members = members.assign(**{name: filled_from_person(column, members, self.people)})
        for name in sorted(name for name in wanted if name.startswith(AT_END)):
            column = name.removeprefix(AT_END)
            members = members.assign(**{name: self._state_at_end(side.table, column, members, periods)})
        return members

    def _state_at_end(self, table: str, column: str, members: Members, periods: Periods) -> pd.Series:
        states = self.tables[states_table(table)]
        nearest = pd.Series(self.availability.nearest(table, [column], periods), dtype="str")
        wanted = members.frame(["record_key"]).assign(
            delivery_id=lookup(members["period"], nearest), row=members.index
        )
        found = wanted.merge(states, on=["record_key", "delivery_id"], how="left").set_index("row")
        value = found[column].reindex(members.index)
        if column != "case_status":
            return value
        # Ruling 3: a case closed between the period's end and that delivery keeps its last status before.
        closed = value.eq(CLOSED_STATUS) | found["cin_closure_date"].reindex(members.index).notna()
        earlier = states[states["case_status"].ne(CLOSED_STATUS) & states["case_status"].notna()]
        pairs = (
            members.frame(["record_key"])[closed]
            .assign(row=members.index[closed], until=found["as_at"].reindex(members.index)[closed])
            .merge(earlier[["record_key", "as_at", "case_status"]], on="record_key")
        )
        before = (
            pairs[pairs["as_at"] < pairs["until"]].sort_values("as_at").groupby("row")["case_status"].last()
        )
        return value.where(~closed, before.reindex(members.index))


def side_periods(side: Side, periods: Periods) -> Periods:
    """The periods a side counts in: those asked for, or its own months to each one's last day."""
    return periods if side.months is None else periods.last_months(side.months)


def _is_late(condition: Condition) -> bool:
    """Whether it can only be judged once a row has a period or its prefixed columns."""
    return condition.needs_period or any(name.startswith((AT_END, PERSON)) for name in condition.columns)

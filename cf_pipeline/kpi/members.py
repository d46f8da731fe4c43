"""The rows a side of a KPI counts, one row a counted record (or child) and period.

A count is the number of its members, so every figure can be traced to records.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from cf_pipeline.contracts.lookup import lookup
from cf_pipeline.contracts.no_rows import no_rows
from cf_pipeline.history.schema import core_columns, states_table
from cf_pipeline.history.versions import WITHDRAWN
from cf_pipeline.kpi.availability import Availability
from cf_pipeline.kpi.breakdowns import filled_from_person
from cf_pipeline.kpi.conditions import Condition
from cf_pipeline.kpi.periods import Periods, open_at_end, overlapping
from cf_pipeline.kpi.registry import Kpi
from cf_pipeline.kpi.sides import AT_END, PERSON, Side

CLOSED_STATUS = "CLO"


@dataclass(frozen=True)
class Counting:
    """The core tables of one authority and the registry, ready to be counted."""

    tables: dict[str, pd.DataFrame]
    registry: dict[str, Kpi]
    availability: Availability
    _found: dict[tuple[Side, str], pd.DataFrame] = field(default_factory=dict)

    def members(self, side: Side, periods: Periods) -> pd.DataFrame:
        """Counted rows of a side: the table's columns plus period (position), period_start, period_end, _on.

        `_on` is the day on which a member's age is taken: the event's, else the period's last day.
        A side that counts children has one row a child and period, the first by date.
        """
        key = (side, periods.basis)
        if key not in self._found:
            self._found[key] = self._count(side, periods)
        return self._found[key]

    def _count(self, side: Side, periods: Periods) -> pd.DataFrame:
        if side.base is not None:
            return self._part_of(side.base, side, periods)
        if side.union:
            return self._together(side.union, periods)
        rows = self.tables.get(side.table, no_rows(core_columns(side.table)))
        if "status" in rows.columns:
            rows = rows[rows["status"].ne(WITHDRAWN)]
        for condition in side.where:
            if not _is_late(condition):
                rows = rows[condition.holds(rows)]
        if side.value is not None:
            rows = rows[rows[side.value].notna()]
        rows = rows.reset_index(drop=True)
        own = side_periods(side, periods)
        row, period = self._placed(side, rows, own)
        members = rows.take(row).reset_index(drop=True)
        members["period"] = period
        members["period_start"] = pd.Series(own.starts[period].astype("datetime64[us]"))
        members["period_end"] = pd.Series(own.ends[period].astype("datetime64[us]"))
        members = self.with_columns(side, members, periods, side.columns)
        for condition in side.where:
            if _is_late(condition):
                members = members[condition.holds(members)]
        members = members.assign(_on=self._age_day(side, members))
        if side.within is not None:
            others = self.members(self.registry[side.within].numerator, periods)
            inside = pd.MultiIndex.from_frame(others[["period", "person_ref"]])
            members = members[pd.MultiIndex.from_frame(members[["period", "person_ref"]]).isin(inside)]
        if side.count == "children":
            order = [name for name in (*side.date_columns[:1], "record_key") if name in members.columns]
            members = members.sort_values(["period", *order]).drop_duplicates(["period", "person_ref"])
        members = members.reset_index(drop=True)
        members.attrs["is_care_leaver"] = side.table == "care_leavers"
        return members

    def _part_of(self, base: Side, side: Side, periods: Periods) -> pd.DataFrame:
        """The members of the base for which the side's own conditions hold."""
        members = self.with_columns(side, self.members(base, periods), periods, side.columns)
        for condition in side.where:
            members = members[condition.holds(members)]
        if side.value is not None:
            members = members[members[side.value].notna()]
        return members.reset_index(drop=True)

    def _together(self, parts: tuple[Side, ...], periods: Periods) -> pd.DataFrame:
        """Different children of several sides; a child of two is told by the first that holds it."""
        found = [self.members(part, periods) for part in parts]
        everyone = pd.concat([members for members in found if len(members)] or found[:1], ignore_index=True)
        return everyone.drop_duplicates(["period", "person_ref"], ignore_index=True)

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
            start, end = (rows[name] for name in side.open)
            return open_at_end(periods, start, pd.concat([end, rows["vanished_date"]], axis=1).min(axis=1))
        if side.overlaps is not None:
            start, end = (rows[name] for name in side.overlaps)
            last = rows["vanished_date"] - pd.Timedelta(days=1)
            return overlapping(periods, start, pd.concat([end, last], axis=1).min(axis=1))
        return overlapping(periods, rows[side.date], rows[side.date])

    def _age_day(self, side: Side, members: pd.DataFrame) -> pd.Series:
        if side.date is not None:
            return members[side.date]
        if side.overlaps is not None:
            return members[[side.overlaps[0], "period_start"]].max(axis=1)
        return members["period_end"]

    def with_columns(
        self, side: Side, members: pd.DataFrame, periods: Periods, columns: Iterable[str]
    ) -> pd.DataFrame:
        """Members of a side with the prefixed columns that are asked for.

        `at_end.` ones come from the delivery near the period's end, `person.` ones are filled in from
        core/person.
        """
        wanted = set(columns) - set(members.columns)
        people = self.tables["person"].set_index("person_ref")
        for name in sorted(name for name in wanted if name.startswith(PERSON)):
            column = name.removeprefix(PERSON)
            members = members.assign(**{name: filled_from_person(column, members, people)})
        for name in sorted(name for name in wanted if name.startswith(AT_END)):
            column = name.removeprefix(AT_END)
            members = members.assign(**{name: self._state_at_end(side.table, column, members, periods)})
        return members

    def _state_at_end(self, table: str, column: str, members: pd.DataFrame, periods: Periods) -> pd.Series:
        states = self.tables[states_table(table)]
        nearest = pd.Series(self.availability.nearest(table, [column], periods), dtype="str")
        wanted = members[["record_key"]].assign(
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
            members.loc[closed, ["record_key"]]
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


def team_column(table: str, supplied: set[str]) -> str | None:
    """The column that holds the team of a list, when it has one and it was supplied."""
    names = core_columns(table)
    for name in ("allocated_team", "contact_team"):
        if name in names and name in supplied:
            return name
    return None

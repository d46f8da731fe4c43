"""Count the records of a numerator or denominator: one row for each counted record (or child) and period.

A count is the number of its rows, so every figure can be traced to records.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.dates.months import days_of
from cf_pipeline.contracts.tables.no_rows import no_rows
from cf_pipeline.history.tables import core_tables
from cf_pipeline.kpi.definitions.conditions import Condition
from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.kpi.definitions.sides import AT_END, PERSON, Side
from cf_pipeline.kpi.measure.availability import Availability
from cf_pipeline.kpi.measure.categories.breakdowns import (
    PersonColumn,
    age_bands,
    fill_from_person,
    record_categories,
)
from cf_pipeline.kpi.measure.categories.category_codes import CategoryCodes
from cf_pipeline.kpi.measure.count_steps import (
    DATES_READ,
    EACH_CHILD_ONCE,
    HAS_VALUE,
    IN_ANY_LIST,
    IN_HISTORY,
    IN_PERIOD,
    NOT_WITHDRAWN,
    WITHIN,
    SelectedRows,
    Step,
    StepListener,
    StepTrace,
    no_trace,
)
from cf_pipeline.kpi.measure.counted_records import (
    CountedRecords,
    add_empty_columns,
    age_day,
    concat_records,
    first_of_each_child,
    first_of_each_child_in_any,
    needs_period,
    no_records,
    use_newest_reviews,
)
from cf_pipeline.kpi.measure.periods import (
    ONE_DAY,
    Periods,
    merged_pairs,
    pairs_open_at_end,
    pairs_overlapping,
)
from cf_pipeline.kpi.measure.state_at_end import state_at_end
from cf_pipeline.kpi.measure.table_results import TableResults

AGE_DAY = "_age_day"
"""Column of counted records: the day on which the age of the child is taken."""


@dataclass(frozen=True)
class RecordCounter:
    """Counts records in the core tables of one authority; what several KPIs read is worked out once.

    `sides` are those that `count_side` has counted.
    """

    tables: dict[str, pd.DataFrame]
    registry: dict[str, Kpi]
    availability: Availability
    sides: dict[Hashable, Any] = field(default_factory=dict)
    _counted: dict[tuple[Side, str], CountedRecords] = field(default_factory=dict)
    _results: TableResults = field(default_factory=TableResults)

    def count(self, side: Side, periods: Periods) -> CountedRecords:
        """The records that a side counts in each period.

        A side that counts children has one record for each child and period, the first by date. The column
        AGE_DAY holds the event's day, else the period's last.
        """
        key = (side, periods.basis)
        if key not in self._counted:
            self._counted[key] = self._count(side, periods)
        return self._counted[key]

    def count_with_steps(self, side: Side, period: Periods) -> list[Step]:
        """The steps of counting a side in one period, with the rows that remain after each.

        A part of another side starts from that side's steps; a union from those of each of its sides, after
        which the rows of all of them are counted together.
        """
        trace = StepTrace()
        self._count(side, period, trace.add)
        return trace.steps

    @cached_property
    def people(self) -> pd.DataFrame:
        """core/person by person_ref."""
        return self.tables["person"].set_index("person_ref")

    def of_person(self, table: pd.DataFrame, row: npt.NDArray[np.int64] | None = None) -> PersonColumn:
        """Reads columns of core/person for the child of each row of a table, or of each of some rows."""

        def read(column: str, mask: npt.NDArray[np.bool_]) -> Any:
            place = self._results.places_in(self.people, table)
            place = place if row is None else place[row]
            return self.people[column].array.take(place[mask], allow_fill=True)

        return read

    def supplied_team_column(self, side: Side) -> str | None:
        """The column that holds the team on a side's list, when it has one and it was supplied."""
        team = core_tables.team_column(side.table)
        return team if team in self.availability.supplied_columns(side.table) else None

    def categories(self, breakdown: str, records: CountedRecords, side: Side) -> CategoryCodes:
        """The category of each record of a side.

        Categories that do not change with the period are worked out once for every row of the table.
        """
        table, date = records.table, side.date
        if breakdown != "age_band":
            column: CategoryCodes = self._results.once(
                table,
                ("categories", breakdown),
                lambda: CategoryCodes.encode_column(
                    record_categories(
                        breakdown, table, self.of_person(table), self.supplied_team_column(side)
                    )
                ),
            )
            return column.subset(records.row)
        is_care_leaver = core_tables.age_bands_of(side.table) == "care_leavers"
        days = self._results.days
        if date is None or table is not self._table(side.table):
            return age_bands(
                days(table, "birth_date")[records.row], days_of(records[AGE_DAY]), is_care_leaver
            )
        bands: CategoryCodes = self._results.once(
            table,
            ("age", date),
            lambda: age_bands(days(table, "birth_date"), days(table, date), is_care_leaver),
        )
        return bands.subset(records.row)

    def add_columns(
        self, side: Side, records: CountedRecords, periods: Periods, columns: Iterable[str]
    ) -> CountedRecords:
        """Add the prefixed columns that are not there yet: `at_end.` and `person.`."""
        if not len(records):
            return add_empty_columns(side, records, columns, self.tables)
        records = use_newest_reviews(side, records, columns, self.tables, self.availability)
        prefixed = sorted(name for name in columns if name.startswith((PERSON, AT_END)))
        missing = [name for name in prefixed if name not in records.columns] if prefixed else []
        for name in (name for name in missing if name.startswith(PERSON)):
            of_person = self.of_person(records.table, records.row)
            records = records.assign(
                **{name: fill_from_person(name.removeprefix(PERSON), records, of_person)}
            )
        for name in (name for name in missing if name.startswith(AT_END)):
            column = name.removeprefix(AT_END)
            nearest = self.availability.nearest_deliveries(side.table, [column], periods)
            states = self.tables[core_tables.states_table(side.table)]
            state = state_at_end(side.table, records, states, column, nearest, self._results)
            records = records.assign(**{name: state})
        return records

    def _count(self, side: Side, periods: Periods, listener: StepListener = no_trace) -> CountedRecords:
        if side.base is not None:
            return self._count_part(side.base, side, periods, listener)
        if side.union:
            return self._count_union(side, periods, listener)
        table = self._table(side.table)
        if table.empty and listener is no_trace:
            records = no_records(table, periods.last_months(side.months))
            return self.add_columns(side, records, periods, side.columns).assign(**{AGE_DAY: "period_end"})
        records = self._place(side, self._select_rows(side, listener), periods)
        listener(side, IN_PERIOD, records)
        records = self.add_columns(side, records, periods, side.columns)
        for condition in side.where:
            if needs_period(condition):
                records = records.where(self._holds(condition, records))
                listener(side, condition.text, records)
        records = records.assign(**{AGE_DAY: age_day(side, records)})
        if side.within is not None:
            records = self._only_children_of(side.within, records, periods)
            listener(side, WITHIN.format(side.within), records)
        if side.count == "children":
            # The rows of a joined table come in the order of its lists.
            is_joined = side.table in core_tables.JOINED_TABLES
            ranks = None if is_joined else self._results.ranks(table, side.date_columns[:1])
            records = first_of_each_child(records, self._results.numbers(table, "person_ref")[0], ranks)
            listener(side, EACH_CHILD_ONCE, records)
        return records

    def _count_union(self, side: Side, periods: Periods, listener: StepListener) -> CountedRecords:
        """A child in several lists is counted once, with the record of the first list."""
        parts = [(part.table, self._count_base(part, periods, listener)) for part in side.union]
        if listener is not no_trace:
            listener(side, IN_ANY_LIST, concat_records(parts))
        records = concat_records(first_of_each_child_in_any(parts))
        listener(side, EACH_CHILD_ONCE, records)
        return records

    def _count_part(self, base: Side, side: Side, periods: Periods, listener: StepListener) -> CountedRecords:
        """The records of the base for which the side's own conditions hold."""
        records = self._count_base(base, periods, listener)
        if not len(records) and listener is no_trace:
            return self.add_columns(side, records, periods, side.columns)
        has_unread = self._results.has_unread_date(records.table, side)
        if has_unread is not None and has_unread[records.row].any():
            records = records.where(~has_unread[records.row])
            listener(side, DATES_READ, records)
        records = self.add_columns(side, records, periods, side.columns)
        for condition in side.where:
            records = records.where(self._holds(condition, records))
            listener(side, condition.text, records)
        if side.value is not None:
            records = records.where(records[side.value].notna())
            listener(side, HAS_VALUE.format(side.value), records)
        return records

    def _count_base(self, side: Side, periods: Periods, listener: StepListener) -> CountedRecords:
        """The records that another side starts from; counted again when their steps are traced."""
        return self.count(side, periods) if listener is no_trace else self._count(side, periods, listener)

    def _holds(self, condition: Condition, records: CountedRecords) -> npt.NDArray[np.bool_]:
        """Whether a condition holds for each record; found for the whole table where it reads no more."""
        if needs_period(condition) or not condition.columns.isdisjoint(records.further_columns):
            return condition.holds(records).to_numpy(dtype=bool)
        return self._results.holds(records.table, condition)[records.row]

    def _select_rows(self, side: Side, listener: StepListener) -> npt.NDArray[np.bool_]:
        """Whether each row of the side's table counts, as far as that does not change with the period."""
        table = self._table(side.table)
        selected = self._results.is_not_withdrawn(table)
        listener(side, IN_HISTORY, SelectedRows(table))
        if "status" in table.columns:
            listener(side, NOT_WITHDRAWN, SelectedRows(table, selected))
        has_unread = self._results.has_unread_date(table, side)
        if has_unread is not None:
            selected = selected & ~has_unread
            listener(side, DATES_READ, SelectedRows(table, selected))
        for condition in side.where:
            if not needs_period(condition):
                selected = selected & self._results.holds(table, condition)
                listener(side, condition.text, SelectedRows(table, selected))
        if side.value is not None:
            selected = selected & table[side.value].notna().to_numpy(dtype=bool)
            listener(side, HAS_VALUE.format(side.value), SelectedRows(table, selected))
        return selected

    def _place(self, side: Side, is_selected: npt.NDArray[np.bool_], periods: Periods) -> CountedRecords:
        """The selected rows of the side's table in each of the periods that they fall in."""
        table, side_periods = self._table(side.table), periods.last_months(side.months)
        row, period = self._pairs(side, table, side_periods)
        if not is_selected.all():
            is_pair_selected = is_selected[row]
            row, period = row[is_pair_selected], period[is_pair_selected]
        return CountedRecords(table, row, period, side_periods)

    def _pairs(self, side: Side, rows: pd.DataFrame, periods: Periods) -> tuple[np.ndarray, np.ndarray]:
        """Row and period positions of the rows that fall in each period by the side's timing."""
        results = self._results
        if side.state:
            nearest = self.availability.nearest_deliveries(side.table, [], periods)
            return merged_pairs(*results.numbers(rows, "delivery_id"), nearest)
        if side.year is not None:
            years = [quarter.year for quarter in periods.quarters]
            return merged_pairs(*results.numbers(rows, side.year), years)
        if side.open is not None:
            start, end = side.open
            return pairs_open_at_end(periods, results.days(rows, start), results.end_days(rows, end))
        if side.overlaps is not None:
            start, end = side.overlaps
            return pairs_overlapping(periods, results.days(rows, start), results.end_days(rows, end, ONE_DAY))
        days = results.days(rows, str(side.date))
        return pairs_overlapping(periods, days, days)

    def _only_children_of(self, kpi_id: str, records: CountedRecords, periods: Periods) -> CountedRecords:
        """The records of children whom another KPI's numerator counts in the same period."""
        others = self.count(self.registry[kpi_id].numerator, periods)
        children = pd.MultiIndex.from_frame(others.frame(["period", "person_ref"]))
        return records.where(pd.MultiIndex.from_frame(records.frame(["period", "person_ref"])).isin(children))

    def _table(self, name: str) -> pd.DataFrame:
        """A core table; without rows where none was delivered."""
        if name not in self.tables:
            self.tables[name] = no_rows(core_tables.core_columns(name))
        return self.tables[name]

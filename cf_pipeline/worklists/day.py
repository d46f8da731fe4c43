"""The day of the lists, the as-at date of the newest delivery, and what the core tables say on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.kpi.definitions.sides import Side
from cf_pipeline.kpi.measure.count_records import RecordCounter
from cf_pipeline.kpi.measure.count_sides import count_side
from cf_pipeline.kpi.measure.counted_records import CountedRecords
from cf_pipeline.kpi.measure.periods import Periods
from cf_pipeline.kpi.measure.quarterly import periods_to_measure
from cf_pipeline.worklists.open_cases import children_with_cases, list_cases_open_at

OPEN_CASES = "open_cases"
TO_THE_DAY = "to the day"
"""The basis of the one period that the lists are counted in."""


@dataclass(frozen=True)
class Day:
    """A day with the core tables that are counted on it, the council's intervals and names of workers.

    `counter` counts as for every KPI; its table of open cases has those of the day. `intervals` are by name,
    `worker_names` by pseudonym.
    """

    as_at: pd.Timestamp
    counter: RecordCounter
    intervals: Mapping[str, str] = field(default_factory=dict)
    worker_names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def newest(
        cls,
        counter: RecordCounter,
        intervals: Mapping[str, str] | None = None,
        worker_names: Mapping[str, str] | None = None,
    ) -> Day:
        """The as-at date of the newest delivery; `counter` as `prepare_counter` makes it."""
        as_at = counter.tables["deliveries"]["as_at"].max()
        day = cls(as_at, counter, intervals or {}, worker_names or {})
        (delivery_id,) = counter.availability.nearest_deliveries(OPEN_CASES, [], day.period)
        cases = list_cases_open_at(counter.tables, delivery_id, as_at)
        return replace(day, counter=replace(counter, tables=counter.tables | {OPEN_CASES: cases}))

    @cached_property
    def period(self) -> Periods:
        """The quarter to the day, as the one period that is counted."""
        quarter = Quarter.of(self.as_at.date())
        starts, ends = (np.array([day], dtype="datetime64[D]") for day in (quarter.start, self.as_at))
        return Periods(TO_THE_DAY, (quarter,), starts, ends)

    def count(self, side: Side) -> tuple[CountedRecords, str | None]:
        """The records that a side counts on the day, and the reason why they are not known."""
        counted = count_side(self.counter, side, self.period)
        return counted.records, counted.reasons[0]

    def count_kpi(self, kpi_id: str) -> tuple[CountedRecords, str | None]:
        """What the numerator of a KPI counts on the day, as `count`.

        It has been counted already where the day is a quarter's last, but for cases: those of the day are of
        another table.
        """
        side, (periods, position) = self.counter.registry[kpi_id].numerator, self._quarters
        if position is None or side.table == OPEN_CASES:
            return self.count(side)
        counted = count_side(self.counter, side, periods)
        row = counted.records.row[counted.records.period == position]
        period = np.zeros(len(row), dtype="int64")
        return CountedRecords(counted.records.table, row, period, self.period), counted.reasons[position]

    @cached_property
    def _quarters(self) -> tuple[Periods, int | None]:
        """The periods that KPIs are counted in, and the place of the quarter that ends on the day."""
        periods = periods_to_measure(self.counter)
        is_day = (periods.ends == self.period.ends[0]) & (np.array(periods.bases) == "quarter")
        return periods, int(np.flatnonzero(is_day)[0]) if is_day.any() else None

    @cached_property
    def children(self) -> pd.DataFrame:
        """The team and worker of each child with an open case, by person_ref."""
        return children_with_cases(self.counter.tables[OPEN_CASES])

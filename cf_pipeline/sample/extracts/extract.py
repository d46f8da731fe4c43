"""The parts that the extract of every list needs: windows, dates known on the as-at date, typed rows.

Does not belong here: the lists themselves; each group of lists has a module of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.sample.system.case_system import CaseSystem
from cf_pipeline.sample.system.days import NEVER, Days, Flags, Ints, age_on, as_date, months_before
from cf_pipeline.sample.system.plan import QUARTERS_DELIVERED, Plan
from cf_pipeline.sample.system.records import Texts


@dataclass(frozen=True)
class Window:
    """A delivery: its folder's name, its as-at date and the days it covers, both ends included."""

    delivery_id: str
    as_at: np.datetime64
    covers_from: np.datetime64
    is_long_extract: bool

    @property
    def twelve_months_from(self) -> np.datetime64:
        """Lists 10 and 11 reach back twelve months; a long extract as far as it covers."""
        return self.covers_from if self.is_long_extract else months_before(self.as_at, 12)

    def contains(self, day: Days) -> Flags:
        """Whether each event is in the window."""
        return (day >= self.covers_from) & (day <= self.as_at)

    def overlaps(self, start: Days, end: Days) -> Flags:
        """Whether each period is open at any time in the window."""
        return (start <= self.as_at) & (np.isnat(end) | (end >= self.covers_from))

    def known_dates(self, day: Days) -> Days:
        """The dates; those after the as-at date are blank."""
        return np.where(day <= self.as_at, day, np.datetime64("NaT"))


def windows(plan: Plan) -> list[Window]:
    """One long extract up to the first reported year, then a rolling six months a quarter."""
    history = plan[:-QUARTERS_DELIVERED]
    first, last = history[0][0].start, history[-1][0].end
    rolling = [quarter.end for quarter, _ in plan[-QUARTERS_DELIVERED:]]
    return [Window(f"{as_date(first)}_{as_date(last)}", last, first, is_long_extract=True)] + [
        Window(str(as_date(end)), end, months_before(end, 6), is_long_extract=False) for end in rolling
    ]


def whole_window(plan: Plan) -> Window:
    """A window over every quarter, as at the last day: no record is outside it."""
    return Window("everything", plan[-1][0].end, plan[0][0].start, is_long_extract=True)


def person_columns(system: CaseSystem, person: Ints, window: Window) -> dict[str, Any]:
    """The columns about the child that lists 1 to 9 begin with."""
    people = system.register.people
    return {
        "child_id": system.child_id[person],
        "gender": people["gender"][person],
        "ethnicity": people["ethnicity"][person],
        "date_of_birth": people["born"][person],
        "age_reported": age_on(people["born"][person], window.as_at),
        "has_disability": people["disability"][person],
        "allocated_worker": system.worker[person],
    }


def system_ids(prefix: str, rows: Ints) -> Texts:
    """Ids of the case system for row numbers; blank for -1."""
    return np.array(
        [f"{prefix}{1_000_000 + row}" if row >= 0 else None for row in rows.tolist()], dtype=object
    )


def latest_row_per_child(person: Ints, start: Days) -> Ints:
    """The row of each child's latest start: lists 6 to 8 have no other outside a long extract."""
    order = np.lexsort((start, person))
    is_last = np.append(person[order][1:] != person[order][:-1], True)[: len(order)]
    return np.sort(order[is_last])


def contract_frame(name: str, columns: dict[str, Any]) -> pd.DataFrame:
    """Rows of a list with the columns of its contract, in its order and with its types.

    A number that the case system does not give to the records of the list is left out.

    The name of a worker stays text here: only cleaning turns it into a yes or no.
    """
    contract = list_contracts()[name]
    count = len(columns[contract.person])
    frame = {}
    for column in contract.columns:
        if column.name == contract.source_id and column.name not in columns:
            continue
        value = columns.get(column.name)
        if value is None:
            value = np.full(count, None, dtype=object)
        dtype = "str" if column.type == "presence" else column.dtype
        if dtype == "Int64":
            # -1 stands for a blank, except in an age: there it is a child not yet born.
            numbers = pd.array(value, dtype="Int64")
            frame[column.name] = pd.Series(numbers)
            if column.type != "age":
                frame[column.name] = frame[column.name].mask(frame[column.name] < 0)
        elif dtype == "datetime64[us]":
            day = value if np.asarray(value).dtype.kind == "M" else np.full(count, NEVER)
            frame[column.name] = pd.Series(np.asarray(day).astype("M8[us]"))
        else:
            frame[column.name] = pd.Series(value, dtype=dtype)
    return pd.DataFrame(frame)

"""The lists of every delivery, numbers in place of their texts: what deliveries are compared by.

Everything that does not depend on the other deliveries is worked out once a list, for all deliveries.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.clean.rules.dates import is_after_as_at
from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.long_extract import Days
from cf_pipeline.history.merge.adoption import ADOPTION_LISTS, adoption_days_of_list
from cf_pipeline.history.merge.keys import is_dated, spans
from cf_pipeline.history.merge.record_groups import group_records, number_rows
from cf_pipeline.history.rows_by_delivery import rows_by_delivery

Numbers = npt.NDArray[np.int64]
NO_DAY = np.iinfo(np.int64).min
"""The number of a missing day, less than any other."""


@dataclass(frozen=True)
class Records:
    """Records of a list, one row each: the numbers of record and person, first and last day.

    `end` is missing while one of the record's rows is open; of a list without dates both days are.
    """

    record: Numbers
    person: Numbers
    start: Days
    end: Days

    def __len__(self) -> int:
        return len(self.record)

    def select(self, positions: npt.NDArray[np.bool_] | Numbers) -> Records:
        """Some of the records."""
        return Records(
            self.record[positions], self.person[positions], self.start[positions], self.end[positions]
        )

    def with_others(self, others: Records) -> Records:
        """The records and the others after them."""
        pairs = zip(vars(self).values(), vars(others).values(), strict=True)
        return Records(*(np.concatenate(pair) for pair in pairs))


@dataclass(frozen=True)
class DeliveredList:
    """What one delivery holds of a list.

    Attributes:
        person: the number of the person of each row, -1 for none.
        key_date: of each row.
        adopted: the day of adoption that each row says of its child, missing where it says none.
        late_count: how many key dates are after the as-at date.
        records: its records.
    """

    person: Numbers
    key_date: Days
    adopted: Days
    late_count: int
    records: Records


@dataclass(frozen=True)
class People:
    """The ids of the persons of all lists; the number of each is its position."""

    ids: pd.Index

    @cached_property
    def without_zeros(self) -> Numbers:
        """For each person the number of the id without its leading zeros."""
        numbers, _ = pd.factorize(np.array([str(each).lstrip("0") for each in self.ids], dtype=object))
        return numbers

    def nobody(self) -> npt.NDArray[np.bool_]:
        """For each person False."""
        return np.zeros(len(self.ids), dtype=bool)

    def latest_days(self, pairs: Iterable[tuple[Numbers, Days]]) -> Days:
        """The latest of the days of each person, missing without one; the last is that of no person.

        Args:
            pairs: the numbers of persons, and the day of each.
        """
        latest = np.full(len(self.ids) + 1, NO_DAY)
        for person, days in pairs:
            np.maximum.at(latest, person, days.view("int64"))
        latest[-1] = NO_DAY
        return latest.view("datetime64[us]")


def number_lists(lists: dict[str, pd.DataFrame]) -> tuple[People, dict[str, dict[str, DeliveredList]]]:
    """The persons of all lists, and list -> delivery -> what it holds; without deliveries that lack rows.

    Args:
        lists: cleaned rows by list.
    """
    contracts = list_contracts()
    persons = [lists[name][contract.person] for name, contract in contracts.items()]
    numbers, ids = pd.factorize(pd.concat(persons, ignore_index=True))
    of_lists = np.split(numbers, np.cumsum([len(own) for own in persons])[:-1])
    delivered = {
        name: _lists_by_delivery(contract, lists[name], own)
        for (name, contract), own in zip(contracts.items(), of_lists, strict=True)
    }
    return People(pd.Index(ids)), delivered


def no_list() -> DeliveredList:
    """A list without a row."""
    numbers, days = np.empty(0, dtype="int64"), np.empty(0, dtype="datetime64[us]")
    return DeliveredList(numbers, days, days, 0, Records(numbers, numbers, days, days))


def _lists_by_delivery(
    contract: ListContract, rows: pd.DataFrame, person: Numbers
) -> dict[str, DeliveredList]:
    if rows.empty:
        return {}
    nothing = np.full(len(rows), np.datetime64("NaT"), dtype="datetime64[us]")
    key_date, is_late = nothing, np.zeros(len(rows), dtype=bool)
    if contract.key_date is not None:
        key_date = rows[contract.key_date].to_numpy(dtype="datetime64[us]")
        is_late = is_after_as_at(rows, contract.key_date).to_numpy(dtype=bool)
    adopted = nothing
    if contract.name in ADOPTION_LISTS:
        for days in adoption_days_of_list(contract, rows):
            adopted = np.fmax(adopted, days.to_numpy(dtype="datetime64[us]"))
    delivery, _ = pd.factorize(rows["delivery_id"])
    numbers = number_rows(contract, rows, delivery, person)
    record = group_records(contract, rows, rows[contract.person], numbers).group_no
    start = end = nothing
    if is_dated(contract):
        first_and_last = spans(contract, rows)
        start, end = (first_and_last[name].to_numpy(dtype="datetime64[us]") for name in ("start", "end"))
    every = Records(record, person, start, end)
    return {
        delivery_id: DeliveredList(
            person[own],
            key_date[own],
            adopted[own],
            int(is_late[own].sum()),
            _one_row_each(every.select(own)),
        )
        for delivery_id, own in rows_by_delivery(rows).items()
    }


def _one_row_each(rows: Records) -> Records:
    """The last row of each record, in the order of the ends, an open one after all others."""
    end = np.where(np.isnat(rows.end), np.iinfo(np.int64).max, rows.end.view("int64"))
    order = np.lexsort([end, rows.record])
    record = rows.record[order]
    return rows.select(order[np.append(record[1:] != record[:-1], True)])

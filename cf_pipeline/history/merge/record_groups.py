"""Group delivered rows by record: which of them are the same record across deliveries.

A record with a number of the case system is identified by it and the child, even when its date is corrected
(docs/rulings.md#29). See docs/history.md, "What makes two rows one record". The text of a group is made once
for all its rows, so that deliveries which show a record again cost no further texts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lookup import lookup

Numbers = npt.NDArray[np.int64]
SOURCE_ID_PREFIX = "id:"
"""Prefix of the text of a group whose rows have the case system's own id."""


@dataclass(frozen=True)
class RowNumbers:
    """Numbers in place of the texts of rows: delivery, person, the case system's id; -1 for none."""

    delivery: Numbers
    person: Numbers
    source_id: Numbers

    def select(self, positions: npt.NDArray[np.bool_]) -> RowNumbers:
        """Those of some of the rows."""
        return RowNumbers(self.delivery[positions], self.person[positions], self.source_id[positions])


@dataclass(frozen=True)
class RecordGroups:
    """The groups of a list's rows: the number of each row's group, and by it the text of each group."""

    group_no: Numbers
    texts: pd.Index


def number_rows(contract: ListContract, rows: pd.DataFrame, delivery: Numbers, person: Numbers) -> RowNumbers:
    """The numbers of rows.

    Args:
        contract: the list's contract.
        rows: cleaned rows of every delivery.
        delivery: the number of the delivery of each row.
        person: that of its person, -1 for none.
    """
    source_id = np.full(len(rows), -1)
    if contract.source_id is not None:
        source_id, _ = pd.factorize(rows[contract.source_id])
    return RowNumbers(delivery, person, source_id)


def join_numbers(*columns: Numbers) -> Numbers:
    """One number for each combination of numbers of -1 or more, in the order in which they first appear."""
    joined = columns[0]
    for column in columns[1:]:
        joined, _ = pd.factorize(joined * (column.max(initial=-1) + 2) + column + 1)
    return joined


def first_positions(numbers: Numbers) -> Numbers:
    """For each number, from 0 without a gap, the first position where it stands."""
    first = np.zeros(numbers.max(initial=-1) + 1, dtype="int64")
    first[numbers[::-1]] = np.arange(len(numbers))[::-1]  # the last assignment wins
    return first


def group_records(
    contract: ListContract, rows: pd.DataFrame, persons: pd.Series, numbers: RowNumbers
) -> RecordGroups:
    """The record that each row is of, across deliveries: by its number and child, else by its natural key.

    A number with several key dates of one child in a delivery is a case's: the date is then part of the text.
    A delivery without numbers gets those that other deliveries give to the same natural keys.

    Args:
        contract: the list's contract.
        rows: cleaned rows of every delivery.
        persons: what identifies the person in the text: the id, or the pseudonym where the text is stored.
        numbers: the numbers of the rows.
    """
    has_number = (numbers.source_id >= 0) & (numbers.person >= 0)
    is_of_case = is_number_of_case(contract, rows, numbers)
    key = [contract.key_date, contract.slot_date, *contract.natural_key]
    columns = [name for name in dict.fromkeys(key) if name not in (None, contract.person)]
    columns += ["as_at"] if contract.kind == "state" else []
    is_replaced = ~_any_of_delivery(has_number, numbers.delivery)
    parts = [numbers.person, numbers.source_id]
    if is_of_case.any() or not has_number.all():
        parts += [is_replaced.astype("int64"), *(pd.factorize(rows[name])[0] for name in columns)]
    combination = join_numbers(*parts)
    first = first_positions(combination)
    columns += [] if contract.source_id is None else [contract.source_id]
    texts = _group_texts(
        contract, rows[columns].take(first), persons.take(first), is_of_case[first], is_replaced[first]
    )
    of_text, distinct = pd.factorize(texts)  # two natural keys may give one text
    return RecordGroups(of_text[combination], distinct)


def is_number_of_case(
    contract: ListContract, rows: pd.DataFrame, numbers: RowNumbers
) -> npt.NDArray[np.bool_]:
    """Which rows have a number that stands for several key dates of the child in some delivery.

    A row without its key date may be any of them; it makes no further date unless all of them lack it.
    """
    nothing = np.zeros(len(rows), dtype=bool)
    record = join_numbers(numbers.source_id, numbers.person)
    of_delivery = join_numbers(record, numbers.delivery)
    is_shared = (np.bincount(of_delivery)[of_delivery] > 1) & (numbers.source_id >= 0)
    if not is_shared.any():
        return nothing
    some, group = rows[is_shared], of_delivery[is_shared]
    dates = some[contract.key_date].dt.normalize()
    has_date = dates.notna().groupby(group).transform("any")
    days = dates.where(has_date, _key_date(contract, some).dt.normalize())
    has_several = days.groupby(group).transform("nunique").gt(1).to_numpy()
    return np.isin(record, record[is_shared][has_several])


def has_shared_keys(contract: ListContract, rows: pd.DataFrame, numbers: RowNumbers) -> bool:
    """Whether the key of a row depends on what other deliveries hold: a case's number, or a missing one."""
    if contract.source_id is None or rows.empty:
        return False
    has_numbers = _any_of_delivery(numbers.source_id >= 0, numbers.delivery)
    return bool(has_numbers.any() != has_numbers.all() or is_number_of_case(contract, rows, numbers).any())


def _any_of_delivery(flags: npt.NDArray[np.bool_], delivery: Numbers) -> npt.NDArray[np.bool_]:
    """For each row whether the flag of any row of its delivery is set."""
    is_any = np.zeros(delivery.max(initial=-1) + 1, dtype=bool)
    is_any[delivery[flags]] = True
    return is_any[delivery]


def _group_texts(
    contract: ListContract,
    rows: pd.DataFrame,
    persons: pd.Series,
    is_of_case: npt.NDArray[np.bool_],
    is_replaced: npt.NDArray[np.bool_],
) -> pd.Series[str]:
    """The text of the group of each row, as `group_records` says.

    Args:
        contract: the list's contract.
        rows: one of all rows that are alike in what decides the text.
        persons: what identifies the person of each of them.
        is_of_case: which of them have a case's number.
        is_replaced: which of them are of a delivery without any number.
    """
    if contract.source_id is None or not rows[contract.source_id].notna().any():
        return _natural_key(contract, rows, persons)
    numbered = SOURCE_ID_PREFIX + rows[contract.source_id] + "|" + persons
    if is_of_case.any():
        day = _key_date(contract, rows).dt.strftime("%Y-%m-%d").fillna("undated")
        numbered = numbered.where(~is_of_case, numbered + "|" + day)
    if numbered.isna().any():
        numbered = numbered.fillna(_add_numbers(_natural_key(contract, rows, persons), numbered, is_replaced))
    return numbered.astype("str")


def _natural_key(contract: ListContract, rows: pd.DataFrame, persons: pd.Series) -> pd.Series[str]:
    """The text of the columns that identify a record without a number; of a state, with its as-at date."""
    parts = []
    for name in contract.natural_key:
        values = persons if name == contract.person else rows[name]
        if name == contract.key_date and contract.slot_date is not None:
            values = rows[contract.slot_date].fillna(values)
        if isinstance(values.dtype, pd.StringDtype):
            parts.append(values.fillna(""))
        else:
            parts.append(values.dt.strftime("%Y-%m-%dT%H:%M").fillna("undated"))
    if contract.kind == "state":
        parts.append(rows["as_at"].dt.strftime("%Y-%m-%d"))
    key = parts[0]
    for part in parts[1:]:
        key = key + "|" + part
    return key.astype("str")


def _key_date(contract: ListContract, rows: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """The date a record is about; the day it is due while it has not been held."""
    dates = rows[contract.key_date]
    return dates if contract.slot_date is None else dates.fillna(rows[contract.slot_date])


def _add_numbers(
    key: pd.Series[str], number_key: pd.Series[str], is_replaced: npt.NDArray[np.bool_]
) -> pd.Series[str]:
    """The natural keys, those of a delivery without any number replaced by the numbered key they belong to.

    A natural key that belongs to several numbers, or shares one with another key, stays.

    Args:
        key: natural keys.
        number_key: keys with the record's number; missing where the row has none.
        is_replaced: which rows are of a delivery without any number.
    """
    pairs = pd.DataFrame({"key": key, "number_key": number_key}).dropna().drop_duplicates()
    pairs = pairs[~(pairs.duplicated("key", keep=False) | pairs.duplicated("number_key", keep=False))]
    return lookup(key, pairs.set_index("key")["number_key"]).where(is_replaced).fillna(key)

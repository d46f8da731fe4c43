"""Key every version of every record of a list, and find the latest version of each (docs/history.md).

Of a record the complete group of rows of the newest delivery that covers its day counts. So two contacts of
one day stay two, and become one when a later delivery shows one. Rows equal in every column are one.
Deliveries are ordered by as-at date and name, never by arrival.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lookup import lookup
from cf_pipeline.contracts.tables.no_rows import no_rows
from cf_pipeline.history.merge.keys import first_days
from cf_pipeline.history.merge.record_groups import (
    SOURCE_ID_PREFIX,
    Numbers,
    first_positions,
    group_records,
    has_shared_keys,
    join_numbers,
    number_rows,
)

NO_RANK = -1
KEY_DTYPES = {
    "rank": "int64",
    "record_key": "str",
    "first_rank": "int64",
    "group_no": "int64",
    "row_no": "int64",
    "record_no": "int64",
    "is_numbered": "bool",
}
"""The columns that `key_versions` adds."""


@dataclass(frozen=True)
class Versions:
    """The delivered rows of a list, a row a record and delivery, oldest delivery first.

    `duplicates` repeat a row in every column; `repeats` are further rows of a record that another row of the
    delivery stands for. Of a list with `has_shared_keys` the key of some row depends on other deliveries.
    In `rows` numbers stand for texts: `group_no` for the record's group, and `record_no`, in the order of the
    keys, for record_key.
    """

    rows: pd.DataFrame
    duplicates: pd.DataFrame
    repeats: pd.DataFrame
    has_shared_keys: bool = False

    def reported_by(self, contract: ListContract, date: pd.Timestamp) -> Versions:
        """The versions of the deliveries with an as-at date up to and including the date."""
        rows, duplicates, repeats = (
            _until(frame, date) for frame in (self.rows, self.duplicates, self.repeats)
        )
        if not self.has_shared_keys:
            return Versions(rows, duplicates, repeats)
        delivered = pd.concat([rows[duplicates.columns], duplicates, repeats[duplicates.columns]])
        return _key_rows(contract, delivered)


def key_versions(contract: ListContract, rows: pd.DataFrame, ranks: pd.Series) -> Versions:
    """Give every delivered row of a list its record key and rank.

    Args:
        contract: the list's contract.
        rows: cleaned rows of every delivery, with person_ref.
        ranks: order of each delivery_id, oldest 0.

    Returns:
        Versions; the rows also have record_key (the text of the group and the number of the row in it), rank
        (of the delivery), first_rank (of the first delivery that holds the record), group_no, row_no (within
        group and delivery), record_no and is_numbered (whether the group has the case system's own id).
    """
    if rows.empty:
        added = no_rows(KEY_DTYPES)
        keyed = rows.assign(**{name: added[name].array for name in KEY_DTYPES})
        return Versions(keyed, rows, rows)
    delivery, delivery_ids = pd.factorize(rows["delivery_id"])
    rank_of_delivery = ranks.reindex(delivery_ids).to_numpy(dtype="int64")
    return _key_rows(contract, rows.assign(rank=rank_of_delivery[delivery]))


def _key_rows(contract: ListContract, rows: pd.DataFrame) -> Versions:
    """The versions of delivered rows that have their rank."""
    rows = _sort_rows(rows, ["rank", *contract.column_names, "file", "sheet", "excel_row"])
    person, _ = pd.factorize(rows["person_ref"])
    numbers = number_rows(contract, rows, rows["rank"].to_numpy(), person)
    groups = group_records(contract, rows, rows["person_ref"], numbers)
    group_no, duplicates, repeats = groups.group_no, rows.iloc[:0], rows.iloc[:0]
    group_of_delivery = join_numbers(group_no, rows["rank"].to_numpy())
    row_no = np.zeros(len(rows), dtype="int64")
    is_shared = np.bincount(group_of_delivery)[group_of_delivery] > 1
    if is_shared.any():
        shared = rows.assign(group_no=group_no)[is_shared]
        is_copy = shared.duplicated(["rank", *contract.column_names])
        duplicates, shared = rows.loc[shared.index[is_copy]], shared[~is_copy]
        repeats = rows.loc[shared.index[find_repeats(contract, shared)]]
        is_distinct = ~rows.index.isin(duplicates.index.union(repeats.index))
        rows, numbers = rows[is_distinct].reset_index(drop=True), numbers.select(is_distinct)
        group_no, group_of_delivery = group_no[is_distinct], group_of_delivery[is_distinct]
        row_no = rows.groupby(group_of_delivery).cumcount().to_numpy()
    keys = _record_keys(groups.texts, group_no, row_no, rows["rank"].to_numpy())
    keyed = pd.concat([rows, pd.DataFrame(keys, copy=False)], axis="columns")
    return Versions(keyed, duplicates, repeats, has_shared_keys(contract, rows, numbers))


def _record_keys(texts: pd.Index, group_no: Numbers, row_no: Numbers, rank: Numbers) -> dict[str, Any]:
    """The columns of `KEY_DTYPES` besides the rank.

    Args:
        texts: the text of each group by its number.
        group_no: the number of the group of each row.
        row_no: the number of each row within its group and delivery.
        rank: the rank of each row's delivery, oldest first.
    """
    record = join_numbers(group_no, row_no)
    first = first_positions(record)
    suffixes = pd.Index(row_no[first], dtype="int64").astype("str")
    keys = (texts.take(group_no[first]) + "#" + suffixes).array
    position = np.argsort(keys.argsort())
    return {
        "record_key": keys.take(record),
        "first_rank": rank[first][record],
        "group_no": group_no,
        "row_no": row_no,
        "record_no": position[record],
        "is_numbered": np.asarray(texts.str.startswith(SOURCE_ID_PREFIX), dtype=bool)[group_no],
    }


def _sort_rows(rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """The rows in the order of their columns, missing values last."""
    # Arrow compares by several columns as they are; pandas numbers the values of each of them first.
    table = pa.table({name: pa.array(rows[name], from_pandas=True) for name in columns})
    order = pc.sort_indices(table, sort_keys=[(name, "ascending") for name in columns])
    return rows.take(order.to_numpy()).reset_index(drop=True)


def find_repeats(contract: ListContract, rows: pd.DataFrame) -> pd.Series[bool]:
    """Which rows repeat a record that another row of the delivery stands for (docs/rulings.md#29).

    One record are the rows with one number of the case system, one child and one date; those of a person in a
    state; those of a child with one start and one end in a list of one row a child. Of them the row with the
    newest `newest_row_date` counts, then that with most filled cells, then the last.

    Args:
        contract: the list's contract.
        rows: distinct rows of every delivery, with rank and group_no.
    """
    record, ends = ["rank", "group_no", "_end"], pd.Series(pd.NaT, index=rows.index)
    is_one = pd.Series(contract.kind == "state" or contract.one_row_a_child, index=rows.index)
    if contract.one_row_a_child and contract.end_date is not None:
        ends = rows[contract.end_date]
    if contract.source_id is not None:
        has_number = rows[contract.source_id].notna()
        is_one, ends = is_one | has_number, ends.mask(has_number)
    rows = rows.assign(_end=ends)
    shared = rows[is_one & rows.duplicated(record, keep=False)]
    if shared.empty:
        return pd.Series(False, index=rows.index)
    filled_count = shared[contract.column_names].notna().sum(axis=1)
    newest = shared[contract.newest_row_date] if contract.newest_row_date else pd.Series(pd.NaT, shared.index)
    ordered = shared.assign(_newest=newest, _filled_count=filled_count).sort_values(
        ["_newest", "_filled_count", "file", "sheet", "excel_row"], na_position="first"
    )
    return pd.Series(rows.index.isin(ordered.index[ordered.duplicated(record, keep="last")]), rows.index)


def _until(rows: pd.DataFrame, date: pd.Timestamp) -> pd.DataFrame:
    """The rows, oldest delivery first, of as-at dates up to and including a date."""
    number = int((rows["as_at"] <= date).sum())
    return rows.iloc[:number].reset_index(drop=True) if number else rows.iloc[:0]


def is_of_one_row(rows: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Which versions of a list are of a record group of which no delivery holds more than one row."""
    group = rows["group_no"].to_numpy()
    is_one = np.ones(len(group) and group.max() + 1, dtype=bool)
    is_one[group[rows["row_no"].to_numpy() > 0]] = False
    found: npt.NDArray[np.bool_] = is_one[group]
    return found


def is_latest(
    contract: ListContract, rows: pd.DataFrame, covers: pd.DataFrame, ranks: pd.Series
) -> npt.NDArray[np.bool_]:
    """Which versions of a list are the latest of their record.

    States: those of the last delivery of each as-at date. Events: those of the newest delivery that covers
    the day, because a delivery that does not may show only one of several rows of the day; if none covers it,
    and for records with a source id, those of the newest delivery. Periods and processes: those of the newest
    delivery.

    Args:
        contract: the list's contract.
        rows: all versions of the list.
        covers: the coverage of the list.
        ranks: order of each delivery_id, oldest 0.
    """
    if rows.empty:
        return np.zeros(0, dtype=bool)
    rank = rows["rank"].to_numpy()
    if contract.kind == "state":
        last_of_day = covers.assign(rank=covers["delivery_id"].map(ranks)).groupby("as_at")["rank"].max()
        is_last: npt.NDArray[np.bool_] = rows["rank"].eq(lookup(rows["as_at"], last_of_day)).to_numpy(bool)
        return is_last
    group = rows["group_no"].to_numpy()
    newest = _newest_of_groups(group, rank)
    if contract.kind == "event":
        can_replace = _is_covered(contract, rows, covers, ranks)
        can_replace |= rows["is_numbered"].to_numpy()
        latest = _newest_of_groups(group, np.where(can_replace, rank, NO_RANK))
        newest = np.where(latest == NO_RANK, newest, latest)
    return np.asarray(rank == newest[group])


def _newest_of_groups(group: npt.NDArray[np.int64], rank: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The highest rank of each group."""
    newest = np.full(len(group) and group.max() + 1, NO_RANK)
    np.maximum.at(newest, group, rank)
    return newest


def _is_covered(
    contract: ListContract, rows: pd.DataFrame, covers: pd.DataFrame, ranks: pd.Series
) -> npt.NDArray[np.bool_]:
    """Which versions of a list of events are of a day that their delivery covers."""
    first, last = np.full((2, len(ranks)), np.datetime64("NaT"), dtype="datetime64[us]")
    of_covers = ranks.reindex(covers["delivery_id"]).to_numpy()
    first[of_covers], last[of_covers] = covers["covers_from"], covers["covers_to"]
    day, rank = first_days(contract, rows).to_numpy(dtype="datetime64[us]"), rows["rank"].to_numpy()
    return np.asarray((first[rank] <= day) & (day <= last[rank]))

"""Key every version of every record of a list, and find the latest version of each (docs/history.md).

Of a record the complete group of rows of the newest delivery that covers its day counts. So two contacts of
one day stay two, and become one when a later delivery shows one. Rows equal in every column are one.
Deliveries are ordered by as-at date and name, never by arrival.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lookup import lookup
from cf_pipeline.history.merge.keys import SOURCE_ID_PREFIX, has_shared_keys, record_group, spans

NO_RANK = -1
FIRST_ROW_SUFFIX = "#0"
"""End of the record_key of a group's first row."""


@dataclass(frozen=True)
class Versions:
    """The delivered rows of a list, a row a record and delivery, oldest delivery first.

    `duplicates` repeat a row in every column; `repeats` are further rows of a record that another row of the
    delivery stands for. Of a list with `has_shared_keys` the key of some row depends on other deliveries.
    """

    rows: pd.DataFrame
    duplicates: pd.DataFrame
    repeats: pd.DataFrame
    has_shared_keys: bool = False

    def reported_by(self, contract: ListContract, date: pd.Timestamp) -> Versions:
        """The versions of the deliveries with an as-at date up to and including the date."""
        frames = (self.rows, self.duplicates, self.repeats)
        rows, duplicates, repeats = (frame[frame["as_at"] <= date].reset_index(drop=True) for frame in frames)
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
        Versions; the rows also have record_group, record_key (the group and a number within it), rank (of the
        delivery) and first_rank (of the first delivery that holds the record).
    """
    if rows.empty:
        texts, numbers = pd.Series(dtype="str"), pd.Series(dtype="int64")
        keyed = rows.assign(rank=numbers, record_group=texts, record_key=texts, first_rank=numbers)
        return Versions(keyed, rows, rows)
    return _key_rows(contract, rows.assign(rank=rows["delivery_id"].map(ranks).astype("int64")))


def _key_rows(contract: ListContract, rows: pd.DataFrame) -> Versions:
    """The versions of delivered rows that have their rank."""
    content = [column.name for column in contract.columns]
    rows = rows.sort_values(["rank", *content, "file", "sheet", "excel_row"], ignore_index=True)
    is_copy = rows.duplicated(["rank", *content])
    distinct = rows[~is_copy].reset_index(drop=True)
    distinct = distinct.assign(record_group=record_group(contract, distinct, distinct["person_ref"]))
    is_repeat = find_repeats(contract, distinct)
    repeats, distinct = distinct[is_repeat], distinct[~is_repeat].reset_index(drop=True)
    group = distinct["record_group"]
    key = group + "#" + distinct.groupby([group, "rank"]).cumcount().astype(str)
    first = distinct["rank"].groupby(key).transform("min")
    keyed = distinct.assign(record_key=key, first_rank=first)
    return Versions(keyed, rows[is_copy], repeats, has_shared_keys(contract, distinct))


def find_repeats(contract: ListContract, rows: pd.DataFrame) -> pd.Series[bool]:
    """Which rows repeat a record that another row of the delivery stands for (docs/rulings.md#29).

    One record are the rows with one number of the case system, one child and one date; those of a person in a
    state; those of a child with one start and one end in a list of one row a child. Of them the row with the
    newest `newest_row_date` counts, then that with most filled cells, then the last.

    Args:
        contract: the list's contract.
        rows: distinct rows of every delivery, with rank and record_group.
    """
    record, ends = ["rank", "record_group", "_end"], pd.Series(pd.NaT, index=rows.index)
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


def groups_with_several_rows(rows: pd.DataFrame) -> pd.Series[str]:
    """The record groups of which some delivery holds more than one row; a group may occur more than once.

    Args:
        rows: all versions of a list.
    """
    groups: pd.Series[str] = rows.loc[~rows["record_key"].str.endswith(FIRST_ROW_SUFFIX), "record_group"]
    return groups


def is_latest(
    contract: ListContract, rows: pd.DataFrame, covers: pd.DataFrame, ranks: pd.Series
) -> pd.Series:
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
    rank = rows["rank"]
    if contract.kind == "state":
        newest = covers.assign(rank=covers["delivery_id"].map(ranks)).groupby("as_at")["rank"].max()
        return rank.eq(lookup(rows["as_at"], newest))
    newest = rank.groupby(rows["record_group"]).transform("max")
    if contract.kind != "event":
        return rank.eq(newest)
    days = covers.set_index("delivery_id")
    day = spans(contract, rows)["start"]
    is_covered = day.between(
        lookup(rows["delivery_id"], days["covers_from"]), lookup(rows["delivery_id"], days["covers_to"])
    )
    can_replace = is_covered | rows["record_group"].str.startswith(SOURCE_ID_PREFIX)
    latest = rank.where(can_replace, NO_RANK).groupby(rows["record_group"]).transform("max")
    return rank.eq(latest.mask(latest.eq(NO_RANK), newest))

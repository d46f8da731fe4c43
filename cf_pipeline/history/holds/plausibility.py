"""Guards over the deliveries of an authority: one that cannot be true is held until someone confirms it.

Ruling 9 of the design and the reference on merging: a wrong as-at date, a filter left on or an identifier in
another form would withdraw records by the hundred. Deliveries are judged oldest first, each against what the
ones before it, held ones left out, say it should hold; the order of arrival plays no part.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from cf_pipeline.clean.rules.between_lists import DOUBTFUL_ROWS, DOUBTFUL_SHARE
from cf_pipeline.clean.rules.dates import is_after_as_at
from cf_pipeline.contracts.list_contract import ListContract
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.merge.keys import expected, is_dated, newer_start, record_group, spans

VANISHED_SHARE, VANISHED_RECORDS = 0.2, 5
"""More than this share of a list's expected records, and more than so many, may not vanish at once."""
REFORMATTED_SHARE = 0.5
"""More than this share of the ids may not be old ones with other leading zeros."""
RECORDS = {"record_group": "str", "person": "str", "start": "datetime64[us]", "end": "datetime64[us]"}


@dataclass
class Known:
    """What the deliveries taken so far hold: records still expected by list, and every child's id."""

    records: dict[str, pd.DataFrame] = field(default_factory=dict)
    children: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Shown:
    """What one delivery holds: its as-at date, the days and rows of each list."""

    as_at: pd.Timestamp
    days: dict[str, tuple[pd.Timestamp, pd.Timestamp]]
    rows: dict[str, pd.DataFrame]

    @cached_property
    def children(self) -> set[str]:
        """The distinct ids of the children in its lists."""
        lists = [rows for name, rows in self.rows.items() if list_contracts()[name].is_about_children]
        return set().union(*(rows["child_id"].dropna() for rows in lists))

    @cached_property
    def records(self) -> dict[str, pd.DataFrame]:
        """The records of each list."""
        return {name: records(list_contracts()[name], rows) for name, rows in self.rows.items()}


def doubts(known: Known, shown: Shown) -> list[str]:
    """What is wrong with a delivery as a whole, in words; nothing when it can be taken as it is."""
    return [*_reformatted(known, shown), *_after_as_at(shown), *_vanished(known, shown)]


def take(known: Known, shown: Shown) -> None:
    """Adds what a delivery holds to what is known, and takes out what it no longer holds."""
    known.children |= shown.children
    for name, own in shown.records.items():
        before = known.records.get(name)
        if before is None or not is_dated(list_contracts()[name]):
            known.records[name] = own
            continue
        _, gone = _owed(name, before, shown)
        kept = before[~gone & ~before["record_group"].isin(own["record_group"])]
        known.records[name] = pd.concat([kept, own], ignore_index=True)


def records(contract: ListContract, rows: pd.DataFrame) -> pd.DataFrame:
    """One row a record of the rows: record_group, person, start, end (missing while one of them is open)."""
    days = spans(contract, rows) if is_dated(contract) else pd.DataFrame(index=rows.index)
    found = days.assign(
        record_group=record_group(contract, rows, rows[contract.person]), person=rows[contract.person]
    )
    if is_dated(contract):
        found = found.sort_values(["record_group", "end"], na_position="last")
    found = found.drop_duplicates("record_group", keep="last").reset_index(drop=True)
    return found.reindex(columns=[*RECORDS]).astype(RECORDS)


def _owed(name: str, before: pd.DataFrame, shown: Shown) -> tuple[pd.Series[bool], pd.Series[bool]]:
    """Which known records the delivery should hold, and which of them it does not."""
    contract = list_contracts()[name]
    is_there = before["record_group"].isin(shown.records[name]["record_group"])
    is_hidden = newer_start(contract, before["person"], shown.rows[name]).gt(before["start"])
    due = expected(before, *shown.days[name]) & (is_there | ~is_hidden)
    return due, due & ~is_there


def _vanished(known: Known, shown: Shown) -> Iterator[str]:
    for name, own in shown.records.items():
        title, before = list_contracts()[name].title, known.records.get(name)
        if before is None:
            continue
        if not is_dated(list_contracts()[name]):
            if own.empty and len(before) > VANISHED_RECORDS:
                yield f"{title} is empty, and held {len(before):,} records in the delivery before"
            continue
        due, gone = (int(which.sum()) for which in _owed(name, before, shown))
        if gone > VANISHED_RECORDS and gone > VANISHED_SHARE * due:
            yield f"{title} lacks {gone:,} of the {due:,} records that it should still hold"


def _reformatted(known: Known, shown: Shown) -> Iterator[str]:
    children = shown.children
    bare = {child.lstrip("0") for child in known.children}
    same = sum(child.lstrip("0") in bare for child in children - known.children)
    if same > REFORMATTED_SHARE * len(children):
        yield (
            f"{same:,} of its {len(children):,} child ids differ from known ones in leading zeros only"
            " (export them in their earlier form, or fill them up by zero_pad under [ids] of mapping.toml)"
        )


def _after_as_at(shown: Shown) -> Iterator[str]:
    late = rows_dated = 0
    for name, rows in shown.rows.items():
        key_date = list_contracts()[name].key_date
        if key_date is not None:
            late += int(is_after_as_at(rows, key_date).sum())
            rows_dated += int(rows[key_date].notna().sum())
    if late > DOUBTFUL_SHARE * rows_dated and late >= DOUBTFUL_ROWS:
        yield f"{late:,} of its {rows_dated:,} dated rows are after the as-at date"

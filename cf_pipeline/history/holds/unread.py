"""Doubts about what could not be read: dates, ids, births, lists without a row left (docs/rulings.md#22, 25).

Unread is not none: a list whose dates cannot be read would be published as a list without events, and an
end that cannot be read as a case that is open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from cf_pipeline.clean import CleanedLists
from cf_pipeline.clean.unread_dates import UNREAD_RULES
from cf_pipeline.contracts.list_contract import DATE_TYPES, ListContract
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.holds.doubt import Doubt
from cf_pipeline.history.rows_by_delivery import Positions, rows_by_delivery

UNREAD_SHARE, UNREAD_CELLS = 0.05, 2
"""A list is doubtful when over this share, and at least this many, of its filled dates cannot be read."""
UNMATCHED_CODE, UNMATCHED_SHARE = "code_unmatched", 0.5
"""A coded column is unread when over this share of its filled cells, and at least two, fit no code."""
ID_RULES = ("no_child_id", "id_digits_lost")
"""Rules that set a record aside for its id."""
NO_RECORDS = ("total_row", "footer_row", "repeated_header", "blank_row")
"""Rules that set aside what is no record: a list without other rows is truly empty."""

IMPOSSIBLE_BIRTHS, IMPOSSIBLE_SHARE = ("birth_date_too_early", "birth_date_too_late"), 0.5
"""Rules of a birth date of no child or care leaver; a list is doubtful when over this share of them, and at
least two, are broken."""
WIDE_ROW = "cells_beyond_header"
"""The rule of a row whose values may stand under the headers of others."""

KEY = ["delivery_id", "list"]
DoubtsByList = dict[tuple[str, str], list[Doubt]]
"""(delivery_id, list) -> the doubts about it."""
NO_POSITIONS: Positions = np.empty(0, dtype="intp")


class _Unread(NamedTuple):
    """Cells of a date that cannot be read: how many, and whether it is not known of which rows.

    An issue without a row number is one of so many that they are not listed: which records have an unread end
    is then not known.
    """

    cells: int
    is_unplaced: bool


NOTHING_UNREAD = _Unread(0, False)


class _Rows(NamedTuple):
    """The rows of one delivery, by their positions in those of all deliveries."""

    rows: pd.DataFrame
    positions: Positions

    def count_filled(self, column: str) -> int:
        """How many cells of a column are filled."""
        return int(self.rows[column].notna().to_numpy()[self.positions].sum())


def find_unread_doubts(content: CleanedLists) -> DoubtsByList:
    """The lists of deliveries in which too many dates or ids cannot be read, or no row is left.

    Args:
        content: the lists of all deliveries, with their issues and quarantined rows.
    """
    issues, quarantine = content.issues, content.quarantine
    is_record = ~quarantine["rule"].isin(NO_RECORDS)
    dates = _count_dates(_unread_issues(content))
    without_id = _sum_rows(quarantine[quarantine["rule"].isin(ID_RULES)].assign(rows=1))
    lost = _sum_rows(quarantine[is_record].assign(rows=1))
    wide = _sum_rows(issues[issues["rule"].eq(WIDE_ROW)])
    births = _sum_rows(issues[issues["rule"].isin(IMPOSSIBLE_BIRTHS)])
    places: dict[str, dict[str, Positions]] = {}
    found: DoubtsByList = {}
    for key in sorted(set().union(dates, without_id, lost, wide, births)):
        delivery_id, name = key
        if name not in places:
            places[name] = rows_by_delivery(content.lists[name])
        own = _Rows(content.lists[name], places[name].get(delivery_id, NO_POSITIONS))
        contract = list_contracts()[name]
        doubts = [
            *_date_doubts(contract, own, dates.get(key, {})),
            *_id_doubts(contract, own, without_id.get(key, 0), lost.get(key, 0)),
            *_width_doubts(contract, own, wide.get(key, 0)),
            *_birth_doubts(contract, own, births.get(key, 0)),
        ]
        if doubts:
            found[key] = doubts
    return found


def find_unread_columns(content: CleanedLists) -> pd.DataFrame:
    """The dated and coded columns of which too many cells cannot be read; they count as not delivered.

    Key dates and ends hold the list; what is said of the child (date of birth, gender) may come from another
    list, and is the category 'unknown' without one: these are not among them.

    Args:
        content: the lists of all deliveries, with their issues.

    Returns:
        delivery_id, list, column.
    """
    unread, found = _unread_issues(content), []
    for key, own in unread.groupby([*KEY, "column"]):
        delivery_id, name, column = map(str, key)
        contract, rows = list_contracts()[name], content.lists[name]
        if column in {contract.key_date, *contract.ends, *contract.demographics}:
            continue
        if _is_doubtful(*_count_unread(rows[rows["delivery_id"].eq(delivery_id)], own, column)):
            found.append((delivery_id, name, column))
    unmatched = content.issues[content.issues["rule"].eq(UNMATCHED_CODE)]
    for key, own in unmatched.groupby([*KEY, "column"]):
        delivery_id, name, column = map(str, key)
        contract, rows = list_contracts()[name], content.lists[name]
        if column in contract.demographics:
            continue
        count, filled = _count_unread(rows[rows["delivery_id"].eq(delivery_id)], own, column)
        if count >= UNREAD_CELLS and count > UNMATCHED_SHARE * filled:
            found.append((delivery_id, name, column))
    return pd.DataFrame(found, columns=[*KEY, "column"], dtype="str")


def _unread_issues(content: CleanedLists) -> pd.DataFrame:
    """The issues of dates that cannot be read; an Excel error stands in other columns too."""
    issues = content.issues[content.issues["rule"].isin(UNREAD_RULES)]
    contracts = list_contracts()
    is_date = [
        column in contracts[name].names_of_type(*DATE_TYPES)
        for name, column in zip(issues["list"], issues["column"], strict=True)
    ]
    return issues[np.array(is_date, dtype=bool)]


def _count_unread(rows: pd.DataFrame, issues: pd.DataFrame, column: str) -> tuple[int, int]:
    """How many cells of a date are unread, and how many are filled."""
    count = int(issues["rows"].sum())
    return count, int(rows[column].notna().sum()) + count


def _is_doubtful(count: int, cells: int) -> bool:
    return count >= UNREAD_CELLS and count > UNREAD_SHARE * cells


def _sum_rows(issues: pd.DataFrame) -> dict[tuple[str, str], int]:
    """(delivery_id, list) -> how many rows its issues are about."""
    counts: dict[tuple[str, str], int] = {}
    known = issues[[*KEY, "rows"]].dropna(subset=KEY)
    for delivery_id, name, rows in zip(*(known[column] for column in known.columns), strict=True):
        counts[delivery_id, name] = counts.get((delivery_id, name), 0) + int(rows)
    return counts


def _count_dates(issues: pd.DataFrame) -> dict[tuple[str, str], dict[str, _Unread]]:
    """(delivery_id, list) -> column -> its dates that cannot be read."""
    found: dict[tuple[str, str], dict[str, _Unread]] = {}
    known = issues.dropna(subset=KEY)
    columns = [known[name] for name in (*KEY, "column", "rows")]
    for delivery_id, name, column, rows, is_placed in zip(*columns, known["excel_row"].notna(), strict=True):
        own = found.setdefault((delivery_id, name), {})
        before = own.get(column, NOTHING_UNREAD)
        own[column] = _Unread(before.cells + int(rows), before.is_unplaced or not is_placed)
    return found


def _date_doubts(contract: ListContract, rows: _Rows, unread: Mapping[str, _Unread]) -> Iterator[Doubt]:
    for column in (contract.key_date, *contract.ends):
        if column is None or column not in unread:
            continue
        count, is_unplaced = unread[column]
        filled = rows.count_filled(column) + count
        if (is_unplaced and column in contract.ends) or _is_doubtful(count, filled):
            header = contract.column(column).header
            words = f"{contract.title}: {count:,} of the {filled:,} dates in '{header}' cannot be read"
            yield Doubt("dates_unread", contract.name, column, count, words)


def _id_doubts(contract: ListContract, rows: _Rows, count: int, records: int) -> Iterator[Doubt]:
    """Doubts about rows set aside: so many for their id, so many that are records."""
    total = len(rows.positions) + count
    if _is_doubtful(count, total):
        words = f"{contract.title}: {count:,} of the {total:,} rows have no usable identifier"
        yield Doubt("ids_unusable", contract.name, contract.person, count, words)
    if not len(rows.positions) and records:
        words = f"all {records:,} rows were set aside" if records > 1 else "its only row was set aside"
        yield Doubt("no_row_left", contract.name, "", records, f"{contract.title}: {words}")


def _width_doubts(contract: ListContract, rows: _Rows, count: int) -> Iterator[Doubt]:
    total = len(rows.positions)
    if _is_doubtful(count, total):
        words = f"{contract.title}: {count:,} of the {total:,} rows have more cells than the header row"
        yield Doubt("rows_shifted", contract.name, "", count, words)


def _birth_doubts(contract: ListContract, rows: _Rows, count: int) -> Iterator[Doubt]:
    if count < UNREAD_CELLS:
        return
    filled = rows.count_filled("date_of_birth")
    if count > IMPOSSIBLE_SHARE * filled:
        header = contract.column("date_of_birth").header
        words = f"{contract.title}: {count:,} of the {filled:,} dates in '{header}' are of no child"
        yield Doubt("births_impossible", contract.name, "date_of_birth", count, words)

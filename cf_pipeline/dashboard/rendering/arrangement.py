"""The rows of a table as an address asks for them: sorted, filtered and part by part, without a script."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from cf_pipeline.dashboard.content import Cell, Link, TableView
from cf_pipeline.dashboard.page import PageError

ROWS_OF_PART = 100
"""Rows that a long table shows at once."""
SORT, ORDER, FIND, PART = "sort", "order", "find", "part"
ARRANGING = frozenset({SORT, ORDER, FIND, PART})
"""The choices of an address that arrange tables; those of files too are `TABLE` and `FORMAT`."""
DESCENDING = "desc"
EMPTY = (None, "", "–")
NOT_FOUND = 404


@dataclass(frozen=True)
class SortedColumn:
    """A column with the link that sorts by it. `direction`: 'ascending', 'descending', or '' if unsorted."""

    name: str
    is_number: bool
    link: Link
    direction: str


@dataclass(frozen=True)
class Arrangement:
    """A table as it is shown.

    Attributes:
        table: its view with the rows that are shown.
        columns: its columns with their links.
        row_count: the rows that were found, of which `table` shows one part.
        all_count: the rows without a filter.
        find: the filter's text.
        parts: links to the parts; none where all rows are shown.
        first: the number of the first row that is shown, from 1.
    """

    table: TableView
    columns: tuple[SortedColumn, ...]
    row_count: int
    all_count: int
    find: str
    parts: tuple[Link, ...]
    first: int


def arrange_table(table: TableView, query: Mapping[str, str]) -> Arrangement:
    """The table as the address asks for it.

    Args:
        table: with all its rows.
        query: the choices of the address. `sort` names a table and the number of a column, as in 'visits.2';
            `find` and `part` hold for tables with `is_long`.

    Raises:
        PageError: there is no such column or part.
    """
    found = order_rows(table, query)
    parts = math.ceil(len(found.rows) / ROWS_OF_PART) if table.is_long else 1
    part = _part_number(query, parts) if table.is_long else 1
    first = (part - 1) * ROWS_OF_PART
    shown = found.rows[first : first + ROWS_OF_PART] if table.is_long else found.rows
    links = tuple(
        Link(str(number), _address(query, {PART: str(number)}), number == part)
        for number in range(1, parts + 1)
    )
    return Arrangement(
        replace(table, rows=shown),
        tuple(_sorted_columns(table, query)),
        len(found.rows),
        len(table.rows),
        query.get(FIND, "") if table.is_long else "",
        links if parts > 1 else (),
        first + 1,
    )


def order_rows(table: TableView, query: Mapping[str, str]) -> TableView:
    """The table with all the rows that the address asks for, in its order; errors as of `arrange_table`."""
    rows = list(table.rows)
    words = query.get(FIND, "").casefold().split() if table.is_long else []
    if words:
        rows = [row for row in rows if _has_words(row, words)]
    column = _sort_column(table, query)
    if column is not None:
        is_descending = query.get(ORDER) == DESCENDING
        with_value = [row for row in rows if _sort_key(row[column]) is not None]
        without = [row for row in rows if _sort_key(row[column]) is None]
        with_value.sort(key=lambda row: _sort_key(row[column]) or (0, 0, ""), reverse=is_descending)
        rows = [*with_value, *without]
    return replace(table, rows=tuple(rows))


def _has_words(row: tuple[Cell, ...], words: list[str]) -> bool:
    texts = " ".join(f"{cell.text} {cell.detail}" for cell in row).casefold()
    return all(word in texts for word in words)


def _sort_key(cell: Cell) -> tuple[int, float, str] | None:
    """Numbers come before texts; None for an empty cell, which comes last in either order."""
    value = cell.file_value
    if isinstance(value, int | float):
        return None if isinstance(value, float) and math.isnan(value) else (0, float(value), "")
    return None if value in EMPTY else (1, 0.0, str(value).casefold())


def _sort_column(table: TableView, query: Mapping[str, str]) -> int | None:
    """The number of the column that the table is sorted by, from 0; None where it is not sorted."""
    name, _, number = query.get(SORT, "").rpartition(".")
    if name != table.name:
        return None
    if not number.isascii() or not number.isdigit() or not 1 <= int(number) <= len(table.columns):
        raise PageError(
            NOT_FOUND,
            "There is no such column",
            f"The table {table.caption!r} has {len(table.columns)} columns, and none of the number that the "
            "address sorts by; choose a column's name in the table.",
            (Link("The table as it is", _address(query, {SORT: "", ORDER: ""})),),
        )
    return int(number) - 1


def _part_number(query: Mapping[str, str], parts: int) -> int:
    text = query.get(PART) or "1"
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= max(parts, 1):
        raise PageError(
            NOT_FOUND,
            "There is no such part",
            f"The list has {max(parts, 1)} part{'s' if parts > 1 else ''} of {ROWS_OF_PART} rows.",
            (Link("To its first part", _address(query, {PART: ""})),),
        )
    return int(text)


def _sorted_columns(table: TableView, query: Mapping[str, str]) -> list[SortedColumn]:
    current = _sort_column(table, query)
    is_descending = query.get(ORDER) == DESCENDING
    columns = []
    for number, column in enumerate(table.columns):
        direction = ("descending" if is_descending else "ascending") if number == current else ""
        order = DESCENDING if direction == "ascending" else ""
        href = _address(query, {SORT: f"{table.name}.{number + 1}", ORDER: order, PART: ""})
        columns.append(
            SortedColumn(column.name, column.is_number, Link(column.name, f"{href}#{table.name}"), direction)
        )
    return columns


def _address(query: Mapping[str, str], changes: Mapping[str, str]) -> str:
    """The page's own address with other choices; empty ones are left out."""
    return "?" + urlencode({name: value for name, value in {**query, **changes}.items() if value})

"""The sheets of a file that are lists, and the tables one below the other on a sheet.

Each table is its own list, and none takes in the rows of the next. A further header row is found by its
cells: only a row with the header of an id, or with two headers of other columns, is a candidate.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import compress, zip_longest

import numpy as np

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.mapping import CouncilMapping
from cf_pipeline.contracts.words.headers import squash
from cf_pipeline.ingest.files.read_file import Sheet
from cf_pipeline.ingest.tables.names_of_lists import name_evidence
from cf_pipeline.ingest.tables.recognise import (
    SCAN_ROWS,
    ListTable,
    NearMiss,
    Recognition,
    find_list,
)
from cf_pipeline.ingest.tables.redact import looks_like_data

FEWEST_WORDS = 3
"""Words that make a header row of a table that no list fits."""
FEWEST_KNOWN_HEADERS = 2
"""Cells with a known header that make a row a candidate."""
TITLE_ROWS = 3
"""Rows above a further header row whose words may name its list."""

Cells = list[str | None]


@dataclass
class SheetTables:
    """The tables of a sheet from the first list down.

    `lists` are the lists; `repeated_headers` the rows (0-based) that repeat a list's headers; `unknown` the
    header rows of tables that are no known list, with what they are nearest to.
    """

    lists: list[ListTable] = field(default_factory=list)
    repeated_headers: list[int] = field(default_factory=list)
    unknown: list[tuple[int, Recognition]] = field(default_factory=list)


def identify_sheets(
    sheets: Sequence[Sheet], file_stem: str, mapping: CouncilMapping
) -> list[tuple[Sheet, Recognition]]:
    """Each visible sheet with the list it is, as `find_list` gives it.

    A hidden sheet follows only where the council's mapping allows it and no visible sheet is its list.
    """
    identified = [(sheet, _identify_sheet(sheet, file_stem, mapping)) for sheet in sheets if sheet.visible]
    if mapping.load_hidden_sheets:
        visible = {result.contract.name for _, result in identified if isinstance(result, ListTable)}
        for sheet in sheets:
            result = None if sheet.visible else _identify_sheet(sheet, file_stem, mapping)
            if isinstance(result, ListTable) and result.contract.name not in visible:
                identified.append((sheet, result))
    return identified


def split_sheet(sheet: Sheet, first: ListTable, mapping: CouncilMapping) -> SheetTables:
    """The first list of a sheet, every table below it, and one above it that lacks a column to be a list."""
    tables = SheetTables()
    above = _table_above(sheet, first, mapping)
    if above is not None:
        tables.unknown.append(above)
    starts: list[tuple[int, Recognition]] = [(first.header_row, first)]
    ends: list[int] = []
    for row in _candidate_rows(sheet, first, mapping):
        cells, current = sheet.row(row), starts[-1][1]
        if isinstance(current, ListTable) and _repeats_headers(cells, current):
            tables.repeated_headers.append(row)
            continue
        if sum(cell is not None for cell in cells) == 1 or any(
            cell and looks_like_data(cell) for cell in cells
        ):
            continue  # a record or a note with such a word in it
        titles = _titles_above(sheet, row)
        result = find_list([cells], list(titles.values()), replace(mapping, sheets={}))
        if result is None and not _is_all_words(cells):
            continue
        if (
            isinstance(result, ListTable)
            and isinstance(current, ListTable)
            and _same_columns(result, current)
        ):
            tables.repeated_headers.append(row)
            continue
        starts.append((row, replace(result, header_row=row) if isinstance(result, ListTable) else result))
        ends.append(min(titles, default=row))
    for (row, result), end in zip_longest(starts, ends):
        if isinstance(result, ListTable):
            tables.lists.append(replace(result, end_row=end))
        else:
            tables.unknown.append((row, result))
    return tables


def _identify_sheet(sheet: Sheet, file_stem: str, mapping: CouncilMapping) -> Recognition:
    """The sheet's uppermost list, also when a list with exact headers is below one with misspelt headers."""
    names = [sheet.name, file_stem] if sheet.name else [file_stem]
    result = find_list(sheet.rows(SCAN_ROWS), names, mapping, sheet.merged_ranges)
    while isinstance(result, ListTable):
        above = _table_above(sheet, result, mapping)
        if above is None or not isinstance(above[1], ListTable):
            break
        result = above[1]
    return result


def _table_above(sheet: Sheet, first: ListTable, mapping: CouncilMapping) -> tuple[int, Recognition] | None:
    """The header row of a table above a list's headers and what it is, as `SheetTables.unknown` has it.

    None unless there are records between the two: of two header rows without any, the upper one is a note.
    """
    rows = sheet.rows(first.top)
    result = find_list(rows, [sheet.name], replace(mapping, sheets={}), sheet.merged_ranges)
    candidates = (row for row, cells in enumerate(rows) if _has_an_id_header(cells) and _is_all_words(cells))
    header_row = next(candidates, None)
    if isinstance(result, ListTable):
        header_row = result.header_row
    elif isinstance(result, NearMiss) and result.fit:
        header_row = result.fit.row
    if header_row is None or not any(any(cells) for cells in rows[header_row + 1 :]):
        return None
    return header_row, result


def _has_an_id_header(cells: Cells) -> bool:
    return any(cell and cell.strip().casefold() in _id_headers() for cell in cells)


def _is_all_words(cells: Cells) -> bool:
    """Whether a row that fits no list is still a row of headers: several words, no two alike, no digit."""
    words = [squash(cell) for cell in cells if cell]
    is_word = all(word and not any(letter.isdigit() for letter in word) for word in words)
    return is_word and len(words) >= FEWEST_WORDS and len(set(words)) == len(words)


def _same_columns(first: ListTable, second: ListTable) -> bool:
    return (first.contract, first.positions) == (second.contract, second.positions)


def _candidate_rows(sheet: Sheet, first: ListTable, mapping: CouncilMapping) -> list[int]:
    """The rows below the first list's headers that may be headers too.

    They have the header of an id (a known one, the council's, or the first list's own), or several headers of
    other columns: their id may be misspelt.
    """
    id_headers = _id_headers() | set(_council_id_headers(mapping)) | _own_id_headers(first)
    candidates = id_headers | _headers()
    below = first.header_row + 1
    rows: set[int] = set()
    known_count = np.zeros(max(sheet.height - below, 0), dtype=np.int16)
    for texts, codes in zip(sheet.texts, sheet.codes, strict=True):
        is_header = map(candidates.__contains__, map(str.casefold, map(str.strip, texts)))
        headers = {code: texts[code].strip().casefold() for code in compress(range(len(texts)), is_header)}
        ids = [code for code, header in headers.items() if header in id_headers]
        known = [code for code, header in headers.items() if header in _headers()]
        if ids:
            rows.update((np.flatnonzero(np.isin(codes[below:], ids)) + below).tolist())
        if known:
            known_count += np.isin(codes[below:], known)
    rows.update((np.flatnonzero(known_count >= FEWEST_KNOWN_HEADERS) + below).tolist())
    return sorted(rows)


def _council_id_headers(mapping: CouncilMapping) -> Iterator[str]:
    id_columns = {(name, contract.person) for name, contract in list_contracts().items()}
    for name, headers in mapping.headers.items():
        for header, column in headers.items():
            if (name, column) in id_columns:
                yield header.casefold()


def _own_id_headers(first: ListTable) -> set[str]:
    positions = first.positions[first.contract.person]
    return {(first.headers[position] or "").strip().casefold() for position in positions}


@cache
def _headers() -> frozenset[str]:
    """Every header of every column, in lower case."""
    return frozenset(
        text.casefold()
        for contract in list_contracts().values()
        for column in contract.columns
        for text in (column.header, *column.aliases)
    )


@cache
def _id_headers() -> frozenset[str]:
    """Every header of a list's id, in lower case."""
    return frozenset(
        text.casefold()
        for contract in list_contracts().values()
        for text in (contract.column(contract.person).header, *contract.column(contract.person).aliases)
    )


def _repeats_headers(cells: Cells, table: ListTable) -> bool:
    return all(
        cell is None or squash(cell) == squash(header or "")
        for cell, header in zip(cells, table.headers, strict=False)
    )


def _titles_above(sheet: Sheet, row: int) -> dict[int, str]:
    """The title rows just above a further header row, nearest first: row -> its one cell."""
    titles = {}
    for above in range(row - 1, max(row - 1 - TITLE_ROWS, -1), -1):
        cells = [cell for cell in sheet.row(above) if cell]
        if len(cells) > 1 or (cells and not _is_title(cells[0])):
            break
        if cells:
            titles[above] = cells[0]
    return titles


def _is_title(text: str) -> bool:
    """Whether a cell alone in its row is a title and not an id: it has several words or names a list."""
    return " " in text.strip() or any(name_evidence(contract, text) for contract in list_contracts().values())

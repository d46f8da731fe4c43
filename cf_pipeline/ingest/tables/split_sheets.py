"""What the sheets of a file are: which are looked at, and the tables that stand one below the other in one.

Each table is its own list and none swallows the next one's rows. A further header row is looked for by its
cells: only a row that holds the header of an id, or two of other columns, is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import zip_longest

import numpy as np

from cf_pipeline.contracts.header_words import squash
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.mapping import CouncilMapping
from cf_pipeline.ingest.files.read_file import Sheet
from cf_pipeline.ingest.tables.recognise import SCAN_ROWS, Found, NearMiss, Result, find_list, name_evidence
from cf_pipeline.ingest.tables.redact import looks_like_data

FEWEST_HEADERS = 3
"""Words that make a header row of a table that no list fits."""
HEADERS_OF_A_ROW = 2
"""Cells with a known header that make a row worth looking at."""
TITLE_ROWS = 3
"""Rows above a further header row whose words may name its list."""

Cells = list[str | None]


@dataclass
class Tables:
    """The tables of a sheet from the first list down.

    `found` are the lists; `repeated` the rows (0-based) that only say a list's headers again; `unknown` the
    header rows of tables that are no known list, with what they came nearest to.
    """

    found: list[Found] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)
    unknown: list[tuple[int, Result]] = field(default_factory=list)


def looked_at(sheets: Sequence[Sheet], file_stem: str, mapping: CouncilMapping) -> list[tuple[Sheet, Result]]:
    """Each visible sheet with the list it is, as `find_list` says it.

    A hidden sheet follows only where the council's mapping allows it and no visible sheet is its list.
    """
    looked = [(sheet, _list_of(sheet, file_stem, mapping)) for sheet in sheets if sheet.visible]
    if mapping.load_hidden_sheets:
        visible = {result.contract.name for _, result in looked if isinstance(result, Found)}
        for sheet in sheets:
            result = None if sheet.visible else _list_of(sheet, file_stem, mapping)
            if isinstance(result, Found) and result.contract.name not in visible:
                looked.append((sheet, result))
    return looked


def _list_of(sheet: Sheet, file_stem: str, mapping: CouncilMapping) -> Result:
    """The sheet's uppermost list: a misspelt one above one that is spelt exactly comes first too."""
    names = [sheet.name, file_stem] if sheet.name else [file_stem]
    result = find_list(sheet.rows(SCAN_ROWS), names, mapping, sheet.merged)
    while isinstance(result, Found):
        above = _table_above(sheet, result, mapping)
        if above is None or not isinstance(above[1], Found):
            break
        result = above[1]
    return result


def _table_above(sheet: Sheet, first: Found, mapping: CouncilMapping) -> tuple[int, Result] | None:
    """The header row of a table above a list's headers and what it is, as `Tables.unknown` has it.

    None unless records stand between the two: of header rows one above the other, one is a note.
    """
    rows = sheet.rows(first.top)
    result = find_list(rows, [sheet.name], replace(mapping, sheets={}), sheet.merged)
    row = next((at for at, cells in enumerate(rows) if _has_an_id_header(cells) and _all_words(cells)), None)
    if isinstance(result, Found):
        row = result.header_row
    elif isinstance(result, NearMiss) and result.fit:
        row = result.fit.row
    has_records = row is not None and any(any(cells) for cells in rows[row + 1 :])
    return (row, result) if row is not None and has_records else None


def _has_an_id_header(cells: Cells) -> bool:
    return any(cell and cell.strip().casefold() in _id_headers() for cell in cells)


def tables_of(sheet: Sheet, first: Found, mapping: CouncilMapping) -> Tables:
    """The first list of a sheet, every table below it, and one above it that is a list but for a column."""
    starts: list[tuple[int, Result]] = [(first.header_row, first)]
    repeated: list[int] = []
    ends: list[int] = []
    for row in _rows_of_headers(sheet, first, mapping):
        cells, current = sheet.row(row), starts[-1][1]
        if isinstance(current, Found) and _says_again(cells, current):
            repeated.append(row)
            continue
        if sum(cell is not None for cell in cells) == 1 or any(
            cell and looks_like_data(cell) for cell in cells
        ):
            continue  # a record or a note that holds such a word
        titles = _titles_above(sheet, row)
        result = find_list([cells], list(titles.values()), replace(mapping, sheets={}))
        if result is None and not _all_words(cells):
            continue
        if isinstance(result, Found) and isinstance(current, Found) and _same_table(result, current):
            repeated.append(row)
            continue
        starts.append((row, replace(result, header_row=row) if isinstance(result, Found) else result))
        ends.append(min(titles, default=row))
    tables = Tables(repeated=repeated)
    above = _table_above(sheet, first, mapping)
    if above is not None:
        tables.unknown.append(above)
    for (row, result), end in zip_longest(starts, ends):
        if isinstance(result, Found):
            tables.found.append(replace(result, end_row=end))
        else:
            tables.unknown.append((row, result))
    return tables


def _all_words(cells: Cells) -> bool:
    """Whether a row that fits no list is still a row of headers: several words, no two alike, no digit."""
    words = [squash(cell) for cell in cells if cell]
    is_word = all(word and not any(letter.isdigit() for letter in word) for word in words)
    return is_word and len(words) >= FEWEST_HEADERS and len(set(words)) == len(words)


def _same_table(one: Found, other: Found) -> bool:
    return (one.contract, one.positions) == (other.contract, other.positions)


def _rows_of_headers(sheet: Sheet, first: Found, mapping: CouncilMapping) -> list[int]:
    """The rows below the first header row that hold an id's header, its own spelling or a known one.

    Also those with several headers of other columns: their id may be misspelt.
    """
    persons = {(name, contract.person) for name, contract in list_contracts().items()}
    words = set(_id_headers()) | {
        header.casefold()
        for name, headers in mapping.headers.items()
        for header, column in headers.items()
        if (name, column) in persons
    }
    words |= {(first.headers[at] or "").strip().casefold() for at in first.positions[first.contract.person]}
    either = words | _headers()
    below = first.header_row + 1
    rows: set[int] = set()
    known = np.zeros(max(sheet.height - below, 0), dtype=np.int16)
    for texts, codes in zip(sheet.texts, sheet.codes, strict=True):
        said = {code: text for code, each in enumerate(texts) if (text := each.strip().casefold()) in either}
        ids = [code for code, text in said.items() if text in words]
        others = [code for code, text in said.items() if text in _headers()]
        if ids:
            rows.update((np.flatnonzero(np.isin(codes[below:], ids)) + below).tolist())
        if others:
            known += np.isin(codes[below:], others)
    rows.update((np.flatnonzero(known >= HEADERS_OF_A_ROW) + below).tolist())
    return sorted(rows)


@cache
def _headers() -> frozenset[str]:
    return frozenset(
        text.casefold()
        for contract in list_contracts().values()
        for column in contract.columns
        for text in (column.header, *column.aliases)
    )


@cache
def _id_headers() -> frozenset[str]:
    return frozenset(
        text.casefold()
        for contract in list_contracts().values()
        for text in (contract.column(contract.person).header, *contract.column(contract.person).aliases)
    )


def _says_again(cells: Cells, found: Found) -> bool:
    return all(
        cell is None or squash(cell) == squash(header or "")
        for cell, header in zip(cells, found.headers, strict=False)
    )


def _titles_above(sheet: Sheet, row: int) -> dict[int, str]:
    """The title rows just above a further header row, nearest first: row -> its one cell, with words."""
    titles = {}
    for above in range(row - 1, max(row - 1 - TITLE_ROWS, -1), -1):
        said = [cell for cell in sheet.row(above) if cell]
        if len(said) > 1 or (said and not _is_title(said[0])):
            break
        if said:
            titles[above] = said[0]
    return titles


def _is_title(text: str) -> bool:
    """Whether a cell alone in its row is a title and not an id: it has several words or names a list."""
    return " " in text.strip() or any(name_evidence(contract, text) for contract in list_contracts().values())

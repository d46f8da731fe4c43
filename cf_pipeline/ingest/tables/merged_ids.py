"""Ids of merged cells: the id stands in the first row of the range only, and is filled down within it."""

from __future__ import annotations

from dataclasses import replace

from cf_pipeline.ingest.files.read_file import Sheet
from cf_pipeline.ingest.tables.frames import first_with_values
from cf_pipeline.ingest.tables.recognise import Found


def ids_filled_down(sheet: Sheet, found: Found) -> tuple[Sheet, list[int]]:
    """The sheet with the id of each merged range in all its rows, and the rows (0-based) that got one.

    Only within a range that the workbook itself calls merged, and only in a row that holds the list's key
    date (any cell, for a list without one): any other row without an id stays without.
    """
    first, contract = found.header_row + 1, found.contract
    position = first_with_values(sheet, found.positions[contract.person], first)
    ranges = [
        (max(top, first), bottom)
        for top, left, bottom, right in sheet.merged
        if left <= position <= right and bottom > top and bottom >= first
    ]
    if not ranges:
        return sheet, []
    if contract.key_date is None:
        evidence = [sheet.codes[at] for name, at_ in found.positions.items() for at in at_ if at != position]
    else:
        evidence = [sheet.codes[at] for at in found.positions[contract.key_date]]
    ids = sheet.codes[position].copy()
    filled = []
    end = sheet.height if found.end_row is None else found.end_row
    for top, bottom in ranges:
        for row in range(top + 1, min(bottom + 1, end)):
            if ids[top] >= 0 and ids[row] < 0 and any(codes[row] >= 0 for codes in evidence):
                ids[row] = ids[top]
                filled.append(row)
    codes = [ids if at == position else column for at, column in enumerate(sheet.codes)]
    return replace(sheet, codes=codes), sorted(filled)

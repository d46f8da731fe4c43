"""Ids of merged cells: only the first row of a merged range has the id, which is filled down within it."""

from __future__ import annotations

from dataclasses import replace

from cf_pipeline.ingest.files.read_file import Sheet
from cf_pipeline.ingest.tables.frames import first_filled_position
from cf_pipeline.ingest.tables.recognise import ListTable


def fill_merged_ids(sheet: Sheet, table: ListTable) -> tuple[Sheet, list[int]]:
    """The sheet with the id of each merged range in all its rows, and the rows (0-based) that were filled.

    Only within a range that the workbook itself declares merged, and only in a row that has the list's key
    date (any cell, for a list without a key date). Every other row without an id stays without.
    """
    first, contract = table.header_row + 1, table.contract
    id_position = first_filled_position(sheet, table.positions[contract.person], first)
    ranges = [
        (max(top, first), bottom)
        for top, left, bottom, right in sheet.merged_ranges
        if left <= id_position <= right and bottom > top and bottom >= first
    ]
    if not ranges:
        return sheet, []
    if contract.key_date is None:
        others = {position for positions in table.positions.values() for position in positions}
        evidence = [sheet.codes[position] for position in others - {id_position}]
    else:
        evidence = [sheet.codes[position] for position in table.positions[contract.key_date]]
    ids = sheet.codes[id_position].copy()
    filled_rows = []
    end = sheet.height if table.end_row is None else table.end_row
    for top, bottom in ranges:
        for row in range(top + 1, min(bottom + 1, end)):
            if ids[top] >= 0 and ids[row] < 0 and any(codes[row] >= 0 for codes in evidence):
                ids[row] = ids[top]
                filled_rows.append(row)
    codes = [ids if position == id_position else column for position, column in enumerate(sheet.codes)]
    return replace(sheet, codes=codes), sorted(filled_rows)

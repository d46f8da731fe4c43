"""The marks of a sheet's cells as findings about the columns of a list on it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cf_pipeline.ingest.deliveries import DeliveredFile
from cf_pipeline.ingest.files.read_file import Mark, Sheet
from cf_pipeline.ingest.findings import Finding
from cf_pipeline.ingest.tables.frames import first_filled_position
from cf_pipeline.ingest.tables.recognise import ListTable

PER_CELL = frozenset({"cell_error"})
"""Marks with a finding for each cell; each other kind has one finding for a column."""
PER_ROW = frozenset({"cells_beyond_header"})
"""Marks of whole rows, with a finding for each row."""


def sheet_findings(sheet: Sheet, table: ListTable, file: DeliveredFile) -> Iterator[Finding]:
    """The marks below the list's header in a column that it uses, and those of the whole sheet."""
    first = table.header_row + 1
    columns = {
        first_filled_position(sheet, positions, first): name for name, positions in table.positions.items()
    }
    for mark in sheet.marks:
        if mark.kind in PER_ROW:
            for row in mark.rows:
                if first <= row < (table.end_row or row + 1):
                    yield _finding(mark, sheet, table, file, row + 1)
        elif mark.column < 0:
            yield _finding(mark, sheet, table, file)
        elif mark.column in columns:
            rows = [row for row in mark.rows if first <= row < (table.end_row or row + 1)]
            for row in rows if mark.kind in PER_CELL else rows[:1]:
                excel_row = row + 1 if mark.kind in PER_CELL else None
                yield _finding(mark, sheet, table, file, excel_row, columns[mark.column])


def _finding(
    mark: Mark,
    sheet: Sheet,
    table: ListTable,
    file: DeliveredFile,
    excel_row: int | None = None,
    column: str = "",
) -> Finding:
    return Finding(
        list=table.contract.name,
        rule=mark.kind,
        delivery_id=file.delivery_id,
        as_at=pd.Timestamp(file.as_at or 0),
        file=file.name,
        sheet=sheet.shown_name,
        excel_row=excel_row,
        column=column,
    )

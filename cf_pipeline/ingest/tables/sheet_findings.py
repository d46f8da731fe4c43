"""What reading marked in a sheet, as findings about the columns of the list found there."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cf_pipeline.ingest.deliveries import DeliveredFile
from cf_pipeline.ingest.files.read_file import Mark, Sheet
from cf_pipeline.ingest.findings import Finding
from cf_pipeline.ingest.tables.frames import first_with_values
from cf_pipeline.ingest.tables.recognise import Found

PER_CELL = frozenset({"cell_error"})
"""Marks said of each cell; the others are said once a column."""


def sheet_findings(sheet: Sheet, found: Found, file: DeliveredFile) -> Iterator[Finding]:
    """The marks below the list's header in a column that it uses, and those of the whole sheet."""
    first = found.header_row + 1
    columns = {
        first_with_values(sheet, positions, first): name for name, positions in found.positions.items()
    }
    for mark in sheet.marks:
        if mark.column < 0:
            yield _finding(mark, sheet, found, file)
        elif mark.column in columns:
            rows = [row for row in mark.rows if first <= row < (found.end_row or row + 1)]
            for row in rows if mark.kind in PER_CELL else rows[:1]:
                excel_row = row + 1 if mark.kind in PER_CELL else None
                yield _finding(mark, sheet, found, file, excel_row, columns[mark.column])


def _finding(
    mark: Mark,
    sheet: Sheet,
    found: Found,
    file: DeliveredFile,
    excel_row: int | None = None,
    column: str = "",
) -> Finding:
    return Finding(
        list=found.contract.name,
        rule=mark.kind,
        delivery_id=file.delivery_id,
        as_at=pd.Timestamp(file.as_at or 0),
        file=file.name,
        sheet=sheet.name,
        excel_row=excel_row,
        column=column,
    )

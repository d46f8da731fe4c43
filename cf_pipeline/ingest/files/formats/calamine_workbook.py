"""The sheets of a workbook by calamine, the first reader of every workbook format."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from cf_pipeline.ingest.files.formats.file_format import SheetRows
from cf_pipeline.ingest.files.limits import Limits
from cf_pipeline.ingest.files.unreadable import UnreadableError, outcome_of

EXCEL_ROWS = 1_048_576
"""Rows of a sheet in Excel."""


def read_workbook(path: Path, limits: Limits) -> Iterator[SheetRows]:
    """The worksheets of a workbook, which is opened at once; each sheet is parsed when it is asked for.

    Raises:
        UnreadableError: `encrypted`, `corrupt`, `too_many_sheets`, or `far_cell` for a row that no sheet has.
    """
    with refuse_calamine_errors():
        workbook = CalamineWorkbook.from_path(str(path))
        if len(workbook.sheets_metadata) > limits.sheets:
            raise UnreadableError("too_many_sheets")
    return _worksheets(workbook)


def _worksheets(workbook: CalamineWorkbook) -> Iterator[SheetRows]:
    for number, sheet in enumerate(workbook.sheets_metadata):
        if not str(sheet.typ).endswith("WorkSheet"):
            continue
        with refuse_calamine_errors():
            parsed = workbook.get_sheet_by_name(sheet.name)
            if parsed.end and parsed.end[0] >= EXCEL_ROWS:
                raise UnreadableError("far_cell", f"row {parsed.end[0] + 1}")
            rows = SheetRows(
                name=sheet.name,
                rows=parsed.iter_rows(),
                number=number,
                visible=str(sheet.visible).endswith(".Visible"),
                first_column=parsed.start[1] if parsed.start else 0,
                merged_ranges=parsed.merged_cell_ranges or [],
            )
        yield rows


@contextmanager
def refuse_calamine_errors() -> Iterator[None]:
    """Turn what calamine raises for a workbook that it cannot read into a refusal.

    Raises:
        UnreadableError: `encrypted` or `corrupt`, without the original error: its message may quote a cell.
        MemoryError, OSError: memory ran out or the machine failed; nothing is known of the workbook.
    """
    outcome: Exception | None = None
    try:
        yield
    except PasswordError:
        outcome = UnreadableError("encrypted")
    except (CalamineError, OSError, ValueError) as error:
        outcome = outcome_of(error)
    except BaseException as panic:
        # a Rust panic arrives as an exception outside Exception, from a module that cannot be imported
        if type(panic).__name__ != "PanicException":
            raise
        outcome = UnreadableError("corrupt")
    if outcome is not None:
        raise outcome

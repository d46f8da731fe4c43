"""A second reading of suspect .xlsx sheets by openpyxl, which tells cells apart that calamine cannot.

calamine gives an error and a formula that was never calculated as a blank, and a number without the zeros
that its format displays. openpyxl is slow: it is imported and used only for a workbook with a suspect sheet.
"""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path
from typing import Any

from cf_pipeline.ingest.files.formats.file_format import SheetMarks
from cf_pipeline.ingest.files.formats.number_formats import pad_number
from cf_pipeline.ingest.files.formats.xlsx import Suspicion, find_suspect_sheets


def reread_suspect_sheets(path: Path) -> dict[str, SheetMarks] | None:
    """Sheet name -> the marks of its cells, for suspect sheets; None when they cannot be found or read again.

    Raises:
        UnreadableError: `far_cell` with its reference, or `corrupt` when a sheet does not unpack.
    """
    suspects = find_suspect_sheets(path)
    if suspects is None:
        return None
    return _read_sheets(path, suspects) if suspects else {}


def _read_sheets(path: Path, suspects: dict[str, Suspicion]) -> dict[str, SheetMarks] | None:
    import openpyxl  # noqa: PLC0415

    try:
        with path.open("rb") as file:  # given a path, openpyxl goes by the file's name
            values = openpyxl.load_workbook(file, read_only=True, data_only=True)
            has_formulas = any(suspicion.formulas for suspicion in suspects.values())
            formulas = openpyxl.load_workbook(file, read_only=True) if has_formulas else None
            marks = {}
            for sheet in values.worksheets:
                suspicion = suspects.get(vars(sheet)["_worksheet_path"].removeprefix("/"))
                if suspicion is None:
                    continue
                marks[sheet.title] = SheetMarks()
                _mark_values(marks[sheet.title], sheet, suspicion)
                if formulas and suspicion.formulas:
                    _mark_formulas(marks[sheet.title], sheet, formulas[sheet.title])
    except MemoryError:
        raise
    except Exception:  # whatever openpyxl cannot read: its sheets are marked as not checked
        return None
    return marks


def _mark_values(marks: SheetMarks, values: Any, suspicion: Suspicion) -> None:
    values.reset_dimensions()  # the size that a sheet declares is not always its size
    for row in values.rows:
        for cell in row:
            if cell.data_type == "e":
                marks.add("cell_error", cell.row - 1, cell.column - 1)
            elif suspicion.padding and cell.data_type == "n" and cell.value is not None:
                text = pad_number(cell.value, cell.number_format)
                if text is not None:
                    marks.add_padded((cell.row - 1, cell.column - 1), text)


def _mark_formulas(marks: SheetMarks, values: Any, formulas: Any) -> None:
    formulas.reset_dimensions()
    for formula_row, value_row in zip_longest(formulas.rows, values.rows, fillvalue=()):
        for formula, value in zip(formula_row, value_row, strict=False):
            if formula.data_type == "f" and value.value is None and value.data_type != "str":
                marks.add("formula_not_calculated", formula.row - 1, formula.column - 1)

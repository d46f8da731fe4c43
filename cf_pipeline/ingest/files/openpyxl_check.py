"""openpyxl's word on the cells that calamine cannot tell from a blank or a plain number.

Only for sheets that `scan` suspects, and only in the reading child: openpyxl is slow and is imported late.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

from cf_pipeline.ingest.files.prescan import Suspect

ZEROS = re.compile(r"(0{2,})(?:;.*)?")
MOST_DIGITS = 15
"""Digits that a number in a spreadsheet keeps."""


@dataclass
class SecondLook:
    """What was seen in a sheet; rows and columns count from 0.

    `marks`: (kind, column) -> rows, kind one of `cell_error`, `formula_not_calculated` and
    `id_padding_restored`; `texts`: row -> column -> the number as it is shown, '000123'.
    """

    marks: dict[tuple[str, int], list[int]] = field(default_factory=dict)
    texts: dict[int, dict[int, str]] = field(default_factory=dict)

    def mark(self, kind: str, row: int, column: int) -> None:
        """Remembers a cell."""
        self.marks.setdefault((kind, column), []).append(row)

    def corrected(self, rows: Iterable[Sequence[Any]], first_column: int) -> Iterator[Sequence[Any]]:
        """The first reader's rows with the texts in place; its rows start at `first_column`."""
        for number, row in enumerate(rows):
            texts = self.texts.get(number)
            if texts is None:
                yield row
                continue
            cells = list(row)
            for column, text in texts.items():
                if 0 <= column - first_column < len(cells):
                    cells[column - first_column] = text
            yield cells


def second_looks(path: Path, suspects: dict[str, Suspect]) -> dict[str, SecondLook] | None:
    """Sheet name -> what was seen, for the suspected sheets; None when openpyxl cannot read the workbook."""
    import openpyxl  # noqa: PLC0415

    try:
        with path.open("rb") as file:  # by a path, openpyxl goes by the file's name
            values = openpyxl.load_workbook(file, read_only=True, data_only=True)
            formulas = openpyxl.load_workbook(file, read_only=True) if _any_formulas(suspects) else None
            looks = {}
            for sheet in values.worksheets:
                suspect = suspects.get(vars(sheet)["_worksheet_path"].removeprefix("/"))
                if suspect:
                    beside = formulas[sheet.title] if formulas and suspect.formulas else None
                    looks[sheet.title] = _look(sheet, beside, suspect)
    except MemoryError:
        raise
    except Exception:  # whatever openpyxl stumbles over: the caller says that the sheets were not checked
        return None
    return looks


def _any_formulas(suspects: dict[str, Suspect]) -> bool:
    return any(suspect.formulas for suspect in suspects.values())


def _look(values: Any, formulas: Any | None, suspect: Suspect) -> SecondLook:
    look = SecondLook()
    values.reset_dimensions()  # what a sheet says of its size is not always so
    for row in values.rows:
        for cell in row:
            if cell.data_type == "e":
                look.mark("cell_error", cell.row - 1, cell.column - 1)
            elif suspect.padding and cell.data_type == "n" and cell.value is not None:
                text = padded(cell.value, cell.number_format)
                if text is not None:
                    look.mark("id_padding_restored", cell.row - 1, cell.column - 1)
                    look.texts.setdefault(cell.row - 1, {})[cell.column - 1] = text
    if formulas is not None:
        formulas.reset_dimensions()
        for written, shown in zip_longest(formulas.rows, values.rows, fillvalue=()):
            for formula, value in zip(written, shown, strict=False):
                if formula.data_type == "f" and value.value is None and value.data_type != "str":
                    look.mark("formula_not_calculated", formula.row - 1, formula.column - 1)
    return look


def padded(value: object, number_format: str) -> str | None:
    """The number as its format shows it, '000123'; None when the format adds no zero to it."""
    zeros = ZEROS.fullmatch(number_format)
    if zeros is None or isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if value != int(value) or value < 0 or value >= 10**MOST_DIGITS:
        return None
    digits = str(int(value))
    return digits.zfill(len(zeros[1])) if len(digits) < len(zeros[1]) else None

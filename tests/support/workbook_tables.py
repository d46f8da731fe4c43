"""The tables of a workbook of the report's figures, opened again."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.workbook import Workbook

COVER, CONTENTS = "Cover", "Contents"


def open_workbook(content: bytes) -> Workbook:
    """The workbook, with formulas as they are written."""
    return openpyxl.load_workbook(io.BytesIO(content))


def table_of(book: Workbook, label: str) -> pd.DataFrame:
    """The marked table of a sheet, whose first row names the columns."""
    (place,) = (table.ref for table in book[label].tables.values())
    names, *rows = [[cell.value for cell in row] for row in book[label][place]]
    return pd.DataFrame(rows, columns=names, dtype=object)


def numbers_in(book: Workbook) -> list[float]:
    """Every number of every sheet."""
    cells = (cell for sheet in book for row in sheet.iter_rows() for cell in row)
    return [float(cell.value) for cell in cells if is_number(cell.value)]


def is_number(value: Any) -> bool:
    """Whether a cell holds a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)

"""Cells to text, each distinct cell once. Standard library only: the reading child imports this.

A column travels as its distinct texts and one 32-bit number a row: cheap to write, cheap to read,
and every later step can work on the distinct texts alone.
"""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any

MISSING = -1
"""The number of an empty cell."""


def as_text(cell: object) -> str | None:
    """The text of a cell: None when blank, ISO dates, integral numbers without a decimal point."""
    if isinstance(cell, str):
        return cell if cell.strip() else None
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.date | dt.time | dt.timedelta):
        return _of_time(cell)
    return None if cell is None else str(cell)


def _of_time(cell: dt.date | dt.time | dt.timedelta) -> str:
    if isinstance(cell, dt.datetime):
        return _moment(cell)
    return _duration(cell) if isinstance(cell, dt.timedelta) else cell.isoformat()


def _moment(cell: dt.datetime) -> str:
    """A date when it is midnight, else to the second: Excel stores 09:30 as a fraction of a day."""
    rounded = (cell + dt.timedelta(microseconds=500_000)).replace(microsecond=0, tzinfo=None)
    return rounded.date().isoformat() if rounded.time() == dt.time() else rounded.isoformat()


def _duration(cell: dt.timedelta) -> str:
    """Hours may pass 24, as Excel shows a sum of hours ([h]:mm:ss)."""
    seconds = round(cell.total_seconds())
    minutes, sign = abs(seconds) // 60, "-" if seconds < 0 else ""
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}:{abs(seconds) % 60:02d}"


class EncodedColumns:
    """The columns of one sheet, built from blocks of rows that start at its `first_column` (0-based)."""

    def __init__(self, first_column: int = 0) -> None:
        self.first_column = first_column
        self.height = 0
        self.texts: list[list[str]] = []
        self.codes: list[array[int]] = []
        self._code_of_cell: list[dict[Any, int]] = []
        self._code_of_text: list[dict[str, int]] = []

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        """Appends a block of rows; rows may differ in length."""
        columns = [(None,) * len(rows)] * self.first_column + list(zip_longest(*rows))
        while len(self.codes) < len(columns):
            self.texts.append([])
            self.codes.append(array("i", [MISSING]) * self.height)
            self._code_of_cell.append({})
            self._code_of_text.append({})
        for position, column in enumerate(columns):
            self._extend(position, column)
        self.height += len(rows)
        for codes in self.codes[len(columns) :]:
            codes.extend(array("i", [MISSING]) * len(rows))

    def _extend(self, position: int, column: Iterable[Any]) -> None:
        known = self._code_of_cell[position]
        if known and 0 not in known and 1 not in known:  # True == 1: see below
            try:
                self.codes[position].extend(array("i", map(known.__getitem__, column)))
            except KeyError:
                pass
            else:
                return
        distinct = set(column)
        if 0 in distinct or 1 in distinct:  # True == 1 in a set: tell them apart before
            column = [as_text(cell) if isinstance(cell, bool) else cell for cell in column]
            distinct = set(column)
        code_of_cell, code_of_text = self._code_of_cell[position], self._code_of_text[position]
        for cell in distinct.difference(code_of_cell):
            text = as_text(cell)
            if text is None:
                code_of_cell[cell] = MISSING
            else:
                code = code_of_text.setdefault(text, len(code_of_text))
                if code == len(self.texts[position]):
                    self.texts[position].append(text)
                code_of_cell[cell] = code
        self.codes[position].extend(map(code_of_cell.__getitem__, column))

"""Cells to text, each distinct cell once. Standard library only: the parser process imports this.

A column is its distinct texts and one 32-bit number for each row: cheap to write, cheap to read, and every
later step can work on the distinct texts alone.
"""

from __future__ import annotations

import datetime as dt
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import count, groupby, zip_longest
from struct import pack
from typing import Any, cast

from cf_pipeline.contracts.dates.clock import round_clock

FIRST_INEXACT = 10.0**15
"""A spreadsheet keeps 15 digits of a number."""
MISSING = -1
"""The number of an empty cell."""


def cell_text(cell: object) -> str | None:
    """The text of a cell: None when blank, ISO dates, integral numbers without a decimal point."""
    to_text = TEXT_BY_TYPE.get(type(cell))
    if to_text is not None:
        return to_text(cell)
    return None if cell is None else str(cell)


def _text_of_string(cell: str) -> str | None:
    return cell if cell.strip() else None


def _text_of_number(cell: float) -> str:
    """A number of more than 15 digits has lost those after them: as Excel, with an exponent."""
    if abs(cell) >= FIRST_INEXACT:
        return f"{cell:.14E}"
    return str(int(cell)) if cell.is_integer() else repr(cell)


def _text_of_datetime(cell: dt.datetime) -> str:
    """A date when it is midnight, else to the second: Excel stores 09:30 as a fraction of a day."""
    rounded = round_clock(cell)
    return rounded.date().isoformat() if rounded.time() == dt.time() else rounded.isoformat()


def _text_of_duration(cell: dt.timedelta) -> str:
    """Hours may pass 24, as Excel displays a sum of hours ([h]:mm:ss)."""
    seconds = round(cell.total_seconds())
    minutes, sign = abs(seconds) // 60, "-" if seconds < 0 else ""
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}:{abs(seconds) % 60:02d}"


TEXT_BY_TYPE: dict[type, Callable[[Any], str | None]] = {
    str: _text_of_string,
    float: _text_of_number,
    int: lambda cell: str(cell) if abs(cell) < FIRST_INEXACT else f"{cell:.14E}",
    bool: lambda cell: "TRUE" if cell else "FALSE",
    dt.date: dt.date.isoformat,
    dt.datetime: _text_of_datetime,
    dt.time: dt.time.isoformat,
    dt.timedelta: _text_of_duration,
}
"""How the text of a cell is made, by the cell's type; called once for each distinct cell."""


class EncodedColumns:
    """The columns of one sheet, built from blocks of rows that start at its `first_column` (0-based)."""

    def __init__(self, first_column: int = 0) -> None:
        self.first_column = first_column
        self.height = 0
        self._columns: list[_EncodedColumn] = []

    def add_rows(self, rows: Sequence[Sequence[Any]]) -> None:
        """Append a block of rows; rows may differ in length."""
        columns = [(None,) * len(rows)] * self.first_column + list(zip_longest(*rows))
        while len(self._columns) < len(columns):
            self._columns.append(_EncodedColumn(self.height))
        for column, cells in zip(self._columns, columns, strict=False):
            column.extend(cells)
        for column in self._columns[len(columns) :]:
            column.extend_blank(len(rows))
        self.height += len(rows)

    def texts_and_codes(self) -> list[tuple[list[str], array[int]]]:
        """Each column's distinct texts, and the number of its text for every row (`MISSING`: none)."""
        return [column.texts_and_codes() for column in self._columns]


class _EncodedColumn:
    """One column: distinct cells are numbered as they come; each is turned into text once, at the end."""

    def __init__(self, height: int) -> None:
        self._next = count()
        self._numbers: dict[Any, int] = defaultdict(self._next.__next__, dict.fromkeys((None, ""), MISSING))
        self._codes = array("i", [MISSING]) * height

    def extend_blank(self, height: int) -> None:
        self._codes.extend(array("i", [MISSING]) * height)

    def extend(self, cells: Sequence[Any]) -> None:
        numbers = self._numbers
        earlier = [number for number in (0, 1) if number in numbers]
        packed = _pack_codes(numbers, cells)
        if (0 in numbers or 1 in numbers) and bool in set(map(type, cells)):
            # True == 1 and False == 0: one key to a dictionary, and two texts
            for number in {0, 1}.difference(earlier):
                numbers.pop(number, None)
            as_texts = [cell_text(cell) if isinstance(cell, bool) else cell for cell in cells]
            packed = _pack_codes(numbers, as_texts)
        self._codes.frombytes(packed)

    def texts_and_codes(self) -> tuple[list[str], array[int]]:
        cells = [cell for cell, code in self._numbers.items() if code != MISSING]
        texts = _texts_of_cells(cells)
        distinct, highest = set(texts), next(self._next)
        if len(distinct) == len(texts) == highest and None not in distinct:
            return cast("list[str]", texts), self._codes  # the numbers of the cells are those of their texts
        return self._renumber(highest)

    def _renumber(self, highest: int) -> tuple[list[str], array[int]]:
        """The texts, with one number for cells of the same text and none for blank ones."""
        code_of_text: dict[str, int] = {}
        new_code = array("i", [MISSING]) * (highest + 1)  # the last is that of MISSING
        for cell, code in self._numbers.items():
            text = cell_text(cell)
            if text is not None:
                new_code[code] = code_of_text.setdefault(text, len(code_of_text))
        return list(code_of_text), array("i", map(new_code.__getitem__, self._codes))


def _texts_of_cells(cells: Sequence[Any]) -> list[str | None]:
    """The text of each cell; for cells of one type that follow each other its function is looked up once."""
    texts: list[str | None] = []
    for kind, alike in groupby(cells, type):
        texts += _texts_of_type(kind, alike)
    return texts


def _texts_of_type(kind: type, cells: Iterable[Any]) -> Iterable[str | None]:
    return _texts_of_floats(list(cells)) if kind is float else map(TEXT_BY_TYPE.get(kind, cell_text), cells)


def _texts_of_floats(cells: list[float]) -> list[str]:
    """The text of each number; whole ones, as ids and dates are, all at once."""
    if all(map(float.is_integer, cells)) and -FIRST_INEXACT < min(cells) <= max(cells) < FIRST_INEXACT:
        return list(map(str, map(int, cells)))
    return list(map(_text_of_number, cells))


def _pack_codes(numbers: dict[Any, int], cells: Sequence[Any]) -> bytes:
    """The numbers of cells as 32-bit integers: packing them at once takes half the time of one by one."""
    return pack(f"{len(cells)}i", *map(numbers.__getitem__, cells))

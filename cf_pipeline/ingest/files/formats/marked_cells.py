"""The cells of a workbook that its first reader cannot tell, collected up to a limit. Standard library only.

The first reader gives an error cell as a blank, a number without the zeros that its format displays, and the
last moment of a day as the next day. The module of each format finds them: a search for some bytes decides
whether a sheet is gone through at all, then only records that may hold one are read.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import TypeVar

Cell = TypeVar("Cell")
MOST_ERRORS = 100_000
"""Error cells beyond which a workbook counts as unchecked: one repeated cell may stand for millions."""
MOST_NUMBERS = 2_000_000
"""Numbers beyond which it does: as many rows as two sheets of Excel have."""


def collect_cells(cells: Iterable[tuple[int, Cell]], most: int) -> dict[int, list[Cell]] | None:
    """Number of the sheet, from 0 -> its cells.

    None when there are more than `most`, or when the workbook seems to hold some and cannot be gone through.

    Raises:
        UnreadableError: the archive is damaged.
    """
    found: dict[int, list[Cell]] = {}
    try:
        for count, (sheet, cell) in enumerate(cells, start=1):
            found.setdefault(sheet, []).append(cell)
            if count > most:
                return None
    except (struct.error, IndexError, KeyError, SyntaxError, UnicodeError, OSError):
        return None
    return found

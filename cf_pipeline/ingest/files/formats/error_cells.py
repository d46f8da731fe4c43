"""The error cells of a workbook, collected up to a limit. Standard library only.

The first reader gives an error cell as a blank. The module of each format finds them: a search for some
bytes decides whether a sheet is gone through at all, then only records that may hold an error are read.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

from cf_pipeline.ingest.files.formats.file_format import Place

MOST_ERRORS = 100_000
"""Error cells beyond which a workbook counts as unchecked: one repeated cell may stand for millions."""


def collect_error_cells(places: Iterable[tuple[int, Place]]) -> dict[int, list[Place]] | None:
    """Number of the sheet, from 0 -> its error cells.

    None when there are more than `MOST_ERRORS`, or when the workbook seems to hold errors and cannot be gone
    through.

    Raises:
        UnreadableError: the archive is damaged.
    """
    found: dict[int, list[Place]] = {}
    count = 0
    try:
        for sheet, place in places:
            found.setdefault(sheet, []).append(place)
            count += 1
            if count > MOST_ERRORS:
                return None
    except (struct.error, IndexError, KeyError, SyntaxError, UnicodeError, OSError):
        return None
    return found

"""Day numbers just below a whole one: the last moments of a day, which a reader would round into the next.

The first reader keeps the milliseconds of a date cell, so it gives 31 December, 23:59:59.999999 as 1 January.
The number as the file has it decides instead: docs/rulings.md#32. Standard library only.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from cf_pipeline.contracts.dates.clock import misses_midnight_by_error

FEWEST_DAYS = 1_000
"""The smallest day number that is looked at: 26 September 1902."""
MILLISECOND = 1 / 86_400_000
SECOND = dt.timedelta(seconds=1)
NINES = re.compile(rb"99999999")
IN_XML = re.compile(rb">\s*(?:\d{4,6}\.9{8}\d*|\d\.\d{3,5}9{8}\d*[Ee]\+?0*[345])\s*<")
"""A cell's number in XML. `NINES` finds what may be one; as a repetition it would take 15 times as long."""
IN_BINARY = re.compile(rb"\xff\xff[%b].[\x80-\xff]\x40" % bytes(range(0x0F, 0x100, 0x10)), re.DOTALL)
"""The last six bytes of a float from 512 on in a binary workbook: nearly all of its lower bits are set."""


def is_before_midnight(number: float) -> bool:
    """Whether a number is a day number that lies less than a millisecond below a whole one."""
    return number >= FEWEST_DAYS and 1 - number % 1 < MILLISECOND


def correct_cell(cell: object, day_number: Decimal) -> object:
    """What a cell means that the first reader gives as `cell` and whose number is `day_number`.

    A moment that was rounded up to midnight is the last second before, a number that only a float's error
    keeps from a whole one is that whole one. Whether days count from 1900 or 1904 does not matter.
    """
    is_whole = misses_midnight_by_error(day_number)
    if isinstance(cell, dt.datetime) and cell.time() == dt.time() and not is_whole:
        return cell - SECOND
    if isinstance(cell, float) and is_whole:
        return float(round(cell))
    return cell

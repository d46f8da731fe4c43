"""How often Python looks for objects in cycles: rarely, because nearly all objects here live to the end."""

from __future__ import annotations

import atexit
import gc

NEW_OBJECTS, YOUNG_ROUNDS, MIDDLE_ROUNDS = 1_000_000, 4, 100
"""At Python's own 700 new objects a tenth of a run's time goes into looking; memory is the same within 2%.

The run of one authority keeps about 600,000 new objects: at 200,000 it looks three times, a thirtieth of its
time, for 50,000 objects. A process that runs many authorities looks at about every second of them.
"""


def collect_rarely() -> None:
    """Make this process look for cycles after many new objects; for commands and the workers of a run.

    When it ends it does not look again: a process gives all of its memory back, and looking through the
    modules alone takes as long as half of their import.
    """
    gc.set_threshold(NEW_OBJECTS, YOUNG_ROUNDS, MIDDLE_ROUNDS)
    atexit.register(gc.freeze)

"""The output of the integer solver: HiGHS writes a line of its own now and then, and no option stops it."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STANDARD_OUTPUT = 1
"""The file descriptor that a C library's standard output goes to."""


@contextmanager
def discard_solver_output() -> Iterator[None]:
    """Discard what libraries in C write to standard output inside; for a process with one thread.

    "HighsMipSolverData::transformNewIntegerFeasibleSolution tmpSolver.run();" is printed whatever the solver
    is asked to log (https://github.com/ERGO-Code/HiGHS/issues/2783, in HiGHS 1.12). C keeps it in a buffer of
    its own, so that is emptied before and after.
    """
    library = ctypes.CDLL(None)
    library.fflush(None)
    screen = os.dup(STANDARD_OUTPUT)
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), STANDARD_OUTPUT)
        yield
    finally:
        library.fflush(None)
        os.dup2(screen, STANDARD_OUTPUT)
        os.close(screen)

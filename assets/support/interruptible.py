"""Runs work that Ctrl-C stops at once: on the main thread Dagster takes the signal and may lose it."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
TRIES = 10
SECONDS_TO_CLEAN_UP = 3.0


def run_interruptibly(work: Callable[[], T]) -> T:
    """The result of `work`, run on another thread; a KeyboardInterrupt here is raised there too.

    The work gets time to put away what it holds (temporary copies of files, locks).
    """
    results: list[T] = []
    errors: list[BaseException] = []

    def body() -> None:
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=body, daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(0.2)
    except KeyboardInterrupt:
        _stop(thread)
        raise
    if errors:
        raise errors[0]
    return results[0]


def _stop(thread: threading.Thread) -> None:
    for _ in range(TRIES):  # an exception that arrives inside a destructor is lost: try again
        if not thread.is_alive() or thread.ident is None:
            return
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(KeyboardInterrupt)
        )
        thread.join(SECONDS_TO_CLEAN_UP)

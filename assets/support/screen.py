"""Keeps off the screen what Dagster writes there itself when it cannot write its own records.

On a full disk it prints the message of the database once an event, with the statement and all of its values.
How the command ends is said by the command, in one sentence.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import Any, TextIO, cast

NOTES = (
    "Exception while writing logger call to event log",
    "Exception while storing event batch",
    "Falling back to storing multiple single-event",
)
"""How such texts begin (`types.py` and `methods/event_methods.py` of `dagster/_core/instance`)."""


class _WithoutNotes:
    """A stream that leaves out Dagster's notes and is otherwise the one it stands for."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return len(text) if text.startswith(NOTES) else self._stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextlib.contextmanager
def without_notes_of_dagster() -> Iterator[None]:
    """Inside the block, standard error is without Dagster's notes on its own records."""
    with contextlib.redirect_stderr(cast("TextIO", _WithoutNotes(sys.stderr))):
        yield

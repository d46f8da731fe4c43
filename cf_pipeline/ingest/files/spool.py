"""The files between the process that asks for a file's sheets and the one that parses it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

OPEN_FILES = Path("/proc/self/fd")
"""Where Linux has the files that a process has open, by number."""


class Spool(NamedTuple):
    """The files between this process and the parser: a copy of the file, its parts unpacked, what was read.

    They have no name in any folder and end with the processes that have them open: whoever is killed, no
    child's record stays behind. Each path leads to an open file, and is the same in both processes.
    """

    copy: Path
    parts: Path
    answer: Path
    codes: Path

    @property
    def descriptors(self) -> tuple[int, ...]:
        """The open files."""
        return tuple(int(path.name) for path in self)


@contextmanager
def open_spool(folder: Path) -> Iterator[Spool]:
    """Empty files without a name on the disk of a folder."""
    with ExitStack() as files:
        opened = [files.enter_context(tempfile.TemporaryFile(dir=folder)) for _ in Spool._fields]
        yield Spool(*(OPEN_FILES / str(file.fileno()) for file in opened))

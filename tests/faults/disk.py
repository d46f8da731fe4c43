"""A file system of a set size, in memory."""

from __future__ import annotations

import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

KILOBYTE, MEGABYTE = 1024, 1024 * 1024
AMPLE = 256 * MEGABYTE
PAGE = 4096
"""A file system in memory gives space by the page."""


@dataclass(frozen=True)
class Disk:
    """A file system in memory, mounted on a folder."""

    folder: Path

    def mount(self) -> None:
        """Make it, with ample space.

        Raises:
            OSError, subprocess.CalledProcessError: it takes the rights of root.
        """
        self._mount("", AMPLE)

    def unmount(self) -> None:
        """Take it away with all that is in it."""
        subprocess.run(["umount", "-l", str(self.folder)], check=True)

    def set_ample(self) -> None:
        """Leave more space free than any command takes."""
        self._mount("remount,", AMPLE)

    def set_free(self, size: int) -> None:
        """Leave so many bytes free, to the page; one page where nothing is in use, for none is no limit."""
        self._mount("remount,", max(self.used() + max(size, 0) // PAGE * PAGE, PAGE))

    def used(self) -> int:
        """The bytes in use."""
        usage = shutil.disk_usage(self.folder)
        return usage.total - usage.free

    @contextmanager
    def greatest_use(self) -> Iterator[list[int]]:
        """A list whose one number is, at the end, the most bytes in use above those in use at the start."""
        start, most, is_over = self.used(), [0], threading.Event()

        def watch() -> None:
            while not is_over.is_set():
                most[0] = max(most[0], self.used() - start)
                time.sleep(0.005)

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        try:
            yield most
        finally:
            is_over.set()
            thread.join()

    def _mount(self, option: str, size: int) -> None:
        command = ["mount", "-t", "tmpfs", "-o", f"{option}size={size}", "tmpfs", str(self.folder)]
        subprocess.run(command, check=True, capture_output=True)

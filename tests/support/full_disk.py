"""A file system of a set size, and the command line run on it: what a full disk does to a whole command."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
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
LONGEST_COMMAND_SECONDS = 1_800


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


def run_command(command: str, folder: Path, settings: dict[str, str], screen: Path) -> tuple[int, list[str]]:
    """Run one command of `cf-pipeline` in a folder; returns its exit status and the lines of standard error.

    The process is forked from one that has imported the product, which saves seconds a command. What is said
    goes to the file `screen`, which must be on another disk than the one that is full. Lines that only name
    the step under way are left out.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["assets.support.in_process", "cf_pipeline.cli.run"])
    process = context.Process(target=_run_here, args=(command, folder, settings, screen))
    process.start()
    process.join(LONGEST_COMMAND_SECONDS)
    if process.exitcode is None:
        process.kill()
        raise TimeoutError(f"{command} has not ended within {LONGEST_COMMAND_SECONDS} seconds")
    lines = screen.read_text(encoding="utf-8").splitlines()
    return process.exitcode, [line for line in lines if line and not line.endswith(" ...")]


def _run_here(command: str, folder: Path, settings: dict[str, str], screen: Path) -> None:
    from cf_pipeline.cli.main import main

    output = os.open(screen, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    sys.stdout.flush()
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(output, 2)
    os.chdir(folder)
    os.environ.update(settings)
    tempfile.tempdir = None  # TMPDIR is read again
    sys.exit(main([command]))

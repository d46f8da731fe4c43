"""One command of `cf-pipeline` as a process of its own, with a fault put into it before it begins."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import NamedTuple

LONGEST_COMMAND_SECONDS = 1_800
LONGEST_ORPHAN_SECONDS = 20
"""A process whose parent was killed has so long to notice."""

Fault = Callable[[], None]
"""What is done in the process of a command before the command: a picklable object."""


class Ended(NamedTuple):
    """The exit status (below 0: the signal), and what was said on standard error without the steps named."""

    status: int
    lines: list[str]

    @property
    def was_killed(self) -> bool:
        return self.status == -signal.SIGKILL


@dataclass(frozen=True)
class Command:
    """A command under way, in a process group of its own."""

    process: BaseProcess
    screen: Path

    def end(self) -> Ended:
        """Wait for it.

        Raises:
            TimeoutError: it hangs; it is killed.
        """
        self.process.join(LONGEST_COMMAND_SECONDS)
        if self.process.exitcode is None:
            self.kill_group()
            raise TimeoutError(f"the command has not ended within {LONGEST_COMMAND_SECONDS} seconds")
        lines = self.screen.read_text(encoding="utf-8").splitlines()
        return Ended(self.process.exitcode, [line for line in lines if line and not line.endswith(" ...")])

    def kill(self) -> None:
        """Kill the process of the command alone, as a machine without memory does."""
        self.process.kill()

    def kill_group(self) -> None:
        """Kill it with all that it started, as a machine that is switched off does."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid or 0, signal.SIGKILL)
        self.process.kill()

    def has_orphans(self) -> bool:
        """Whether a process that it started is still there a while after its end."""
        deadline = time.monotonic() + LONGEST_ORPHAN_SECONDS
        while time.monotonic() < deadline:
            try:
                os.killpg(self.process.pid or 0, 0)
            except ProcessLookupError:
                return False
            time.sleep(0.05)
        return True


def start_command(
    words: Sequence[str],
    folder: Path,
    settings: Mapping[str, str],
    screen: Path,
    *,
    fault: Fault | None = None,
    clock: str = "",
) -> Command:
    """Start one command of `cf-pipeline` in a folder.

    The process is forked from one that has imported the product, which saves seconds a command.

    Args:
        words: the command and its arguments.
        folder: the project's.
        settings: variables of the environment.
        screen: the file that gets what is said; on another disk than the one that is full.
        fault: what is done in the process first.
        clock: the time at which the command begins, as `faketime` reads it; empty for the true one.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["assets.support.in_process", "cf_pipeline.cli.run"])
    arguments = (list(words), folder, dict(settings), screen, fault, clock)
    process = context.Process(target=_run_here, args=arguments)
    process.start()
    return Command(process, screen)


def _run_here(
    words: list[str], folder: Path, settings: dict[str, str], screen: Path, fault: Fault | None, clock: str
) -> None:
    from cf_pipeline.cli.main import main

    os.setsid()
    output = os.open(screen, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    sys.stdout.flush()
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(output, 2)
    os.chdir(folder)
    os.environ.update(settings)
    if clock:
        # faketime's own libraries are loaded at the start of a program
        program = [sys.executable, "-m", "cf_pipeline.cli.main", *words]
        os.execvp("faketime", ["faketime", "-f", f"@{clock}", *program])
    tempfile.tempdir = None  # TMPDIR is read again
    time.tzset()
    if fault is not None:
        fault()
    sys.exit(main(words))

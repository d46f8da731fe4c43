"""One command of `cf-pipeline` in a process that is killed at a named point of its work."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LONGEST_COMMAND_SECONDS = 600


@dataclass(frozen=True)
class Death:
    """Where the process kills itself: at a call, counted from 1, of a function of a module or class."""

    owner: str
    function: str
    call: int = 1


@dataclass(frozen=True)
class Project:
    """A project in a folder, with an empty folder of temporary files of its own."""

    root: Path

    @property
    def data(self) -> Path:
        """Its data folder."""
        return self.root / "data"

    @property
    def temporary(self) -> Path:
        """What TMPDIR names."""
        return self.root / "temporary"

    def run(self, *command: str, death: Death | None = None) -> tuple[int, str]:
        """The exit status (negative: the signal) of a command, and all that it printed."""
        self.temporary.mkdir(exist_ok=True)
        (self.root / "pipeline.toml").touch()
        screen = self.root / "screen.txt"
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["assets.support.in_process", "cf_pipeline.cli.run"])
        process = context.Process(target=_run_here, args=(command, self.root, death))
        process.start()
        process.join(LONGEST_COMMAND_SECONDS)
        if process.exitcode is None:
            process.kill()
            raise TimeoutError(f"{command} has not ended within {LONGEST_COMMAND_SECONDS} seconds")
        return process.exitcode, screen.read_text(encoding="utf-8")

    def leftovers(self) -> list[str]:
        """Every temporary file, half-built warehouse and log of a database, by its path in the project."""
        return sorted(
            str(path.relative_to(self.root))
            for path in self.root.rglob("*")
            if path.parent in {self.temporary, self.data / "tmp"}
            or path.name.startswith(".part-")
            or ".building-" in path.name
            or path.name.endswith((".wal", ".tmp"))
        )


def _run_here(command: tuple[str, ...], root: Path, death: Death | None) -> None:
    from cf_pipeline.cli.main import main

    output = os.open(root / "screen.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(output, stream)
    os.chdir(root)
    os.environ |= {"TMPDIR": str(root / "temporary"), "CF_ID_KEY": "k" * 32}
    tempfile.tempdir = None  # TMPDIR is read again
    if death is not None:
        _arm(death)
    status = main(command)
    sys.stdout.flush()
    sys.exit(status)


def _arm(death: Death) -> None:
    module, _, name = death.owner.partition(":")
    owner: Any = importlib.import_module(module)
    owner = getattr(owner, name) if name else owner
    function: Callable[..., Any] = getattr(owner, death.function)
    calls = 0

    def die_or_go_on(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == death.call:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **named)

    setattr(owner, death.function, die_or_go_on)

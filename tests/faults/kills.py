"""Kills at a place rather than at a moment: where a named function is reached, or at the n-th changed file.

The place is found in the running product from outside: the product has no hook for it.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class KillAtFunction:
    """Kill the process when a function is called for the n-th time, before it begins or once it has ended."""

    module: str
    name: str
    call: int = 1
    is_after: bool = False

    def __str__(self) -> str:
        side = "after" if self.is_after else "before"
        return f"{side} call {self.call} of {self.module}.{self.name}"

    def __call__(self) -> None:
        owner: Any = importlib.import_module(self.module)
        *classes, name = self.name.split(".")
        for each in classes:
            owner = getattr(owner, each)
        function = getattr(owner, name)
        killing = _killing(function, self.call, is_after=self.is_after)
        setattr(owner, name, killing)
        for module in list(sys.modules.values()) if not classes else []:
            for known_as, value in list(vars(module).items()):
                if value is function:
                    setattr(module, known_as, killing)


def _killing(function: Callable[..., Any], call: int, *, is_after: bool) -> Callable[..., Any]:
    calls = 0

    def killing(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call and not is_after:
            kill_this_process()
        result = function(*arguments, **named)
        if calls == call and is_after:
            kill_this_process()
        return result

    return killing


@dataclass(frozen=True)
class KillAtChange:
    """Kill the process before its n-th change of a file in a folder: a file opened to write, moved, removed.

    `counted` is the file that gets the number of changes so far.
    """

    folder: Path
    change: int
    counted: Path

    def __call__(self) -> None:
        count, handle = 0, os.open(self.counted, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        inside = f"{self.folder}{os.sep}"

        def look(event: str, arguments: tuple[Any, ...]) -> None:
            nonlocal count
            if not _is_change(event, arguments) or not str(arguments[0]).startswith(inside):
                return
            count += 1
            os.pwrite(handle, str(count).encode(), 0)
            if count == self.change:
                kill_this_process()

        sys.addaudithook(look)


def _is_change(event: str, arguments: tuple[Any, ...]) -> bool:
    if event == "open":
        return bool(int(arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
    return event in {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate"}


def kill_this_process() -> None:
    """End it as `kill -9` does: no handler, no `finally`."""
    os.kill(os.getpid(), signal.SIGKILL)

"""Which commands are at work on a project, and which were killed: a locked file for each of them.

The system ends the lock with the process, so a file without a lock is of a command that was killed. What it
had under way is recorded as failed by the next command; nothing else would end it.

Belongs here: the files. Does not belong here: what a command records elsewhere under the name of its session.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from cf_pipeline.project.locks import RunLock

SESSIONS, GUARD = "sessions", "_sessions"


@contextmanager
def command_session(data: Path, end_killed: Callable[[str], None]) -> Iterator[str]:
    """The session of this command: a name that no other has, and a locked file while the block lasts.

    Args:
        data: the data folder.
        end_killed: called first with the session of each command that was killed, while nobody else does so.
    """
    own = uuid4().hex
    folder, guard, lock = _folder(data), RunLock(data / "locks", GUARD), RunLock(_folder(data), own)
    guard.acquire()
    try:
        for killed in killed_sessions(data):
            end_killed(killed)
            (folder / f"{killed}.lock").unlink(missing_ok=True)
        lock.acquire()
    finally:
        guard.release()
    try:
        yield own
    finally:
        (folder / f"{own}.lock").unlink(missing_ok=True)
        lock.release()


def killed_sessions(data: Path) -> list[str]:
    """The session of each command that was killed and that no later command has ended, sorted."""
    killed = []
    for file in sorted(_folder(data).glob("*.lock")):
        lock = RunLock(file.parent, file.stem)
        if lock.try_acquire():
            lock.release()
            killed.append(file.stem)
    return killed


def _folder(data: Path) -> Path:
    return data / "locks" / SESSIONS

"""Files that their owner alone may read, put in place whole: a reader sees the old file or the new one.

A process that is killed while it writes leaves the temporary file. It holds a lock on that file while it
lives, so the next run can tell what nobody writes to any more (`remove_unused`).
"""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PART = ".part-"
"""How the name of a temporary file begins; the rest is the name of the file it becomes."""
OTHERS = 0o077
"""Every right of the group and of everybody."""


def private_folder(path: Path) -> Path:
    """The folder, made with every missing parent for its owner alone (mode 0700)."""
    for folder in [*reversed(path.parents), path]:
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
    return path


def make_private(folder: Path) -> None:
    """Take every right of others from a folder and all below it: folders get 0700, files 0600.

    What belongs to another user stays as it is.
    """
    for place, _, names in os.walk(folder):
        for path in (Path(place), *(Path(place, name) for name in names)):
            with suppress(FileNotFoundError, PermissionError):
                mode = path.lstat().st_mode
                if stat.S_IMODE(mode) & OTHERS and not stat.S_ISLNK(mode):
                    path.chmod(stat.S_IMODE(mode) & ~OTHERS)


@contextmanager
def replacement(path: Path) -> Iterator[Path]:
    """A temporary file beside `path` to write to; when the block ends well it takes the place of `path`.

    The file has mode 0600 from the start. When the block fails, `path` stays as it was. Another process that
    writes the same file waits for the end of the block.
    """
    private_folder(path.parent)
    part = path.with_name(f"{PART}{path.name}")
    lock = _open_locked(part)
    try:
        yield part
        part.chmod(0o600)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    finally:
        os.close(lock)


def write_private(path: Path, content: str | bytes) -> None:
    """Put a file in place whole, mode 0600; text is written as UTF-8."""
    with replacement(path) as part:
        part.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


def remove_unused(part: Path) -> None:
    """Remove a temporary file unless a process holds its lock; one that cannot be removed stays."""
    with suppress(OSError):
        descriptor = os.open(part, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if is_open_at(descriptor, part):
                part.unlink()
        finally:
            os.close(descriptor)


def is_open_at(descriptor: int, path: Path) -> bool:
    """Whether what is open is still what lies at the path."""
    try:
        there = path.lstat()
    except FileNotFoundError:
        return False
    return os.path.samestat(os.fstat(descriptor), there)


def _open_locked(part: Path) -> int:
    """An empty file of mode 0600, open and locked; what a killed process left there is emptied."""
    if part.is_symlink():
        part.unlink()
    while True:
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if is_open_at(descriptor, part):  # else another process moved or removed it while this one waited
                os.ftruncate(descriptor, 0)
                os.fchmod(descriptor, 0o600)
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)

"""The temporary files of a process, and what a killed one left.

Each process that runs or reads has a folder of its own below `<data>/tmp` and a lock on it; the system ends
the lock with the process. A folder without a lock is a leftover.

Belongs here: where temporary files are, and which are leftovers. Does not belong here: what is in them.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cf_pipeline.project.private_files import PART, is_open_at, private_folder, remove_unused
from cf_pipeline.project.settings import Settings

FOLDER = "tmp"
VARIABLE = "TMPDIR"
"""What libraries and the processes that this one starts ask for the folder of temporary files."""
BUILDS = ".*.building-*"
"""The folders beside an embedded warehouse in which a new one is built."""


@contextmanager
def temporary_folder(settings: Settings) -> Iterator[Path]:
    """A folder (mode 0700) for every temporary file of this process and of those it starts.

    What killed processes left in the data folder is removed first. The folder goes at the end. Where the
    process has one of this project already, that one is given. Without a data folder (`check` needs no
    project) it is the system's.
    """
    parent, before, variable = settings.data / FOLDER, tempfile.tempdir, os.environ.get(VARIABLE)
    own = Path(before or variable or "/")
    if own.parent == parent and own.is_dir():
        yield own
        return
    if not settings.data.is_dir():
        yield Path(tempfile.gettempdir())
        return
    remove_leftovers(settings)
    folder, lock = _make_locked(parent)
    tempfile.tempdir = os.environ[VARIABLE] = str(folder)
    try:
        yield folder
    finally:
        tempfile.tempdir = before
        os.environ.pop(VARIABLE)
        if variable is not None:
            os.environ[VARIABLE] = variable
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def remove_leftovers(settings: Settings) -> None:
    """Remove what killed processes left: temporary folders, half-written files, half-built warehouses.

    What a living process uses is locked, and stays. What cannot be removed stays too: it harms no run.
    """
    tmp = settings.data / FOLDER
    for folder in tmp.iterdir() if tmp.is_dir() else ():
        with suppress(OSError), _lock(folder):
            _remove(folder)
    is_lake_inside = Path(settings.lake).is_relative_to(settings.data)
    roots = [str(settings.data), *([] if is_lake_inside else [settings.lake])]
    for root in roots:
        for place, folders, files in os.walk(root):
            if Path(place) == settings.data:
                folders[:] = [name for name in folders if name != FOLDER]
            for name in files:
                if name.startswith(PART):
                    remove_unused(Path(place, name))
    warehouse = settings.embedded_warehouse
    if warehouse is not None and (builds := list(warehouse.parent.glob(BUILDS))):
        with suppress(OSError), _lock(warehouse.parent):
            for folder in builds:
                _remove(folder)


def _make_locked(parent: Path) -> tuple[Path, int]:
    """A new folder and the descriptor of its lock."""
    while True:
        folder = private_folder(private_folder(parent) / secrets.token_hex(8))
        with suppress(FileNotFoundError):  # another process took it for a leftover before it was locked
            lock = os.open(folder, os.O_RDONLY)
            fcntl.flock(lock, fcntl.LOCK_EX)
            if is_open_at(lock, folder):
                return folder, lock
            os.close(lock)


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder; BlockingIOError when a process has it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def _remove(folder: Path) -> None:
    """Remove a folder; a process whose parent was killed may put one more file into it meanwhile."""
    for _ in range(3):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return

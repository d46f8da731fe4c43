"""One walk through what the pipeline keeps: what others may read, how much it is, how new it is."""

from __future__ import annotations

import datetime as dt
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cf_pipeline.project.private_files import OTHERS


@dataclass(frozen=True)
class Scan:
    """What was found.

    `wide`: path -> the rights of others that it has, as in 0o044. `newest`: the latest time of a change, of
    `newest_path`; None where there is nothing.
    """

    wide: dict[Path, int]
    newest: dt.datetime | None = None
    newest_path: Path | None = None


def scan_folders(folders: Iterable[Path]) -> Scan:
    """Everything below some folders and the folders themselves; links are not followed, nothing is opened."""
    wide: dict[Path, int] = {}
    newest, newest_path = 0.0, None
    for path in _walk(folders):
        with suppress(FileNotFoundError, PermissionError):
            status = path.lstat()
            if stat.S_ISLNK(status.st_mode):
                continue
            if rights := stat.S_IMODE(status.st_mode) & OTHERS:
                wide[path] = rights
            if status.st_mtime > newest:
                newest, newest_path = status.st_mtime, path
    if newest_path is None:
        return Scan(wide)
    return Scan(wide, dt.datetime.fromtimestamp(newest, dt.UTC), newest_path)


def size_of(folder: Path) -> int:
    """The bytes of the files below a folder; a file with several names counts once."""
    sizes: dict[tuple[int, int], int] = {}
    for path in _walk([folder]):
        with suppress(FileNotFoundError, PermissionError):
            status = path.lstat()
            if stat.S_ISREG(status.st_mode):
                sizes[status.st_dev, status.st_ino] = status.st_size
    return sum(sizes.values())


def _walk(folders: Iterable[Path]) -> Iterable[Path]:
    for folder in folders:
        for place, _, names in os.walk(folder):
            yield Path(place)
            yield from (Path(place, name) for name in names)

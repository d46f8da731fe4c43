"""What lies below a folder, whatever its names and rights: no link is followed, no file is opened."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

IGNORED_NAMES = re.compile(r"~\$.*|\..*|thumbs\.db|desktop\.ini", re.IGNORECASE)
"""Files that programs leave behind: nobody delivered them, and they are not mentioned."""


class Entry(NamedTuple):
    """One thing in a folder: what it is, and its size and times.

    `closed`: a folder that cannot be listed, or something of which nothing can be known; `fault` says why.
    """

    path: Path
    kind: Literal["file", "folder", "link", "device", "closed"]
    status: os.stat_result | None = None
    fault: OSError | None = None


def list_folder(folder: Path) -> list[Entry]:
    """The entries of a folder in the order of their names.

    Raises:
        OSError: it cannot be listed.
    """
    return [_entry(path) for path in sorted(folder.iterdir())]


def walk_folder(folder: Path, *, with_ignored: bool = False) -> Iterator[Entry]:
    """Everything below a folder in the order of the names; nothing for a folder that is not there.

    A folder that cannot be listed is `closed`, `folder` itself included; everything else goes on.
    A `folder` that is a link is its own one entry.

    Args:
        folder: where to look.
        with_ignored: also what `IGNORED_NAMES` has.
    """
    if folder.is_symlink():
        yield Entry(folder, "link")
        return
    if not os.path.lexists(folder):
        return
    waiting = [Entry(folder, "folder")]
    while waiting:
        entry = waiting.pop()
        if entry.kind == "folder":
            try:
                inside = list_folder(entry.path)
            except OSError as fault:
                yield Entry(entry.path, "closed", entry.status, fault)
                continue
            waiting += [
                each
                for each in reversed(inside)
                if with_ignored or not IGNORED_NAMES.fullmatch(each.path.name)
            ]
        if entry.path != folder:
            yield entry


def _entry(path: Path) -> Entry:
    try:
        status = path.lstat()
    except OSError as fault:
        return Entry(path, "closed", fault=fault)
    if stat.S_ISLNK(status.st_mode):
        return Entry(path, "link", status)
    if stat.S_ISDIR(status.st_mode):
        return Entry(path, "folder", status)
    return Entry(path, "file" if stat.S_ISREG(status.st_mode) else "device", status)

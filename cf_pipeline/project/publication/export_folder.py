"""The folder of an export: made beside its place, for its owner alone, and moved there whole.

An export replaces an earlier one and nothing else: a folder with a file that no export wrote is refused.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cf_pipeline.errors import PlainError
from cf_pipeline.project.private_files import PART, is_open_at, make_private, private_folder

MANIFEST = "datapackage.json"
"""The file of an export that lists all its others (`resources`)."""
EARLIER = ".earlier-"
"""How the name of the folder begins in which the earlier export lies while the new one takes its place."""


class ExportFolderError(PlainError):
    """The folder that was named cannot hold an export."""


@contextmanager
def export_folder(place: Path, names: frozenset[str]) -> Iterator[Path]:
    """A folder (mode 0700) to write an export to; when the block ends well it takes the place of `place`.

    When the block fails, `place` stays as it was. What a killed export left is removed by the next one.

    Args:
        place: where the export is to be.
        names: the names that the manifest of an export may have (`name` in `datapackage.json`).

    Raises:
        ExportFolderError: `place` is a file or holds what no export wrote, or another export is under way.
    """
    place = place.resolve()
    if not place.name:
        raise ExportFolderError(f"{place} cannot be replaced; name a new folder.")
    part, earlier = place.with_name(PART + place.name), place.with_name(EARLIER + place.name)
    private_folder(place.parent)
    part.mkdir(mode=0o700, exist_ok=True)
    with _lock(part, place):
        try:
            _restore(place, earlier)
            check_place(place, names)
            _empty(part)
            yield part
            make_private(part)
            check_place(place, names)
            if place.exists():
                place.rename(earlier)
            part.rename(place)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        shutil.rmtree(earlier, ignore_errors=True)


def check_place(place: Path, names: frozenset[str]) -> None:
    """Refuse a place that an export may not take.

    Raises:
        ExportFolderError: it is a file, or holds a file that no export wrote.
    """
    if not place.exists():
        return
    if not place.is_dir():
        raise ExportFolderError(f"{place} is a file; name a folder for the export.")
    there = {
        path.relative_to(place).as_posix()
        for path in place.rglob("*")
        if path.is_symlink() or not path.is_dir()
    }
    others = sorted(there - _exported(place / MANIFEST, names))
    if others:
        raise ExportFolderError(
            f"{place} holds {others[0]}, which no export wrote; name a new folder, an empty one, or that of "
            "an earlier export, which is replaced."
        )


def _exported(manifest: Path, names: frozenset[str]) -> set[str]:
    """The files that a manifest of ours lists, and its own; none where there is no such manifest."""
    try:
        package = json.loads(manifest.read_text(encoding="utf-8"))
        if package["name"] not in names:
            return set()
        return {str(resource["path"]) for resource in package["resources"]} | {MANIFEST}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


@contextmanager
def _lock(part: Path, place: Path) -> Iterator[None]:
    """The lock of the folder that an export is written to: it ends with its process."""
    folder = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if not _try_lock(folder) or not is_open_at(folder, part):
            raise ExportFolderError(f"Another export to {place} is under way; wait for its end.")
        yield
    finally:
        os.close(folder)


def _try_lock(folder: int) -> bool:
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _restore(place: Path, earlier: Path) -> None:
    """Put back or remove the earlier export of a process that was killed between two moves."""
    if earlier.is_dir():
        if place.exists():
            shutil.rmtree(earlier)
        else:
            earlier.rename(place)


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()

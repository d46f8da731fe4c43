"""Zip archives: what is in one, and the checks before a workbook in one is parsed. Standard library only."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cf_pipeline.ingest.files.formats.file_format import FileContent
from cf_pipeline.ingest.files.limits import MEGABYTE, Limits
from cf_pipeline.ingest.files.unreadable import UnreadableError, outcome_of

ZIP_MAGIC = b"PK\x03\x04"
START_BYTES = 4096
"""Bytes of a file by which its format is recognised."""
BLOCK_BYTES = 256 * 1024
"""Bytes of a part that are searched at a time: they stay in the processor's cache."""
MOST_UNPACKED = 1024 * MEGABYTE
"""Bytes of an archive's parts beyond which they are not written to the disk."""
OVERLAP = 256
"""Bytes of the block before that are searched again: a pattern may lie across two blocks."""
DAMAGE = (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError)
"""What the standard library raises for a damaged zip archive, or where the machine failed."""
PARTS_WITH_MEANING = ("xl/", "_rels/", "content.xml")
PARTS_WITHOUT_MEANING = ("xl/worksheets/", "xl/media/", "xl/theme/", "xl/drawings/", "xl/printerSettings/")


def read_content(path: Path) -> FileContent:
    """The content by which a file's format is recognised.

    Raises:
        UnreadableError: `empty_file`, or `corrupt` for a zip archive that cannot be opened or is empty.
    """
    with path.open("rb") as file:
        start = file.read(START_BYTES)
    if not start:
        raise UnreadableError("empty_file")
    if not start.startswith(ZIP_MAGIC):
        return FileContent(start)
    with refuse_damage(), zipfile.ZipFile(path) as archive:
        parts = frozenset(archive.namelist())
    if not parts:
        raise UnreadableError("corrupt")
    return FileContent(start, parts)


@contextmanager
def refuse_damage() -> Iterator[None]:
    """Turn what the standard library raises for a damaged zip archive into a refusal.

    Raises:
        UnreadableError: `corrupt`, without the original error: its message may quote the file.
        MemoryError, OSError: memory ran out or the machine failed; nothing is known of the file.
    """
    outcome: Exception | None = None
    try:
        yield
    except DAMAGE as error:
        outcome = outcome_of(error)
    if outcome is not None:
        raise outcome


def check_archive(path: Path, limits: Limits) -> None:
    """Refuse a zip archive that could fill memory, hides one entry behind another, or is damaged.

    Raises:
        UnreadableError: `encrypted`, `unsafe_archive` or `corrupt`.
    """
    with refuse_damage(), zipfile.ZipFile(path) as archive:
        _check_sizes(archive.infolist(), limits)
        _check_parts(archive)


def unpack_archive(path: Path, parts: Path) -> Path:
    """The archive with its parts as they are, not compressed, in the file `parts`.

    The archive itself where they are too large, where one is damaged and where the disk has no room for them:
    who reads it says what is wrong.
    """
    try:
        with zipfile.ZipFile(path) as archive, zipfile.ZipFile(parts, "w") as copy:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                return path
            for entry in archive.infolist():
                place = zipfile.ZipInfo(entry.filename)
                place.file_size = entry.file_size  # says beforehand whether it is written as a large one
                with archive.open(entry) as part, copy.open(place, "w") as target:
                    shutil.copyfileobj(part, target, BLOCK_BYTES)
    except (*DAMAGE, RuntimeError):
        parts.write_bytes(b"")  # what is read needs the room
        return path
    return parts


def read_blocks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The unpacked bytes of a part in blocks; each begins with the last `OVERLAP` bytes of the one before."""
    before = b""
    with archive.open(part) as unpacked:
        while block := unpacked.read(BLOCK_BYTES):
            yield before + block
            before = block[-OVERLAP:]


def _check_sizes(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableError("encrypted")
    if len(entries) > limits.zip_entries or len({entry.filename for entry in entries}) != len(entries):
        raise UnreadableError("unsafe_archive")
    if unpacked > limits.unpacked_mb * MEGABYTE:
        raise UnreadableError("unsafe_archive")
    if unpacked > limits.zip_ratio_from_mb * MEGABYTE and unpacked / packed > limits.zip_ratio:
        raise UnreadableError("unsafe_archive")


def _check_parts(archive: zipfile.ZipFile) -> None:
    """Refuse damage in the parts that give cells their meaning: styles, shared strings, sheet names.

    calamine checks the sheets themselves and not always these: one flipped bit would change a date quietly.
    No spreadsheet program declares XML entities in a part: they multiply when they are read.
    """
    for name in archive.namelist():
        if name.startswith(PARTS_WITH_MEANING) and not name.startswith(PARTS_WITHOUT_MEANING):
            with archive.open(name) as part:
                if b"<!DOCTYPE" in part.read(MEGABYTE):
                    raise UnreadableError("unsafe_archive")
                while part.read(MEGABYTE):
                    pass

"""What a file is, judged by its bytes and never by its name. Standard library only.

Also the checks before a workbook is parsed: an archive that unpacks to far more than it is,
and the search for a cell far outside its table after a parse ran out of memory.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

from cf_pipeline.ingest.limits import MEGABYTE, Limits

ZIP_MAGIC = b"PK\x03\x04"
OLE2_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
MARKUP = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|table|meta|\?xml|!--)", re.I)
CELL_REFERENCE = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')
NOT_MEANING = ("xl/worksheets/", "xl/media/", "xl/theme/", "xl/drawings/", "xl/printerSettings/")
FAR_CELLS = 60_000_000
"""A table of more cells than this is taken for one stray cell far from the rest."""


class UnreadableError(Exception):
    """A file that cannot be read; `kind` is a key of `refusals.REASONS`. Holds no cell value."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(kind)
        self.kind = kind
        self.detail = detail


def kind_of(path: Path, limits: Limits) -> str:
    """'workbook' or 'text'.

    Raises:
        UnreadableError: empty, encrypted, markup saved as a workbook, or an unsafe archive.
    """
    if path.stat().st_size == 0:
        raise UnreadableError("empty_file")
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(ZIP_MAGIC):
        check_archive(path, limits)
        return "workbook"
    if start.startswith(OLE2_MAGIC):
        if ENCRYPTED_PACKAGE in path.read_bytes():
            raise UnreadableError("encrypted")
        return "workbook"
    if start.startswith(b"PK"):
        raise UnreadableError("corrupt")
    if MARKUP.match(start):
        raise UnreadableError("markup")
    return "text"


def check_archive(path: Path, limits: Limits) -> None:
    """Refuses a zip archive that could fill memory or hide one entry behind another."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        entries = []
    if not entries:
        raise UnreadableError("corrupt")
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
    if not _parts_are_whole(path):
        raise UnreadableError("corrupt")


def _parts_are_whole(path: Path) -> bool:
    """Whether the parts that give cells their meaning (styles, shared strings, sheet names) are undamaged.

    calamine checks the sheets themselves and not always these: one flipped bit would change a date quietly.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.startswith(("xl/", "_rels/", "content.xml")) and not name.startswith(NOT_MEANING):
                    with archive.open(name) as part:
                        while part.read(MEGABYTE):
                            pass
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError):
        return False
    return True


def far_cell(path: Path) -> str | None:
    """The reference ('XFD1048576') of a cell that stretches its sheet beyond reason, or None."""
    try:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    found = _far_cell_of_sheet(archive, name)
                    if found:
                        return found
    except (zipfile.BadZipFile, OSError, ValueError, EOFError):
        return None
    return None


def _far_cell_of_sheet(archive: zipfile.ZipFile, name: str) -> str | None:
    columns, rows, left = 0, 0, b""
    with archive.open(name) as sheet:
        while block := sheet.read(MEGABYTE):
            text = left + block
            for letters, digits in CELL_REFERENCE.findall(text):
                columns = max(columns, _column_number(letters))
                rows = max(rows, int(digits))
                if columns * rows > FAR_CELLS:
                    return f"{letters.decode()}{digits.decode()}"
            left = text[-32:]
    return None


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number

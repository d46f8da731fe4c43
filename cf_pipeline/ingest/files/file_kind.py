"""What a file is, judged by its bytes and never by its name. Standard library and olefile only.

Also the checks before a workbook is parsed: a password, and an archive that unpacks to far more than it is.
"""

from __future__ import annotations

import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cf_pipeline.ingest.files.limits import MEGABYTE, Limits

ZIP_MAGIC = b"PK\x03\x04"
OLE2_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
MARKUP = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<(?:!doctype\s+html|html|head|body|table|meta|\?xml|!--)|mime-version:)", re.I
)
ODS_MANIFEST = "META-INF/manifest.xml"
NOT_MEANING = ("xl/worksheets/", "xl/media/", "xl/theme/", "xl/drawings/", "xl/printerSettings/")
FILEPASS = 0x2F
"""The record with which the cells of an .xls with a password begin."""
FIRST_RECORDS = 64
"""Records of an .xls among which it stands: it follows the first at once."""


class UnreadableError(Exception):
    """A file that cannot be read; `kind` is a key of `refusals.REASONS`. Holds no cell value."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(kind)
        self.kind = kind
        self.detail = detail


def kind_of(path: Path, limits: Limits) -> str:
    """'zip' (.xlsx, .xlsm, .xlsb, .ods), 'ole2' (.xls) or 'text'.

    Raises:
        UnreadableError: empty, encrypted, markup saved as a workbook, or an unsafe archive.
    """
    if path.stat().st_size == 0:
        raise UnreadableError("empty_file")
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(ZIP_MAGIC):
        check_archive(path, limits)
        return "zip"
    if start.startswith(OLE2_MAGIC):
        if _has_password(path):
            raise UnreadableError("encrypted")
        return "ole2"
    if start.startswith(b"PK"):
        raise UnreadableError("corrupt")
    if start.startswith(UTF_16_MARKS):
        start = start.decode("utf-16", "ignore").encode()
    if MARKUP.match(start):
        raise UnreadableError("markup")
    return "text"


@contextmanager
def broken_archive() -> Iterator[None]:
    """What the standard library raises for a damaged zip archive, as a refusal."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError):
        damaged = True
    else:
        damaged = False
    if damaged:
        raise UnreadableError("corrupt")


def _has_password(path: Path) -> bool:
    """Whether an OLE2 file is an .xlsx wrapped in a cipher, or an .xls with ciphered cells."""
    import olefile  # noqa: PLC0415 - few files need it

    try:
        with olefile.OleFileIO(str(path)) as streams:
            if streams.exists("EncryptedPackage"):
                return True
            name = next((name for name in ("Workbook", "Book") if streams.exists(name)), None)
            return name is not None and FILEPASS in _first_records(streams.openstream(name))
    except (OSError, ValueError, IndexError, TypeError, struct.error):
        return False  # the reader says what is wrong with it


def _first_records(stream: BinaryIO) -> Iterator[int]:
    for _ in range(FIRST_RECORDS):
        start = stream.read(4)
        if len(start) < 4:
            return
        record, length = struct.unpack("<HH", start)
        yield record
        stream.seek(length, os.SEEK_CUR)


def check_archive(path: Path, limits: Limits) -> None:
    """Refuses a zip archive that could fill memory or hide one entry behind another."""
    with broken_archive(), zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
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
    _check_parts(path)


def _check_parts(path: Path) -> None:
    """Refuses damage in the parts that give cells their meaning (styles, shared strings, sheet names).

    calamine checks the sheets themselves and not always these: one flipped bit would change a date quietly.
    A part that declares entities of its own is no spreadsheet program's work: they multiply when read.
    """
    with broken_archive(), zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name == ODS_MANIFEST and b"encryption-data" in archive.read(name):
                raise UnreadableError("encrypted")
            if name.startswith(("xl/", "_rels/", "content.xml")) and not name.startswith(NOT_MEANING):
                with archive.open(name) as part:
                    if b"<!DOCTYPE" in part.read(MEGABYTE):
                        raise UnreadableError("unsafe_archive")
                    while part.read(MEGABYTE):
                        pass

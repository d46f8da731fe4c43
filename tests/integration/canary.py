"""Values that must never leave a spreadsheet by way of a log, and the search for them."""

from __future__ import annotations

import base64
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from cf_pipeline.warehouse import read_tables

CANARIES = {
    "id": "7654321987",
    "name": "Quaggazebra",
    "free text": "okapi-under-the-bed",
    "birth date": "2011-11-13",
    "postcode": "ZZ98 7QX",
    "unmatched code": "Xylophone-source",
    "unreadable date": "31/13/2019zz",
}
NAMES = {
    "header": "Okapi-header",
    "sheet name": "Okapi-sheet",
    "file name": "okapi-file",
    "mapping value": "Okapi-wording",
}
"""Names that a council gives: a sentence or the workbook names one that is wrong; nothing else holds any."""
SPARE_ALPHABET = 3
"""Base64 spells a text in three ways, by where it starts."""


def canaries_in(folder: Path, canaries: Mapping[str, str] = CANARIES) -> list[str]:
    """'kind in file' for every canary in any file of the folder: plain, UTF-16, base64, packed or in a zip.

    What is in a folder `restricted` may hold them.
    """
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if "restricted" in path.relative_to(folder).parts:
            continue
        contents = list(_unpacked(path.read_bytes()))
        for kind, value in canaries.items():
            if any(spelling in content for content in contents for spelling in _spellings(value)):
                found.append(f"{kind} in {path.relative_to(folder).as_posix()}")
    return found


def canaries_said(text: str, canaries: Mapping[str, str] = CANARIES) -> list[str]:
    """The kinds of canary in what was printed."""
    return [kind for kind, value in canaries.items() if value in text]


def canaries_published(url: str, canaries: Mapping[str, str] = CANARIES) -> list[str]:
    """'kind in table' for every canary in what is published, which a file of a database may hold packed."""
    return [
        f"{kind} in {name}"
        for name, table in read_tables(url).items()
        for kind in canaries_said(table.to_csv(), canaries)
    ]


def _unpacked(content: bytes) -> Iterator[bytes]:
    yield content
    for unpack in (gzip.decompress, zlib.decompress):
        try:
            yield unpack(content)
        except (OSError, EOFError, zlib.error):
            continue
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield archive.read(name)


def _spellings(value: str) -> Iterator[bytes]:
    plain = value.encode()
    yield plain
    yield value.encode("utf-16-le")
    yield plain.hex().encode()
    for before in range(SPARE_ALPHABET):
        # the first and last letters hold bits of what stands beside the value
        yield base64.b64encode(b"\0" * before + plain)[before + 1 : -4]

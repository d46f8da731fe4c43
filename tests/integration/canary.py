"""Values that must never leave a spreadsheet by way of a log, and the search for them."""

from __future__ import annotations

import base64
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

CANARIES = {
    "id": "7654321987",
    "name": "Quaggazebra",
    "free text": "okapi-under-the-bed",
    "birth date": "2011-11-13",
    "postcode": "ZZ98 7QX",
    "unmatched code": "Xylophone-source",
    "unreadable date": "31/13/2019zz",
}
SPARE_ALPHABET = 3
"""Base64 spells a text in three ways, by where it starts."""


def canaries_in(folder: Path) -> list[str]:
    """'kind in file' for every canary in any file below the folder: plain, UTF-16, base64 or packed."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        contents = list(_unpacked(path.read_bytes()))
        for kind, value in CANARIES.items():
            if any(spelling in content for content in contents for spelling in _spellings(value)):
                found.append(f"{kind} in {path.relative_to(folder).as_posix()}")
    return found


def canaries_said(text: str) -> list[str]:
    """The kinds of canary in what was printed."""
    return [kind for kind, value in CANARIES.items() if value in text]


def _unpacked(content: bytes) -> Iterator[bytes]:
    yield content
    for unpack in (gzip.decompress, zlib.decompress):
        try:
            yield unpack(content)
        except (OSError, EOFError, zlib.error):
            continue


def _spellings(value: str) -> Iterator[bytes]:
    plain = value.encode()
    yield plain
    yield value.encode("utf-16-le")
    yield plain.hex().encode()
    for before in range(SPARE_ALPHABET):
        # the first and last letters hold bits of what stands beside the value
        yield base64.b64encode(b"\0" * before + plain)[before + 1 : -4]

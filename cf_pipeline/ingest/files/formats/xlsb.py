"""Excel binary workbooks (BIFF12): recognised, their error cells found. Standard library only."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from cf_pipeline.ingest.files.formats.archive import read_blocks, refuse_damage
from cf_pipeline.ingest.files.formats.file_format import FileContent, Place

WORKBOOK = "xl/workbook.bin"
RELATIONS = "xl/_rels/workbook.bin.rels"
ROW_RECORD, ERROR_RECORD, FORMULA_ERROR_RECORD, SHEET_RECORD = 0x00, 0x03, 0x0B, 0x9C
POSSIBLE_ERROR = re.compile(
    rb"(?:\x03\x09|\x0b[\x0b-\x7f]|\x0b[\x80-\xff][\x01-\x7f]).[\x00-\x3f]\x00\x00", re.DOTALL
)
"""The start of a cell's record: its kind, its length, and a column below 16,384."""


def is_xlsb(content: FileContent) -> bool:
    """Whether the file is an archive with the binary workbook part."""
    return WORKBOOK in content.parts


def find_error_cells(path: Path) -> Iterator[tuple[int, Place]]:
    """The sheet number and place of each error cell.

    Raises:
        UnreadableError: the archive is damaged.
    """
    with refuse_damage(), zipfile.ZipFile(path) as archive:
        for sheet, part in enumerate(_sheet_parts(archive)):
            if not any(POSSIBLE_ERROR.search(block) for block in read_blocks(archive, part)):
                continue
            row = 0
            for kind, body in _records(archive.read(part)):
                if kind == ROW_RECORD:
                    row = int.from_bytes(body[:4], "little")
                elif kind in (ERROR_RECORD, FORMULA_ERROR_RECORD):
                    yield sheet, (row, int.from_bytes(body[:4], "little"))


def _sheet_parts(archive: zipfile.ZipFile) -> Iterator[str]:
    """The parts of the sheets in the workbook's order."""
    targets = {}
    for relation in re.findall(r"<Relationship\b[^<>]*>", archive.read(RELATIONS).decode()):
        attributes = dict(re.findall(r"(\w+)=[\"']([^\"']*)", relation))
        targets[attributes["Id"]] = attributes["Target"]
    for kind, body in _records(archive.read(WORKBOOK)):
        if kind == SHEET_RECORD:
            length = int.from_bytes(body[8:12], "little")
            target = targets[body[12 : 12 + 2 * length].decode("utf-16-le")]
            yield target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each record; kind and length are written seven bits a byte."""
    at = 0
    while at < len(data):
        kind, at = data[at], at + 1
        if kind & 0x80:
            kind, at = kind & 0x7F | data[at] << 7, at + 1
        length = shift = 0
        while True:
            byte, at = data[at], at + 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        yield kind, data[at : at + length]
        at += length

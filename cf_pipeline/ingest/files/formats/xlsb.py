"""Excel binary workbooks (BIFF12): recognised, errors and changed numbers found. Standard library only."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

from cf_pipeline.ingest.files.formats.archive import read_blocks, refuse_damage
from cf_pipeline.ingest.files.formats.day_numbers import IN_BINARY
from cf_pipeline.ingest.files.formats.file_format import FileContent, FileNumber, Place
from cf_pipeline.ingest.files.formats.number_formats import pads_numbers
from cf_pipeline.ingest.files.formats.xls import file_number, unpack_rk

WORKBOOK = "xl/workbook.bin"
RELATIONS = "xl/_rels/workbook.bin.rels"
ROW_RECORD, ERROR_RECORD, FORMULA_ERROR_RECORD, SHEET_RECORD = 0x00, 0x03, 0x0B, 0x9C
STYLES = "xl/styles.bin"
FORMAT_RECORD, CELL_FORMAT_RECORD, FIRST_CELL_FORMAT, LAST_CELL_FORMAT = 0x2C, 0x2F, 0x269, 0x26A
RK_RECORD, NUMBER_RECORD, FORMULA_NUMBER_RECORD = 0x02, 0x05, 0x09
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


def find_changed_numbers(path: Path) -> Iterator[tuple[int, tuple[Place, FileNumber]]]:
    """The sheet number, place and content of each number with leading zeros or just before midnight.

    Raises:
        UnreadableError: the archive is damaged.
    """
    with refuse_damage(), zipfile.ZipFile(path) as archive:
        formats = _padding_formats(archive.read(STYLES)) if STYLES in archive.namelist() else {}
        for sheet, part in enumerate(_sheet_parts(archive)):
            if not formats and not any(IN_BINARY.search(block) for block in read_blocks(archive, part)):
                continue
            row = 0
            for kind, body in _records(archive.read(part)):
                if kind == ROW_RECORD:
                    row = int.from_bytes(body[:4], "little")
                elif kind in (RK_RECORD, NUMBER_RECORD, FORMULA_NUMBER_RECORD):
                    padding = formats.get(int.from_bytes(body[4:7], "little"))
                    number = file_number(_number(kind, body), padding)
                    if number is not None:
                        yield sheet, ((row, int.from_bytes(body[:4], "little")), number)


def _number(kind: int, body: bytes) -> float:
    if kind == RK_RECORD:
        return unpack_rk(int.from_bytes(body[8:12], "little"))
    return float(struct.unpack_from("<d", body, 8)[0])


def _padding_formats(styles: bytes) -> dict[int, str]:
    """Number of a cell format -> its number format, of those that display leading zeros."""
    codes: dict[int, str] = {}
    cell_formats: list[int] = []
    is_of_cells = False
    for kind, body in _records(styles):
        if kind == FORMAT_RECORD:
            length = int.from_bytes(body[2:6], "little")
            codes[int.from_bytes(body[:2], "little")] = body[6 : 6 + 2 * length].decode(
                "utf-16-le", "replace"
            )
        elif kind in (FIRST_CELL_FORMAT, LAST_CELL_FORMAT):
            is_of_cells = kind == FIRST_CELL_FORMAT
        elif kind == CELL_FORMAT_RECORD and is_of_cells:
            cell_formats.append(int.from_bytes(body[2:4], "little"))
    return {
        style: codes[number]
        for style, number in enumerate(cell_formats)
        if number in codes and pads_numbers(codes[number])
    }


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

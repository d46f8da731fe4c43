"""One pass over the bytes of a workbook's sheets before it is parsed. Standard library only.

It searches for a few literal bytes in the unpacked XML and parses nothing: a cell far outside its table,
and what the first reader cannot tell from a blank or a plain number (an error, a formula that was never
calculated, a number shown with leading zeros). A sheet with one of the latter is read a second time.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cf_pipeline.ingest.files.file_kind import UnreadableError, broken_archive
from cf_pipeline.ingest.files.limits import MEGABYTE

FAR_CELLS = 60_000_000
"""A table of more cells than this is taken for one stray cell far from the rest."""
TWO_LETTERS = re.compile(rb'r="[A-Z]{2}')
WIDE = re.compile(rb'r="(?:B[F-Z]|[C-Z][A-Z]|[A-Z]{3})\d')
"""A column after BE. 57 columns of Excel's 1,048,576 rows are fewer than `FAR_CELLS`: no need to count."""
CELL_REFERENCE = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3})(\d{1,7})"')
ERROR = re.compile(rb't="e"')
FORMULA = re.compile(rb"<f")
"""Patterns, because they find a few bytes in XML in half the time that `in` takes."""
PREFIXED = re.compile(rb"<\w+:sheetData")
NOT_CALCULATED = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^<>]*/>)\s*<(?:/|(?:\w+:)?v\s*/|(?:\w+:)?v>\s*</)"
)
OVERLAP = 256
"""Bytes of the block before that are searched again: what is looked for may lie across two blocks."""

NUMBER_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\b[^<>]*>")
CELL_FORMATS = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
CELL_FORMAT = re.compile(rb"<(?:\w+:)?xf\b[^<>]*>")
FORMAT_ID = re.compile(rb'numFmtId="(\d+)"')
ZEROS = re.compile(rb'formatCode="0{2,}(?:;[^"]*)?"')


@dataclass(frozen=True)
class Suspect:
    """What of a sheet the first reader cannot tell: any of the three asks for the second reader."""

    errors: bool = False
    formulas: bool = False
    padding: bool = False


def suspects(path: Path) -> dict[str, Suspect]:
    """The sheets of an .xlsx to read a second time: name of the part in the archive -> what is there.

    Empty for every other kind of workbook.

    Raises:
        UnreadableError: `far_cell` with its reference, or `corrupt` when a sheet does not unpack.
    """
    found = {}
    with broken_archive(), zipfile.ZipFile(path) as archive:
        padded = _padded_styles(archive)
        for part in _sheet_parts(archive):
            suspect = _suspect(archive, part, padded)
            if suspect != Suspect():
                found[part] = suspect
    return found


def far_cell(path: Path) -> str | None:
    """The reference ('XFD1048576') of a cell that stretches its sheet beyond reason, or None."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = (_far_cell_of_sheet(archive, part) for part in _sheet_parts(archive))
            return next((reference for reference in found if reference), None)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError):
        return None


def _suspect(archive: zipfile.ZipFile, part: str, padded: list[bytes]) -> Suspect:
    errors = formulas = padding = wide = False
    for number, block in enumerate(blocks(archive, part)):
        if number == 0 and PREFIXED.search(block):
            formulas = True  # no program of an office writes so: let the second reader look
        errors = errors or ERROR.search(block) is not None
        formulas = formulas or (
            FORMULA.search(block) is not None and NOT_CALCULATED.search(block) is not None
        )
        padding = padding or any(style in block for style in padded)
        wide = wide or (TWO_LETTERS.search(block) is not None and WIDE.search(block) is not None)
    far = _far_cell_of_sheet(archive, part) if wide else None
    if far:
        raise UnreadableError("far_cell", far)
    return Suspect(errors, formulas, padding)


def blocks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The unpacked bytes of a part, each block after the end of the one before it."""
    before = b""
    with archive.open(part) as sheet:
        while block := sheet.read(MEGABYTE):
            yield before + block
            before = block[-OVERLAP:]


def _sheet_parts(archive: zipfile.ZipFile) -> list[str]:
    names = archive.namelist()
    return [name for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml")]


def _padded_styles(archive: zipfile.ZipFile) -> list[bytes]:
    """The attributes (' s="3"') of cells whose number format is zeros alone, as '0000000'."""
    if "xl/styles.xml" not in archive.namelist():
        return []
    styles = archive.read("xl/styles.xml")
    formats = [text for text in NUMBER_FORMAT.findall(styles) if ZEROS.search(text)]
    ids = {number for text in formats for number in FORMAT_ID.findall(text)}
    cells = CELL_FORMATS.search(styles)
    if not ids or cells is None:
        return []
    used = (FORMAT_ID.search(text) for text in CELL_FORMAT.findall(cells.group()))
    return [b' s="%d"' % style for style, match in enumerate(used) if match and match.group(1) in ids]


def _far_cell_of_sheet(archive: zipfile.ZipFile, part: str) -> str | None:
    columns, rows = 0, 0
    for block in blocks(archive, part):
        for letters, digits in CELL_REFERENCE.findall(block):
            columns = max(columns, _column_number(letters))
            rows = max(rows, int(digits))
            if columns * rows > FAR_CELLS:
                return f"{letters.decode()}{digits.decode()}"
    return None


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number

"""Excel workbooks (.xlsx): recognised, and searched before they are parsed. Standard library only.

The search looks for a few literal bytes in the unpacked XML and parses nothing: a cell far outside its table,
and what the first reader cannot tell from a blank or a plain number (an error, a formula that was never
calculated, a number displayed with leading zeros, the last moment of a day). A sheet with one of the latter
is read a second time.
"""

from __future__ import annotations

import html
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from cf_pipeline.ingest.files.formats import ods, xlsb
from cf_pipeline.ingest.files.formats.archive import read_blocks, refuse_damage
from cf_pipeline.ingest.files.formats.day_numbers import IN_XML, NINES
from cf_pipeline.ingest.files.formats.file_format import FileContent
from cf_pipeline.ingest.files.formats.number_formats import pads_numbers
from cf_pipeline.ingest.files.unreadable import UnreadableError

WORKBOOK = "xl/workbook.xml"
STYLES = "xl/styles.xml"
FAR_CELLS = 60_000_000
"""A sheet whose used range has more cells than this is taken for a table with a stray cell far away."""
TWO_LETTERS = re.compile(rb'r="[A-Z]{2}')
FAR_COLUMN = re.compile(rb'r="(?:B[F-Z]|[C-Z][A-Z]|[A-Z]{3})\d')
"""A column after BE. 57 columns of Excel's 1,048,576 rows are fewer than `FAR_CELLS`: no need to count."""
CELL_REFERENCE = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3})(\d{1,7})"')
FIRST_BLOCKS = 4
"""Blocks of a sheet in which the element of its cells begins."""
# A byte that is nowhere is found out by `in` in a tenth of a pattern's time: it is asked for first. Of a few
# bytes together a pattern finds out in half the time that `in` takes.
ERROR = re.compile(rb't="e"')
FORMULA = re.compile(rb"<f")
PREFIXED = re.compile(rb"<\w+:sheetData")
NOT_CALCULATED = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^<>]*/>)\s*<(?:/|(?:\w+:)?v\s*/|(?:\w+:)?v>\s*</)"
)
NUMBER_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\b[^<>]*>")
CELL_FORMATS = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
CELL_FORMAT = re.compile(rb"<(?:\w+:)?xf\b[^<>]*>")
FORMAT_ID = re.compile(rb'numFmtId="(\d+)"')
FORMAT_CODE = re.compile(r"formatCode=(?:\"([^\"]*)\"|'([^']*)')")


@dataclass(frozen=True)
class Suspicion:
    """What of a sheet the first reader cannot tell: any of the four asks for a second reading."""

    errors: bool = False
    formulas: bool = False
    padding: bool = False
    day_numbers: bool = False


def is_xlsx(content: FileContent) -> bool:
    """Whether the file is an archive with an .xlsx workbook, or with no workbook of another kind.

    calamine too takes the .xlsx of an archive that holds several. An archive without any workbook is refused
    as a damaged .xlsx.
    """
    if not content.parts:
        return False
    return WORKBOOK in content.parts or not (xlsb.is_xlsb(content) or ods.is_ods(content))


def find_suspect_sheets(path: Path) -> dict[str, Suspicion] | None:
    """The sheets to read a second time: name of the part in the archive -> what is suspected there.

    None when the parts cannot be searched because they do not have Excel's names: some programs write a
    backslash in them, and calamine opens such a workbook.

    Raises:
        UnreadableError: `far_cell` with its reference, or `corrupt` when a sheet does not unpack.
    """
    suspects = {}
    with refuse_damage(), zipfile.ZipFile(path) as archive:
        if WORKBOOK not in archive.namelist():
            return None
        padded_styles = _padded_styles(archive)
        for part in _sheet_parts(archive):
            suspicion = _search_sheet(archive, part, padded_styles)
            if suspicion != Suspicion():
                suspects[part] = suspicion
    return suspects


def find_far_cell(path: Path) -> str | None:
    """The reference ('XFD1048576') of a cell that stretches its sheet beyond reason, or None."""
    try:
        with zipfile.ZipFile(path) as archive:
            references = (_far_cell_of_sheet(archive, part) for part in _sheet_parts(archive))
            return next((reference for reference in references if reference), None)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError):
        return None


def _search_sheet(archive: zipfile.ZipFile, part: str, padded_styles: list[bytes]) -> Suspicion:
    errors = formulas = padding = day_numbers = is_wide = False
    for number, block in enumerate(read_blocks(archive, part)):
        if number < FIRST_BLOCKS and PREFIXED.search(block):
            formulas = True  # no office program writes so, and the patterns would miss a formula
        errors = errors or (b"e" in block and ERROR.search(block) is not None)
        formulas = formulas or (
            b"f" in block and FORMULA.search(block) is not None and NOT_CALCULATED.search(block) is not None
        )
        padding = padding or any(style in block for style in padded_styles)
        day_numbers = day_numbers or (
            b"." in block and NINES.search(block) is not None and IN_XML.search(block) is not None
        )
        is_wide = is_wide or (TWO_LETTERS.search(block) is not None and FAR_COLUMN.search(block) is not None)
    far_cell = _far_cell_of_sheet(archive, part) if is_wide else None
    if far_cell:
        raise UnreadableError("far_cell", far_cell)
    return Suspicion(errors, formulas, padding, day_numbers)


def _sheet_parts(archive: zipfile.ZipFile) -> list[str]:
    names = archive.namelist()
    return [name for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml")]


def _padded_styles(archive: zipfile.ZipFile) -> list[bytes]:
    """The attributes (' s="3"') of cells whose number format displays leading zeros, as '0000000'."""
    if STYLES not in archive.namelist():
        return []
    styles = archive.read(STYLES)
    formats = [text for text in NUMBER_FORMAT.findall(styles) if pads_numbers(_format_code(text))]
    ids = {number for text in formats for number in FORMAT_ID.findall(text)}
    cells = CELL_FORMATS.search(styles)
    if not ids or cells is None:
        return []
    used = (FORMAT_ID.search(text) for text in CELL_FORMAT.findall(cells.group()))
    return [b' s="%d"' % style for style, match in enumerate(used) if match and match.group(1) in ids]


def _format_code(number_format: bytes) -> str:
    """The code of a number format's XML."""
    match = FORMAT_CODE.search(number_format.decode("utf-8", "replace"))
    return html.unescape(match[1] or match[2] or "") if match else ""


def _far_cell_of_sheet(archive: zipfile.ZipFile, part: str) -> str | None:
    columns, rows = 0, 0
    for block in read_blocks(archive, part):
        for letters, digits in CELL_REFERENCE.findall(block):
            columns = max(columns, column_number(letters))
            rows = max(rows, int(digits))
            if columns * rows > FAR_CELLS:
                return f"{letters.decode()}{digits.decode()}"
    return None


def column_number(letters: bytes) -> int:
    """The number of a column from 1 by its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number

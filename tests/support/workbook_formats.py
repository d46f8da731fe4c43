"""Workbooks in every format that is read, each written by code: .xls, .xlsb, .ods, and .xlsx part by part."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

import xlwt
from xlwt.CompoundDoc import XlsDoc

Rows = Sequence[Sequence[Any]]
ERROR, ERROR_OF_FORMULA = object(), object()
"""Cells that hold an error (#N/A), as a constant and as the result of a formula."""
NO_VALUE = 0x2A


class Formatted(NamedTuple):
    """A number with its number format, and what it displays."""

    number: float
    code: str
    shown: str


FORMULA_NEVER_RUN = re.compile(rb"(\x06\x00.\x00.{6})\x03\x00{5}\xff\xff", re.DOTALL)
RESULT_IS_ERROR = bytes([2, 0, NO_VALUE, 0, 0, 0, 0xFF, 0xFF])
FILEPASS = struct.pack("<HHHH", 0x2F, 6, 1, 1) + b"salt"[:2]


def xls(rows: Rows, name: str = "List 1") -> bytes:
    """An Excel 97 workbook."""
    stream = _xls_book(rows, name).get_biff_data()
    return ole2("Workbook", FORMULA_NEVER_RUN.sub(rb"\g<1>" + RESULT_IS_ERROR, stream))


def xls_with_password(rows: Rows) -> bytes:
    """An Excel 97 workbook whose stream says that what follows is ciphered."""
    stream = _xls_book(rows, "List 1").get_biff_data()
    first = 4 + struct.unpack("<HH", stream[:4])[1]
    return ole2("Workbook", stream[:first] + FILEPASS + stream[first:])


def ole2(stream_name: str, stream: bytes) -> bytes:
    """A compound file with one stream of this name."""
    written = io.BytesIO()
    XlsDoc().save(written, stream)
    data = written.getvalue()
    at = data.index("Workbook\0".encode("utf-16-le"))
    entry = f"{stream_name}\0".encode("utf-16-le")
    return data[:at] + entry.ljust(64, b"\0") + struct.pack("<H", len(entry)) + data[at + 66 :]


def _xls_book(rows: Rows, name: str) -> xlwt.Workbook:
    book = xlwt.Workbook()
    sheet = book.add_sheet(name)
    day = xlwt.easyxf(num_format_str="dd/mm/yyyy")
    for number, row in enumerate(rows):
        for position, cell in enumerate(row):
            if cell is ERROR:
                sheet.row(number).set_cell_error(position, NO_VALUE)
            elif cell is ERROR_OF_FORMULA:
                sheet.write(number, position, xlwt.Formula("1/0"))
            elif isinstance(cell, Formatted):
                style = xlwt.easyxf(num_format_str=cell.code)
                sheet.write(number, position, cell.number, style)
            elif cell is not None:
                sheet.write(number, position, cell, *([day] if hasattr(cell, "year") else []))
    return book


def ods(rows: Rows, name: str = "List 1", manifest: str = "") -> bytes:
    """An OpenDocument spreadsheet; dates and texts."""
    body = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    spaces = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
        for prefix in ("office", "table", "text")
    )
    spaces += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="{name}">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content,
            "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
        }
    )


def _ods_cell(cell: Any) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if hasattr(cell, "year"):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"/>'
    if isinstance(cell, Formatted):
        value = f'office:value-type="float" office:value="{cell.number}"'
        return f"<table:table-cell {value}><text:p>{escape(cell.shown)}</text:p></table:table-cell>"
    if cell in (ERROR, ERROR_OF_FORMULA):
        return (
            '<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value=""'
            ' calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'
        )
    text = f"<text:p>{escape(str(cell))}</text:p>"
    return f'<table:table-cell office:value-type="string">{text}</table:table-cell>'


def xlsb(rows: Rows, name: str = "List 1") -> bytes:
    """An Excel binary workbook: BIFF12 records with inline texts and real numbers."""
    codes = list(dict.fromkeys(cell.code for row in rows for cell in row if isinstance(cell, Formatted)))
    sheet = _record(0x0081) + _record(0x0094, struct.pack("<4I", 0, len(rows) - 1, 0, len(rows[0]) - 1))
    sheet += _record(0x0091)
    for number, row in enumerate(rows):
        sheet += _record(0x0000, struct.pack("<I", number) + bytes(13))
        for position, cell in enumerate(row):
            if cell is not None:
                style = codes.index(cell.code) + 1 if isinstance(cell, Formatted) else 0
                kind, value = _xlsb_cell(cell)
                sheet += _record(kind, struct.pack("<II", position, style) + value)
    sheet += _record(0x0092) + _record(0x0082)
    book = _record(0x0083) + _record(0x008F)
    book += _record(0x009C, struct.pack("<II", 0, 1) + _wide("rId1") + _wide(name))
    book += _record(0x0090) + _record(0x0084)
    return archive(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": _relationships({"rId1": "worksheets/sheet1.bin"}),
            "xl/worksheets/sheet1.bin": sheet,
            "xl/styles.bin": _xlsb_styles(codes),
        }
    )


def _xlsb_styles(codes: Sequence[str]) -> bytes:
    """The number formats from 164 on, and one cell format for each after the general one."""
    formats = b"".join(
        _record(0x2C, struct.pack("<H", 164 + n) + _wide(code)) for n, code in enumerate(codes)
    )
    cells = b"".join(
        _record(0x2F, struct.pack("<HH", 0, kind) + bytes(12)) for kind in (0, *range(164, 164 + len(codes)))
    )
    begin, end = struct.pack("<I", len(codes)), struct.pack("<I", len(codes) + 1)
    return (
        _record(0x0116) + _record(0x0267, begin) + formats + _record(0x0268)
        + _record(0x0269, end) + cells + _record(0x026A) + _record(0x0117)
    )  # fmt: skip


def _xlsb_cell(cell: Any) -> tuple[int, bytes]:
    """The kind of a cell's record and its value."""
    if cell is ERROR:
        return 0x0003, bytes([NO_VALUE])
    if cell is ERROR_OF_FORMULA:
        return 0x000B, bytes([NO_VALUE]) + struct.pack("<HII", 0, 0, 0)
    if isinstance(cell, Formatted):
        return 0x0005, struct.pack("<d", cell.number)
    return (0x0005, struct.pack("<d", cell)) if isinstance(cell, float) else (0x0006, _wide(cell))


def _record(kind: int, body: bytes = b"") -> bytes:
    number = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length, size = b"", len(body)
    while size >= 0x80:
        length, size = length + bytes([size & 0x7F | 0x80]), size >> 7
    return number + length + bytes([size]) + body


def _wide(text: Any) -> bytes:
    return struct.pack("<I", len(str(text))) + str(text).encode("utf-16-le")


def xlsx(
    sheet_data: str, *, properties: str = "", sheets: int = 1, shared: str = "", more: str = ""
) -> bytes:
    """An .xlsx from its own XML: what no library would write. All `sheets` show the one part.

    `properties` stand in `workbook.xml` before the sheets, `shared` is the whole of the shared strings,
    `more` the name of one more entry of the archive.
    """
    space = "http://schemas.openxmlformats.org"
    kind = f"{space}/officeDocument/2006/relationships"
    names = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, sheets + 1))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{space}/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": _relationships({"rId1": "xl/workbook.xml"}, f"{kind}/officeDocument"),
        "xl/workbook.xml": f'<workbook xmlns="{space}/spreadsheetml/2006/main" xmlns:r="{kind}">{properties}'
        f"<sheets>{names}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relationships({"rId1": "worksheets/sheet1.xml"}),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{space}/spreadsheetml/2006/main">'
        f"<sheetData>{sheet_data}</sheetData></worksheet>",
    }
    if shared:
        parts["xl/sharedStrings.xml"] = shared
    if more:
        parts[more] = "x"
    return archive(parts)


def _relationships(targets: Mapping[str, str], kind: str = "") -> str:
    space = "http://schemas.openxmlformats.org"
    kind = kind or f"{space}/officeDocument/2006/relationships/worksheet"
    rows = "".join(
        f'<Relationship Id="{i}" Type="{kind}" Target="{target}"/>' for i, target in targets.items()
    )
    return f'<Relationships xmlns="{space}/package/2006/relationships">{rows}</Relationships>'


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip archive of these entries."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in parts.items():
            written.writestr(name, content)
    return packed.getvalue()


def with_part(path: Path, part: str, old: bytes, new: bytes) -> Path:
    """The workbook with a piece of one part replaced."""
    with zipfile.ZipFile(path) as read:
        entries = {name: read.read(name) for name in read.namelist()}
    assert old in entries[part]
    path.write_bytes(archive(entries | {part: entries[part].replace(old, new)}))
    return path

"""Small deliveries made by code, for tests: no spreadsheet is kept in git."""

from __future__ import annotations

import csv
import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from cf_pipeline.contracts.lists import list_contracts

Rows = Sequence[Sequence[Any]]
AUTHORITY = "city-of-london"
AS_AT = "2019-12-31"


def header_row(list_name: str) -> list[str]:
    """Ofsted's headers of a list, in the contract's order."""
    return [column.header for column in list_contracts()[list_name].columns]


def full_table(list_name: str, *records: Mapping[str, Any]) -> list[list[Any]]:
    """Header and one row a record; records name canonical columns, the rest stays blank."""
    columns = list_contracts()[list_name].column_names
    return [header_row(list_name), *([record.get(column) for column in columns] for record in records)]


def narrow_table(list_name: str, *records: Mapping[str, Any]) -> list[list[Any]]:
    """As `table`, with only the columns that the first record names."""
    contract = list_contracts()[list_name]
    headers = [contract.column(column).header for column in records[0]]
    return [headers, *([record.get(column) for column in records[0]] for record in records)]


def write_workbook(path: Path, sheets: Mapping[str, Rows], hidden: Sequence[str] = ()) -> Path:
    """An .xlsx with these sheets, each from its rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for number, row in enumerate(rows, start=1):
            for position, cell in enumerate(row, start=1):
                if cell is not None:
                    sheet.cell(number, position, cell)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def deliver(
    raw: Path,
    sheets: Mapping[str, Rows],
    delivery: str = AS_AT,
    name: str = "annex_a.xlsx",
    authority: str = AUTHORITY,
) -> Path:
    """A workbook in its place in the drop zone; `delivery` '' puts it loose in the authority's folder."""
    return write_workbook(raw / authority / delivery / name, sheets)


def deliver_text(
    raw: Path, content: bytes, delivery: str = AS_AT, name: str = "list.csv", authority: str = AUTHORITY
) -> Path:
    """A file of these bytes in its place in the drop zone."""
    path = raw / authority / delivery / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def as_csv(path: Path, rows: Rows, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    """A delimited text file with these rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def with_far_cell(path: Path) -> Path:
    """Adds one cell at the last column and row of the first sheet: some 9 kB that ask for 400 GB."""
    with zipfile.ZipFile(path) as archive:
        entries = {entry: archive.read(entry) for entry in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    entries[sheet] = entries[sheet].replace(b"</sheetData>", far)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, data in entries.items():
            archive.writestr(entry, data)
    return path


def uncompressed(path: Path) -> Path:
    """The same workbook without compression, so that a flipped bit is a flipped character."""
    with zipfile.ZipFile(path) as archive:
        entries = {entry: archive.read(entry) for entry in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for entry, data in entries.items():
            archive.writestr(entry, data)
    return path


def encrypted_workbook() -> bytes:
    """What Excel writes for a workbook with a password: OLE2 with a stream `EncryptedPackage`."""
    from tests.support.workbook_formats import ole2

    return ole2("EncryptedPackage", bytes(range(256)) * 20)


def unpacking_bomb(megabytes: int = 100) -> bytes:
    """A small archive that unpacks to much."""
    import io

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(megabytes * 1024 * 1024))
    return packed.getvalue()


def truncated(path: Path, keep: float = 0.6) -> Path:
    """The first part of a file, as of a copy that has not ended."""
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    return path


def ole2_rubbish() -> bytes:
    """A file that starts as an old .xls and is not one."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + struct.pack("<64Q", *range(64))

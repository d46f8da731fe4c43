"""Workbooks as bytes, written by openpyxl; the same rows give the same bytes.

Belongs here: the file format. Does not belong here: the content of the sheets.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

Cell = str | int | float | dt.date | dt.datetime | None

_PACKED = (2020, 1, 6, 9, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(<)")


def workbook_bytes(sheets: dict[str, list[list[Cell]]]) -> bytes:
    """A workbook with one sheet a name, in the order given; dates are displayed day first.

    openpyxl writes the time of day into the package; it is replaced, so that a sample made twice
    is the same delivery twice.
    """
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([_cell(sheet, value) for value in row])
    written, packed = io.BytesIO(), io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts.infolist():
            content = _STAMP.sub(rb"\g<1>2020-01-06T09:00:00Z\g<3>", parts.read(part))
            archive.writestr(zipfile.ZipInfo(part.filename, _PACKED), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _cell(sheet: Any, value: Cell) -> Any:
    if not isinstance(value, dt.date):
        return value
    cell: Any = WriteOnlyCell(sheet)
    cell.value = value
    cell.number_format = "dd/mm/yyyy hh:mm" if isinstance(value, dt.datetime) else "dd/mm/yyyy"
    return cell

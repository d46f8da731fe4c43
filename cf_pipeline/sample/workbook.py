"""An .xlsx file from rows of plain values: the least that Excel and every reader accept.

Written here rather than by a library because the same rows must give the same bytes, and because
a large sample has tens of millions of cells. Text stands in its cell (inline), dates are real
dates shown day first.

Belongs here: the file format. Does not belong here: what the sheets hold.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from functools import cache
from xml.sax.saxutils import escape, quoteattr

Cell = str | int | float | dt.date | dt.datetime | None

_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - the day 0 of Excel's serial numbers
_ZIPPED = (2020, 1, 6, 9, 0, 0)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>'
    '<numFmt numFmtId="165" formatCode="dd/mm/yyyy\\ hh:mm"/></numFmts>'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def workbook_bytes(sheets: dict[str, list[list[Cell]]]) -> bytes:
    """A workbook with one sheet a name, in the order given. The same rows give the same bytes."""
    count = len(sheets)
    numbered = list(enumerate(sheets, start=1))
    parts = {
        "[Content_Types].xml": _content_types(count),
        "_rels/.rels": _links({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>'
        + "".join(f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>' for n, name in numbered)
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _links(
            {f"rId{n}": ("worksheet", f"worksheets/sheet{n}.xml") for n, _ in numbered}
            | {f"rId{count + 1}": ("styles", "styles.xml")}
        ),
        "xl/styles.xml": _STYLES,
    } | {f"xl/worksheets/sheet{n}.xml": _sheet(sheets[name]) for n, name in numbered}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _ZIPPED), text, zipfile.ZIP_DEFLATED, 4)
    return packed.getvalue()


def _content_types(count: int) -> str:
    parts = {"/xl/workbook.xml": "sheet.main", "/xl/styles.xml": "styles"}
    parts |= {f"/xl/worksheets/sheet{n}.xml": "worksheet" for n in range(1, count + 1)}
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        + "".join(
            f'<Override PartName="{part}" ContentType="{_KIND}.{kind}+xml"/>' for part, kind in parts.items()
        )
        + "</Types>"
    )


def _links(targets: dict[str, tuple[str, str]]) -> str:
    links = "".join(
        f'<Relationship Id="{key}" Type="{_LINKS}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _sheet(rows: list[list[Cell]]) -> str:
    lines = [
        f'<row r="{n}">{"".join(_cell(_column(at), n, v) for at, v in enumerate(row) if v is not None)}</row>'
        for n, row in enumerate(rows, start=1)
    ]
    corner = f"{_column(max(max(map(len, rows), default=1), 1) - 1)}{max(len(rows), 1)}"
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><dimension ref="A1:{corner}"/>'
        f"<sheetData>{''.join(lines)}</sheetData></worksheet>"
    )


def _cell(column: str, row: int, value: str | int | float | dt.date) -> str:
    if isinstance(value, str):
        return f'<c r="{column}{row}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    if isinstance(value, dt.datetime):
        return f'<c r="{column}{row}" s="2"><v>{(value - _EPOCH) / dt.timedelta(days=1)!r}</v></c>'
    if isinstance(value, dt.date):
        return f'<c r="{column}{row}" s="1"><v>{_serial(value)}</v></c>'
    return f'<c r="{column}{row}"><v>{value!r}</v></c>'


@cache
def _serial(day: dt.date) -> int:
    return (day - _EPOCH.date()).days


@cache
def _column(at: int) -> str:
    """A, B, .. Z, AA, .. for column 0, 1, .."""
    return (_column(at // 26 - 1) if at >= 26 else "") + chr(ord("A") + at % 26)

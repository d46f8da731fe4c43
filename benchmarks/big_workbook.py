"""Writes the large Annex A workbook that benchmarks/read.py reads.

It has the form of Excel's own files: eleven lists, shared strings, dates as date cells. openpyxl would need
minutes for a million rows, so the sheets are written as XML directly. The children are synthetic; each has
one birth date, gender and ethnicity in every list, as in a case system.

    .venv/bin/python -m benchmarks.big_workbook FILE ROWS        writes one
    .venv/bin/python -m benchmarks.big_workbook FILE ROWS 5      with something wrong in 5 of 100 rows

It measures nothing and has no bar.
"""

from __future__ import annotations

import datetime as dt
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import numpy.typing as npt

from cf_pipeline.contracts.codes import codes_of
from cf_pipeline.contracts.list_contract import Column, ListContract
from cf_pipeline.contracts.lists import list_contracts

AS_AT = dt.date(2019, 12, 31)
AS_AT_SERIAL = (AS_AT - dt.date(1899, 12, 30)).days
"""The as-at date as Excel counts days."""
WINDOW_DAYS = 180
ROWS_A_CHILD = 3
CHUNK_ROWS = 20_000
CHILD_COLUMNS = ("gender", "ethnicity")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DATE_STYLE = ' s="1"'
WRONG_TEXTS = {"date": "31/02/2019", "datetime": "31/02/2019", "integer": "a few", "code": "no such code"}
"""By a column's type, what stands in it where a row is wrong."""

SPREADSHEET_PART = "application/vnd.openxmlformats-officedocument.spreadsheetml"
CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="{SPREADSHEET_PART}.worksheet+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{SPREADSHEET_PART}.sheet.main+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{SPREADSHEET_PART}.sharedStrings+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{SPREADSHEET_PART}.styles+xml"/>'
    "</Types>"
)
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts>'
    '<fills count="1"><fill><patternFill/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)

Cells = npt.NDArray[np.object_]


class SharedStrings:
    """The workbook's texts, each once, in the order of their first use."""

    def __init__(self) -> None:
        self.number_of: dict[str, int] = {}

    def number(self, text: str) -> int:
        """The position of a text in the table."""
        return self.number_of.setdefault(text, len(self.number_of))

    def xml(self) -> str:
        """The part `xl/sharedStrings.xml`."""
        items = "".join(f"<si><t>{escape(text)}</t></si>" for text in self.number_of)
        return f'<sst xmlns="{MAIN}" uniqueCount="{len(self.number_of)}">{items}</sst>'


def write_big_workbook(path: Path, rows: int, mess_pct: int = 0, seed: int = 1) -> Path:
    """Write an .xlsx with `rows` rows over the eleven lists of Annex A; the same seed gives the same rows.

    Of 100 rows `mess_pct` have one date, number or code that cannot be one.
    """
    random = np.random.default_rng(seed)
    lists = [contract for contract in list_contracts().values() if contract.number]
    heights = np.diff(np.linspace(0, rows, len(lists) + 1).astype(int))
    children = max(rows // ROWS_A_CHILD, 1)
    birth_serials = AS_AT_SERIAL - random.integers(1, 18 * 365, children)
    strings = SharedStrings()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number, (contract, height) in enumerate(zip(lists, heights, strict=True), start=1):
            with archive.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as sheet:
                for text in _sheet_xml(contract, int(height), birth_serials, strings, random, mess_pct):
                    sheet.write(text.encode())
        for name, text in _workbook_parts(len(lists)).items():
            archive.writestr(name, text)
        archive.writestr("xl/sharedStrings.xml", strings.xml())
    return path


def _workbook_parts(sheets: int) -> dict[str, str]:
    numbers = range(1, sheets + 1)
    entries = "".join(f'<sheet name="List {n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    parts = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
    parts += [("rIdT", "sharedStrings", "sharedStrings.xml"), ("rIdS", "styles", "styles.xml")]
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    links = "".join(
        f'<Relationship Id="{key}" Type="{RELATIONSHIPS}/{kind}" Target="{target}"/>'
        for key, kind, target in parts
    )
    return {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="rId1"'
        f' Type="{RELATIONSHIPS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONSHIPS}"><sheets>{entries}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}">{links}</Relationships>',
        "xl/styles.xml": STYLES,
    }


def _sheet_xml(
    contract: ListContract,
    height: int,
    birth_serials: npt.NDArray[np.int64],
    strings: SharedStrings,
    random: np.random.Generator,
    mess_pct: int,
) -> Iterator[str]:
    yield f'<worksheet xmlns="{MAIN}"><sheetData>'
    headers = [
        f'<c r="{_column_letters(at)}1" t="s"><v>{strings.number(column.header)}</v></c>'
        for at, column in enumerate(contract.columns)
    ]
    yield f'<row r="1">{"".join(headers)}</row>'
    children = np.sort(random.integers(0, len(birth_serials), height))
    for start in range(0, height, CHUNK_ROWS):
        row_children = children[start : start + CHUNK_ROWS]
        start_serials = AS_AT_SERIAL - random.integers(0, WINDOW_DAYS, len(row_children))
        numbers = np.arange(start + 2, start + 2 + len(row_children)).astype(str).astype(object)
        wrong_column = _draw_wrong_columns(contract, len(row_children), mess_pct)
        line: Cells = '<row r="' + numbers + '">'
        for at, column in enumerate(contract.columns):
            cells = _cell_xml(contract, column, row_children, birth_serials, start_serials, strings, random)
            if column.type in WRONG_TEXTS:
                wrong = f' t="s"><v>{strings.number(WRONG_TEXTS[column.type])}</v></c>'
                cells = np.where(wrong_column == at, wrong, cells)
            line = line + np.where(cells == "", "", f'<c r="{_column_letters(at)}' + numbers + '"' + cells)
        yield "".join(line + "</row>")
    yield "</sheetData></worksheet>"


def _draw_wrong_columns(contract: ListContract, height: int, mess_pct: int) -> npt.NDArray[np.int64]:
    """The position of the column that is wrong in each row; -1 for a row without mess."""
    random = np.random.default_rng(height)  # of its own: the other cells are those of a workbook without mess
    columns = [at for at, column in enumerate(contract.columns) if column.type in WRONG_TEXTS]
    is_wrong = random.random(height) < mess_pct / 100
    return np.where(is_wrong, random.choice(columns, height), -1)


def _cell_xml(
    contract: ListContract,
    column: Column,
    children: npt.NDArray[np.int64],
    birth_serials: npt.NDArray[np.int64],
    start_serials: npt.NDArray[np.int64],
    strings: SharedStrings,
    random: np.random.Generator,
) -> Cells:
    """The rest of each cell's XML after its reference; '' for an empty cell."""
    height, birth = len(children), birth_serials[children]
    if column.type in ("date", "datetime"):
        days = {"date_of_birth": birth, contract.key_date: start_serials}.get(column.name)
        if days is None:
            later = contract.columns.index(column) - contract.column_names.index(
                contract.key_date or "child_id"
            )
            days = (
                start_serials + 10 * later + random.integers(0, 10, height)
            )  # steps in the order of the columns
        return np.where(days > AS_AT_SERIAL, "", _number_xml(days, DATE_STYLE))
    if column.type in ("id", "integer", "age", "number"):
        values_of_child = {
            contract.person: 1_000_000 + children,
            "age_reported": (AS_AT_SERIAL - birth) // 365,
        }
        most = 10**8 if column.type == "id" else 5
        return _number_xml(values_of_child.get(column.name, random.integers(0, most, height)))
    texts = _spellings(column)
    chosen = children if column.name in CHILD_COLUMNS else random.integers(0, len(texts), height)
    as_cells = np.array([f' t="s"><v>{strings.number(text)}</v></c>' for text in texts], dtype=object)
    blank = random.random(height) < (0 if column.name in CHILD_COLUMNS else 0.03)
    return np.where(blank, "", as_cells[chosen % len(texts)])


def _spellings(column: Column) -> list[str]:
    if column.code_set:
        return [code.official for code in codes_of(column.code_set)]
    if column.type == "postcode":
        return [f"AA{a} {b}ZZ" for a in range(1, 10) for b in range(1, 10)]
    return [f"{column.name.replace('_', ' ').title()} {number}" for number in range(40)]


def _number_xml(values: npt.NDArray[np.int64], style: str = "") -> Cells:
    return f"{style}><v>" + values.astype(str).astype(object) + "</v></c>"


def _column_letters(position: int) -> str:
    first, last = divmod(position, len(LETTERS))
    return (LETTERS[first - 1] if first else "") + LETTERS[last]


if __name__ == "__main__":
    write_big_workbook(Path(sys.argv[1]), *map(int, sys.argv[2:]))

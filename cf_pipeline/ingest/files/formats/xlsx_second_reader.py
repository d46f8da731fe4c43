"""A second reading of suspect .xlsx sheets, which tells cells apart that calamine cannot.

calamine gives an error and a formula that was never calculated as a blank, a number without the zeros that
its format displays, and the last moment of a day as the next day. openpyxl is slow: it is imported and used
only for a workbook with a suspect sheet in which more than errors is suspected. It rounds moments too, so day
numbers come from the XML itself, and so do error cells where their elements are written as Excel writes them.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any

from cf_pipeline.ingest.files.formats.archive import OVERLAP, read_blocks, refuse_damage
from cf_pipeline.ingest.files.formats.day_numbers import IN_XML, is_before_midnight
from cf_pipeline.ingest.files.formats.file_format import Place, SheetMarks
from cf_pipeline.ingest.files.formats.number_formats import pad_number
from cf_pipeline.ingest.files.formats.xlsx import (
    ERROR,
    WORKBOOK,
    Suspicion,
    column_number,
    find_suspect_sheets,
)

REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
RELATIONS = "xl/_rels/workbook.xml.rels"
MAIN_NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
ERROR_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^<>]*? (t="e")')
SHEET = re.compile(r"<sheet\s[^<>]*>")
RELATION = re.compile(r"<Relationship\s[^<>]*>")
ATTRIBUTE = re.compile(r'\s([\w:]+)="([^"]*)"')
PLAIN_NUMBERS = (None, "n")
"""The kinds of a cell whose value is its number; that of any other is a text, or the place of one."""


def reread_suspect_sheets(path: Path) -> dict[str, SheetMarks] | None:
    """Sheet name -> the marks of its cells, for suspect sheets; None when they cannot be found or read again.

    Raises:
        UnreadableError: `far_cell` with its reference, or `corrupt` when a sheet does not unpack.
    """
    suspects = find_suspect_sheets(path)
    if suspects is None:
        return None
    if not suspects:
        return {}
    has_errors_alone = set(suspects.values()) == {Suspicion(errors=True)}
    found = _find_error_cells(path, suspects) if has_errors_alone else None
    return _read_sheets(path, suspects) if found is None else found


def _find_error_cells(path: Path, parts: Iterable[str]) -> dict[str, SheetMarks] | None:
    """Sheet name -> the marks of its error cells; None where the XML is written otherwise than Excel's.

    Every `t="e"` must be that of a cell with its reference, outside comments.
    """
    marks = {}
    with refuse_damage(), zipfile.ZipFile(path) as archive:
        names = _sheet_names(archive)
        for part in parts:
            places = _error_places(archive, part)
            if part not in names or places is None:
                return None
            marks[names[part]] = SheetMarks()
            for place in places:
                marks[names[part]].add("cell_error", *place)
    return marks


def _error_places(archive: zipfile.ZipFile, part: str) -> list[Place] | None:
    """The places of the error cells of a sheet in their order; None where some might be missed."""
    places: dict[int, Place] = {}
    errors: set[int] = set()
    start = 0
    for number, block in enumerate(read_blocks(archive, part)):
        if b"<!" in block or (number == 0 and MAIN_NAMESPACE not in block):
            return None
        errors |= {start + match.start() for match in ERROR.finditer(block)}
        for match in ERROR_CELL.finditer(block):
            places[start + match.start(3)] = int(match[2]) - 1, column_number(match[1]) - 1
        start += len(block) - OVERLAP
    return list(places.values()) if places.keys() == errors else None


def _sheet_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Part of the archive -> name of its sheet, of those that the workbook names as Excel does."""
    if RELATIONS not in archive.namelist():
        return {}
    relations = _attributes(RELATION, archive.read(RELATIONS))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    names = {}
    for sheet in _attributes(SHEET, archive.read(WORKBOOK)):
        target = targets.get(sheet.get("r:id"), "")
        names[target[1:] if target.startswith("/") else f"xl/{target}"] = sheet.get("name", "")
    return names


def _attributes(element: re.Pattern[str], content: bytes) -> list[dict[str, str]]:
    """The attributes of each such element of a part; none where the part is not in UTF-8 or has comments."""
    text = content.decode("utf-8", "replace")
    if "<!" in text or "\ufffd" in text:
        return []
    return [
        {name: html.unescape(value) for name, value in ATTRIBUTE.findall(found)}
        for found in element.findall(text)
    ]


def _read_sheets(path: Path, suspects: dict[str, Suspicion]) -> dict[str, SheetMarks] | None:
    import openpyxl  # noqa: PLC0415

    try:
        with path.open("rb") as file:  # given a path, openpyxl goes by the file's name
            values = openpyxl.load_workbook(file, read_only=True, data_only=True)
            has_formulas = any(suspicion.formulas for suspicion in suspects.values())
            formulas = openpyxl.load_workbook(file, read_only=True) if has_formulas else None
            marks = {}
            for sheet in values.worksheets:
                part = vars(sheet)["_worksheet_path"].removeprefix("/")
                suspicion = suspects.get(part)
                if suspicion is None:
                    continue
                marks[sheet.title] = SheetMarks()
                if suspicion.errors or suspicion.formulas or suspicion.padding:
                    _mark_values(marks[sheet.title], sheet, suspicion)
                if suspicion.day_numbers:
                    for place, number in _day_numbers(path, part):
                        marks[sheet.title].add_number(place, number)
                if formulas and suspicion.formulas:
                    _mark_formulas(marks[sheet.title], sheet, formulas[sheet.title])
    except MemoryError:
        raise
    except Exception:  # whatever openpyxl cannot read: its sheets are marked as not checked
        return None
    return marks


def _mark_values(marks: SheetMarks, values: Any, suspicion: Suspicion) -> None:
    values.reset_dimensions()  # the size that a sheet declares is not always its size
    for row in values.rows:
        for cell in row:
            if cell.data_type == "e":
                marks.add("cell_error", cell.row - 1, cell.column - 1)
            elif suspicion.padding and cell.data_type == "n" and cell.value is not None:
                text = pad_number(cell.value, cell.number_format)
                if text is not None:
                    marks.add_number((cell.row - 1, cell.column - 1), text)


def _day_numbers(path: Path, part: str) -> Iterator[tuple[Place, Decimal]]:
    """The place of each day number just below a whole one, and the number in the digits of the file."""
    for place, cell in _cells(path, part):
        text = next((child.text for child in cell if child.tag.endswith("}v")), None)
        if cell.get("t") in PLAIN_NUMBERS and text and IN_XML.fullmatch(f">{text}<".encode()):
            number = Decimal(text.strip())
            if is_before_midnight(float(number)):
                yield place, number


def _cells(path: Path, part: str) -> Iterator[tuple[Place, Any]]:
    """The place and the XML of each cell; one without a reference follows the one before it."""
    from defusedxml.ElementTree import iterparse  # noqa: PLC0415 - few files need it

    row = column = -1
    with zipfile.ZipFile(path) as archive, archive.open(part) as sheet:
        for event, element in iterparse(sheet, events=("start", "end")):
            name = element.tag.rpartition("}")[2]
            if name == "row" and event == "start":
                row, column = int(element.get("r", row + 2)) - 1, -1
            elif name == "c" and event == "end":
                reference = REFERENCE.fullmatch(element.get("r", ""))
                column += 1
                if reference:
                    row, column = int(reference[2]) - 1, column_number(reference[1].encode()) - 1
                yield (row, column), element
            if name == "row" and event == "end":
                element.clear()


def _mark_formulas(marks: SheetMarks, values: Any, formulas: Any) -> None:
    formulas.reset_dimensions()
    for formula_row, value_row in zip_longest(formulas.rows, values.rows, fillvalue=()):
        for formula, value in zip(formula_row, value_row, strict=False):
            if formula.data_type == "f" and value.value is None and value.data_type != "str":
                marks.add("formula_not_calculated", formula.row - 1, formula.column - 1)

"""Removes rows of people from delivered files, and claims nothing that reading again does not show.

A file that would not be read as before, apart from those rows (formulas that were worked out would not be),
stays as it is and is named.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pandas as pd

from cf_pipeline.contracts.list_contract import PROVENANCE
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.mapping import CouncilMapping
from cf_pipeline.history.erased_people import ErasedPeople, find_withheld_rows
from cf_pipeline.ingest.deliveries import delivered_files
from cf_pipeline.ingest.file_lists import FileLists, read_lists
from cf_pipeline.ingest.files.limits import DEFAULT_LIMITS
from cf_pipeline.operations.privacy.child_rows import authority_mapping
from cf_pipeline.project.private_files import write_private
from cf_pipeline.project.settings import Settings

WORKBOOKS, TEXTS = (".xlsx",), (".csv", ".tsv")
Places = dict[str, set[int]]
"""Sheet ('' of a text file) -> rows as Excel numbers them."""
NOT_CHANGED = "it is of a kind that is not changed here: remove the child in the program that made it"
NOT_SAME = "what else is read of it would change: remove the child in the program that made it"
ELSEWHERE = "the id stands in it outside the rows that are read: look at its other sheets and notes"


def remove_from_files(
    settings: Settings, slug: str, people: ErasedPeople, child_ids: Sequence[str] = ()
) -> tuple[list[Path], Mapping[Path, str]]:
    """Remove people from the files that an authority delivered.

    Args:
        settings: the project's.
        slug: the authority's.
        people: who, and which cases.
        child_ids: of whom nothing may be left anywhere in the files.

    Returns:
        The files that were changed, and what is to be done with each that may still hold somebody.
    """
    mapping = authority_mapping(settings, slug)
    changed, left = [], {}
    for file in delivered_files(settings.raw, slug)[0]:
        if not file.is_spreadsheet or file.refusal:
            continue
        before = read_lists(file, DEFAULT_LIMITS, mapping)
        places = _places(before, people, mapping)
        if places:
            kept = file.path.read_bytes()
            content = _without_rows(file.path, kept, places)
            if content is None:
                left[file.path] = NOT_CHANGED
                continue
            write_private(file.path, content)
            if not _is_same(before, read_lists(file, DEFAULT_LIMITS, mapping), people, mapping):
                write_private(file.path, kept)
                left[file.path] = NOT_SAME
                continue
            changed.append(file.path)
        if any(_holds(file.path.read_bytes(), child_id) for child_id in child_ids):
            left[file.path] = ELSEWHERE
    return changed, left


def _places(read: FileLists, people: ErasedPeople, mapping: CouncilMapping) -> Places:
    places: Places = {}
    for name, rows in read.frames:
        if isinstance(rows, pd.DataFrame):
            own = rows[find_withheld_rows(list_contracts()[name], rows, people, mapping)]
            for sheet, row in zip(own["sheet"].fillna(""), own["excel_row"], strict=True):
                places.setdefault(str(sheet), set()).add(int(row))
    return places


def _without_rows(path: Path, content: bytes, places: Places) -> bytes | None:
    """The content of a file without some rows; None of a kind that is not changed."""
    if path.suffix.lower() in WORKBOOKS:
        return _without_workbook_rows(content, places)
    if path.suffix.lower() in TEXTS:
        return _without_lines(content, set().union(*places.values()))
    return None


def _without_workbook_rows(content: bytes, places: Places) -> bytes | None:
    book = openpyxl.load_workbook(io.BytesIO(content))
    if not set(places) <= set(book.sheetnames):
        return None
    for sheet, rows in places.items():
        for row in sorted(rows, reverse=True):
            book[sheet].delete_rows(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _without_lines(content: bytes, rows: set[int]) -> bytes | None:
    """The lines of a text file without those of some records; None of one whose bytes are no letters each."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content:
        return None
    lines = io.StringIO(content.decode("latin-1"), newline="").readlines()
    reader, first, kept = csv.reader(lines), 0, list[str]()
    for number, _ in enumerate(reader, 1):
        if number not in rows:
            kept += lines[first : reader.line_num]
        first = reader.line_num
    return "".join(kept).encode("latin-1")


def _is_same(before: FileLists, after: FileLists, people: ErasedPeople, mapping: CouncilMapping) -> bool:
    """Whether a file is read as before, but for the rows of some people, of whom none is left."""
    if [name for name, _ in before.frames] != [name for name, _ in after.frames] or _places(
        after, people, mapping
    ):
        return False
    return all(
        _cells(name, old, people, mapping).equals(_cells(name, new, people, mapping))
        for (name, old), (_, new) in zip(before.frames, after.frames, strict=True)
    )


def _cells(name: str, rows: object, people: ErasedPeople, mapping: CouncilMapping) -> pd.DataFrame:
    """The filled rows of a list but those of some people, as text, without their places."""
    assert isinstance(rows, pd.DataFrame)  # noqa: S101 - only what comes from a store is no frame
    others = rows[~find_withheld_rows(list_contracts()[name], rows, people, mapping)]
    cells = others.drop(columns=list(PROVENANCE), errors="ignore").astype("str")
    return cells.dropna(how="all").reset_index(drop=True)


def _holds(content: bytes, child_id: str) -> bool:
    """Whether the bytes of a file, or of a part of a workbook, hold an id."""
    parts = [content]
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts += [archive.read(name) for name in archive.namelist()]
    spellings = (child_id.encode(), child_id.encode("utf-16-le"))
    return any(spelling in part for part in parts for spelling in spellings)

"""What the parser process has to know of a file format. Standard library only.

`table.py` holds one `FileFormat` for each format that is read; the other types here are what its functions
take and return.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from cf_pipeline.ingest.files.formats.day_numbers import correct_cell
from cf_pipeline.ingest.files.limits import Limits

Place = tuple[int, int]
"""Row and column of a cell, from 0."""
FileNumber = str | Decimal
"""A number that the first reader changes, as the file has it.

A text shows the leading zeros of its format ('000123'); a decimal is a day number just below a whole one.
"""


@dataclass(frozen=True)
class FileContent:
    """The first bytes of a file, and the names of its parts when it is a zip archive."""

    start: bytes
    parts: frozenset[str] = frozenset()


class SheetRows(NamedTuple):
    """One sheet while it is read.

    `number` is its place among all sheets of the workbook, from 0, chart sheets included. `rows` start at the
    sheet's first row and at `first_column` (0-based). `merged_ranges` are as ((row, column),
    (row, column)), both ends included.
    """

    name: str
    rows: Iterable[Sequence[Any]]
    number: int = 0
    visible: bool = True
    first_column: int = 0
    merged_ranges: Sequence[tuple[Place, Place]] = ()


@dataclass
class SheetMarks:
    """What checking a sheet's cells found; rows and columns count from 0.

    `places`: (kind, column) -> rows, kind one of `cell_error`, `formula_not_calculated`,
    `id_padding_restored`, `cells_beyond_header` and `cells_not_checked` (column -1: the whole row or sheet).
    `numbers`: row -> column -> the number as the file has it.
    """

    places: dict[tuple[str, int], list[int]] = field(default_factory=dict)
    numbers: dict[int, dict[int, FileNumber]] = field(default_factory=dict)

    def add(self, kind: str, row: int, column: int) -> None:
        """Marks one cell."""
        self.places.setdefault((kind, column), []).append(row)

    def add_number(self, place: Place, number: FileNumber) -> None:
        """Keeps a number as the file has it, and marks one that is displayed with leading zeros."""
        if isinstance(number, str):
            self.add("id_padding_restored", *place)
        self.numbers.setdefault(place[0], {})[place[1]] = number

    def correct_rows(self, rows: Iterable[Sequence[Any]], first_column: int) -> Iterator[Sequence[Any]]:
        """The rows, which start at `first_column`, with their cells by `numbers`."""
        for at, row in enumerate(rows):
            numbers = self.numbers.get(at)
            if numbers is None:
                yield row
                continue
            cells = list(row)
            for column, number in numbers.items():
                place = column - first_column
                if 0 <= place < len(cells):
                    cells[place] = number if isinstance(number, str) else correct_cell(cells[place], number)
            yield cells


def not_checked() -> SheetMarks:
    """The marks of a sheet whose cells could not be checked."""
    return SheetMarks({("cells_not_checked", -1): []})


def accept_any(path: Path, limits: Limits) -> None:
    """Refuse nothing: the format has no check of its own before it is parsed."""


@dataclass(frozen=True)
class FileFormat:
    """One format: how it is recognised, checked, parsed. Every function runs in the parser process.

    Attributes:
        name: what people call it, for documents; unique in the table.
        endings: the endings under which such files are delivered, lower case. They decide which files are
            read at all, never as what: a workbook named `.csv` is read as a workbook.
        recognised_by: the content it is recognised by, in words, for documents.
        recognise: whether a file's content is of this format.
        read_sheets: opens the file and gives its sheets one by one. Raises `UnreadableError`.
        check: raises `UnreadableError` for a file that is not safe to parse or that has a password.
        unpack: writes the parts of the file, unpacked, to another one, and gives which of the two is to be
            read from then on: the same parts are searched and then parsed, and would be unpacked for each.
        second_reader: sheet name -> what a second reading found, for sheets that need one: error cells,
            formulas never calculated, numbers as the file has them, rows wider than the header. None in place
            of the dictionary: the sheets could not be checked. A format without one has no entry here.
        find_error_cells: the sheet number and place of each error cell, which the first reader gives as a
            blank. A format without error cells, or whose second reader finds them, has none.
        find_changed_numbers: the sheet number of each number that the first reader changes, with its place
            and what the file has: leading zeros of its format, a day number just below a whole one. A format
            whose second reader finds them has none.
        find_far_cell: the reference of a cell far outside its table, asked for after the parser ran out of
            memory or crashed; None when there is none.
        reasons: the refusals that only this format knows: kind of the error -> sentence.
        takes_any_content: true of the last entry of the table alone. Under another format's ending such a
            file without a list is a damaged one of that format.
    """

    name: str
    endings: tuple[str, ...]
    recognised_by: str
    recognise: Callable[[FileContent], bool]
    read_sheets: Callable[[Path, Limits], Iterator[SheetRows]]
    check: Callable[[Path, Limits], None] = accept_any
    unpack: Callable[[Path, Path], Path] | None = None
    second_reader: Callable[[Path], dict[str, SheetMarks] | None] | None = None
    find_error_cells: Callable[[Path], Iterator[tuple[int, Place]]] | None = None
    find_changed_numbers: Callable[[Path], Iterator[tuple[int, tuple[Place, FileNumber]]]] | None = None
    find_far_cell: Callable[[Path], str | None] | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)
    takes_any_content: bool = False

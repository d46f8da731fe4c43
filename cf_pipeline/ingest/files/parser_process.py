"""The process that parses one file: standard library and python-calamine; openpyxl when `scan` asks for it.

calamine can abort its whole process (a cell far outside its table, a broken archive), so no file is
ever parsed in the process that runs the pipeline. What is found goes to `sheets.json` and
`codes.bin` in a private folder; a refusal goes to `refused.json`; nothing goes to the screen.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from cf_pipeline.ingest.files.delimited import text_rows
from cf_pipeline.ingest.files.encode_cells import EncodedColumns
from cf_pipeline.ingest.files.error_cells import Place, error_cells
from cf_pipeline.ingest.files.file_kind import UnreadableError, kind_of
from cf_pipeline.ingest.files.limits import MEGABYTE, Limits
from cf_pipeline.ingest.files.openpyxl_check import SecondLook, second_looks
from cf_pipeline.ingest.files.prescan import far_cell, suspects

BLOCK = 500
"""Rows turned into numbers at a time: a long sheet never exists twice in memory, and few rows stay in the
processor's cache (a tenth of the child's time at 10,000)."""

NOT_CHECKED = SecondLook(marks={("cells_not_checked", -1): []})
"""The mark of a whole sheet: it was to be read a second time, and openpyxl could not."""

MOST_ROWS = 1_048_576
"""Excel's own."""


class SheetRows(NamedTuple):
    """One sheet as it is read; `rows` start at its first used column, and at its first row.

    `merged` are its merged ranges as ((row, column), (row, column)), both ends included.
    """

    name: str
    visible: bool
    rows: Iterable[Sequence[Any]]
    first_column: int
    look: SecondLook
    merged: list[Any]


def order(path: Path, out: Path, limits: Limits, *, look_for_far_cell: bool = False) -> str:
    """The child's only argument: what to read, where to write, within which limits."""
    return json.dumps(
        {"path": str(path), "out": str(out), "limits": asdict(limits), "far_cell": look_for_far_cell}
    )


def main(argument: str) -> int:
    """Reads the ordered file; 0 when `sheets.json` was written, 3 when `refused.json` was."""
    wanted = json.loads(argument)
    path, out, limits = Path(wanted["path"]), Path(wanted["out"]), Limits(**wanted["limits"])
    _restrict(limits)
    gc.disable()  # rows hold no cycles, and looking for some takes time
    try:
        if wanted["far_cell"]:
            found = far_cell(path)
            raise UnreadableError("far_cell" if found else "memory", found or "")
        kind = kind_of(path, limits)
        _write(out, kind, _text_file(path) if kind == "text" else _workbook(path, kind, limits), limits)
    except UnreadableError as refused:
        (out / "refused.json").write_text(json.dumps({"kind": refused.kind, "detail": refused.detail}))
        return 3
    except MemoryError:
        return 4
    return 0


def _restrict(limits: Limits) -> None:
    memory = limits.memory_mb * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 5))
    written = limits.unpacked_mb * MEGABYTE
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold children's records


def _workbook(path: Path, kind: str, limits: Limits) -> Iterator[SheetRows]:
    suspected = suspects(path) if kind == "zip" else {}
    looks = second_looks(path, suspected) if suspected else {}
    refused = ""
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        if len(workbook.sheets_metadata) > limits.sheets:
            raise UnreadableError("too_many_sheets")
        errors = error_cells(path, kind)  # only of a workbook that could be opened
        for number, sheet in enumerate(workbook.sheets_metadata):
            if str(sheet.typ).endswith("WorkSheet"):
                look = NOT_CHECKED if looks is None else looks.get(sheet.name, SecondLook())
                look = NOT_CHECKED if errors is None else _with_errors(look, errors.get(number, []))
                read = workbook.get_sheet_by_name(sheet.name)
                first_column = read.start[1] if read.start else 0
                if read.end and read.end[0] >= MOST_ROWS:
                    raise UnreadableError("far_cell", f"row {read.end[0] + 1}")
                rows = look.corrected(read.iter_rows(), first_column) if look.texts else read.iter_rows()
                visible = str(sheet.visible).endswith(".Visible")
                yield SheetRows(sheet.name, visible, rows, first_column, look, read.merged_cell_ranges or [])
    except PasswordError:
        refused = "encrypted"
    except (CalamineError, OSError, ValueError):
        refused = "corrupt"
    except BaseException as panic:
        # a Rust panic arrives as an exception outside Exception, from a module that cannot be imported
        if type(panic).__name__ != "PanicException":
            raise
        refused = "corrupt"
    if refused:
        raise UnreadableError(refused)


def _with_errors(look: SecondLook, places: Iterable[Place]) -> SecondLook:
    for row, column in places:
        look.mark("cell_error", row, column)
    return look


def _text_file(path: Path) -> Iterator[SheetRows]:
    yield SheetRows("", True, text_rows(path), 0, SecondLook(), [])


def _write(out: Path, kind: str, sheets: Iterable[SheetRows], limits: Limits) -> None:
    described = []
    with (out / "codes.bin").open("wb") as codes:
        for sheet in sheets:
            columns = _encoded(sheet, limits)
            encoded = columns.encoded()
            described.append(
                {
                    "name": sheet.name,
                    "visible": sheet.visible,
                    "height": columns.height,
                    "texts": [texts for texts, _ in encoded],
                    "merged": sheet.merged,
                    "marks": [[*place, rows] for place, rows in sheet.look.marks.items()],
                }
            )
            for _, numbers in encoded:
                numbers.tofile(codes)
    (out / "sheets.json").write_text(json.dumps({"kind": kind, "sheets": described}))


def _encoded(sheet: SheetRows, limits: Limits) -> EncodedColumns:
    columns, remaining = EncodedColumns(sheet.first_column), iter(sheet.rows)
    while block := list(islice(remaining, BLOCK)):
        if max(map(len, block)) > limits.columns:
            raise UnreadableError("too_many_columns")
        columns.add(block)
    return columns


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

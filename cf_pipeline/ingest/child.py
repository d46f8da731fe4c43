"""The process that parses one file: standard library and python-calamine, nothing else.

calamine can abort its whole process (a cell far outside its table, a broken archive), so no file is
ever parsed in the process that runs the pipeline. What is found goes to `sheets.json` and
`codes.bin` in a private folder; a refusal goes to `refused.json`; nothing goes to the screen.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from cf_pipeline.ingest.cells import EncodedColumns
from cf_pipeline.ingest.limits import MEGABYTE, Limits
from cf_pipeline.ingest.sniff import UnreadableError, far_cell, kind_of
from cf_pipeline.ingest.text_files import text_rows

BLOCK = 10_000
"""Rows turned into numbers at a time, so that a long sheet never exists twice in memory."""

SheetRows = tuple[str, bool, Iterable[Sequence[Any]], list[Any]]
"""Name, whether visible, rows, and merged ranges as ((row, column), (row, column)), both ends included."""


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
    try:
        if wanted["far_cell"]:
            found = far_cell(path)
            raise UnreadableError("far_cell" if found else "memory", found or "")
        kind = kind_of(path, limits)
        _write(out, kind, _workbook(path) if kind == "workbook" else _text_file(path))
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
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold children's records


def _workbook(path: Path) -> Iterator[SheetRows]:
    kind = ""
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        for sheet in workbook.sheets_metadata:
            if str(sheet.typ).endswith("WorkSheet"):
                rows = workbook.get_sheet_by_name(sheet.name)
                visible, merged = str(sheet.visible).endswith(".Visible"), rows.merged_cell_ranges or []
                yield sheet.name, visible, rows.iter_rows(), merged
    except PasswordError:
        kind = "encrypted"
    except (CalamineError, OSError, ValueError):
        kind = "corrupt"
    except BaseException as panic:
        # a Rust panic arrives as an exception outside Exception, from a module that cannot be imported
        if type(panic).__name__ != "PanicException":
            raise
        kind = "corrupt"
    if kind:
        raise UnreadableError(kind)


def _text_file(path: Path) -> Iterator[SheetRows]:
    yield "", True, text_rows(path), []


def _write(out: Path, kind: str, sheets: Iterable[SheetRows]) -> None:
    described = []
    with (out / "codes.bin").open("wb") as codes:
        for name, visible, rows, merged in sheets:
            columns = _encoded(rows)
            about = {"name": name, "visible": visible, "merged": merged}
            described.append(about | {"height": columns.height, "texts": columns.texts})
            for column in columns.codes:
                column.tofile(codes)
    (out / "sheets.json").write_text(json.dumps({"kind": kind, "sheets": described}))


def _encoded(rows: Iterable[Sequence[Any]]) -> EncodedColumns:
    columns, remaining = EncodedColumns(), iter(rows)
    while block := list(islice(remaining, BLOCK)):
        columns.add(block)
    return columns


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

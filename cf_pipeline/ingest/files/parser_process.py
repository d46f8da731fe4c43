"""The process that parses one file: standard library and python-calamine, openpyxl where a sheet needs it.

calamine can abort its whole process (a cell far outside its table, a broken archive), so no file is ever
parsed in the process that runs the pipeline. The sheets, or a refusal, go to files that the starting process
has open, and nothing to the screen.
"""

from __future__ import annotations

import errno
import gc
import json
import resource
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

from cf_pipeline.errors import NO_SPACE, is_machine_fault
from cf_pipeline.ingest.files.encode_cells import EncodedColumns
from cf_pipeline.ingest.files.formats.file_format import FileFormat, SheetMarks, SheetRows, not_checked
from cf_pipeline.ingest.files.formats.marked_cells import MOST_ERRORS, MOST_NUMBERS, collect_cells
from cf_pipeline.ingest.files.formats.table import recognise_format
from cf_pipeline.ingest.files.limits import MEGABYTE, Limits
from cf_pipeline.ingest.files.unreadable import UnreadableError

PARSED, REFUSED, OUT_OF_MEMORY, NO_ROOM, DEVICE_FAILED = 0, 3, 4, 5, 6
"""How the process ends; the last two are the machine's: no room on the disk, another of its faults."""
BLOCK = 500
"""Rows encoded at a time: a long sheet never exists twice in memory, and few rows stay in the processor's
cache (a tenth of the process's time at 10,000)."""


def parse_request(
    path: Path, parts: Path, answer: Path, codes: Path, limits: Limits, *, find_far_cell: bool = False
) -> str:
    """The process's only argument: what to parse, where to write, within which limits.

    `parts` gets the parts of the file, where its format unpacks them; `answer` the sheets, or the refusal, as
    JSON; `codes` the numbers of the cells' texts. With `find_far_cell` the process parses nothing and looks
    for the cell that ended an earlier one.
    """
    paths = {"path": str(path), "parts": str(parts), "answer": str(answer), "codes": str(codes)}
    return json.dumps(paths | {"limits": asdict(limits), "find_far_cell": find_far_cell})


def main(argument: str) -> int:
    """Parse the file of a request.

    Returns:
        0 when the sheets were written, 3 when a refusal was, 4 when memory did not suffice, 5 when the
        disk did not, 6 for another fault of the machine.
    """
    try:
        return _parse(json.loads(argument))
    except MemoryError:
        return OUT_OF_MEMORY
    except OSError as error:
        if not is_machine_fault(error):
            raise
        if error.errno == errno.EFBIG and _is_own_limit(json.loads(argument)):
            return OUT_OF_MEMORY
        return NO_ROOM if error.errno in NO_SPACE else DEVICE_FAILED


def _parse(request: dict[str, Any]) -> int:
    path, parts, answer, codes = (Path(request[name]) for name in ("path", "parts", "answer", "codes"))
    limits = Limits(**request["limits"])
    _restrict_process(limits)
    gc.disable()  # rows hold no cycles, and looking for some takes time
    try:
        file_format = recognise_format(path)
        if request["find_far_cell"]:
            raise _cause_of_crash(file_format, path)
        file_format.check(path, limits)
        if file_format.unpack is not None:
            path = file_format.unpack(path, parts)
        sheets = _checked_sheets(file_format, path, limits)
        answer.write_text(json.dumps(_write_codes(codes, file_format, sheets, limits)))
    except UnreadableError as error:
        answer.write_text(json.dumps({"kind": error.kind, "detail": error.detail}))
        return REFUSED
    return PARSED


def _is_own_limit(request: dict[str, Any]) -> bool:
    """Whether the size that files may have is the one of the request, not one of the system."""
    own = Limits(**request["limits"]).unpacked_mb * MEGABYTE
    return resource.getrlimit(resource.RLIMIT_FSIZE)[0] == own


def _restrict_process(limits: Limits) -> None:
    memory, written = limits.memory_mb * MEGABYTE, limits.unpacked_mb * MEGABYTE
    _lower_limit(resource.RLIMIT_AS, memory, memory)
    _lower_limit(resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 5)
    _lower_limit(resource.RLIMIT_FSIZE, written, written)
    _lower_limit(resource.RLIMIT_CORE, 0, 0)  # a core dump would hold children's records


def _lower_limit(kind: int, soft: int, hard: int) -> None:
    """Set a limit, or leave the one that the process has where that is lower already."""
    inherited = [
        sys.maxsize if limit == resource.RLIM_INFINITY else limit for limit in resource.getrlimit(kind)
    ]
    resource.setrlimit(kind, (min(soft, *inherited), min(hard, inherited[1])))


def _cause_of_crash(file_format: FileFormat, path: Path) -> UnreadableError:
    reference = file_format.find_far_cell(path) if file_format.find_far_cell else None
    return UnreadableError("far_cell" if reference else "memory", reference or "")


def _checked_sheets(
    file_format: FileFormat, path: Path, limits: Limits
) -> Iterator[tuple[SheetRows, SheetMarks]]:
    """Each sheet, its rows corrected, with the marks of its cells.

    The second reader comes first: it refuses a far cell, at which the first reader would abort. Error cells
    are looked for once the workbook could be opened: a damaged one is refused as damaged.
    """
    second = file_format.second_reader(path) if file_format.second_reader else {}
    sheets = file_format.read_sheets(path, limits)
    find_errors, find_numbers = file_format.find_error_cells, file_format.find_changed_numbers
    errors = collect_cells(find_errors(path), MOST_ERRORS) if find_errors else {}
    numbers = collect_cells(find_numbers(path), MOST_NUMBERS) if find_numbers else {}
    for sheet in sheets:
        if second is None or errors is None or numbers is None:
            yield sheet, not_checked()
            continue
        marks = second.get(sheet.name, SheetMarks())
        for row, column in errors.get(sheet.number, []):
            marks.add("cell_error", row, column)
        for place, number in numbers.get(sheet.number, []):
            marks.add_number(place, number)
        rows = marks.correct_rows(sheet.rows, sheet.first_column) if marks.numbers else sheet.rows
        yield sheet._replace(rows=rows), marks


def _write_codes(
    path: Path, file_format: FileFormat, sheets: Iterable[tuple[SheetRows, SheetMarks]], limits: Limits
) -> dict[str, Any]:
    """Write the numbers of the cells' texts; returns the format, the texts, and what each sheet is."""
    descriptions: list[dict[str, Any]] = []
    with path.open("wb") as file:
        for sheet, marks in sheets:
            columns = _encode_rows(sheet.rows, sheet.first_column, limits)
            encoded = columns.texts_and_codes()
            descriptions.append(
                {
                    "name": sheet.name,
                    "visible": sheet.visible,
                    "height": columns.height,
                    "texts": [texts for texts, _ in encoded],
                    "merged_ranges": sheet.merged_ranges,
                    "marks": [[*place, rows] for place, rows in marks.places.items()],
                }
            )
            for _, codes in encoded:
                codes.tofile(file)
    return {"format": file_format.name, "sheets": descriptions}


def _encode_rows(rows: Iterable[Sequence[Any]], first_column: int, limits: Limits) -> EncodedColumns:
    columns, remaining = EncodedColumns(first_column), iter(rows)
    while block := list(islice(remaining, BLOCK)):
        if max(map(len, block)) > limits.columns:
            raise UnreadableError("too_many_columns")
        columns.add_rows(block)
    return columns


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

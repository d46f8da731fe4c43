"""Measures the CPU time of reading a workbook, against reading it with calamine alone, and peak memory.

    .venv/bin/python benchmarks/read.py                  200,000 rows: the ratio of both, three pairs
    .venv/bin/python benchmarks/read.py --growth         also 100,000 against 1,000,000 rows, and peak memory

CPU seconds are user and system time of the measuring process and all its children; each measurement runs in a
new process. The two reads alternate, so that a slow or busy machine does not change their ratio.

Bars (exit status 1 when one is missed): the ratio is at most 2.5; the time per row grows by at most 20% from
100,000 to 1,000,000 rows; no process uses 2,000 MB. Results: docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

LARGEST_RATIO, LARGEST_GROWTH, MEMORY_LIMIT_MB = 2.5, 1.2, 2000
SMALL_ROWS, LARGE_ROWS = 100_000, 1_000_000


def read_with_calamine(path: Path) -> int:
    """Read every sheet with calamine alone; returns the number of rows, headers included."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    return sum(
        len(book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names
    )


def read_and_clean(path: Path) -> int:
    """Receive, clean and validate a file as the product does; returns the number of rows loaded."""
    from big_workbook import AS_AT

    from cf_pipeline.clean import clean_lists
    from cf_pipeline.ingest.receive import receive_file

    received = receive_file(path, as_at=AS_AT)
    assert not received.refusals, received.refusals
    cleaned = clean_lists(received.lists, received.manifest, received.findings, received.mapping)
    return sum(len(rows) for rows in cleaned.lists.values())


READERS = {"bare": read_with_calamine, "product": read_and_clean}


def measure_in_this_process(reader: str, path: Path) -> dict[str, float]:
    """Rows read, CPU seconds and peak memory of this process and its children, imports included."""
    rows = READERS[reader](path)
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "rows": rows,
        "cpu_seconds": sum(usage.ru_utime + usage.ru_stime for usage in usages),
        "pipeline_mb": usages[0].ru_maxrss / 1024,
        "parser_mb": usages[1].ru_maxrss / 1024,
    }


def measure_in_new_process(reader: str, path: Path) -> dict[str, float]:
    """As `measure_in_this_process`, in a new process."""
    command = [sys.executable, __file__, "--measure", reader, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def compare_readers(folder: Path, rows: int, times: int) -> dict[str, Any]:
    """Median CPU seconds of both readers on one file, measured alternately, and their ratio."""
    path = _workbook(folder, rows)
    pairs = [
        (measure_in_new_process("bare", path), measure_in_new_process("product", path)) for _ in range(times)
    ]
    bare = statistics.median(cost["cpu_seconds"] for cost, _ in pairs)
    product = statistics.median(cost["cpu_seconds"] for _, cost in pairs)
    assert all(cost["rows"] == rows for _, cost in pairs), "a row was lost"
    return {
        "rows": rows,
        "bare_cpu_seconds": round(bare, 2),
        "product_cpu_seconds": round(product, 2),
        "ratio": round(product / bare, 2),
        "at_most": LARGEST_RATIO,
    }


def measure_growth(folder: Path, small: int, large: int) -> dict[str, Any]:
    """CPU time per row of a small and a large file, and the peak memory of the processes at the large one."""
    costs = {rows: measure_in_new_process("product", _workbook(folder, rows)) for rows in (small, large)}
    per_row = {rows: 1e6 * cost["cpu_seconds"] / rows for rows, cost in costs.items()}
    return {
        "microseconds_a_row": {str(rows): round(cost, 1) for rows, cost in per_row.items()},
        "growth": round(per_row[large] / per_row[small], 2),
        "growth_at_most": LARGEST_GROWTH,
        "pipeline_mb": round(costs[large]["pipeline_mb"]),
        "parser_mb": round(costs[large]["parser_mb"]),
        "memory_mb_below": MEMORY_LIMIT_MB,
    }


def _workbook(folder: Path, rows: int) -> Path:
    from big_workbook import write_big_workbook

    path = folder / f"annex_a_{rows}.xlsx"
    return path if path.exists() else write_big_workbook(path, rows)


def main() -> int:
    """Print the figures; returns 1 when one misses its bar."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--growth", action="store_true", help="also 100,000 against 1,000,000 rows")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--folder", type=Path, help="keep the workbooks here")
    parser.add_argument("--measure", nargs=2, metavar=("READER", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure_in_this_process(options.measure[0], Path(options.measure[1]))))
        return 0
    with tempfile.TemporaryDirectory(prefix="cf-benchmark-") as temporary:
        folder = options.folder or Path(temporary)
        figures = compare_readers(folder, options.rows, options.times)
        reaches_bars = figures["ratio"] <= LARGEST_RATIO
        if options.growth:
            figures |= measure_growth(folder, SMALL_ROWS, LARGE_ROWS)
            reaches_bars &= figures["growth"] <= LARGEST_GROWTH
            reaches_bars &= max(figures["pipeline_mb"], figures["parser_mb"]) < MEMORY_LIMIT_MB
    print(
        json.dumps(figures)
        if options.json
        else "\n".join(f"{name}: {value}" for name, value in figures.items())
    )
    return 0 if reaches_bars else 1


if __name__ == "__main__":
    sys.exit(main())

"""What reading costs: CPU seconds beside a bare calamine read, cost a row as files grow, and memory.

    .venv/bin/python benchmarks/read.py                  200,000 rows: the ratio, three times in turn
    .venv/bin/python benchmarks/read.py --growth         100,000 against 1,000,000 rows, and peak memory

CPU seconds are user and system time of the measuring process and all its children; each measurement has a
fresh process. Comparing the two reads in one run keeps a slow or busy machine out of the ratio.
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

RATIO, GROWTH, MEMORY_MB = 2.5, 1.2, 2000
SMALL, LARGE = 100_000, 1_000_000


def bare_read(path: Path) -> int:
    """Every sheet by calamine alone; the rows, header included."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    return sum(
        len(book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names
    )


def read_and_clean(path: Path) -> int:
    """Receives, types, codes and validates a file; the rows loaded."""
    from big_workbook import AS_AT

    from cf_pipeline.clean import clean_lists
    from cf_pipeline.ingest.receive import receive_file

    received = receive_file(path, as_at=AS_AT)
    assert not received.refusals, received.refusals
    cleaned = clean_lists(received.lists, received.manifest, received.findings, received.mapping)
    return sum(len(rows) for rows in cleaned.lists.values())


WAYS = {"bare": bare_read, "product": read_and_clean}


def measure_here(way: str, path: Path) -> dict[str, float]:
    """What one way of reading cost this process and its children, imports included."""
    rows = WAYS[way](path)
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "rows": rows,
        "cpu_seconds": sum(used.ru_utime + used.ru_stime for used in both),
        "parent_mb": both[0].ru_maxrss / 1024,
        "child_mb": both[1].ru_maxrss / 1024,
    }


def measured(way: str, path: Path) -> dict[str, float]:
    """The same in a fresh process."""
    command = [sys.executable, __file__, "--measure", way, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def ratio(folder: Path, rows: int, times: int) -> dict[str, Any]:
    """Median CPU seconds of both ways on one file, measured in turn, and their ratio."""
    path = _workbook(folder, rows)
    pairs = [(measured("bare", path), measured("product", path)) for _ in range(times)]
    bare = statistics.median(one["cpu_seconds"] for one, _ in pairs)
    product = statistics.median(one["cpu_seconds"] for _, one in pairs)
    assert all(one["rows"] == rows for _, one in pairs), "a row was lost"
    return {
        "rows": rows,
        "bare_cpu_seconds": round(bare, 2),
        "product_cpu_seconds": round(product, 2),
        "ratio": round(product / bare, 2),
        "at_most": RATIO,
    }


def growth(folder: Path, small: int, large: int) -> dict[str, Any]:
    """Cost a row of a small and a large file, and the peak memory of any process at the large one."""
    costs = {rows: measured("product", _workbook(folder, rows)) for rows in (small, large)}
    a_row = {rows: 1e6 * cost["cpu_seconds"] / rows for rows, cost in costs.items()}
    return {
        "microseconds_a_row": {str(rows): round(cost, 1) for rows, cost in a_row.items()},
        "growth": round(a_row[large] / a_row[small], 2),
        "growth_at_most": GROWTH,
        "parent_mb": round(costs[large]["parent_mb"]),
        "child_mb": round(costs[large]["child_mb"]),
        "memory_mb_below": MEMORY_MB,
    }


def _workbook(folder: Path, rows: int) -> Path:
    from big_workbook import write_big_workbook

    path = folder / f"annex_a_{rows}.xlsx"
    return path if path.exists() else write_big_workbook(path, rows)


def main() -> int:
    """Prints the figures; 1 when one misses its target."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--rows", type=int, default=200_000)
    arguments.add_argument("--times", type=int, default=3)
    arguments.add_argument("--growth", action="store_true", help="also 100,000 against 1,000,000 rows")
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--folder", type=Path, help="keep the workbooks here")
    arguments.add_argument("--measure", nargs=2, metavar=("WAY", "FILE"), help=argparse.SUPPRESS)
    wanted = arguments.parse_args()
    if wanted.measure:
        print(json.dumps(measure_here(wanted.measure[0], Path(wanted.measure[1]))))
        return 0
    with tempfile.TemporaryDirectory(prefix="cf-benchmark-") as made:
        folder = wanted.folder or Path(made)
        found = ratio(folder, wanted.rows, wanted.times)
        ok = found["ratio"] <= RATIO
        if wanted.growth:
            found |= growth(folder, SMALL, LARGE)
            ok &= found["growth"] <= GROWTH and max(found["parent_mb"], found["child_mb"]) < MEMORY_MB
    print(
        json.dumps(found) if wanted.json else "\n".join(f"{name}: {value}" for name, value in found.items())
    )
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())

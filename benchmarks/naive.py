"""Measures reading, cleaning and validating a workbook against a naive script that only moves it into SQLite.

    .venv/bin/python -m benchmarks.naive                 10,000 rows: the ratio, five pairs
    .venv/bin/python -m benchmarks.naive --rows 50000    another size

The naive script is what an analyst writes first: pandas reads every sheet with openpyxl and writes it to a
SQLite database as it is. It cleans nothing, checks nothing and keeps no provenance.

CPU seconds are user and system time of a new process and its children from the moment all its modules are
imported: neither side pays for imports, and neither has seen a workbook before. The two alternate, so that
a slow or busy machine does not change their ratio.

Bar (exit status 1 when it is missed): the product costs at most half of the naive script at 10,000 rows.
Results: docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from cf_pipeline.garbage_collection import collect_rarely

ROOT = Path(__file__).resolve().parent.parent
LARGEST_RATIO = 0.5
ROWS, PAIRS = 10_000, 5
PACKAGES_OF_READING = ("cf_pipeline.contracts", "cf_pipeline.ingest", "cf_pipeline.clean")


def copy_into_sqlite(path: Path, folder: Path) -> int:
    """Read every sheet with pandas and openpyxl and write it to SQLite; returns the number of rows."""
    import pandas as pd

    sheets = pd.read_excel(path, sheet_name=None, engine="openpyxl")
    connection = sqlite3.connect(folder / "naive.sqlite")
    for name, rows in sheets.items():
        rows.to_sql(name, connection, index=False)
    connection.commit()
    connection.close()
    return sum(len(rows) for rows in sheets.values())


def read_and_clean(path: Path, _: Path) -> int:
    """Receive, clean and validate a file as the product does; returns the number of rows loaded."""
    from benchmarks.big_workbook import AS_AT
    from cf_pipeline.clean import clean_lists
    from cf_pipeline.ingest.receive import receive_file

    received = receive_file(path, as_at=AS_AT)
    assert not received.refusals, received.refusals
    cleaned = clean_lists(received.lists, received.manifest, received.findings, received.mapping)
    return sum(len(rows) for rows in cleaned.lists.values())


SIDES = {"naive": copy_into_sqlite, "product": read_and_clean}


def import_everything() -> None:
    """Import what either side uses, as far as it can be known beforehand."""
    for name in ("pandas.io.excel._openpyxl", "openpyxl", "sqlite3", "pyarrow.compute", "python_calamine"):
        importlib.import_module(name)
    importlib.import_module("benchmarks.big_workbook")
    for package in PACKAGES_OF_READING:
        folder = importlib.import_module(package).__path__
        for module in pkgutil.walk_packages(folder, f"{package}."):
            importlib.import_module(module.name)


def cpu_seconds() -> float:
    """User and system time of this process and of its children that have ended."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def measure_in_this_process(side: str, path: Path) -> dict[str, float]:
    """Rows read and CPU seconds of one side, imports left out; cycles are looked for as in a command."""
    import_everything()
    collect_rarely()
    with tempfile.TemporaryDirectory(prefix="cf-benchmark-") as folder:
        start = cpu_seconds()
        rows = SIDES[side](path, Path(folder))
        return {"rows": rows, "cpu_seconds": cpu_seconds() - start}


def measure_in_new_process(side: str, path: Path) -> dict[str, float]:
    """As `measure_in_this_process`, in a new process."""
    command = [sys.executable, "-m", "benchmarks.naive", "--measure", side, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def compare_with_naive(path: Path, rows: int, pairs: int) -> dict[str, Any]:
    """Median CPU seconds of both sides on one file, measured alternately, and the product's share."""
    costs = [
        (measure_in_new_process("naive", path), measure_in_new_process("product", path)) for _ in range(pairs)
    ]
    assert all(cost["rows"] == rows for pair in costs for cost in pair), "a row was lost"
    naive = statistics.median(cost["cpu_seconds"] for cost, _ in costs)
    product = statistics.median(cost["cpu_seconds"] for _, cost in costs)
    return {
        "rows": rows,
        "naive_cpu_seconds": round(naive, 2),
        "product_cpu_seconds": round(product, 2),
        "ratio": round(product / naive, 2),
        "at_most": LARGEST_RATIO,
    }


def main() -> int:
    """Print the figures; returns 1 when the bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--pairs", type=int, default=PAIRS)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--measure", nargs=2, metavar=("SIDE", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure_in_this_process(options.measure[0], Path(options.measure[1]))))
        return 0
    from benchmarks.big_workbook import write_big_workbook

    with tempfile.TemporaryDirectory(prefix="cf-benchmark-") as folder:
        path = write_big_workbook(Path(folder) / f"annex_a_{options.rows}.xlsx", options.rows)
        figures = compare_with_naive(path, options.rows, options.pairs)
    print(
        json.dumps(figures)
        if options.json
        else "\n".join(f"{name}: {value}" for name, value in figures.items())
    )
    return 0 if figures["ratio"] <= LARGEST_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())

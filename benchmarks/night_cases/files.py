"""Files: `cf-pipeline check` of one, and reading, cleaning and validating a workbook without its imports."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.cost import PYTHON, UNIT_ROWS, Cost, measure_command, read_output
from benchmarks.figure import Figure, figure_in_units
from benchmarks.night_cases.plan import Plan

CHECK_ROWS, TWO_ROWS = 10_000, 2
CHECK_BAR, CHECK_TWO_ROWS_BAR = 1.2, 0.6
CLEAN_BAR, MESSY_BAR = 1.8, 2.5
MESS_IN_100 = 5


def check(plan: Plan) -> list[Figure]:
    """A workbook of 10,000 rows checked, and a list of two rows."""
    project = plan.project("check")
    large = write_workbook(plan, CHECK_ROWS)
    small = project.folder / "contacts.csv"
    lines = project.deliver_contacts().read_text(encoding="utf-8").splitlines(keepends=True)
    small.write_text("".join(lines[: 1 + TWO_ROWS]), encoding="utf-8")
    return [
        figure_in_units("check", name, plan.measure(lambda path=path: project.measure("check", path)), bar)
        for name, path, bar in (
            (f"check of {CHECK_ROWS:,} rows", large, CHECK_BAR),
            (f"check of {TWO_ROWS} rows", small, CHECK_TWO_ROWS_BAR),
        )
    ]


def clean(plan: Plan) -> list[Figure]:
    """Read, clean and validate: 10,000 rows beside a naive script, 200,000 rows in B, plain and messy."""
    figures = [
        figure_in_units("clean", name, plan.measure(lambda path=path: _read_and_clean(path)), bar)
        for name, path, bar in (
            (f"read, clean, validate {UNIT_ROWS:,} rows", plan.unit_workbook, CLEAN_BAR),
            ("the same, messy", write_workbook(plan, UNIT_ROWS, MESS_IN_100), MESSY_BAR),
        )
    ]
    found = json.loads(read_output([PYTHON, "-m", "benchmarks.naive", "--json", "--pairs", str(plan.times)]))
    detail = f"{found['product_cpu_seconds']} s and {found['naive_cpu_seconds']} s of CPU"
    naive = Figure(
        "clean",
        f"{found['rows']:,} rows over the naive script",
        found["ratio"],
        "times",
        found["at_most"],
        detail,
    )
    return [naive, *figures]


def write_workbook(plan: Plan, rows: int, mess: int = 0) -> Path:
    """A large Annex A workbook, `mess` of 100 rows with a cell that is wrong."""
    path = plan.folder / f"annex_a_{rows}_{mess}.xlsx"
    if not path.exists():
        measure_command([PYTHON, "-m", "benchmarks.big_workbook", path, str(rows), str(mess)])
    return path


def _read_and_clean(path: Path) -> Cost:
    """The product's cost from the moment its modules are imported."""
    output = read_output([PYTHON, "-m", "benchmarks.naive", "--measure", "product", str(path)])
    return Cost(json.loads(output)["cpu_seconds"], 0.0, 0.0)

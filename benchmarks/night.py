"""Measures what a night costs: each figure beside its bar, in CPU seconds as multiples of B.

    .venv/bin/python -m benchmarks.night --case sample           one case, or several
    .venv/bin/python -m benchmarks.night --case all              every case (about an hour on two quiet cores)
    .venv/bin/python -m benchmarks.night --case all --quick      one repetition each, smaller councils
    ... --json night.json --markdown night.md                    the figures also as files
    ... --page docs/benchmarks.md                                the figures also in the table of that page

B is what calamine alone takes to read a workbook of 200,000 rows (`benchmarks/read.py --measure bare`),
measured in turn with each command, five times, and the median of each is taken. CPU seconds are those of the
command line and its children, imports included, unless a case says otherwise. Each case has a project of its
own in a temporary folder; the machine should have nothing else to do.

The exit status is 1 when a bar is missed. Results and what they mean: docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.cost import PYTHON, UNIT_ROWS, measure_command
from benchmarks.figure import Figure, markdown, place_table, record
from benchmarks.night_cases import (
    files,
    growth,
    many,
    one_council,
    stores,
)
from benchmarks.night_cases.plan import Plan

Case = Callable[[Plan], list[Figure]]
CASES: dict[str, Case] = {
    "three-rows": one_council.three_rows,
    "sample": one_council.sample,
    "record-lost": one_council.record_lost,
    "nothing-new": one_council.nothing_new,
    "deliveries": growth.deliveries,
    "councils": many.councils,
    "large": many.large_councils,
    "check": files.check,
    "explain": one_council.explain,
    "clean": files.clean,
    "load": stores.load,
    "views": stores.views,
    "workbook": stores.workbook,
}
"""By name, the quick ones first."""
QUICK_TIMES, TIMES = 1, 5


def main(arguments: Sequence[str]) -> int:
    """Measure the cases that were asked for and print their figures; returns 1 when a bar is missed."""
    options = _options(arguments)
    names = list(CASES) if "all" in options.case else options.case
    times = options.times or (QUICK_TIMES if options.quick else TIMES)
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="cf-night-") as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        plan = Plan(folder, _unit_workbook(folder), times, is_quick=options.quick)
        for name in names:
            start = time.perf_counter()
            for figure in CASES[name](plan):
                print(figure.line(), flush=True)
                figures.append(figure)
            print(f"{name}: took {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
            for path, text in ((options.json, record), (options.markdown, markdown)):
                if path is not None:
                    path.write_text(text(figures), encoding="utf-8")
    if options.page is not None:
        page = place_table(options.page.read_text(encoding="utf-8"), figures)
        options.page.write_text(page, encoding="utf-8")
    missed = [figure for figure in figures if not figure.reaches_bar]
    print(f"{len(figures) - len(missed)} figures, {len(missed)} of them beyond their bar.")
    return 1 if missed else 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--case", nargs="+", default=["all"], choices=[*CASES, "all"], metavar="CASE")
    parser.add_argument("--quick", action="store_true", help="one repetition, fewer and smaller councils")
    parser.add_argument("--times", type=int, help=f"repetitions (default {TIMES})")
    parser.add_argument("--folder", type=Path, help="make the projects here, and keep them")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures as JSON too")
    parser.add_argument(
        "--markdown", type=Path, metavar="FILE", help="write the figures as a Markdown table too"
    )
    parser.add_argument("--page", type=Path, metavar="FILE", help="put the table between the marks of a page")
    return parser.parse_args(arguments)


def _unit_workbook(folder: Path) -> Path:
    """The workbook that B reads, written in a process of its own."""
    path = folder / f"annex_a_{UNIT_ROWS}.xlsx"
    if not path.exists():
        measure_command([PYTHON, "-m", "benchmarks.big_workbook", path, str(UNIT_ROWS)])
    return path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

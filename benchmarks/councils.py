"""Writes councils of the sample's case system with any number of deliveries, for the measurements of a night.

    .venv/bin/python -m benchmarks.councils RAW --councils 33 --years 4 --deliveries 4

Each council gets one long extract of whole financial years, then quarterly deliveries as the sample writes
them. The sample itself (`cf_pipeline.sample`) always ends with three; here a plan of more quarters is cut
elsewhere. The same arguments give the same files; with the same `--plan`, further deliveries belong to the
same history.

It measures nothing and has no bar.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.sample.deliveries import lists_of_delivery
from cf_pipeline.sample.extracts.extract import Window
from cf_pipeline.sample.mess import make_sheet
from cf_pipeline.sample.system.case_system import CaseSystem, case_system, council_slugs
from cf_pipeline.sample.system.days import as_date, months_before
from cf_pipeline.sample.system.plan import Plan
from cf_pipeline.sample.write import write_workbook

SEED = 1
LAST_YEARS = 1
"""Years of the plan beyond the extract and the deliveries, so that one more delivery can follow."""


def plan_years(years: int, deliveries: int) -> int:
    """The years before 2019/20 of a plan for an extract of `years`, so many deliveries, and one more."""
    return years + -(-deliveries // 4) + LAST_YEARS


def delivery_windows(plan: Plan, years: int, deliveries: int) -> list[Window]:
    """A long extract of the plan's first `years` years, then a rolling six months a quarter."""
    first, last = plan[0][0].start, plan[4 * years - 1][0].end
    ends = [quarter.end for quarter, _ in plan[4 * years : 4 * years + deliveries]]
    return [Window(f"{as_date(first)}_{as_date(last)}", last, first, is_long_extract=True)] + [
        Window(str(as_date(end)), end, months_before(end, 6), is_long_extract=False) for end in ends
    ]


def write_council(
    raw: Path,
    slug: str,
    *,
    years: int,
    deliveries: int,
    skip: int = 0,
    plan: int | None = None,
    children: int | None = None,
) -> list[Path]:
    """Write the deliveries of one council under `raw/<slug>/`; returns their folders.

    Args:
        raw: the drop zone.
        slug: the council.
        years: financial years of the long extract.
        deliveries: quarterly deliveries after it.
        skip: how many of all deliveries, the extract included, are there already and are not written.
        plan: years before 2019/20 that the case system keeps; those that the deliveries need when left out.
            Deliveries of one case system, and so of one history, have the same plan.
        children: roughly how many children the council knows over the whole time; None draws a size.
    """
    system = case_system(slug, plan or plan_years(years, deliveries), children, SEED)
    folders = []
    for window in delivery_windows(system.plan, years, deliveries)[skip:]:
        folder = raw / slug / window.delivery_id
        folder.mkdir(parents=True, exist_ok=True)
        _write_delivery(folder, system, window)
        folders.append(folder)
    return folders


def _write_delivery(folder: Path, system: CaseSystem, window: Window) -> None:
    contracts = list_contracts()
    sheets = [
        make_sheet(contracts[name], rows, system, window.delivery_id, as_text=False)
        for name, rows in lists_of_delivery(system, window).items()
    ]
    as_at = as_date(window.as_at)
    annex_a = [sheet for sheet in sheets if sheet.contract.number is not None]
    local = [sheet for sheet in sheets if sheet.contract.number is None]
    write_workbook(folder / f"Annex A {as_at}.xlsx", annex_a, "plain", as_at)
    write_workbook(folder / f"Local lists {as_at}.xlsx", local, "plain", as_at)


def main(arguments: Sequence[str]) -> int:
    """Write the councils and print how many deliveries there are."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("raw", type=Path, metavar="RAW")
    parser.add_argument("--councils", type=int, default=1, help="the first so many of London")
    parser.add_argument("--only", metavar="COUNCIL", help="this council alone")
    parser.add_argument("--years", type=int, default=4, help="years of the long extract")
    parser.add_argument("--deliveries", type=int, default=4, help="quarterly deliveries after it")
    parser.add_argument("--skip", type=int, default=0, help="deliveries that are there already")
    parser.add_argument("--plan", type=int, help="years of the case system before 2019/20")
    parser.add_argument("--children", type=int, help="roughly how many children each council knows")
    options = parser.parse_args(arguments)
    slugs = [options.only] if options.only else council_slugs(options.councils)
    write = partial(
        write_council,
        options.raw,
        years=options.years,
        deliveries=options.deliveries,
        skip=options.skip,
        plan=options.plan,
        children=options.children,
    )
    with ProcessPoolExecutor(min(len(slugs), os.cpu_count() or 1)) as workers:
        written = [folder for folders in workers.map(write, slugs) for folder in folders]
    print(f"Wrote {len(written)} deliveries of {len(slugs)} councils into {options.raw}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

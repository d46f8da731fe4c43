"""Measures writing the data-quality workbook of many issues, both editions of it.

    .venv/bin/python -m benchmarks.issue_workbook                   30,000 issues
    .venv/bin/python -m benchmarks.issue_workbook --issues 100000   another number

CPU seconds are those of this process from the prepared tables to the bytes of both files, imports left out.
`benchmarks/night.py --case workbook` compares them with B and has the bar.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Sequence

import numpy as np
import pandas as pd

from benchmarks.naive import cpu_seconds
from cf_pipeline.clean.rules.catalogue import RULES
from cf_pipeline.contracts.authorities import authority
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.outputs.forms import FORMS
from cf_pipeline.outputs.output_form import FormInput, Source
from cf_pipeline.quality.data_quality import DataQuality
from cf_pipeline.quality.workbook_tables import workbook_tables

ISSUES, CHILDREN, DELIVERIES = 30_000, 3_000, 5
COUNCIL = "camden"
AS_AT = pd.Timestamp("2019-12-31")
FILE, SHEET = "Annex A.xlsx", "List 1"


def draw_issues(count: int) -> pd.DataFrame:
    """Issues of every rule, spread over deliveries, lists, columns and children; the same each time."""
    random = np.random.default_rng(1)
    rules = [list(RULES.values())[at] for at in random.integers(0, len(RULES), count)]
    lists = list(list_contracts().values())
    chosen = [lists[at] for at in random.integers(0, len(lists), count)]
    columns = [
        contract.column_names[at % len(contract.columns)]
        for contract, at in zip(chosen, random.integers(0, 1000, count), strict=True)
    ]
    as_at = AS_AT - pd.to_timedelta(91 * random.integers(0, DELIVERIES, count), unit="D")
    child = random.integers(0, CHILDREN, count)
    frame = pd.DataFrame(
        {
            "list": [contract.name for contract in chosen],
            "rule": [rule.code for rule in rules],
            "severity": [rule.severity for rule in rules],
            "delivery_id": as_at.strftime("%Y-%m-%d"),
            "as_at": as_at,
            "file": FILE,
            "sheet": SHEET,
            "excel_row": random.integers(2, 10_000, count),
            "column": columns,
            "message": [
                rule.message.replace("{column}", name) for rule, name in zip(rules, columns, strict=True)
            ],
            "suggestion": [rule.suggestion for rule in rules],
            "kpis": "contacts_count",
            "rows": 1,
            "person_ref": [f"{number:032x}" for number in child],
            "child_id": [f"C{number}" for number in child],
        }
    )
    contract = table_contract("core/issue_people")
    return frame[contract.column_names].astype(contract.dtypes)


def workbook_input(issues: pd.DataFrame) -> DataQuality:
    """The issues, and a delivery of each date among them that was read."""
    dates = issues[["delivery_id", "as_at", "file", "list"]].drop_duplicates(ignore_index=True)
    counts = {"rows_read": 1000, "rows_core": 1000, "rows_quarantined": 0, "rows_superseded": 0}
    ledger = _conform("core/row_ledger", dates.assign(**counts))
    manifest = _conform("clean/deliveries", dates.assign(status="read", sheet=SHEET, rows_read=1000))
    empty = {name: table_contract(name).empty() for name in ("clean/quarantine", "quality/mapping_proposals")}
    return DataQuality(
        issues, ledger, manifest, empty["clean/quarantine"], empty["quality/mapping_proposals"]
    )


def _conform(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    contract = table_contract(name)
    return rows.reindex(columns=contract.column_names).astype(contract.dtypes)


def write_editions(quality: DataQuality) -> int:
    """Both editions, from the frames to the bytes of the files; returns how many bytes."""
    tables = workbook_tables(quality)
    return sum(
        len(form.render(FormInput(authority(COUNCIL), tables, {}, edition.is_restricted)))
        for form in FORMS
        if form.source is Source.DATA_QUALITY
        for edition in form.editions
    )


def main(arguments: Sequence[str]) -> int:
    """Print what writing both editions costs."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--issues", type=int, default=ISSUES)
    parser.add_argument("--json", action="store_true", help="as JSON, as benchmarks/night.py reads it")
    options = parser.parse_args(arguments)
    quality = workbook_input(draw_issues(options.issues))
    start, start_cpu = time.perf_counter(), cpu_seconds()
    size = write_editions(quality)
    cost = {
        "cpu_seconds": cpu_seconds() - start_cpu,
        "wall_seconds": time.perf_counter() - start,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(cost) if options.json else f"{options.issues:,} issues, {size:,} bytes: {cost}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

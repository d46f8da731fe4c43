"""The outcome of reading a file: its figures, its problems, and that no row is lost."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from cf_pipeline.clean import CleanedLists, clean_lists
from cf_pipeline.contracts.list_contract import PROVENANCE
from cf_pipeline.history.merge.core import merge_deliveries
from cf_pipeline.ingest.files.limits import Limits
from cf_pipeline.ingest.receive import ReceivedDeliveries, receive_file
from cf_pipeline.kpi.definitions.registry import Kpi, load_registry
from cf_pipeline.kpi.measure.quarterly import measure_kpis
from tests.fuzz.good_workbook import AS_AT

AUTHORITY, KEY = "E09000001", b"k" * 32
LIMITS = Limits(cpu_seconds=10, wall_seconds=20)
"""A small file that needs more than this hangs."""


@dataclass(frozen=True)
class Outcome:
    """The problems of a file (rule, list and column, or a refusal, counted), and what its figures come from.

    `records` is all that the figures come from: the cleaned rows and the columns supplied.
    """

    problems: Counter[tuple[str, ...]]
    refusals: tuple[str, ...]
    supplied: frozenset[str]
    records: str
    received: ReceivedDeliveries
    cleaned: CleanedLists

    def says_more_than(self, other: Outcome) -> bool:
        """Whether an issue, a refusal or a list not supplied is here and not there."""
        return bool(self.problems - other.problems) or not self.supplied >= other.supplied


@cache
def _registry() -> dict[str, Kpi]:
    return {kpi.id: dataclasses.replace(kpi, breakdowns=()) for kpi in load_registry().values()}


def outcome(path: Path) -> Outcome:
    """Read and clean one file as the newest delivery.

    AssertionError when a row read is neither loaded nor set aside.
    """
    received = receive_file(path, as_at=AS_AT, limits=LIMITS)
    cleaned = clean_lists(received.lists, received.manifest, received.findings, received.mapping)
    read = received.manifest[received.manifest["status"].eq("read")]
    rows_read = int(read["rows_read"].sum())
    loaded = sum(len(rows) for rows in cleaned.lists.values())
    assert rows_read == loaded + len(cleaned.quarantine)
    issues = cleaned.issues
    problems = Counter(zip(issues["rule"], issues["list"], issues["column"].fillna(""), strict=True))
    problems.update(("refused", sentence) for sentence in received.refusals)
    records = _records(cleaned.lists, read)
    return Outcome(problems, tuple(received.refusals), frozenset(read["list"]), records, received, cleaned)


def figures(outcome: Outcome) -> pd.DataFrame:
    """The KPIs of a file that was read.

    AssertionError when a row read is neither in the core, set aside nor superseded.
    """
    core = merge_deliveries(
        outcome.cleaned.lists, outcome.cleaned.quarantine, outcome.received.manifest, AUTHORITY, KEY
    )
    ledger = core.tables["row_ledger"]
    kept = ledger["rows_core"] + ledger["rows_quarantined"] + ledger["rows_superseded"]
    assert ledger["rows_read"].equals(kept)
    return measure_kpis(core.tables, _registry(), AUTHORITY)


def same_figures(first: Outcome, second: Outcome) -> bool:
    """Whether two files give the same KPIs; measuring is a pure function, so equal records need none."""
    if first.records == second.records:
        return True
    return bool(first.supplied and second.supplied) and figures(first).equals(figures(second))


def _records(lists: dict[str, pd.DataFrame], read: pd.DataFrame) -> str:
    """All that the figures come from, in an order of its own: cleaned rows and the columns supplied."""
    parts = [str(sorted(zip(read["list"], read["columns_supplied"], strict=True)))]
    for name, rows in lists.items():
        bare = rows.drop(columns=[*PROVENANCE])
        parts.append(name + "\n".join(sorted(bare.to_csv(header=False, index=False).splitlines())))
    return "\n".join(parts)

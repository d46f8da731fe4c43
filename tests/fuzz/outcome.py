"""What the product makes of a file: figures, what it says is wrong, and that no row is lost."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from cf_pipeline.clean import CleanedLists, clean_lists
from cf_pipeline.contracts.list_contract import PROVENANCE
from cf_pipeline.history import merge_deliveries
from cf_pipeline.ingest.files.limits import Limits
from cf_pipeline.ingest.receive import ReceivedDeliveries, receive_file
from cf_pipeline.kpi.definitions.registry import Kpi, load_registry
from cf_pipeline.kpi.measure.quarterly import measure_kpis
from tests.fuzz.workbook_to_spoil import AS_AT

AUTHORITY, KEY = "E09000001", b"k" * 32
LIMITS = Limits(cpu_seconds=10, wall_seconds=20)
"""A small file that needs more than this hangs."""


@dataclass(frozen=True)
class Outcome:
    """What was said (`told`: rule, list and column, or a refusal, counted), and the way to the figures.

    `records` is all that the figures come from: the cleaned rows and the columns supplied.
    """

    told: Counter[tuple[str, ...]]
    refusals: tuple[str, ...]
    supplied: frozenset[str]
    records: str
    received: ReceivedDeliveries
    cleaned: CleanedLists

    def says_more_than(self, other: Outcome) -> bool:
        """Whether an issue, a refusal or a list not supplied is told here and not there."""
        return bool(self.told - other.told) or not self.supplied >= other.supplied


@cache
def _registry() -> dict[str, Kpi]:
    return {kpi.id: dataclasses.replace(kpi, breakdowns=()) for kpi in load_registry().values()}


def outcome(path: Path) -> Outcome:
    """Reads and cleans one file as the newest delivery.

    AssertionError when a row read is neither loaded nor set aside.
    """
    received = receive_file(path, as_at=AS_AT, limits=LIMITS)
    cleaned = clean_lists(received.lists, received.manifest, received.findings, received.mapping)
    read = received.manifest[received.manifest["status"].eq("read")]
    rows_read = int(read["rows_read"].sum())
    loaded = sum(len(rows) for rows in cleaned.lists.values())
    assert rows_read == loaded + len(cleaned.quarantine)
    issues = cleaned.issues
    told = Counter(zip(issues["rule"], issues["list"], issues["column"].fillna(""), strict=True))
    told.update(("refused", sentence) for sentence in received.refusals)
    records = _records(cleaned.lists, read)
    return Outcome(told, tuple(received.refusals), frozenset(read["list"]), records, received, cleaned)


def figures(one: Outcome) -> pd.DataFrame:
    """The KPIs of a file that was read.

    AssertionError when a row read is neither in the core, set aside nor superseded.
    """
    core = merge_deliveries(one.cleaned.lists, one.cleaned.quarantine, one.received.manifest, AUTHORITY, KEY)
    ledger = core.tables["row_ledger"]
    kept = ledger["rows_core"] + ledger["rows_quarantined"] + ledger["rows_superseded"]
    assert ledger["rows_read"].equals(kept)
    return measure_kpis(core.tables, _registry(), AUTHORITY)


def same_figures(one: Outcome, other: Outcome) -> bool:
    """Whether two files give the same KPIs; measuring is a pure function, so equal records need none."""
    if one.records == other.records:
        return True
    return bool(one.supplied and other.supplied) and figures(one).equals(figures(other))


def _records(lists: dict[str, pd.DataFrame], read: pd.DataFrame) -> str:
    """All that the figures come from, in an order of its own: cleaned rows and the columns supplied."""
    parts = [str(sorted(zip(read["list"], read["columns_supplied"], strict=True)))]
    for name, rows in lists.items():
        bare = rows.drop(columns=[*PROVENANCE])
        parts.append(name + "\n".join(sorted(bare.to_csv(header=False, index=False).splitlines())))
    return "\n".join(parts)

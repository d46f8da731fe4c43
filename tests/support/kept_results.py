"""Results that are kept: in memory, and of a council's files, read and cleaned as the assets do it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from cf_pipeline.history.holds.hold import AcceptedDeliveries, clean_accepted
from cf_pipeline.ingest.receive import ReceivedDeliveries, receive_deliveries
from cf_pipeline.project.input_hash import CLEANING, READING, product_hash
from cf_pipeline.project.results.lake_results import LakeResults
from cf_pipeline.results import NO_STORE, Result


class MemoryStore:
    """Keeps results in memory; `kept` counts how many were."""

    def __init__(self) -> None:
        self.kept = 0
        self._results: dict[str, Result] = {}

    def find(self, key: str) -> Result | None:
        """The result of a key, None where there is none."""
        return self._results.get(key)

    def keep(self, key: str, result: Result) -> None:
        """Keep a result."""
        self._results[key] = result
        self.kept += 1


class FilesRead(NamedTuple):
    """What was received, and what of it is cleaned and not held."""

    received: ReceivedDeliveries
    accepted: AcceptedDeliveries


def read_files(raw: Path, authority: str, lake: Path | None = None) -> FilesRead:
    """Receive and clean every delivery of a council.

    Args:
        raw: the drop zone.
        authority: the council.
        lake: where results are kept; None works everything out.
    """
    files = LakeResults(str(lake), "files", authority, product_hash(*READING)) if lake else NO_STORE
    deliveries = (
        LakeResults(str(lake), "deliveries", authority, product_hash(*CLEANING)) if lake else NO_STORE
    )
    received = receive_deliveries(raw, authority, store=files)
    accepted = clean_accepted(
        received.lists,
        received.manifest,
        received.findings,
        received.mapping,
        keys=received.keys,
        store=deliveries,
    )
    for store in (files, deliveries):
        if isinstance(store, LakeResults):
            store.sweep()
    return FilesRead(received, accepted)


def kept_files(lake: Path) -> list[Path]:
    """Every kept result in a lake, sorted."""
    return sorted(path for path in (lake / "results").rglob("*") if path.is_file())

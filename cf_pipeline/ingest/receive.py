"""Everything one authority delivered, as text: the manifest, the lists, and what was refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.mapping import CouncilMapping, load_mapping
from cf_pipeline.ingest.as_at import folder_dates, name_date
from cf_pipeline.ingest.deliveries import (
    DeliveredFile,
    delivered_files,
    find_authorities,
    fingerprint,
    misnamed_folders,
)
from cf_pipeline.ingest.file_lists import FileLists, entry_of, lists_of
from cf_pipeline.ingest.files.limits import DEFAULT_LIMITS, Limits
from cf_pipeline.ingest.files.read_file import Reading
from cf_pipeline.ingest.findings import Finding, findings_frame
from cf_pipeline.ingest.manifest import Entry, manifest_frame
from cf_pipeline.ingest.tables.frames import joined
from cf_pipeline.ingest.tables.unmatched_headers import UnmatchedHeader, unmatched_frame

__all__ = [
    "ReceivedDeliveries",
    "find_authorities",
    "fingerprint",
    "misnamed_folders",
    "receive_deliveries",
    "receive_file",
]


@dataclass(frozen=True)
class ReceivedDeliveries:
    """What one authority delivered.

    `manifest` has the columns of `manifest.MANIFEST`; `lists` holds every list of the contracts as text
    (`ListContract.empty_text`), rows of refused deliveries left out; `findings` (`findings.FINDINGS`) are
    what reading noticed in them; `unmatched_headers` (`unmatched.UNMATCHED`) are columns that nothing knows;
    `refusals` are plain sentences; `mapping` is the council's own words.
    """

    manifest: pd.DataFrame
    lists: dict[str, pd.DataFrame]
    findings: pd.DataFrame
    unmatched_headers: pd.DataFrame
    refusals: list[str]
    mapping: CouncilMapping


def receive_deliveries(raw: Path, authority: str, limits: Limits = DEFAULT_LIMITS) -> ReceivedDeliveries:
    """Reads every delivery of an authority.

    An unreadable file or one without a date refuses its whole delivery (ruling 19): its manifest rows
    stay, `is_delivery_refused` True. A file that opens but holds no known list is refused alone.

    Raises:
        MappingError: the council's own mapping file is wrong.
    """
    mapping = load_mapping(raw / authority)
    files, refusals = delivered_files(raw, authority)
    return _received([lists_of(file, limits, mapping) for file in files], refusals, mapping)


def receive_file(
    path: Path, as_at: dt.date | None = None, limits: Limits = DEFAULT_LIMITS
) -> ReceivedDeliveries:
    """Reads one file wherever it lies, as a delivery of its own.

    Its as-at date is the one given, else that of its folder, its name or a title row. A file that lies in
    a drop zone (`<authority>/<as-at>/file`) is read with its authority's mapping.
    """
    mapping = load_mapping(path.resolve().parent.parent)
    folder = folder_dates(path.resolve().parent.name)
    date = as_at or (folder[1] if folder else name_date(path.name))
    file = DeliveredFile(
        path=path,
        name=path.name,
        where=path.name,
        delivery_id=date.isoformat() if date else "",
        as_at=date,
        covers_from=folder[0] if folder and as_at is None else None,
        authority=path.resolve().parent.parent.name,
    )
    return _received([lists_of(file, limits, mapping)], [], mapping)


def _received(
    results: Sequence[FileLists], refusals: Sequence[str], mapping: CouncilMapping
) -> ReceivedDeliveries:
    results = _without_doubles(results)
    refused = {_delivery(result) for result in results if result.refuses_delivery}
    entries: list[Entry] = []
    frames: dict[str, list[pd.DataFrame]] = {name: [] for name in list_contracts()}
    sentences = [*refusals]
    noticed: list[Finding] = []
    unmatched: list[UnmatchedHeader] = []
    for result in results:
        is_refused = _delivery(result) in refused
        entries += [replace(entry, is_delivery_refused=is_refused) for entry in result.entries]
        sentences += result.sentences
        unmatched += result.unmatched
        noticed += [] if is_refused else result.findings
        for name, frame in [] if is_refused else result.frames:
            frames[name].append(frame)
    lists = {name: joined(contract, frames[name]) for name, contract in list_contracts().items()}
    return ReceivedDeliveries(
        manifest_frame(entries),
        lists,
        findings_frame(noticed),
        unmatched_frame(unmatched),
        sentences,
        mapping,
    )


def _delivery(result: FileLists) -> tuple[str, str]:
    """A file without a date is a delivery by itself."""
    return result.file.delivery_id, "" if result.file.delivery_id else result.file.name


def _without_doubles(results: Sequence[FileLists]) -> list[FileLists]:
    """The same content twice in a delivery is read once."""
    first: dict[tuple[str, str], str] = {}
    kept = []
    for result in results:
        file, entry = result.file, result.entries[0]
        earlier = first.setdefault((file.delivery_id, entry.sha256), file.name) if entry.sha256 else file.name
        if earlier == file.name or not result.frames:
            kept.append(result)
            continue
        reading = Reading(entry.sha256 or "", entry.bytes or 0)
        kept.append(FileLists(file, [entry_of(file, reading, "ignored", "duplicate", earlier)]))
    return kept

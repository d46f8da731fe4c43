"""Everything that one authority delivered, as text: the manifest, the lists, and what was refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd
import pyarrow as pa

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.mapping import NO_MAPPING, CouncilMapping, load_mapping
from cf_pipeline.ingest.as_at import name_date
from cf_pipeline.ingest.deliveries import (
    DeliveredFile,
    delivered_files,
    find_authorities,
    fingerprint,
    refusals_in_drop_zone,
)
from cf_pipeline.ingest.file_lists import FileLists, manifest_entry, read_lists
from cf_pipeline.ingest.file_results import Withhold, read_lists_once, withhold_nothing
from cf_pipeline.ingest.files.limits import DEFAULT_LIMITS, Limits
from cf_pipeline.ingest.files.read_file import Reading
from cf_pipeline.ingest.findings import Finding, findings_frame
from cf_pipeline.ingest.folder_dates import folder_dates
from cf_pipeline.ingest.manifest import ManifestEntry, manifest_frame
from cf_pipeline.ingest.tables.frames import join_frames
from cf_pipeline.ingest.tables.unmatched_headers import UnmatchedHeader, unmatched_frame
from cf_pipeline.results import NO_STORE, ResultStore, result_key

__all__ = [
    "ReceivedDeliveries",
    "find_authorities",
    "fingerprint",
    "receive_deliveries",
    "receive_file",
    "refusals_in_drop_zone",
]


@dataclass(frozen=True)
class ReceivedDeliveries:
    """The deliveries of one authority as they were read.

    Attributes:
        manifest: the columns of `manifest.MANIFEST`.
        lists: every list of the contracts as text (`ListContract.empty_text`; what is kept as plain texts,
            not as categories), without the rows of refused deliveries.
        findings: the columns of `findings.FINDINGS`, for those rows.
        unmatched_headers: the columns of `unmatched_headers.UNMATCHED`: headers that belong to no column.
        refusals: one plain sentence for each file, table or folder that is refused.
        mapping: the council's own `mapping.toml`.
        keys: delivery -> the key of its rows and findings, of each delivery whose files are all kept.
        is_dated: whether every as-at date was found or given, none assumed.
    """

    manifest: pd.DataFrame
    lists: dict[str, pd.DataFrame]
    findings: pd.DataFrame
    unmatched_headers: pd.DataFrame
    refusals: list[str]
    mapping: CouncilMapping
    keys: dict[str, str] = field(default_factory=dict)
    is_dated: bool = True


def receive_deliveries(
    raw: Path,
    authority: str,
    limits: Limits = DEFAULT_LIMITS,
    store: ResultStore = NO_STORE,
    withhold: Withhold = withhold_nothing,
) -> ReceivedDeliveries:
    """Read every delivery of an authority; a file that was read before comes from the store.

    An unreadable file or one without a date refuses its whole delivery (docs/rulings.md#19): its manifest
    rows stay, `is_delivery_refused` True. A file that opens but holds no known list is refused alone. Rows
    that `withhold` leaves out of a file are empty, and findings say so.

    Raises:
        MappingError: the council's own mapping file is wrong.
        MachineError: the machine kept a folder or a file from being read.
    """
    files, refusals = delivered_files(raw, authority)
    mapping = load_mapping(raw / authority) if files else NO_MAPPING
    return _combine_files(
        [read_lists_once(file, limits, mapping, store, withhold) for file in files], refusals, mapping
    )


def receive_file(
    path: Path,
    as_at: dt.date | None = None,
    limits: Limits = DEFAULT_LIMITS,
    assumed_as_at: dt.date | None = None,
) -> ReceivedDeliveries:
    """Read one file, in the drop zone or elsewhere, as a delivery of its own.

    Its as-at date is the one given, else that of its folder, its name or a title row, else `assumed_as_at`,
    which keeps a file without a date from being refused (`is_dated` is then False). A file in a drop zone
    (`<authority>/<as-at>/file`) is read with its authority's mapping.

    Raises:
        MappingError: the council's own mapping file is wrong.
    """
    mapping = load_mapping(path.resolve().parent.parent)
    folder = folder_dates(path.resolve().parent.name)
    date = as_at or (folder[1] if folder else name_date(path.name))
    file = DeliveredFile(
        path=path,
        name=path.name,
        location=path.name,
        delivery_id=date.isoformat() if date else "",
        as_at=date,
        covers_from=folder[0] if folder and as_at is None else None,
        authority=path.resolve().parent.parent.name,
    )
    return _combine_files([read_lists(file, limits, mapping, assumed_as_at)], [], mapping)


def _combine_files(
    files: Sequence[FileLists], folder_refusals: Sequence[str], mapping: CouncilMapping
) -> ReceivedDeliveries:
    """The files as one; rows and findings of a refused delivery are left out."""
    files = _without_duplicates(files)
    refused = {_delivery_key(file) for file in files if file.refuses_delivery}
    entries: list[ManifestEntry] = []
    frames: dict[str, list[pd.DataFrame | pa.Table]] = {name: [] for name in list_contracts()}
    sentences = [*folder_refusals]
    findings: list[Finding] = []
    unmatched: list[UnmatchedHeader] = []
    for file in files:
        is_refused = _delivery_key(file) in refused
        entries += [replace(entry, is_delivery_refused=is_refused) for entry in file.entries]
        sentences += file.sentences
        unmatched += file.unmatched
        findings += [] if is_refused else file.findings
        for name, frame in [] if is_refused else file.frames:
            frames[name].append(frame)
    return ReceivedDeliveries(
        manifest=manifest_frame(entries),
        lists={name: join_frames(contract, frames[name]) for name, contract in list_contracts().items()},
        findings=findings_frame(findings),
        unmatched_headers=unmatched_frame(unmatched),
        refusals=sentences,
        mapping=mapping,
        keys=_keys_of_deliveries(
            file for file in files if file.frames and _delivery_key(file) not in refused
        ),
        is_dated=all(file.is_dated for file in files),
    )


def _keys_of_deliveries(files: Iterable[FileLists]) -> dict[str, str]:
    """Delivery -> the key of everything read in its files; without those of which a file has none."""
    keys: dict[str, list[str | None]] = {}
    for file in files:
        keys.setdefault(file.file.delivery_id, []).append(file.key)
    return {delivery_id: result_key(own) for delivery_id, own in keys.items() if None not in own}


def _delivery_key(file: FileLists) -> tuple[str, str]:
    """What the files of one delivery share; a file without a date is a delivery by itself."""
    return file.file.delivery_id, "" if file.file.delivery_id else file.file.name


def _without_duplicates(files: Sequence[FileLists]) -> list[FileLists]:
    """The files; of several with the same content in a delivery, all but the first are ignored."""
    first_names: dict[tuple[str, str], str] = {}
    kept = []
    for read in files:
        file, entry = read.file, read.entries[0]
        first = file.name
        if entry.sha256:
            first = first_names.setdefault((file.delivery_id, entry.sha256), file.name)
        if first == file.name or not read.frames:
            kept.append(read)
            continue
        reading = Reading(entry.sha256 or "", entry.bytes or 0)
        kept.append(FileLists(file, [manifest_entry(file, reading, "ignored", "duplicate", first)]))
    return kept

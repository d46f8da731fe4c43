"""Read a delivered file once: what was found in it is kept, and the same file is not parsed again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from cf_pipeline.contracts.mapping import CouncilMapping
from cf_pipeline.ingest.deliveries import DeliveredFile
from cf_pipeline.ingest.file_lists import FileLists, read_lists
from cf_pipeline.ingest.files.limits import Limits
from cf_pipeline.ingest.files.read_file import sha256_of
from cf_pipeline.ingest.findings import Finding
from cf_pipeline.ingest.manifest import ManifestEntry
from cf_pipeline.ingest.tables.frames import text_table
from cf_pipeline.ingest.tables.unmatched_headers import UnmatchedHeader
from cf_pipeline.results import NO_STORE, Result, ResultStore, result_key

Withhold = Callable[[FileLists, CouncilMapping], FileLists]
"""What was read of a file, without the rows that may not be loaded."""
DAYS = ("as_at", "covers_from")
"""The dates of a row of the manifest."""
MOMENT = "as_at"
"""The timestamp of a finding and of an unmatched header."""
FOUND_BY_READING = ("delivery_id", "as_at")
"""What a title row says of a file whose place says nothing."""


def withhold_nothing(read: FileLists, _: CouncilMapping) -> FileLists:
    """Every row that was read."""
    return read


def read_lists_once(
    file: DeliveredFile,
    limits: Limits,
    mapping: CouncilMapping,
    store: ResultStore,
    withhold: Withhold = withhold_nothing,
) -> FileLists:
    """What `read_lists` gives, from the store where the same content was read before in the same place.

    A file that refuses its whole delivery is read each time: whether it is damaged or the machine lacked
    something is not always certain, and a person will replace it. What `withhold` leaves out is not kept
    either; a store is of one such rule.

    Raises:
        MachineError: the machine kept the file from being read, or the result from being written.
    """
    content = sha256_of(file.path) if file.is_spreadsheet else ""
    if not content:
        return withhold(read_lists(file, limits, mapping), mapping)
    key = file_key(file, content, limits, mapping)
    result = store.find(key)
    if result is not None:
        return _file_lists(file, key, result)
    read = withhold(read_lists(file, limits, mapping), mapping)
    if read.refuses_delivery or read.entries[0].sha256 != content:  # replaced while it was read
        return read
    read = replace(read, key=key)
    if store is NO_STORE:
        return read
    tables = [
        (name, text_table(rows) if isinstance(rows, pd.DataFrame) else rows) for name, rows in read.frames
    ]
    read = replace(read, frames=tables)  # as they are when they come from the store
    store.keep(key, _result(read))
    return read


def file_key(file: DeliveredFile, content: str, limits: Limits, mapping: CouncilMapping) -> str:
    """The key of what reading a file gives: its content, its name and place, and the council's mapping.

    Args:
        file: the file and its delivery.
        content: the hash of its content.
        limits: the limits of reading.
        mapping: the council's own words.
    """
    place = {name: value for name, value in vars(file).items() if name != "path"}
    return result_key("file", content, file.path.name, place, limits, mapping)


def _result(read: FileLists) -> Result:
    facts = {
        "file": _facts({name: getattr(read.file, name) for name in FOUND_BY_READING}),
        "entries": [_facts(vars(entry)) for entry in read.entries],
        "lists": [name for name, _ in read.frames],
        "sentences": read.sentences,
        "findings": [_facts(vars(finding)) for finding in read.findings],
        "unmatched": [_facts(vars(header)) for header in read.unmatched],
    }
    return Result(facts, {str(number): table for number, (_, table) in enumerate(read.frames)})


def _file_lists(file: DeliveredFile, key: str, result: Result) -> FileLists:
    facts = result.facts
    found = facts["file"]
    return FileLists(
        replace(file, delivery_id=found["delivery_id"], as_at=_day(found["as_at"])),
        [ManifestEntry(**entry | {name: _day(entry[name]) for name in DAYS}) for entry in facts["entries"]],
        frames=list(zip(facts["lists"], result.tables.values(), strict=True)),
        sentences=facts["sentences"],
        findings=[Finding(**record | {MOMENT: _moment(record[MOMENT])}) for record in facts["findings"]],
        unmatched=[UnmatchedHeader(**one | {MOMENT: _moment(one[MOMENT])}) for one in facts["unmatched"]],
        key=key,
    )


def _facts(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record with its dates as ISO text and its numbers as Python's, which JSON gives back as they were."""
    return {name: _plain(value) for name, value in record.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return value.item() if isinstance(value, np.generic) else value


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


def _moment(text: str | None) -> Any:
    return None if text is None else pd.Timestamp(text)

"""One delivered file: the lists found in it, what the manifest says of it, and why it is refused."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pandas as pd

from cf_pipeline.contracts.mapping import NO_MAPPING, CouncilMapping
from cf_pipeline.ingest.as_at import title_date
from cf_pipeline.ingest.deliveries import DeliveredFile
from cf_pipeline.ingest.find_lists import SCAN_ROWS, Ambiguous, Found, NearMiss, find_list
from cf_pipeline.ingest.findings import Finding
from cf_pipeline.ingest.frames import first_with_values, list_frame
from cf_pipeline.ingest.limits import Limits
from cf_pipeline.ingest.manifest import Entry
from cf_pipeline.ingest.reading import Reading, Sheet, read_file
from cf_pipeline.ingest.refusals import reason, refusal, shown
from cf_pipeline.ingest.sheet_findings import sheet_findings

ABOUT_THE_FILE_ONLY = frozenset({"no_list", "ambiguous", "key_column_missing"})
"""Refusals of a file that opens: the rest of its delivery goes on. Any other refuses the delivery."""

TopRows = list[list[str | None]]


@dataclass(frozen=True)
class FileLists:
    """What one file gave.

    `file` with its as-at date, `entries` for the manifest, `frames` as (list name, rows), `sentences` about
    what of it is refused, `findings` noticed while reading; `refuses_delivery` when the file cannot be read
    or dated (ruling 19).
    """

    file: DeliveredFile
    entries: list[Entry]
    frames: list[tuple[str, pd.DataFrame]] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    refuses_delivery: bool = False


def lists_of(file: DeliveredFile, limits: Limits, mapping: CouncilMapping = NO_MAPPING) -> FileLists:
    """Reads one file; never raises for what it holds."""
    if not file.is_spreadsheet:
        return FileLists(file, [entry_of(file, Reading(), "ignored", "not_spreadsheet")])
    if shown(file.name) != file.name:
        return _refused(replace(file, name=shown(file.name), where=shown(file.where)), Reading(), "odd_name")
    reading = read_file(file.path, limits)
    if reading.refused:
        return _refused(file, reading, reading.refused, reading.detail)
    sheets = [
        (sheet, sheet.rows(SCAN_ROWS), _list_of(file, sheet)) for sheet in reading.sheets if sheet.visible
    ]
    found = [(sheet, top, result) for sheet, top, result in sheets if isinstance(result, Found)]
    doubtful = [
        (sheet, *_doubt(result)) for sheet, _, result in sheets if not isinstance(result, Found | None)
    ]
    if not found:
        return _no_list(file, reading, [(kind, detail) for _, kind, detail in doubtful])
    file = _dated(file, [row for _, top, result in found for row in top[: result.header_row]])
    if file.as_at is None:
        return _refused(file, reading, "no_date")
    other = [sheet.name for sheet in reading.sheets if all(sheet is not used for used, _, _ in found)]
    others = ";".join(name.replace(";", ",") for name in other)
    result = FileLists(file, [])
    for sheet, top, one in found:
        frame = _with_provenance(list_frame(sheet, one), file, sheet)
        entry = _list_entry(file, reading, sheet, top[one.header_row], one)
        result.entries.append(replace(entry, rows_read=len(frame), sheets_ignored=others))
        result.frames.append((one.contract.name, frame))
        result.findings.extend(sheet_findings(sheet, one, file))
    for sheet, kind, detail in doubtful:
        result.entries.append(replace(entry_of(file, reading, "refused", kind, detail), sheet=sheet.name))
        result.sentences.append(refusal(f"{file.where}, sheet '{sheet.name}'", kind, detail))
    return result


def entry_of(file: DeliveredFile, reading: Reading, status: str, kind: str = "", detail: str = "") -> Entry:
    """The manifest row of a file, before anything is said of a list."""
    return Entry(
        delivery_id=file.delivery_id,
        as_at=file.as_at,
        covers_from=file.covers_from,
        file=file.name,
        sha256=reading.sha256 or None,
        bytes=reading.size if reading.sha256 else None,
        status=status,
        reason=reason(kind, detail) if kind else None,
    )


def _list_of(file: DeliveredFile, sheet: Sheet) -> Found | Ambiguous | NearMiss | None:
    names = [sheet.name, file.path.stem] if sheet.name else [file.path.stem]
    return find_list(sheet.rows(SCAN_ROWS), names)


def _doubt(result: Ambiguous | NearMiss | None) -> tuple[str, str]:
    if isinstance(result, NearMiss):
        return "key_column_missing", f"{result.list_name} without {' and '.join(result.headers)}"
    return "ambiguous", " or ".join(result.lists) if result else ""


def _dated(file: DeliveredFile, rows_above: TopRows) -> DeliveredFile:
    as_at = file.as_at or title_date(rows_above)
    if as_at is None:
        return file
    return replace(file, as_at=as_at, delivery_id=file.delivery_id or as_at.isoformat())


def _no_list(file: DeliveredFile, reading: Reading, doubts: list[tuple[str, str]]) -> FileLists:
    if doubts:
        return _refused(file, reading, *doubts[0])
    if reading.is_text and file.path.suffix.lower() not in (".csv", ".tsv"):
        return _refused(file, reading, "corrupt")  # named a workbook, neither a workbook nor a known table
    return _refused(file, reading, "no_list")


def _refused(file: DeliveredFile, reading: Reading, kind: str, detail: str = "") -> FileLists:
    whole = kind not in ABOUT_THE_FILE_ONLY
    sentence = refusal(file.where, kind, detail, file.delivery_id if whole else None)
    return FileLists(
        file, [entry_of(file, reading, "refused", kind, detail)], [], [sentence], refuses_delivery=whole
    )


def _list_entry(
    file: DeliveredFile, reading: Reading, sheet: Sheet, headers: list[str | None], found: Found
) -> Entry:
    first = found.header_row + 1
    used = {first_with_values(sheet, positions, first) for positions in found.positions.values()}
    not_used = [
        " ".join(header.replace(";", ",").split())
        for position, header in enumerate(headers)
        if header and position not in used
    ]
    return replace(
        entry_of(file, reading, "read"),
        list=found.contract.name,
        sheet=sheet.name,
        header_row=first,
        columns_supplied=";".join(name for name in found.contract.column_names if name in found.positions),
        columns_ignored=";".join(not_used),
    )


def _with_provenance(frame: pd.DataFrame, file: DeliveredFile, sheet: Sheet) -> pd.DataFrame:
    return frame.assign(
        delivery_id=file.delivery_id, as_at=pd.Timestamp(file.as_at or 0), file=file.name, sheet=sheet.name
    )

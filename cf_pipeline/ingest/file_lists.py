"""One delivered file: the lists found in it, what the manifest says of it, and why it is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.mapping import NO_MAPPING, CouncilMapping
from cf_pipeline.ingest.as_at import title_date
from cf_pipeline.ingest.deliveries import DeliveredFile
from cf_pipeline.ingest.files.limits import Limits
from cf_pipeline.ingest.files.read_file import Reading, Sheet, read_file
from cf_pipeline.ingest.findings import Finding
from cf_pipeline.ingest.manifest import Entry
from cf_pipeline.ingest.refusals import escape_invisible, refusal_reason, refusal_sentence
from cf_pipeline.ingest.tables.frames import differing_columns, first_with_values, list_frame
from cf_pipeline.ingest.tables.merged_ids import ids_filled_down
from cf_pipeline.ingest.tables.other_authority import whose_rows
from cf_pipeline.ingest.tables.recognise import SCAN_ROWS, Ambiguous, Found, NearMiss, Result
from cf_pipeline.ingest.tables.redact import shown_header
from cf_pipeline.ingest.tables.sheet_findings import sheet_findings
from cf_pipeline.ingest.tables.split_sheets import Tables, looked_at, tables_of
from cf_pipeline.ingest.tables.unmatched_headers import UnmatchedHeader, unmatched_headers

ABOUT_THE_FILE_ONLY = frozenset({"no_list", "ambiguous", "key_column_missing", "unknown_table"})
"""Refusals of a file that opens: the rest of its delivery goes on. Any other refuses the delivery."""


@dataclass(frozen=True)
class FileLists:
    """What one file gave.

    `file` with its as-at date, `entries` for the manifest, `frames` as (list name, rows), `sentences` about
    what of it is refused, `findings` noticed while reading, `unmatched` headers; `refuses_delivery` when
    the file cannot be read or dated (ruling 19).
    """

    file: DeliveredFile
    entries: list[Entry]
    frames: list[tuple[str, pd.DataFrame]] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unmatched: list[UnmatchedHeader] = field(default_factory=list)
    refuses_delivery: bool = False


def lists_of(file: DeliveredFile, limits: Limits, mapping: CouncilMapping = NO_MAPPING) -> FileLists:
    """Reads one file; never raises for what it holds."""
    if not file.is_spreadsheet:
        return FileLists(file, [entry_of(file, Reading(), "ignored", "not_spreadsheet")])
    if escape_invisible(file.name) != file.name:
        return _refused(
            replace(file, name=escape_invisible(file.name), where=escape_invisible(file.where)),
            Reading(),
            "odd_name",
        )
    reading = read_file(file.path, limits)
    if reading.refused:
        return _refused(file, reading, reading.refused, reading.detail)
    looked = looked_at(reading.sheets, file.path.stem, mapping)
    found = [(sheet, result) for sheet, result in looked if isinstance(result, Found)]
    if not found:
        return _no_list(file, reading, looked)
    titles = title_date(row for sheet, one in found for row in sheet.rows(min(SCAN_ROWS, one.header_row)))
    file = _dated(file, titles)
    if file.as_at is None:
        return _refused(file, reading, "no_date")
    result = FileLists(file, [])
    for sheet, first in found:
        _add_tables(result, reading, sheet, tables_of(sheet, first, mapping))
        if titles is not None and titles != file.as_at:
            result.findings.append(_finding(file, sheet, first, "as_at_differs"))
    others = _others(reading.sheets, found)
    result.entries[:] = [replace(entry, sheets_ignored=others) for entry in result.entries]
    for sheet, doubt in looked:
        if isinstance(doubt, Ambiguous | NearMiss):
            _add_doubt(result, reading, sheet, doubt)
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
        reason=refusal_reason(kind, detail) if kind else None,
    )


def _add_tables(result: FileLists, reading: Reading, sheet: Sheet, tables: Tables) -> None:
    """The lists of one sheet, and what reading noticed in them."""
    file = result.file
    for one in tables.found:
        filled, merged = ids_filled_down(sheet, one)
        frame = _with_provenance(list_frame(filled, one), file, sheet)
        again = [row for row in tables.repeated if one.header_row < row < (one.end_row or row + 1)]
        whose = whose_rows(sheet, one, file.authority)
        noticed = [("id_filled_down", row) for row in merged]
        noticed += [("repeated_header", row) for row in again]
        noticed += [("other_authority", row) for row in whose.others]
        person = one.contract.person
        result.findings.extend(_finding(file, sheet, one, rule, row + 1, person) for rule, row in noticed)
        result.findings.extend(
            _finding(file, sheet, one, "authority_unknown", row + 1) for row in whose.unknown
        )
        result.findings.extend(
            _finding(file, sheet, one, "column_supplied_twice", None, column)
            for column in differing_columns(sheet, one)
        )
        result.findings.extend(sheet_findings(sheet, one, file))
        below = one.header_row + 1, one.end_row
        headers = unmatched_headers(file, sheet, one.contract, one.headers, one.positions, below)
        result.unmatched.extend(headers)
        result.entries.append(replace(_list_entry(file, reading, sheet, one), rows_read=len(frame)))
        result.frames.append((one.contract.name, frame))
    for row, doubt in tables.unknown:
        _add_doubt(result, reading, sheet, doubt, row + 1)


def _add_doubt(
    result: FileLists, reading: Reading, sheet: Sheet, doubt: Result, excel_row: int | None = None
) -> None:
    """A table that is refused: named in the manifest and in a sentence, its headers left to decide."""
    kind, detail = _doubt(doubt)
    where = f"{result.file.where}, sheet '{sheet.name}'" if sheet.name else result.file.where
    if excel_row is not None:
        where = f"{where}, the table from row {excel_row}"
    entry = entry_of(result.file, reading, "refused", kind, detail)
    result.entries.append(replace(entry, sheet=sheet.name, header_row=excel_row))
    result.sentences.append(refusal_sentence(where, kind, detail))
    result.unmatched.extend(_unmatched_of(result.file, sheet, doubt))


def _unmatched_of(file: DeliveredFile, sheet: Sheet, doubt: Result) -> list[UnmatchedHeader]:
    """The headers of a table that lacks a required column: one of them may be it."""
    if not isinstance(doubt, NearMiss) or doubt.fit is None:
        return []
    contract, fit = list_contracts()[doubt.list_name], doubt.fit
    return unmatched_headers(file, sheet, contract, fit.headers, fit.positions, (fit.row + 1, None))


def _doubt(result: Result) -> tuple[str, str]:
    if isinstance(result, NearMiss):
        return "key_column_missing", f"{result.list_name} without {' and '.join(result.missing)}"
    if isinstance(result, Ambiguous):
        return "ambiguous", " or ".join(result.lists)
    return "unknown_table", ""


def _dated(file: DeliveredFile, titles: dt.date | None) -> DeliveredFile:
    as_at = file.as_at or titles
    if as_at is None:
        return file
    return replace(file, as_at=as_at, delivery_id=file.delivery_id or as_at.isoformat())


def _others(sheets: Sequence[Sheet], found: Sequence[tuple[Sheet, Found]]) -> str:
    """The sheets that gave no list, joined by ';'; a hidden one is said to be hidden."""
    return ";".join(
        sheet.name.replace(";", ",") + ("" if sheet.visible else " (hidden)")
        for sheet in sheets
        if all(sheet is not used for used, _ in found)
    )


def _finding(
    file: DeliveredFile, sheet: Sheet, found: Found, rule: str, row: int | None = None, column: str = ""
) -> Finding:
    as_at = pd.Timestamp(file.as_at or 0)
    return Finding(found.contract.name, rule, file.delivery_id, as_at, file.name, sheet.name, row, column)


def _no_list(file: DeliveredFile, reading: Reading, looked: Sequence[tuple[Sheet, Result]]) -> FileLists:
    doubts = [(sheet, doubt) for sheet, doubt in looked if doubt is not None]
    if doubts:
        refused = _refused(file, reading, *_doubt(doubts[0][1]))
        for sheet, doubt in doubts:
            refused.unmatched.extend(_unmatched_of(file, sheet, doubt))
        return refused
    read_as = reading.file_format
    if read_as and read_as.takes_any_content and file.path.suffix.lower() not in read_as.endings:
        return _refused(file, reading, "corrupt")  # named a workbook, neither a workbook nor a known table
    return _refused(file, reading, "no_list")


def _refused(file: DeliveredFile, reading: Reading, kind: str, detail: str = "") -> FileLists:
    whole = kind not in ABOUT_THE_FILE_ONLY
    sentence = refusal_sentence(file.where, kind, detail, file.delivery_id if whole else None)
    return FileLists(
        file, [entry_of(file, reading, "refused", kind, detail)], [], [sentence], refuses_delivery=whole
    )


def _list_entry(file: DeliveredFile, reading: Reading, sheet: Sheet, found: Found) -> Entry:
    first = found.header_row + 1
    used = {first_with_values(sheet, positions, first) for positions in found.positions.values()}
    not_used = [
        shown_header(header)
        for position, header in enumerate(found.headers)
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

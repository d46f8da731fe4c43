"""One delivered file: the lists found in it, its rows of the manifest, and why it is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pandas as pd
import pyarrow as pa

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.mapping import NO_MAPPING, CouncilMapping
from cf_pipeline.errors import escape_invisible
from cf_pipeline.ingest.as_at import title_date
from cf_pipeline.ingest.deliveries import DeliveredFile
from cf_pipeline.ingest.files.limits import Limits
from cf_pipeline.ingest.files.read_file import Reading, Sheet, read_file
from cf_pipeline.ingest.findings import Finding
from cf_pipeline.ingest.manifest import ManifestEntry
from cf_pipeline.ingest.refusals import refusal_reason, refusal_sentence
from cf_pipeline.ingest.tables.frames import differing_columns, first_filled_position, list_frame
from cf_pipeline.ingest.tables.match_headers import is_pupil_number
from cf_pipeline.ingest.tables.merged_ids import fill_merged_ids
from cf_pipeline.ingest.tables.other_authority import check_authorities
from cf_pipeline.ingest.tables.recognise import SCAN_ROWS, AmbiguousHeaders, ListTable, NearMiss, Recognition
from cf_pipeline.ingest.tables.redact import redact_header
from cf_pipeline.ingest.tables.sheet_findings import sheet_findings
from cf_pipeline.ingest.tables.split_sheets import SheetTables, identify_sheets, split_sheet
from cf_pipeline.ingest.tables.unmatched_headers import UnmatchedHeader, unmatched_headers

REFUSE_FILE_ALONE = frozenset({"no_list", "ambiguous", "key_column_missing", "unknown_table"})
"""Refusals of a file that opens: the rest of its delivery goes on. Any other refuses the delivery."""


@dataclass(frozen=True)
class FileLists:
    """The result of reading one delivered file.

    Attributes:
        file: the file, with its as-at date where it has one.
        entries: its rows of the manifest, at least one.
        frames: (name of the list, its rows) of each list found; a table where they are those of an earlier
            run (`frames.text_table`).
        sentences: one for the file, or for each table of it, that is refused.
        findings: what is wrong with cells, columns and sheets of the lists.
        unmatched: the headers that belong to no column.
        refuses_delivery: whether the file cannot be read or dated: docs/rulings.md#19.
        is_dated: whether its as-at date, where it has one, was found or given, not assumed.
        key: hash of everything that decides this result; None where it is not kept.
    """

    file: DeliveredFile
    entries: list[ManifestEntry]
    frames: list[tuple[str, pd.DataFrame | pa.Table]] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unmatched: list[UnmatchedHeader] = field(default_factory=list)
    refuses_delivery: bool = False
    is_dated: bool = True
    key: str | None = None


def read_lists(
    file: DeliveredFile,
    limits: Limits,
    mapping: CouncilMapping = NO_MAPPING,
    assumed_as_at: dt.date | None = None,
) -> FileLists:
    """Read one file and find its lists; never raises for what the file holds.

    With `assumed_as_at` a file of which no as-at date is found has that one.
    """
    file = _with_visible_names(file)
    if not file.is_spreadsheet and file.refusal in ("", "odd_name"):
        return FileLists(file, [manifest_entry(file, Reading(), "ignored", "not_spreadsheet")])
    if file.refusal:
        return _refuse_file(file, Reading(), file.refusal)
    reading = read_file(file.path, limits)
    if reading.refusal:
        return _refuse_file(file, reading, reading.refusal, reading.detail)
    sheets = identify_sheets(reading.sheets, file.path.stem, mapping)
    lists = [(sheet, result) for sheet, result in sheets if isinstance(result, ListTable)]
    if not lists:
        return _refuse_without_list(file, reading, sheets)
    title_as_at = title_date(
        row for sheet, table in lists for row in sheet.rows(min(SCAN_ROWS, table.header_row))
    )
    file = _with_as_at(file, title_as_at)
    is_dated = file.as_at is not None
    file = _with_as_at(file, assumed_as_at)
    if file.as_at is None:
        names = " or ".join(file.folder_names)
        return _refuse_file(file, reading, "folder_unclear" if names else "no_date", names)
    result = FileLists(file, [], is_dated=is_dated)
    for sheet, first in lists:
        _add_sheet(result, reading, sheet, split_sheet(sheet, first, mapping))
        if title_as_at is not None and title_as_at != file.as_at:
            result.findings.append(_finding(file, sheet, first, "as_at_differs"))
    others = _sheets_without_list(reading.sheets, lists)
    result.entries[:] = [replace(entry, sheets_ignored=others) for entry in result.entries]
    for sheet, unread in sheets:
        if isinstance(unread, AmbiguousHeaders | NearMiss):
            _add_refused_table(result, reading, sheet, unread)
    return result


def manifest_entry(
    file: DeliveredFile, reading: Reading, status: str, kind: str = "", detail: str = ""
) -> ManifestEntry:
    """The manifest row of a file, without a list; `kind` and `detail` are those of its refusal."""
    return ManifestEntry(
        delivery_id=file.delivery_id,
        as_at=file.as_at,
        covers_from=file.covers_from,
        file=file.name,
        sha256=reading.sha256 or None,
        bytes=reading.size if reading.sha256 else None,
        status=status,
        reason=refusal_reason(kind, detail) if kind else None,
    )


def _add_sheet(result: FileLists, reading: Reading, sheet: Sheet, tables: SheetTables) -> None:
    """Add the lists of one sheet with their findings, and refuse its tables that are no known list."""
    file = result.file
    for table in tables.lists:
        filled, filled_rows = fill_merged_ids(sheet, table)
        frame = _with_provenance(list_frame(filled, table), file, sheet)
        result.findings.extend(_table_findings(file, sheet, table, tables.repeated_headers, filled_rows))
        rows = table.header_row + 1, table.end_row
        headers = unmatched_headers(file, sheet, table.contract, table.headers, table.positions, rows)
        result.unmatched.extend(headers)
        result.entries.append(replace(_list_entry(file, reading, sheet, table), rows_read=len(frame)))
        result.frames.append((table.contract.name, frame))
    for row, unread in tables.unknown:
        _add_refused_table(result, reading, sheet, unread, row + 1)


def _table_findings(
    file: DeliveredFile, sheet: Sheet, table: ListTable, repeated_headers: list[int], filled_rows: list[int]
) -> list[Finding]:
    """What is wrong with the rows, the columns and the cells of one list."""
    authority_rows = check_authorities(sheet, table, file.authority)
    repeated = [row for row in repeated_headers if table.header_row < row < (table.end_row or row + 1)]
    row_rules = [("id_filled_down", row) for row in filled_rows]
    row_rules += [("repeated_header", row) for row in repeated]
    row_rules += [("other_authority", row) for row in authority_rows.others]
    person = table.contract.person
    id_header = table.headers[first_filled_position(sheet, table.positions[person], table.header_row + 1)]
    findings = [_finding(file, sheet, table, rule, row + 1, person) for rule, row in row_rules]
    findings += [_finding(file, sheet, table, "authority_unknown", row + 1) for row in authority_rows.unknown]
    findings += [
        _finding(file, sheet, table, "column_supplied_twice", None, column)
        for column in differing_columns(sheet, table)
    ]
    if table.is_named_otherwise:
        findings.append(_finding(file, sheet, table, "list_named_otherwise"))
    if is_pupil_number(id_header or ""):
        findings.append(_finding(file, sheet, table, "id_is_pupil_number", None, person))
    return [*findings, *sheet_findings(sheet, table, file)]


def _add_refused_table(
    result: FileLists, reading: Reading, sheet: Sheet, unread: Recognition, excel_row: int | None = None
) -> None:
    """Add a table that is refused: a manifest row, a sentence, and its headers for the council to decide."""
    kind, detail = _refusal_of_table(unread)
    name = sheet.shown_name
    location = f"{result.file.location}, sheet '{name}'" if name else result.file.location
    if excel_row is not None:
        location = f"{location}, the table from row {excel_row}"
    entry = manifest_entry(result.file, reading, "refused", kind, detail)
    entry = replace(entry, sheet=name, header_row=excel_row)
    if isinstance(unread, NearMiss):
        entry = replace(entry, list_not_read=unread.list_name, columns_lacking=";".join(unread.missing))
    result.entries.append(entry)
    result.sentences.append(refusal_sentence(location, kind, detail))
    result.unmatched.extend(_unmatched_headers_of(result.file, sheet, unread))


def _unmatched_headers_of(file: DeliveredFile, sheet: Sheet, unread: Recognition) -> list[UnmatchedHeader]:
    """The headers of a table that lacks a required column: one of them may be that column."""
    if not isinstance(unread, NearMiss) or unread.fit is None:
        return []
    contract, fit = list_contracts()[unread.list_name], unread.fit
    return unmatched_headers(file, sheet, contract, fit.headers, fit.positions, (fit.row + 1, None))


def _refusal_of_table(unread: Recognition) -> tuple[str, str]:
    """Kind and detail of the refusal of a table that is not read as a list."""
    if isinstance(unread, NearMiss):
        return "key_column_missing", f"{unread.list_name} without {' and '.join(unread.missing)}"
    if isinstance(unread, AmbiguousHeaders):
        return "ambiguous", " or ".join(unread.lists)
    return "unknown_table", ""


def _with_visible_names(file: DeliveredFile) -> DeliveredFile:
    """The file; where a character of its names cannot be seen or is no text, refused and written out."""
    names = (file.name, file.location, file.delivery_id)
    name, location, delivery_id = map(escape_invisible, names)
    if (name, location, delivery_id) == names:
        return file
    refusal = file.refusal or "odd_name"
    return replace(file, name=name, location=location, delivery_id=delivery_id, refusal=refusal)


def _with_as_at(file: DeliveredFile, date: dt.date | None) -> DeliveredFile:
    as_at = file.as_at or date
    if as_at is None:
        return file
    return replace(file, as_at=as_at, delivery_id=file.delivery_id or as_at.isoformat())


def _sheets_without_list(sheets: Sequence[Sheet], lists: Sequence[tuple[Sheet, ListTable]]) -> str:
    """The names of the sheets that gave no list, joined by ';', with ' (hidden)' after a hidden one's."""
    return ";".join(
        sheet.shown_name.replace(";", ",") + ("" if sheet.visible else " (hidden)")
        for sheet in sheets
        if all(sheet is not used for used, _ in lists)
    )


def _finding(
    file: DeliveredFile, sheet: Sheet, table: ListTable, rule: str, row: int | None = None, column: str = ""
) -> Finding:
    as_at = pd.Timestamp(file.as_at or 0)
    return Finding(
        table.contract.name, rule, file.delivery_id, as_at, file.name, sheet.shown_name, row, column
    )


def _refuse_without_list(
    file: DeliveredFile, reading: Reading, sheets: Sequence[tuple[Sheet, Recognition]]
) -> FileLists:
    near_lists = [(sheet, unread) for sheet, unread in sheets if unread is not None]
    if near_lists:
        title_as_at = title_date(row for sheet, _ in near_lists for row in sheet.rows(SCAN_ROWS))
        refused = FileLists(_with_as_at(file, title_as_at), [])
        for sheet, unread in near_lists:
            _add_refused_table(refused, reading, sheet, unread)
        return refused
    read_as = reading.file_format
    if read_as and read_as.takes_any_content and file.path.suffix.lower() not in read_as.endings:
        return _refuse_file(
            file, reading, "corrupt"
        )  # named a workbook, neither a workbook nor a known table
    return _refuse_file(file, reading, "no_list")


def _refuse_file(file: DeliveredFile, reading: Reading, kind: str, detail: str = "") -> FileLists:
    refuses_delivery = kind not in REFUSE_FILE_ALONE
    sentence = refusal_sentence(file.location, kind, detail, file.delivery_id if refuses_delivery else None)
    entry = manifest_entry(file, reading, "refused", kind, detail)
    return FileLists(file, [entry], sentences=[sentence], refuses_delivery=refuses_delivery)


def _list_entry(file: DeliveredFile, reading: Reading, sheet: Sheet, table: ListTable) -> ManifestEntry:
    first = table.header_row + 1
    used = {first_filled_position(sheet, positions, first) for positions in table.positions.values()}
    unused_headers = [
        redact_header(header)
        for position, header in enumerate(table.headers)
        if header and position not in used
    ]
    return replace(
        manifest_entry(file, reading, "read"),
        list=table.contract.name,
        sheet=sheet.shown_name,
        header_row=first,
        columns_supplied=";".join(name for name in table.contract.column_names if name in table.positions),
        columns_ignored=";".join(unused_headers),
    )


def _with_provenance(frame: pd.DataFrame, file: DeliveredFile, sheet: Sheet) -> pd.DataFrame:
    texts = {"delivery_id": file.delivery_id, "file": file.name, "sheet": sheet.shown_name}
    columns = {
        name: pd.array(pa.repeat(pa.scalar(text, pa.large_string()), len(frame)), dtype="str")
        for name, text in texts.items()
    }
    return frame.assign(as_at=pd.Timestamp(file.as_at or 0), **columns)

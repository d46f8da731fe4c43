"""`cf-pipeline check`: what a file holds and what is wrong with it, without loading anything."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from cf_pipeline.clean import CleanedLists, clean_lists
from cf_pipeline.clean.issues import ISSUES
from cf_pipeline.cli.check_text import decision_lines, file_lines, issue_lines
from cf_pipeline.cli.console import print_line, print_lists
from cf_pipeline.contracts.mapping import MappingError
from cf_pipeline.history.merge.core import merge_deliveries
from cf_pipeline.ingest.deliveries import IGNORED_NAMES
from cf_pipeline.ingest.files.formats.table import has_known_ending
from cf_pipeline.ingest.receive import ReceivedDeliveries, receive_file
from cf_pipeline.ingest.refusals import refusal_reason
from cf_pipeline.kpi.lineage.affected_kpis import with_kpis
from cf_pipeline.outputs.workbook.data_quality import render_workbook
from cf_pipeline.project.private_files import write_private
from cf_pipeline.quality.data_quality import DataQuality, combine_files, without_date
from cf_pipeline.quality.mapping_proposals import propose_mappings
from cf_pipeline.quality.trend import issue_rows
from cf_pipeline.quality.workbook_tables import workbook_tables

OK, FAILED, REFUSED = 0, 1, 2
NO_SUCH_FILE = "there is no such file; check its name and folder"
LOCK_FILE = (
    "it is the mark of a workbook that is open in Excel; close the workbook and check the workbook itself"
)
NOBODY, NO_KEY = "", bytes(32)
"""Of whose children pseudonyms are made, and by which key: they are dropped again, so any will do."""
NEED_THE_AS_AT_DATE = (
    "adult_in_care",
    "event_after_as_at",
    "event_before_window",
    "unborn_child",
    "unborn_in_care",
    "birth_date_too_late",
    "age_differs",
    "as_at_doubtful",
    "care_leaver_age",
    "closure_date_without_status",
    "counter_differs",
)


@dataclass(frozen=True)
class Checked:
    """What one file holds: why it is refused (None when it is not), its lists, and what is wrong.

    `lists` have name, sheet, rows read, loaded and quarantined, and issues counted by rule. `found` is None
    for a file that is refused before it is read.
    """

    file: str
    refused: str | None = None
    is_dated: bool = True
    lists: list[dict[str, Any]] = field(default_factory=list)
    found: DataQuality | None = None

    def record(self) -> dict[str, Any]:
        """What `--json` prints of the file."""
        return {"file": self.file, "refused": self.refused, "lists": self.lists}


def check(files: Sequence[Path], *, as_json: bool, workbook: Path | None = None) -> int:
    """Parse and validate files (of folders: every spreadsheet in them).

    Args:
        files: what to check.
        as_json: print the records and nothing else.
        workbook: where to write the data-quality workbook of all of them, if anywhere.

    Returns:
        2 when a file is refused, else 0; 1 when the workbook cannot be written there.
    """
    paths = _expanded(files)
    if workbook is not None and (wrong := _cannot_write(workbook, paths)):
        print_line(f"{workbook}: {wrong}", error=True)
        return FAILED
    results = [checked(path) for path in paths]
    if as_json:
        print(json.dumps({"files": [result.record() for result in results]}, indent=2))
    else:
        for result in results:
            for line in _show(result):
                print_line(line)
    if workbook is not None:
        is_written = _write_workbook(workbook, results)
        if is_written and not as_json:
            print_line(f"Data-quality workbook: {workbook}")
    return REFUSED if any(result.refused for result in results) else OK


def _write_workbook(path: Path, results: Sequence[Checked]) -> bool:
    """Write the workbook of the files that could be read; False when there is none.

    It holds no children: their pseudonyms need the key.
    """
    files = {result.file: result.found for result in results if result.found is not None}
    if files:
        write_private(path, render_workbook(workbook_tables(combine_files(files))))
    return bool(files)


def checked(path: Path) -> Checked:
    """One file, parsed and validated.

    The as-at date is looked for as in the drop zone: the folder's name, the file's, a title row. A file
    that waits outside the drop zone may have none yet (`is_dated` False): it is checked all the same, by
    every rule that does not need the date.
    """
    refused = ""
    try:
        refused = _why_not(path)
        if not refused:
            return _read(path)
    except MappingError as error:
        refused = str(error)
    except OSError:
        refused = refusal_reason("vanished")
    return Checked(str(path), refused)


def _why_not(path: Path) -> str:
    if path.name.startswith("~$"):
        return LOCK_FILE
    if path.is_dir():
        return refusal_reason("empty_folder")
    if not path.is_file():
        return refusal_reason("not_a_file") if path.exists() else NO_SUCH_FILE
    return ""


def _read(path: Path) -> Checked:
    received = receive_file(path)
    is_dated = refusal_reason("no_date") not in received.manifest["reason"].tolist()
    if not is_dated:
        received = receive_file(path, as_at=dt.datetime.now(tz=dt.UTC).date())
    cleaned = clean_lists(received.lists, received.manifest, received.findings, received.mapping)
    issues = with_kpis(ISSUES.concat([cleaned.issues, _merged_issues(cleaned, received)]))
    if not is_dated:
        issues = issues[~issues["rule"].isin(NEED_THE_AS_AT_DATE)]
    read = received.manifest[received.manifest["status"].eq("read")]
    reasons = [*received.manifest["reason"].dropna(), refusal_reason("not_spreadsheet")]
    found = DataQuality(
        issues, _ledger(read, cleaned), received.manifest, cleaned.quarantine, _undecided(received, cleaned)
    )
    return Checked(
        str(path),
        refused=reasons[0] if read.empty else None,
        is_dated=is_dated,
        lists=[
            _list(row["list"], row["sheet"], row["rows_read"], cleaned, issues) for _, row in read.iterrows()
        ],
        found=found if is_dated else without_date(found),
    )


def _merged_issues(cleaned: CleanedLists, received: ReceivedDeliveries) -> pd.DataFrame:
    """What merging finds in the file alone; what needs earlier deliveries too comes with a run."""
    if not received.manifest["status"].eq("read").any():
        return ISSUES.empty()
    merged = merge_deliveries(cleaned.lists, cleaned.quarantine, received.manifest, NOBODY, NO_KEY)
    return merged.issues


def _undecided(received: ReceivedDeliveries, cleaned: CleanedLists) -> pd.DataFrame:
    """The headers and wordings of a file that fit nothing."""
    return propose_mappings(received.unmatched_headers, cleaned.unmatched_codes)


def _ledger(read: pd.DataFrame, cleaned: CleanedLists) -> pd.DataFrame:
    """Rows read, loaded, quarantined and superseded (a copy of another row) by file and list."""
    keys = ["delivery_id", "as_at", "file", "list"]
    ledger = read.groupby(keys)["rows_read"].sum().reset_index()
    loaded = {name: len(rows) for name, rows in cleaned.lists.items()}
    ledger["rows_core"] = ledger["list"].map(loaded).astype("Int64")
    held = ledger["list"].map(cleaned.quarantine["list"].value_counts())
    ledger["rows_quarantined"] = held.astype("Int64").fillna(0)
    ledger["rows_superseded"] = ledger["rows_read"] - ledger["rows_core"] - ledger["rows_quarantined"]
    return ledger


def _list(
    name: str, sheet: str, rows_read: int, cleaned: CleanedLists, found: pd.DataFrame
) -> dict[str, Any]:
    issues = _of(found, name, sheet)
    by_rule = issue_rows(issues).groupby(issues["rule"]).sum()
    return {
        "list": name,
        "sheet": "" if pd.isna(sheet) else sheet,
        "rows_read": int(rows_read),
        "rows_loaded": len(_of(cleaned.lists[name].assign(list=name), name, sheet)),
        "rows_quarantined": len(_of(cleaned.quarantine, name, sheet)),
        "issues": {str(rule): int(count) for rule, count in by_rule.sort_index().items()},
    }


def _of(rows: pd.DataFrame, name: str, sheet: str) -> pd.DataFrame:
    """The rows of one list on one sheet; rows that name no sheet concern the whole list."""
    return rows[
        rows["list"].eq(name) & (rows["sheet"].fillna("").isin(["", "" if pd.isna(sheet) else sheet]))
    ]


def _expanded(files: Sequence[Path]) -> list[Path]:
    """The files, and of a folder its spreadsheets; a folder without any stands for itself."""
    found: list[Path] = []
    for path in files:
        found += (_spreadsheets(path) or [path]) if path.is_dir() else [path]
    return found


def _spreadsheets(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if has_known_ending(path) and not IGNORED_NAMES.fullmatch(path.name) and not path.is_dir()
    )


def _cannot_write(workbook: Path, files: Sequence[Path]) -> str:
    if workbook.suffix.lower() != ".xlsx":
        return "the workbook's name must end in .xlsx; choose another name."
    if workbook.is_dir():
        return "it is a folder; choose another name."
    if workbook.resolve() in {path.resolve() for path in files}:
        return "it is one of the files to check, which are never written to; choose another name."
    return ""


def _show(result: Checked) -> Iterator[str]:
    if result.refused:
        yield f"Refused: {result.file}: {result.refused}"
        return
    yield result.file
    if not result.is_dated:
        yield "  No as-at date yet (it comes from the folder, the file's name or a title row):"
        yield "  rules that need one were left out. Deliver it in a folder named YYYY-MM-DD."
    print_lists(result.lists)
    if result.found is not None:
        for lines in (
            issue_lines(result.found.issues),
            decision_lines(result.found.proposals),
            file_lines(result.found.manifest),
        ):
            yield from ("", *(f"  {line}" for line in lines)) if lines else ()
    yield ""

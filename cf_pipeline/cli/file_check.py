"""One file checked before it is delivered: read, cleaned and merged as in a run, and nothing loaded."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from cf_pipeline.clean import CleanedLists, clean_lists
from cf_pipeline.clean.issues import ISSUES
from cf_pipeline.clean.sources import usable_rows
from cf_pipeline.contracts.mapping import MappingError
from cf_pipeline.history.holds.doubt_issues import find_unread_column_issues
from cf_pipeline.history.holds.hold import mark_unread_columns
from cf_pipeline.history.holds.unread import find_unread_columns
from cf_pipeline.history.merge.core import find_issues
from cf_pipeline.ingest.files.listing import walk_folder
from cf_pipeline.ingest.receive import ReceivedDeliveries, receive_file
from cf_pipeline.ingest.refusals import refusal_reason
from cf_pipeline.kpi.lineage.affected_kpis import add_kpis, drop_unneeded_codes
from cf_pipeline.kpi.lineage.missing_figures import MissingFigures, find_missing_figures
from cf_pipeline.quality.data_quality import DataQuality, without_date
from cf_pipeline.quality.mapping_proposals import propose_mappings
from cf_pipeline.quality.trend import row_counts

NO_SUCH_FILE = "there is no such file; check its name and folder"
LOCK_FILE = (
    "it is the mark of a workbook that is open in Excel; close the workbook and check the workbook itself"
)
NO_AUTHORITY, NO_KEY = "", bytes(32)
"""A dummy authority and key: merging needs them for pseudonyms, which are computed and discarded here."""
RULES_THAT_NEED_THE_AS_AT_DATE = (
    "adult_in_care",
    "event_after_as_at",
    "event_before_window",
    "unborn_child",
    "unborn_in_care",
    "birth_date_too_early",
    "birth_date_too_late",
    "age_differs",
    "as_at_doubtful",
    "care_leaver_age",
    "closure_date_without_status",
    "counter_differs",
)


@dataclass(frozen=True)
class FileCheck:
    """What one file holds: why it is refused (None when it is not), its lists, and what is wrong.

    `lists` have name, sheet, rows read, loaded and quarantined, and issues counted by rule. `quality` is None
    for a file that is refused before it is read, and `missing` then too: the figures that its headers cost.
    `is_dated`: whether its as-at date is known.
    """

    file: str
    refusal: str | None = None
    is_dated: bool = True
    lists: list[dict[str, Any]] = field(default_factory=list)
    quality: DataQuality | None = None
    missing: MissingFigures | None = None

    def to_json(self) -> dict[str, Any]:
        """What `--json` prints of the file."""
        return {"file": self.file, "refused": self.refusal, "lists": self.lists}

    def mapping_to_json(self) -> dict[str, Any]:
        """What `--json` prints of the figures that the file's headers cost."""
        return {"file": self.file} | ({} if self.missing is None else _missing_figures(self.missing))


def check_file(path: Path) -> FileCheck:
    """Parse and validate one file.

    The as-at date is looked for as in the drop zone: the folder's name, the file's, a title row. A file
    outside the drop zone may have none yet (`is_dated` False). It is then checked by every rule that does not
    need the date.
    """
    try:
        refusal = _refusal_before_reading(path)
        if not refusal:
            return _read_and_check(path)
    except MappingError as error:
        refusal = str(error)
    except OSError:
        refusal = refusal_reason("vanished")
    return FileCheck(str(path), refusal)


def _refusal_before_reading(path: Path) -> str:
    if path.name.startswith("~$"):
        return LOCK_FILE
    if path.is_symlink():
        return refusal_reason("linked_folder" if path.is_dir() else "not_a_file")
    if path.is_dir():
        return refusal_reason("closed_folder" if _is_closed(path) else "empty_folder")
    if not path.is_file():
        return refusal_reason("not_a_file") if path.exists() else NO_SUCH_FILE
    return ""


def _is_closed(folder: Path) -> bool:
    return any(entry.path == folder for entry in walk_folder(folder))


def _read_and_check(path: Path) -> FileCheck:
    deliveries = receive_file(path, assumed_as_at=dt.datetime.now(tz=dt.UTC).date())
    manifest, is_dated = deliveries.manifest, deliveries.is_dated
    clean = clean_lists(deliveries.lists, manifest, deliveries.findings, deliveries.mapping)
    unread = find_unread_columns(clean)
    found = [clean.issues, find_unread_column_issues(unread, manifest), _merge_issues(clean, deliveries)]
    issues = drop_unneeded_codes(add_kpis(ISSUES.concat(found)))
    if not is_dated:
        issues = issues[~issues["rule"].isin(RULES_THAT_NEED_THE_AS_AT_DATE)]
    read = usable_rows(manifest)
    reasons = [*manifest["reason"].dropna(), refusal_reason("not_spreadsheet")]
    proposals = propose_mappings(deliveries.unmatched_headers, clean.unmatched_codes)
    quality = DataQuality(issues, _row_ledger(read, clean), manifest, clean.quarantine, proposals)
    return FileCheck(
        str(path),
        refusal=reasons[0] if read.empty else None,
        is_dated=is_dated,
        lists=[
            _summarise_list(name, sheet, rows_read, clean, issues)
            for name, sheet, rows_read in read[["list", "sheet", "rows_read"]].itertuples(
                index=False, name=None
            )
        ],
        quality=quality if is_dated else without_date(quality),
        missing=find_missing_figures(mark_unread_columns(manifest, unread), deliveries.unmatched_headers),
    )


def _missing_figures(missing: MissingFigures) -> dict[str, Any]:
    """What the file's headers cost, for `--json`."""
    return {
        "headers_not_recognised": missing.headers,
        "figures": missing.kpis,
        "figures_missing": [
            {
                "kpi": figure.kpi_id,
                "title": figure.title,
                "list": figure.list,
                "column": figure.header,
                "may_be_a_header": figure.may_be_a_header,
            }
            for figure in missing.figures
        ],
        "sentence": missing.sentence,
    }


def _merge_issues(clean: CleanedLists, deliveries: ReceivedDeliveries) -> pd.DataFrame:
    """The issues that merging finds in the file alone; those between deliveries need a run."""
    if usable_rows(deliveries.manifest).empty:
        return ISSUES.empty()
    return find_issues(clean.lists, clean.quarantine, deliveries.manifest, NO_AUTHORITY, NO_KEY)


def _row_ledger(read: pd.DataFrame, clean: CleanedLists) -> pd.DataFrame:
    """Rows read, loaded, quarantined and superseded (a copy of another row) by file and list."""
    keys = ["delivery_id", "as_at", "file", "list"]
    ledger = read.groupby(keys)["rows_read"].sum().reset_index()
    rows_loaded = {name: len(rows) for name, rows in clean.lists.items()}
    ledger["rows_core"] = ledger["list"].map(rows_loaded).astype("Int64")
    rows_quarantined = ledger["list"].map(clean.quarantine["list"].value_counts())
    ledger["rows_quarantined"] = rows_quarantined.astype("Int64").fillna(0)
    ledger["rows_superseded"] = ledger["rows_read"] - ledger["rows_core"] - ledger["rows_quarantined"]
    return ledger


def _summarise_list(
    name: str, sheet: str, rows_read: int, clean: CleanedLists, issues: pd.DataFrame
) -> dict[str, Any]:
    issues = _rows_of(issues, name, sheet)
    count_by_rule = row_counts(issues).groupby(issues["rule"]).sum()
    return {
        "list": name,
        "sheet": "" if pd.isna(sheet) else sheet,
        "rows_read": int(rows_read),
        "rows_loaded": len(_rows_of(clean.lists[name].assign(list=name), name, sheet)),
        "rows_quarantined": len(_rows_of(clean.quarantine, name, sheet)),
        "issues": {str(rule): int(count) for rule, count in count_by_rule.sort_index().items()},
    }


def _rows_of(rows: pd.DataFrame, name: str, sheet: str) -> pd.DataFrame:
    """The rows of one list on one sheet; rows that name no sheet concern the whole list."""
    is_of_sheet = rows["sheet"].fillna("").isin(["", "" if pd.isna(sheet) else sheet])
    return rows[rows["list"].eq(name) & is_of_sheet]

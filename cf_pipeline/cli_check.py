"""`cf-pipeline check`: what a file holds and what is wrong with it, without loading anything."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from cf_pipeline.clean import Cleaned, clean
from cf_pipeline.cli_table import list_table, say
from cf_pipeline.contracts.mapping import MappingError
from cf_pipeline.ingest.receive import receive_file
from cf_pipeline.ingest.refusals import reason

OK, REFUSED = 0, 2
NEED_THE_AS_AT_DATE = (
    "event_after_as_at",
    "event_before_window",
    "unborn_child",
    "unborn_in_care",
    "birth_date_too_late",
    "age_differs",
)


def check(files: Sequence[Path], *, as_json: bool) -> int:
    """Parse and validate files (of folders: every file in them); returns 2 when one is refused, else 0."""
    records = [checked(path) for path in _expanded(files)]
    if as_json:
        shown = [{name: record[name] for name in ("file", "refused", "lists")} for record in records]
        print(json.dumps({"files": shown}, indent=2))
    else:
        for record in records:
            _show(record)
    return REFUSED if any(record["refused"] for record in records) else OK


def checked(path: Path) -> dict[str, Any]:
    """What one file holds: `file`, `refused` (None or the reason) and its `lists`.

    Each list has its name, sheet, rows read, loaded and quarantined, and issues counted by rule. The
    as-at date is looked for as in the drop zone: the folder's name, the file's, a title row. A file
    that waits outside the drop zone may have none yet (`is_dated` False): it is checked all the same,
    by every rule that does not need the date.
    """
    if not path.is_file():
        if path.is_dir():
            return _refused(path, reason("empty_folder"))
        return _refused(path, reason("not_a_file") if path.exists() else "there is no such file")
    try:
        received = receive_file(path)
    except MappingError as error:
        return _refused(path, str(error))
    is_dated = reason("no_date") not in received.manifest["reason"].tolist()
    if not is_dated:
        today = dt.datetime.now(tz=dt.UTC).date()
        received = receive_file(path, as_at=today)
    read = received.manifest[received.manifest["status"].eq("read")]
    if read.empty:
        reasons = received.manifest["reason"].dropna().tolist()
        return _refused(path, reasons[0] if reasons else reason("not_spreadsheet"))
    cleaned = clean(received.lists, received.manifest, received.findings, received.mapping)
    if not is_dated:
        cleaned = replace(cleaned, issues=cleaned.issues[~cleaned.issues["rule"].isin(NEED_THE_AS_AT_DATE)])
    lists = [_list(row["list"], row["sheet"], row["rows_read"], cleaned) for _, row in read.iterrows()]
    return {"file": str(path), "refused": None, "is_dated": is_dated, "lists": lists}


def _list(name: str, sheet: str, rows_read: int, cleaned: Cleaned) -> dict[str, Any]:
    issues = _of(cleaned.issues, name, sheet)
    return {
        "list": name,
        "sheet": "" if pd.isna(sheet) else sheet,
        "rows_read": int(rows_read),
        "rows_loaded": len(_of(cleaned.lists[name].assign(list=name), name, sheet)),
        "rows_quarantined": len(_of(cleaned.quarantine, name, sheet)),
        "issues": {
            str(rule): int(count) for rule, count in issues["rule"].value_counts().sort_index().items()
        },
    }


def _of(rows: pd.DataFrame, name: str, sheet: str) -> pd.DataFrame:
    """The rows of one list on one sheet; rows that name no sheet concern the whole list."""
    return rows[
        rows["list"].eq(name) & (rows["sheet"].fillna("").isin(["", "" if pd.isna(sheet) else sheet]))
    ]


def _refused(path: Path, why: str) -> dict[str, Any]:
    return {"file": str(path), "refused": why, "is_dated": True, "lists": []}


def _expanded(files: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in files:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith((".", "~$")))
            found += inside or [path]
        else:
            found.append(path)
    return found


def _show(record: dict[str, Any]) -> None:
    if record["refused"]:
        say(f"Refused: {record['file']}: {record['refused']}")
        return
    say(record["file"])
    if not record["is_dated"]:
        say("  No as-at date yet (it comes from the folder, the file's name or a title row):")
        say("  rules that need one were left out. Deliver it in a folder named YYYY-MM-DD.")
    list_table(record["lists"])
    for found in record["lists"]:
        for rule, count in found["issues"].items():
            say(f"  {found['list']}: {rule} ({count})")

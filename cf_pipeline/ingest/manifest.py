"""The manifest: one row for each list found in a file, one for each file refused or ignored."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields

import pandas as pd

MANIFEST: dict[str, str] = {
    "delivery_id": "str",
    "as_at": "datetime64[us]",
    "covers_from": "datetime64[us]",
    "file": "str",
    "sha256": "str",
    "bytes": "Int64",
    "status": "str",
    "reason": "str",
    "list": "str",
    "sheet": "str",
    "header_row": "Int64",
    "rows_read": "Int64",
    "columns_supplied": "str",
    "columns_ignored": "str",
    "sheets_ignored": "str",
    "is_delivery_refused": "boolean",
}
"""Columns of the manifest and their dtypes. `header_row` is Excel's row number."""


@dataclass
class Entry:
    """One row of the manifest; `status` is 'read', 'refused' or 'ignored'."""

    delivery_id: str
    as_at: dt.date | None
    covers_from: dt.date | None
    file: str
    sha256: str | None
    bytes: int | None
    status: str
    reason: str | None = None
    list: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    rows_read: int | None = None
    columns_supplied: str | None = None
    columns_ignored: str | None = None
    sheets_ignored: str | None = None
    is_delivery_refused: bool = False


def manifest_frame(entries: list[Entry]) -> pd.DataFrame:
    """The entries as a frame with the dtypes of `MANIFEST`."""
    columns = {
        field.name: pd.Series([getattr(entry, field.name) for entry in entries], dtype="object")
        for field in fields(Entry)
    }
    for name in ("as_at", "covers_from"):
        columns[name] = pd.to_datetime(columns[name])
    return pd.DataFrame(columns).astype(MANIFEST)

"""The manifest: one row for each list found in a file, one for each file refused or ignored."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields

import pandas as pd

from cf_pipeline.contracts.tables import table_contract

MANIFEST = table_contract("raw/deliveries")


@dataclass
class ManifestEntry:
    """One row of the manifest, as `MANIFEST`; `status` is 'read', 'refused' or 'ignored'."""

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
    list_not_read: str | None = None
    columns_lacking: str | None = None
    columns_ignored: str | None = None
    sheets_ignored: str | None = None
    is_delivery_refused: bool = False


def manifest_frame(entries: list[ManifestEntry]) -> pd.DataFrame:
    """The entries as a frame in the columns of `MANIFEST`."""
    columns = {
        field.name: pd.Series([getattr(entry, field.name) for entry in entries], dtype="object")
        for field in fields(ManifestEntry)
    }
    for name in ("as_at", "covers_from"):
        columns[name] = pd.to_datetime(columns[name])
    return pd.DataFrame(columns).astype(MANIFEST.dtypes)

"""The sources of a list (file and sheet of a delivery) in the manifest, as places that an issue can name."""

from __future__ import annotations

import numpy as np
import pandas as pd

SOURCE = ["delivery_id", "as_at", "file", "sheet"]
"""Columns that identify a source."""


def usable_rows(manifest: pd.DataFrame) -> pd.DataFrame:
    """The manifest rows that were read, without those of refused and of held deliveries."""
    is_refused = manifest["is_delivery_refused"].fillna(False).astype(bool)
    return manifest[manifest["status"].eq("read") & ~is_refused]


def without_row(sources: pd.DataFrame) -> pd.DataFrame:
    """The provenance columns of sources, `excel_row` missing: the whole of a file's list or column."""
    no_row = pd.array([pd.NA], dtype="Int64").take(np.zeros(len(sources), dtype="int64"))
    return sources[SOURCE].assign(excel_row=no_row)


def with_previous_delivery(manifest: pd.DataFrame) -> pd.DataFrame:
    """One row a list and delivery, with the counts and period of the list's previous delivery.

    Returns:
        list, delivery_id, as_at, file, sheet, covers_from, rows_read; of the previous delivery rows_before,
        covers_before, delivery_before (missing in the first).
    """
    key = ["list", "as_at", "delivery_id"]
    received = usable_rows(manifest).dropna(subset=key).sort_values([*key, "file"])
    totals = received.groupby(key)[["rows_read"]].sum().reset_index()
    first = received.drop_duplicates(key)[[*key, "file", "sheet", "covers_from"]]
    lists = totals.merge(first, on=key)
    before = lists[["list", "rows_read", "covers_from", "delivery_id"]].groupby("list").shift()
    return lists.assign(
        rows_before=before["rows_read"],
        covers_before=before["covers_from"],
        delivery_before=before["delivery_id"],
    )

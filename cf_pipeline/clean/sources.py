"""The sources of a list, file and sheet of a delivery, as places that an issue can name."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.contracts.list_contract import PROVENANCE

SOURCE = ["delivery_id", "as_at", "file", "sheet"]
"""What identifies a source."""


def usable(manifest: pd.DataFrame) -> pd.DataFrame:
    """The manifest rows that were read and belong to no refused delivery."""
    refused = manifest["is_delivery_refused"].fillna(False).astype(bool)
    return manifest[manifest["status"].eq("read") & ~refused]


def whole(sources: pd.DataFrame) -> pd.DataFrame:
    """Sources as places with the provenance columns and no row: the whole of a file's list or column."""
    return sources.assign(excel_row=pd.Series(pd.NA, index=sources.index, dtype="Int64"))[list(PROVENANCE)]


def beside_the_one_before(manifest: pd.DataFrame) -> pd.DataFrame:
    """One row a list and delivery, with rows and period of the list's delivery before (else missing).

    Returns:
        list, delivery_id, as_at, file, sheet, covers_from, rows_read; rows_before, covers_before,
        delivery_before.
    """
    key = ["list", "as_at", "delivery_id"]
    received = usable(manifest).dropna(subset=key).sort_values([*key, "file"])
    totals = received.groupby(key)[["rows_read"]].sum().reset_index()
    first = received.drop_duplicates(key)[[*key, "file", "sheet", "covers_from"]]
    lists = totals.merge(first, on=key)
    before = lists[["list", "rows_read", "covers_from", "delivery_id"]].groupby("list").shift()
    return lists.assign(
        rows_before=before["rows_read"],
        covers_before=before["covers_from"],
        delivery_before=before["delivery_id"],
    )

"""The sources of a list, file and sheet of a delivery, as places that an issue can name."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.contracts.lists import PROVENANCE

SOURCE = ["delivery_id", "as_at", "file", "sheet"]
"""What identifies a source."""


def usable(manifest: pd.DataFrame) -> pd.DataFrame:
    """The manifest rows that were read and belong to no refused delivery."""
    refused = manifest["is_delivery_refused"].fillna(False).astype(bool)
    return manifest[manifest["status"].eq("read") & ~refused]


def whole(sources: pd.DataFrame) -> pd.DataFrame:
    """Sources as places with the provenance columns and no row: the whole of a file's list or column."""
    return sources.assign(excel_row=pd.Series(pd.NA, index=sources.index, dtype="Int64"))[list(PROVENANCE)]

"""Where every row of every delivery went: read = core + quarantined + superseded, per file and list."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.contracts.lists import PROVENANCE
from cf_pipeline.history.coverage import read_rows
from cf_pipeline.history.supplied import Supplied

KEYS = ["delivery_id", "as_at", "file", "list"]
OF_FILE = KEYS[:-1]


def row_ledger(
    supplied: Supplied, is_latest: dict[str, pd.Series], latest: dict[str, pd.DataFrame]
) -> pd.DataFrame:
    """Rows read, and where each went, per file and list.

    Args:
        supplied: what the history rests on.
        is_latest: which versions of each list count.
        latest: the rows of each list that are in the history.

    Returns:
        delivery_id, as_at, file, list, rows_read, rows_core, rows_quarantined, rows_superseded.
    """
    superseded = {
        name: [every.rows.loc[~is_latest[name], OF_FILE], every.duplicates]
        for name, every in supplied.versions.items()
    }
    counts = {
        "rows_read": read_rows(supplied.manifest).groupby(KEYS)["rows_read"].sum(),
        "rows_core": _count({name: [rows] for name, rows in latest.items()}),
        "rows_quarantined": supplied.quarantine.groupby(KEYS).size(),
        "rows_superseded": _count(superseded),
    }
    ledger = pd.DataFrame(counts).fillna(0).astype("Int64").rename_axis(KEYS).reset_index()
    types = {name: dtype for name, dtype in PROVENANCE.items() if name in KEYS} | {"list": "str"}
    return ledger.astype(types)


def _count(tables: dict[str, list[pd.DataFrame]]) -> pd.Series:
    found = [rows[OF_FILE].assign(list=name) for name, parts in tables.items() for rows in parts if len(rows)]
    return pd.concat(found).groupby(KEYS).size() if found else pd.Series(dtype="int64")

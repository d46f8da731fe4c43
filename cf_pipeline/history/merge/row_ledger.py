"""Where every row of every delivery went: read = core + quarantined + superseded, per file and list."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.contracts.list_contract import PROVENANCE
from cf_pipeline.history.coverage import read_rows
from cf_pipeline.history.merge.delivered_rows import Supplied

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
    every = supplied.versions.items()
    older = [(name, one.rows.loc[~is_latest[name], OF_FILE]) for name, one in every]
    copies = [(name, one.duplicates) for name, one in every]
    counts = {
        "rows_read": read_rows(supplied.manifest).groupby(KEYS)["rows_read"].sum(),
        "rows_core": _count(list(latest.items())),
        "rows_quarantined": supplied.quarantine.groupby(KEYS).size(),
        "rows_superseded": _count([*older, *copies]),
    }
    ledger = pd.DataFrame(counts).fillna(0).astype("Int64").rename_axis(KEYS).reset_index()
    types = {name: dtype for name, dtype in PROVENANCE.items() if name in KEYS} | {"list": "str"}
    return ledger.astype(types)


def _count(rows_of_lists: list[tuple[str, pd.DataFrame]]) -> pd.Series:
    """How many rows there are of each file and list."""
    filled = [(name, rows[OF_FILE]) for name, rows in rows_of_lists if len(rows)]
    if not filled:
        return pd.Series(dtype="int64")
    names, parts = zip(*filled, strict=True)
    found: pd.Series = pd.concat(parts, keys=names, names=["list"]).groupby(KEYS).size()
    return found

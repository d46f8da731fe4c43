"""Account for every row of every delivery: read = core + quarantined + superseded, per file and list."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.history.coverage import usable_list_rows
from cf_pipeline.history.merge.delivered_rows import DeliveredRows

ROW_LEDGER = table_contract("core/row_ledger")
LEDGER_KEYS = ["delivery_id", "as_at", "file", "list"]
FILE_KEYS = LEDGER_KEYS[:-1]


def count_rows(
    delivered_rows: DeliveredRows,
    is_latest: dict[str, npt.NDArray[np.bool_]],
    latest: dict[str, pd.DataFrame],
) -> pd.DataFrame:
    """Count the rows of each file and list: read, in the core, quarantined and superseded.

    Args:
        delivered_rows: the input of the merge.
        is_latest: which versions of each list are the latest.
        latest: the rows of each list that are in the history.

    Returns:
        delivery_id, as_at, file, list, rows_read, rows_core, rows_quarantined, rows_superseded.
    """
    versions = delivered_rows.versions.items()
    older = [
        (name, of_list.rows[FILE_KEYS][~is_latest[name]])
        for name, of_list in versions
        if not is_latest[name].all()
    ]
    copies = [(name, rows) for name, of_list in versions for rows in (of_list.duplicates, of_list.repeats)]
    counts = {
        "rows_read": usable_list_rows(delivered_rows.manifest).groupby(LEDGER_KEYS)["rows_read"].sum(),
        "rows_core": _count_by_file(list(latest.items())),
        "rows_quarantined": delivered_rows.quarantine.groupby(LEDGER_KEYS).size(),
        "rows_superseded": _count_by_file([*older, *copies]),
    }
    ledger = pd.DataFrame(counts).fillna(0).astype("Int64").rename_axis(LEDGER_KEYS).reset_index()
    return ROW_LEDGER.cast(ledger)


def _count_by_file(rows_of_lists: list[tuple[str, pd.DataFrame]]) -> pd.Series:
    """The number of rows of each file and list."""
    filled = [(name, rows[FILE_KEYS]) for name, rows in rows_of_lists if len(rows)]
    if not filled:
        return pd.Series(dtype="int64")
    names, parts = zip(*filled, strict=True)
    found: pd.Series = pd.concat(parts, keys=names, names=["list"]).groupby(LEDGER_KEYS).size()
    return found

"""Account for every row of every delivery: read = core + quarantined + superseded, per file and list."""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.history.coverage import usable_list_rows
from cf_pipeline.history.merge.delivered_rows import DeliveredRows
from cf_pipeline.history.merge.record_groups import first_positions, join_numbers

ROW_LEDGER = table_contract("core/row_ledger")
LEDGER_KEYS = ["delivery_id", "as_at", "file", "list"]
FILE_KEYS = LEDGER_KEYS[:-1]
COUNTS = ["rows_read", "rows_core", "rows_quarantined", "rows_superseded"]
Counts = Counter[tuple[str, pd.Timestamp, str, str]]
"""Delivery, as-at date, file and list -> a number of rows."""


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
    counts: dict[str, Counts] = {name: Counter() for name in COUNTS}
    read = usable_list_rows(delivered_rows.manifest).groupby(LEDGER_KEYS)["rows_read"].sum()
    counts["rows_read"].update(_count_by_key(read))
    counts["rows_quarantined"].update(_count_by_key(delivered_rows.quarantine.groupby(LEDGER_KEYS).size()))
    for name, of_list in delivered_rows.versions.items():
        counts["rows_core"].update(_count_by_file(name, latest[name]))
        older = of_list.rows[FILE_KEYS][~is_latest[name]]
        for rows in (older, of_list.duplicates, of_list.repeats):
            counts["rows_superseded"].update(_count_by_file(name, rows))
    keys = sorted(set().union(*counts.values()))
    return ROW_LEDGER.frame((*key, *(counts[name][key] for name in COUNTS)) for key in keys)


def _count_by_key(numbers: pd.Series) -> Counts:
    """A number of rows by its place in the index; looked up one by one it would take ten times as long."""
    return Counter(dict(zip(numbers.index, numbers.tolist(), strict=True)))


def _count_by_file(name: str, rows: pd.DataFrame) -> Counts:
    """The number of rows of a list by delivery, as-at date and file, with its name."""
    if rows.empty:
        return Counter()
    numbers = join_numbers(*(pd.factorize(rows[column])[0] for column in FILE_KEYS))
    keys = rows[FILE_KEYS].take(first_positions(numbers)).itertuples(index=False, name=None)
    sizes = np.bincount(numbers).tolist()
    return Counter({(*key, name): size for key, size in zip(keys, sizes, strict=True)})

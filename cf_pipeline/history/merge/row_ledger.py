"""Account for every row of every delivery: read = core + quarantined + superseded, per file and list."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.history.coverage import usable_list_rows
from cf_pipeline.history.merge.delivered_rows import DeliveredRows

ROW_LEDGER = table_contract("core/row_ledger")
LEDGER_KEYS = ["delivery_id", "as_at", "file", "list"]
COUNTS = ["rows_read", "rows_core", "rows_quarantined", "rows_superseded"]
Counts = Counter[tuple[str, pd.Timestamp, str, str]]
"""Delivery, as-at date, file and list -> a number of rows."""


class _Places(NamedTuple):
    """Where rows of a list came from: the rank of the delivery and the file of each."""

    list: str
    rank: npt.NDArray[np.int64]
    file: pd.Series[str]


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
    core, superseded = list[_Places](), list[_Places]()
    for name, of_list in delivered_rows.versions.items():
        core.append(_places(name, latest[name]))
        superseded.append(_places(name, of_list.rows, ~is_latest[name]))
        superseded += [_places(name, rows) for rows in (of_list.duplicates, of_list.repeats) if len(rows)]
    counts["rows_core"] = _count_by_file(core, delivered_rows.deliveries)
    counts["rows_superseded"] = _count_by_file(superseded, delivered_rows.deliveries)
    keys = sorted(set().union(*counts.values()))
    return ROW_LEDGER.frame((*key, *(counts[name][key] for name in COUNTS)) for key in keys)


def _count_by_key(numbers: pd.Series) -> Counts:
    """A number of rows by its place in the index; looked up one by one it would take ten times as long."""
    return Counter(dict(zip(numbers.index, numbers.tolist(), strict=True)))


def _places(name: str, rows: pd.DataFrame, is_counted: npt.NDArray[np.bool_] | None = None) -> _Places:
    """Where rows of a list came from: all of them, or those that are counted."""
    if rows.empty:
        return _Places(name, np.zeros(0, dtype="int64"), rows["file"])
    rank, file = rows["rank"].to_numpy(), rows["file"]
    return (
        _Places(name, rank, file) if is_counted is None else _Places(name, rank[is_counted], file[is_counted])
    )


def _count_by_file(places: list[_Places], deliveries: pd.DataFrame) -> Counts:
    """The number of rows by delivery, as-at date, file and list, of all lists at once.

    Args:
        places: of rows of the lists.
        deliveries: the deliveries, oldest first.
    """
    file, files = pd.factorize(pd.concat([own.file for own in places], ignore_index=True))
    rank = np.concatenate([own.rank for own in places])
    number_of_list = {own.list: number for number, own in enumerate(places)}
    of_list = np.repeat([number_of_list[own.list] for own in places], [len(own.rank) for own in places])
    numbers, sizes = np.unique((rank * len(places) + of_list) * len(files) + file, return_counts=True)
    ids, days = deliveries["delivery_id"].tolist(), deliveries["as_at"].tolist()
    found: Counts = Counter()
    for number, size in zip(numbers.tolist(), sizes.tolist(), strict=True):
        rest, own_file = divmod(number, len(files))
        own_rank, own_list = divmod(rest, len(places))
        found[ids[own_rank], days[own_rank], files[own_file], places[own_list].list] = size
    return found

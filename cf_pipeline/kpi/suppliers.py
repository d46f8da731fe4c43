"""The deliveries that supply a list, as arrays: a KPI asks about them hundreds of times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.months import days_of


@dataclass(frozen=True)
class Suppliers:
    """Deliveries, oldest first: their ids, as-at days, first and last days covered and columns supplied."""

    ids: tuple[str, ...]
    as_at: npt.NDArray[np.datetime64]
    first: npt.NDArray[np.datetime64]
    last: npt.NDArray[np.datetime64]
    columns: tuple[frozenset[str], ...]

    def with_columns(self, names: set[str]) -> Suppliers:
        """Those that supply all the named columns."""
        return self._where([names <= supplied for supplied in self.columns]) if names else self

    def last_of_each_day(self) -> Suppliers:
        """Those that no other of the same as-at date replaces."""
        is_replaced = self.as_at[:-1] == self.as_at[1:]
        return self._where([*(~is_replaced).tolist(), True]) if self.ids else self

    def _where(self, holds: list[bool]) -> Suppliers:
        if all(holds):
            return self
        return Suppliers(
            tuple(one for one, kept in zip(self.ids, holds, strict=True) if kept),
            self.as_at[holds],
            self.first[holds],
            self.last[holds],
            tuple(one for one, kept in zip(self.columns, holds, strict=True) if kept),
        )


def suppliers_of(coverage: pd.DataFrame, lists: tuple[str, ...]) -> Suppliers:
    """The deliveries that supply all of some lists, as the first of them says it; without lists all.

    Args:
        coverage: the table `coverage` of one authority.
        lists: names of lists.
    """
    if lists:
        rows = coverage[coverage["list"].isin(lists)]
        supplies_all = rows.groupby("delivery_id")["list"].transform("nunique").eq(len(lists))
        rows = rows[supplies_all & rows["list"].eq(lists[0])]
    else:
        rows = coverage.drop_duplicates("delivery_id")
    rows = rows.sort_values(["as_at", "delivery_id"])
    return Suppliers(
        tuple(rows["delivery_id"].tolist()),
        days_of(rows["as_at"]),
        days_of(rows["covers_from"]),
        days_of(rows["covers_to"]),
        tuple(frozenset(str(have).split(";")) for have in rows["columns_supplied"]),
    )

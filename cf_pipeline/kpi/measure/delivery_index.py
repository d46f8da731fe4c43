"""The deliveries that supply a list, as arrays: a KPI asks about them hundreds of times."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.months import days_of


@dataclass(frozen=True)
class Suppliers:
    """Lists as deliveries supply them, the oldest delivery first.

    Their delivery ids and lists, as-at days, first and last days covered and columns supplied.
    """

    ids: tuple[str, ...]
    lists: tuple[str, ...]
    as_at: npt.NDArray[np.datetime64]
    first: npt.NDArray[np.datetime64]
    last: npt.NDArray[np.datetime64]
    columns: tuple[frozenset[str], ...]

    @classmethod
    def of(cls, coverage: pd.DataFrame) -> Suppliers:
        """All of the table `coverage` of one authority."""
        rows = coverage.sort_values(["as_at", "delivery_id"])
        return cls(
            tuple(rows["delivery_id"]),
            tuple(rows["list"]),
            days_of(rows["as_at"]),
            days_of(rows["covers_from"]),
            days_of(rows["covers_to"]),
            tuple(frozenset(str(have).split(";")) for have in rows["columns_supplied"]),
        )

    def of_all(self, lists: tuple[str, ...]) -> Suppliers:
        """The deliveries that supply all of some lists, as the first of them says it; without lists all."""
        if not lists:
            firsts = {self.ids.index(one) for one in set(self.ids)}
            return self._where([position in firsts for position in range(len(self.ids))])
        here = list(zip(self.ids, self.lists, strict=True))
        others = [{one for one, name in here if name == other} for other in lists[1:]]
        return self._where([name == lists[0] and all(one in has for has in others) for one, name in here])

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
            tuple(compress(self.ids, holds)),
            tuple(compress(self.lists, holds)),
            self.as_at[holds],
            self.first[holds],
            self.last[holds],
            tuple(compress(self.columns, holds)),
        )

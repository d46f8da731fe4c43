"""The deliveries of each list as arrays, because availability is looked up hundreds of times."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import compress

import numpy as np
import numpy.typing as npt
import pandas as pd

from cf_pipeline.contracts.dates.months import days_of


@dataclass(frozen=True)
class DeliveryIndex:
    """One entry for each list of each delivery, the oldest delivery first.

    Delivery ids, lists, as-at days, first and last days covered, and columns supplied.
    """

    ids: tuple[str, ...]
    lists: tuple[str, ...]
    as_at: npt.NDArray[np.datetime64]
    first: npt.NDArray[np.datetime64]
    last: npt.NDArray[np.datetime64]
    columns: tuple[frozenset[str], ...]

    @cached_property
    def any_columns(self) -> frozenset[str]:
        """The columns that any entry supplies."""
        return frozenset().union(*self.columns)

    @classmethod
    def from_coverage(cls, coverage: pd.DataFrame) -> DeliveryIndex:
        """The index of the core table `coverage` of one authority."""
        rows = coverage.sort_values(["as_at", "delivery_id"])
        return cls(
            tuple(rows["delivery_id"]),
            tuple(rows["list"]),
            days_of(rows["as_at"]),
            days_of(rows["covers_from"]),
            days_of(rows["covers_to"]),
            tuple(frozenset(str(columns).split(";")) for columns in rows["columns_supplied"]),
        )

    def with_lists(self, lists: tuple[str, ...]) -> DeliveryIndex:
        """The deliveries that supply all of some lists, one entry each: that of the first list.

        Without lists, every delivery with its first entry.
        """
        if not lists:
            firsts = {self.ids.index(delivery_id) for delivery_id in set(self.ids)}
            return self._where([position in firsts for position in range(len(self.ids))])
        entries = list(zip(self.ids, self.lists, strict=True))
        ids_by_list = [
            {delivery_id for delivery_id, name in entries if name == wanted} for wanted in lists[1:]
        ]
        return self._where(
            [
                name == lists[0] and all(delivery_id in ids for ids in ids_by_list)
                for delivery_id, name in entries
            ]
        )

    def with_columns(self, names: set[str]) -> DeliveryIndex:
        """The entries that supply all the named columns."""
        return self._where([names <= supplied for supplied in self.columns]) if names else self

    def last_of_each_day(self) -> DeliveryIndex:
        """The last entry of each as-at date."""
        is_replaced = self.as_at[:-1] == self.as_at[1:]
        return self._where([*(~is_replaced).tolist(), True]) if self.ids else self

    def first_within(self, days: npt.NDArray[np.datetime64], span: np.timedelta64) -> list[str | None]:
        """For each day the first delivery with an as-at date from it to `span` later; the last of a date."""
        entries = self.last_of_each_day()
        first = np.searchsorted(entries.as_at, days, side="left")
        is_within = first < len(entries.ids)
        is_within[is_within] = entries.as_at[first[is_within]] <= days[is_within] + span
        return [
            entries.ids[index] if within else None
            for index, within in zip(first.tolist(), is_within.tolist(), strict=True)
        ]

    def _where(self, mask: list[bool]) -> DeliveryIndex:
        if all(mask):
            return self
        return DeliveryIndex(
            tuple(compress(self.ids, mask)),
            tuple(compress(self.lists, mask)),
            self.as_at[mask],
            self.first[mask],
            self.last[mask],
            tuple(compress(self.columns, mask)),
        )


def unread_columns(coverage: pd.DataFrame) -> dict[str, set[str]]:
    """List name -> its dated columns that cannot be read in some delivery (docs/rulings.md#22).

    Args:
        coverage: the core table of one authority.
    """
    found: dict[str, set[str]] = {}
    if "columns_unread" in coverage.columns:
        for name, text in zip(coverage["list"], coverage["columns_unread"], strict=True):
            found.setdefault(name, set()).update(column for column in str(text).split(";") if column)
    return found

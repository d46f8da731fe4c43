"""A column of counted records as the delivery near their period's end has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.kpi.measure.counted_records import CountedRecords
from cf_pipeline.kpi.measure.table_results import Positions, TableResults


@dataclass(frozen=True)
class StatesByDelivery:
    """Where the state of a record in a delivery stands in a table of states: by the numbers of both.

    `keys` are the records, `deliveries` the deliveries; `number` is sorted, `order` the row of each.
    """

    keys: pd.Index
    deliveries: pd.Index
    number: Positions
    order: Positions

    @classmethod
    def of(cls, states: pd.DataFrame) -> StatesByDelivery:
        """Those of a table with record_key and delivery_id."""
        key, keys = pd.factorize(states["record_key"])
        delivery, deliveries = pd.factorize(states["delivery_id"])
        number = key * len(deliveries) + delivery
        order = np.argsort(number)
        return cls(keys, deliveries, number[order], order)

    def positions(self, key: Positions, delivery: Positions) -> Positions:
        """The row of each record and delivery, given as positions in `keys` and `deliveries`; -1 for none."""
        wanted = np.where((key < 0) | (delivery < 0), -1, key * len(self.deliveries) + delivery)
        if not len(self.order):
            return np.full(len(wanted), -1)
        place = np.minimum(np.searchsorted(self.number, wanted), len(self.order) - 1)
        found: Positions = np.where(self.number[place] == wanted, self.order[place], -1)
        return found


def state_at_end(
    list_name: str,
    records: CountedRecords,
    states: pd.DataFrame,
    column: str,
    nearest: Sequence[str | None],
    results: TableResults,
) -> pd.Series:
    """A column of each record as the delivery near its period's end has it; missing without such a delivery.

    A case closed between the period's end and that delivery keeps its last status before
    (docs/rulings.md#3).

    Args:
        list_name: their list.
        records: the counted records.
        states: record_key, delivery_id, as_at and the state columns of every record in every delivery.
        column: the state column.
        nearest: the delivery near the end of each period.
        results: what was found of the tables before.
    """
    contract = list_contracts()[list_name]
    position = _position_of_state(records, states, nearest, results)
    value = _take_or_missing(states[column], position)
    closed_codes = contract.closed_codes.get(column)
    if closed_codes is None or contract.end_date is None:
        return value
    is_closed = value.isin(closed_codes) | _take_or_missing(states[contract.end_date], position).notna()
    earlier = states[~states[column].isin(closed_codes) & states[column].notna()]
    pairs = (
        records.frame(["record_key"])[is_closed]
        .assign(row=records.index[is_closed], until=_take_or_missing(states["as_at"], position)[is_closed])
        .merge(earlier[["record_key", "as_at", column]], on="record_key")
    )
    before = pairs[pairs["as_at"] < pairs["until"]].sort_values("as_at").groupby("row")[column].last()
    return value.where(~is_closed, before.reindex(records.index))


def _position_of_state(
    records: CountedRecords, states: pd.DataFrame, nearest: Sequence[str | None], results: TableResults
) -> Positions:
    """The position of each record's state in the delivery near its period's end; -1 where there is none."""
    found = results.once(states, "by delivery", lambda: StatesByDelivery.of(states))
    of_record = results.once(
        records.table,
        ("states", id(states)),
        lambda: found.keys.get_indexer(pd.Index(records.table["record_key"])),
    )[records.row]
    of_period = found.deliveries.get_indexer(pd.Index(list(nearest), dtype="str"))[records.period]
    positions: Positions = found.positions(of_record, of_period)
    return positions


def _take_or_missing(values: pd.Series, position: Positions) -> pd.Series:
    """The values at some positions, missing at -1; with the index 0, 1, 2, ..."""
    return pd.Series(values.array.take(position, allow_fill=True))

"""What a side of a KPI needs of the deliveries: lists, and columns of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from cf_pipeline.contracts.list_contract import DATE_TYPES
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.tables.core_tables import lists_of, needed_columns
from cf_pipeline.kpi.definitions.sides import AT_END, PERSON, Side

Need = tuple[str, ...]
"""A group of 'list.column' of which one is enough; 'list.' is the list itself."""


def needs_of(part: Side, columns: Iterable[str]) -> list[Need]:
    """A side's lists, and every delivered column that its own columns are derived from.

    Args:
        part: a side of one list each (`Side.parts`).
        columns: the columns that are read, prefixed ones among them, which need nothing here.
    """
    own = [name for name in sorted(columns) if not name.startswith((AT_END, PERSON))]
    lists = [(f"{name}.",) for name in lists_of(part.table)]
    return [*lists, *(need for name in own for need in needed_columns(part.table, name))]


def columns_at_end(columns: Iterable[str]) -> list[str]:
    """The columns that are read from the delivery near the period's end, without their prefix."""
    return [name.removeprefix(AT_END) for name in sorted(columns) if name.startswith(AT_END)]


@cache
def dates_read(part: Side) -> frozenset[str]:
    """The delivered dates of its own list that a side reads, directly or in a derived column.

    A record in which one of them is filled and cannot be read does not count (docs/rulings.md#22).
    """
    contract = list_contracts().get(part.table)
    if contract is None:
        return frozenset()
    dates = {f"{part.table}.{name}" for name in contract.names_of_type(*DATE_TYPES)}
    needed = {list_column for need in needs_of(part, part.columns) for list_column in need}
    return frozenset(name.partition(".")[2] for name in dates & needed)

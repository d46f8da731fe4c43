"""The semantic model as data: tables, columns, relationships and measures, from the contracts of the tables.

Belongs here: what is in the model. Does not belong here: how it is written (`tmdl.py`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from cf_pipeline.contracts.tables import TableColumn, TableContract

SORT_BY: Mapping[tuple[str, str], str] = {
    ("dim_quarter", "quarter_key"): "sequence",
    ("dim_kpi", "title"): "position",
    ("dim_date", "month_name"): "month_no",
    ("dim_category", "label_in_order"): "position",
}
"""Table and column -> the column that puts its values in order.

Power BI refuses a model where one value has two places: a label of a category, which several sets may have,
therefore has its place before it (`ADDED_COLUMNS`)."""
ADDED_COLUMNS: Mapping[str, Sequence[tuple[str, str, str]]] = {
    "dim_category": (
        (
            "label_in_order",
            'dim_category[position] & ". " & dim_category[label]',
            "the category in words after its place, as in 2. 1 to 4: for axes and legends, in order",
        ),
    ),
}
"""Table -> columns that the model works out: name, DAX and description."""
DATES = "dim_date"
"""The table of dates, and its key."""
TECHNICAL_TABLES = frozenset({"authority_source"})
REPEATED = ("breakdown", "category")
"""Columns of a fact that its category has: hidden, because only the category's filter every fact."""


@dataclass(frozen=True)
class Measure:
    """A measure: DAX, and `decimals` as in `data/measures.toml`."""

    name: str
    table: str
    description: str
    expression: str
    decimals: str | int


@dataclass(frozen=True)
class Relationship:
    """Many rows of a table to one of another; an inactive one is used by USERELATIONSHIP alone."""

    table: str
    column: str
    to_table: str
    to_column: str
    is_active: bool


@cache
def measures() -> tuple[Measure, ...]:
    """The measures, in the order in which they are shown."""
    text = resources.files("cf_pipeline.outputs.power_bi").joinpath("data/measures.toml").read_text("utf-8")
    return tuple(
        Measure(
            record["name"],
            record["table"],
            record["description"],
            record["expression"].strip("\n"),
            record["decimals"],
        )
        for record in tomllib.loads(text)["measures"]
    )


def is_hidden(contract: TableContract, column: TableColumn) -> bool:
    """Whether a column is hidden from people: what it says is said by the table it leads to."""
    repeats = {each.references for each in contract.columns} & {"dim_category"} and column.name in REPEATED
    return bool(column.references or repeats)


def relationships(contracts: Sequence[TableContract]) -> list[Relationship]:
    """Every reference of the contracts, active where there is one way only from any table to any other.

    The reference that has the name of the key it holds comes first: of two to one table it is the active one.
    """
    keys = {contract.name: contract.key for contract in contracts}
    named_first = sorted(
        (
            (column.name not in keys[column.references], contract.name, column.name, column.references)
            for contract in contracts
            for column in contract.columns
            if column.references
        ),
    )
    found: list[Relationship] = []
    for _, table, column, to_table in named_first:
        is_active = not _is_ambiguous([*found, Relationship(table, column, to_table, "", True)])
        found.append(Relationship(table, column, to_table, keys[to_table][0], is_active))
    return sorted(found, key=lambda each: (each.table, each.column))


def _is_ambiguous(ways: Sequence[Relationship]) -> bool:
    """Whether a filter would go from one table to another in two ways: from the one to the many."""
    filtered: dict[str, list[str]] = {}
    for each in ways:
        if each.is_active:
            filtered.setdefault(each.to_table, []).append(each.table)

    def reach(table: str) -> list[str]:
        return [end for near in filtered.get(table, []) for end in (near, *reach(near))]

    return any(len(ends) != len(set(ends)) for ends in map(reach, filtered))

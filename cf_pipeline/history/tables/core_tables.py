"""The core tables and their columns: those of each list's contract, derived ones, and joined tables.

What a derived column means and needs is declared in `derived_columns`.
"""

from __future__ import annotations

from dataclasses import dataclass

from cf_pipeline.contracts.list_contract import PROVENANCE, AgeBands
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.history.tables.derived_columns import (
    CATEGORY,
    DERIVED_COLUMNS,
    RECORD_COLUMNS,
    DerivedColumn,
)

STATE_COLUMNS: dict[str, tuple[str, ...]] = {
    name: contract.states for name, contract in list_contracts().items() if contract.states
}
"""List -> columns that are kept for every delivery, because their value on a day is known only near it."""

CATEGORY_TYPES = ("code", "string")
"""Types of a contract's columns with few distinct texts in many rows: stored as categories."""

CASE_LISTS = tuple(name for name, contract in list_contracts().items() if contract.is_case)
"""Lists whose rows are cases of a worker. A child with several cases is counted by the first of them."""
WORKER, TEAM = "allocated_worker", "allocated_team"
"""The columns of the joined tables for the worker and the team of a case."""


@dataclass(frozen=True)
class JoinedTable:
    """A table with rows from several lists of a delivery: its title, lists and columns."""

    title: str
    lists: tuple[str, ...]
    columns: tuple[DerivedColumn, ...]


_WORKERS = tuple((f"{name}.{list_contracts()[name].worker}",) for name in CASE_LISTS)
_CASE_COLUMNS = (
    *RECORD_COLUMNS[:3],
    DerivedColumn("delivery_id", "str", "The delivery."),
    DerivedColumn("as_at", "datetime64[us]", "Its as-at date."),
    DerivedColumn(WORKER, "str", "Keyed pseudonym of the worker; missing when none is named.", _WORKERS),
    DerivedColumn(TEAM, "str", "The team of the case, or of most of the worker's cases."),
)


def _declared_table(path: str) -> JoinedTable:
    """A table that joins no lists, as its contract declares it."""
    contract = table_contract(path)
    columns = (DerivedColumn(column.name, column.dtype, column.description) for column in contract.columns)
    return JoinedTable(contract.title, (), tuple(columns))


JOINED_TABLES: dict[str, JoinedTable] = {
    "open_cases": JoinedTable(
        "Cases open at a quarter's end, from each delivery within 31 days of it.",
        tuple(CASE_LISTS),
        (*_CASE_COLUMNS, DerivedColumn("list", "str", "The list that holds the case.")),
    ),
    "caseloads": JoinedTable(
        "Workers with an open case at a quarter's end, from each delivery within 31 days of it.",
        tuple(CASE_LISTS),
        (
            *_CASE_COLUMNS,
            DerivedColumn("children_count", "Int64", "Different children with a case.", _WORKERS),
        ),
    ),
    "row_ledger": _declared_table("core/row_ledger"),
    "population": _declared_table("reference/population"),
}
"""Tables with rows from several lists of a delivery; those without lists come from elsewhere."""


def states_table(table: str) -> str:
    """The name of the table that keeps the states of a list, one row a record and delivery."""
    return f"{table}_states"


def core_tables() -> list[str]:
    """The names of the core tables, each after those it is derived from."""
    joined = [name for name, table in JOINED_TABLES.items() if table.lists]
    others = ["person", "coverage", "held_lists", "row_ledger", "deliveries", "text_categories"]
    return [*others, *list_contracts(), *map(states_table, STATE_COLUMNS), *joined]


def core_columns(table: str) -> dict[str, str]:
    """Column name -> dtype of a core list table or a joined table.

    Raises:
        KeyError: there is no such table.
    """
    contracts = list_contracts()
    if table in JOINED_TABLES:
        return {column.name: column.dtype for column in JOINED_TABLES[table].columns}
    if table not in contracts:
        raise KeyError(f"no core table {table}")
    contract = contracts[table]
    columns = {
        column.name: CATEGORY if column.type in CATEGORY_TYPES else column.dtype
        for column in contract.columns
        if column.name != contract.person
    }
    columns |= {derived.name: derived.dtype for derived in (*RECORD_COLUMNS, *DERIVED_COLUMNS.get(table, ()))}
    return columns | PROVENANCE


def lists_of(table: str) -> tuple[str, ...]:
    """The lists whose rows a core table holds: its own, or those of a joined table."""
    return JOINED_TABLES[table].lists if table in JOINED_TABLES else (table,)


def title_of(table: str) -> str:
    """The title of a core table: that of its list, or of the joined table without the full stop."""
    return (
        JOINED_TABLES[table].title.removesuffix(".")
        if table in JOINED_TABLES
        else list_contracts()[table].title
    )


def team_column(table: str) -> str | None:
    """The column of a core table that holds the team of a record; None where it has none."""
    if table in JOINED_TABLES:
        return TEAM if any(column.name == TEAM for column in JOINED_TABLES[table].columns) else None
    return list_contracts()[table].team


def age_bands_of(table: str) -> AgeBands:
    """The age bands by which people of a core table are counted: those of children, or of care leavers."""
    contract = list_contracts().get(table)
    return "children" if contract is None else contract.age_bands


def needed_columns(table: str, column: str) -> tuple[tuple[str, ...], ...]:
    """The delivered columns that a core column needs: groups of 'list.column', one of each is enough."""
    derived = derived_column(table, column)
    return ((f"{table}.{column}",),) if derived is None else derived.needs


def derived_column(table: str, column: str) -> DerivedColumn | None:
    """The declaration of a derived column of a core table; None for a delivered column."""
    columns = (*RECORD_COLUMNS, *DERIVED_COLUMNS.get(table, ()))
    if table in JOINED_TABLES:
        columns = JOINED_TABLES[table].columns
    return next((derived for derived in columns if derived.name == column), None)

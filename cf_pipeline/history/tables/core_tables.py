"""The tables of a history and their columns: those of each list's contract, the derived ones, joined tables.

What a derived column is and rests on is declared in `columns`.
"""

from __future__ import annotations

from dataclasses import dataclass

from cf_pipeline.contracts.list_contract import PROVENANCE, AgeBands
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.history.tables.derived_columns import CATEGORY, DERIVED, RECORD, Derived

STATES: dict[str, tuple[str, ...]] = {
    name: contract.states for name, contract in list_contracts().items() if contract.states
}
"""Columns whose value on a day is only known from a delivery near it, kept for every delivery."""

FEW_WORDS = ("code", "string")
"""Types of a contract's columns that hold few different words in many rows."""

CASE_LISTS = tuple(name for name, contract in list_contracts().items() if contract.is_case)
"""Lists whose rows are cases of a worker. A child with several cases is counted by the first of them."""
WORKER, TEAM = "allocated_worker", "allocated_team"
"""The columns of the joined tables for the worker and the team of a case."""


@dataclass(frozen=True)
class Joined:
    """A table made of several lists, a row a delivery and record: its title, lists and columns."""

    title: str
    lists: tuple[str, ...]
    columns: tuple[Derived, ...]


_WORKERS = tuple((f"{name}.{list_contracts()[name].worker}",) for name in CASE_LISTS)
_CASE_COLUMNS = (
    *RECORD[:3],
    Derived("delivery_id", "str", "The delivery that says so."),
    Derived("as_at", "datetime64[us]", "The day it says it of."),
    Derived(WORKER, "str", "Keyed pseudonym of the worker; missing when none is named.", _WORKERS),
    Derived(TEAM, "str", "The team of the case, or of most of the worker's cases."),
)


def _declared_table(path: str) -> Joined:
    """A table that joins no lists, as its contract declares it."""
    contract = table_contract(path)
    columns = (Derived(column.name, column.dtype, column.description) for column in contract.columns)
    return Joined(contract.title, (), tuple(columns))


JOINED: dict[str, Joined] = {
    "open_cases": Joined(
        "Cases open at a quarter's end, as each delivery within 31 days of it says.",
        tuple(CASE_LISTS),
        (*_CASE_COLUMNS, Derived("list", "str", "The list that holds the case.")),
    ),
    "caseloads": Joined(
        "Workers with an open case at a quarter's end, as each delivery within 31 days of it says.",
        tuple(CASE_LISTS),
        (*_CASE_COLUMNS, Derived("children_count", "Int64", "Different children with a case.", _WORKERS)),
    ),
    "row_ledger": _declared_table("core/row_ledger"),
    "population": _declared_table("reference/population"),
}
"""Tables whose rows come from several lists of one delivery, or (without lists) from none."""


def states_table(table: str) -> str:
    """The name of the table that keeps a list's states, one row a record and delivery."""
    return f"{table}_states"


def core_tables() -> list[str]:
    """The tables that a history consists of, each after those it rests on."""
    joined = [name for name, table in JOINED.items() if table.lists]
    others = ["person", "coverage", "row_ledger", "deliveries"]
    return [*others, *list_contracts(), *map(states_table, STATES), *joined]


def core_columns(table: str) -> dict[str, str]:
    """Column name to dtype of a core list table, or of a joined one; KeyError names an unknown table."""
    contracts = list_contracts()
    if table in JOINED:
        return {column.name: column.dtype for column in JOINED[table].columns}
    if table not in contracts:
        raise KeyError(f"no core table {table}")
    contract = contracts[table]
    columns = {
        column.name: CATEGORY if column.type in FEW_WORDS else column.dtype
        for column in contract.columns
        if column.name != contract.person
    }
    columns |= {derived.name: derived.dtype for derived in (*RECORD, *DERIVED.get(table, ()))}
    return columns | PROVENANCE


def lists_of(table: str) -> tuple[str, ...]:
    """The lists a core table is made of: itself, or those of a joined table."""
    return JOINED[table].lists if table in JOINED else (table,)


def title_of(table: str) -> str:
    """What a reader calls a core table: the title of its list, or of a joined one."""
    return JOINED[table].title.removesuffix(".") if table in JOINED else list_contracts()[table].title


def team_column(table: str) -> str | None:
    """The column of a core table that holds the team of a record; None where it has none."""
    if table in JOINED:
        return TEAM if any(column.name == TEAM for column in JOINED[table].columns) else None
    return list_contracts()[table].team


def age_bands_of(table: str) -> AgeBands:
    """Which age bands the people of a core table are counted in: those of children, or of care leavers."""
    contract = list_contracts().get(table)
    return "children" if contract is None else contract.age_bands


def needs_of(table: str, column: str) -> tuple[tuple[str, ...], ...]:
    """The delivered columns, as 'list.column' alternatives, that a core column rests on."""
    derived = derived_column(table, column)
    return ((f"{table}.{column}",),) if derived is None else derived.needs


def derived_column(table: str, column: str) -> Derived | None:
    """What is declared of a core column that no file holds; None of a delivered one."""
    columns = JOINED[table].columns if table in JOINED else (*RECORD, *DERIVED.get(table, ()))
    return next((derived for derived in columns if derived.name == column), None)

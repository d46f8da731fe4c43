"""The contract of every table of the lake, by its key: from the table contracts, or from those of the lists.

A list has a table in each of the layers `ingested`, `clean` and `core`. Some core tables join several lists,
or keep what each delivery stated of a record. Every output asset has the same table: the files it wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from cf_pipeline.contracts.list_contract import PROVENANCE, UNREAD_DATES, ListContract
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.tables import TableColumn, TableContract, shared_column, table_contract
from cf_pipeline.contracts.tables.table_contract import type_of
from cf_pipeline.history.tables.core_tables import JOINED_TABLES, STATE_COLUMNS, core_columns, states_table
from cf_pipeline.history.tables.derived_columns import DERIVED_COLUMNS, RECORD_COLUMNS

TITLES = {
    "ingested": "as read from the files: every cell as text, with file, sheet and row.",
    "clean": "typed and coded by its contract; rows that break it are in quarantine.",
    "core": "all deliveries merged into one history, with derived columns and no child id.",
}
"""What the table of a list holds in each layer."""


@cache
def lake_table(*key: str) -> TableContract:
    """The contract of a table, as in `lake_table("kpi", "quarterly")`; KeyError when there is none."""
    layer, name = key[0], key[-1]
    if layer == "outputs":
        return table_contract("outputs/files")
    if layer in TITLES and name in list_contracts():
        return _list_table(layer, list_contracts()[name])
    if layer == "core" and name in JOINED_TABLES and JOINED_TABLES[name].lists:
        words = {column.name: column.description for column in JOINED_TABLES[name].columns}
        return TableContract("core", name, JOINED_TABLES[name].title, _columns(core_columns(name), words))
    if layer == "core" and name in _states_lists():
        return _states_table(name, list_contracts()[_states_lists()[name]])
    return table_contract("/".join(key))


def _list_table(layer: str, contract: ListContract) -> TableContract:
    kind = "local list" if contract.number is None else f"Annex A list {contract.number}"
    title = f"{contract.title} ({kind}): {TITLES[layer]}"
    return TableContract(
        layer, contract.name, title, _columns(_list_dtypes(layer, contract), _words(contract))
    )


def _list_dtypes(layer: str, contract: ListContract) -> dict[str, str]:
    if layer == "core":
        return core_columns(contract.name)
    types = {column.name: "str" if layer == "ingested" else column.dtype for column in contract.columns}
    marks = {UNREAD_DATES: "str"} if layer == "clean" else {}
    return PROVENANCE | types | marks


def _states_lists() -> dict[str, str]:
    """The tables of what each delivery stated, and the list of each."""
    return {states_table(name): name for name in STATE_COLUMNS}


def _states_table(name: str, contract: ListContract) -> TableContract:
    title = f"{contract.title}: what each delivery stated of each record."
    dtypes = {"record_key": "str", "delivery_id": "str", "as_at": "datetime64[us]"}
    dtypes |= {column: contract.column(column).dtype for column in STATE_COLUMNS[contract.name]}
    return TableContract("core", name, title, _columns(dtypes, _words(contract)))


def _words(contract: ListContract) -> dict[str, str]:
    words = {column.name: column.description for column in contract.columns}
    return words | {
        each.name: each.description for each in (*RECORD_COLUMNS, *DERIVED_COLUMNS.get(contract.name, ()))
    }


def _columns(dtypes: Mapping[str, str], words: Mapping[str, str]) -> tuple[TableColumn, ...]:
    """Columns of these dtypes; those without words of their own are the columns that tables share."""
    return tuple(
        TableColumn(name, type_of(dtype), words[name] if name in words else shared_column(name).description)
        for name, dtype in dtypes.items()
    )

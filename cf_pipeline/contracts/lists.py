"""Every list contract: one TOML file a list under `lists/`, loaded once and checked.

Adding a list is adding its file; the lake, the checks and the documents follow from it.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from cf_pipeline.contracts.list_contract import DTYPES, Column, ListContract


@cache
def list_contracts() -> dict[str, ListContract]:
    """Every list contract by name, Annex A lists first in their order, then the local lists.

    Raises:
        ValueError: a contract names a key, date or code set that does not exist.
    """
    folder = resources.files("cf_pipeline.contracts") / "lists"
    contracts = [
        _contract(tomllib.loads(path.read_text(encoding="utf-8")))
        for path in sorted(folder.iterdir(), key=lambda path: path.name)
        if path.name.endswith(".toml")
    ]
    contracts.sort(key=lambda contract: (contract.number is None, contract.number or 0))
    return {contract.name: contract for contract in contracts}


def _column(record: dict[str, Any]) -> Column:
    values = {"description": record["header"]} | record | {"aliases": tuple(record.get("aliases", ()))}
    return Column(**values)


def _contract(record: dict[str, Any]) -> ListContract:
    columns = tuple(_column(column) for column in record.pop("columns"))
    lists: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in record.items()
    }
    contract = ListContract(columns=columns, **lists)
    names = set(contract.column_names)
    named = {contract.person, *contract.natural_key, contract.source_id}
    named |= {contract.key_date, contract.end_date, contract.slot_date, *contract.finish_dates}
    unknown = sorted(name for name in named if name is not None and name not in names)
    if unknown:
        raise ValueError(f"list contract {contract.name}: no column {', '.join(unknown)}")
    if len(names) != len(columns):
        raise ValueError(f"list contract {contract.name}: a column is named twice")
    wrong = [column.name for column in columns if column.type not in DTYPES]
    if wrong:
        raise ValueError(f"list contract {contract.name}: unknown type of {', '.join(wrong)}")
    coded = [column.name for column in columns if (column.type == "code") != (column.code_set is not None)]
    if coded:
        raise ValueError(f"list contract {contract.name}: code set missing or not needed: {', '.join(coded)}")
    return contract

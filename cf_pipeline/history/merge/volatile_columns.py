"""Tell the columns that describe a record from volatile ones, which change with the as-at date.

An age, a worker, a count of twelve months or a last visit differs from delivery to delivery without a
correction. Volatile columns are declared in the list's contract. They are stored, but not compared
(docs/history.md, "What happens to a row").
"""

from __future__ import annotations

from cf_pipeline.contracts.list_contract import DEMOGRAPHICS, ListContract


def material_columns(contract: ListContract) -> list[str]:
    """The columns whose change is a change of the record: those that are not volatile."""
    return [column.name for column in contract.columns if column.name not in contract.volatile]


def withdrawable_columns(contract: ListContract) -> list[str]:
    """The dates and codes of which an empty cell removes the earlier value (no closure date: open again)."""
    kinds = ("date", "datetime", "code")
    columns = [column.name for column in contract.columns if column.type in kinds]
    return [name for name in columns if name not in contract.volatile and name not in DEMOGRAPHICS]

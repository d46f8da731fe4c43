"""Which columns of a list make a record what it is, and which only move with the as-at date.

An age, a worker, a count of twelve months or a last visit differs in every delivery without anything having
been corrected. They are stored; a record whose other columns are equal is the same (reference on merging).
"""

from __future__ import annotations

from cf_pipeline.contracts.list_contract import DEMOGRAPHICS, ListContract


def material_columns(contract: ListContract) -> list[str]:
    """The columns whose change is a change of the record, in the contract's order."""
    return [column.name for column in contract.columns if column.name not in contract.volatile]


def withdrawable(contract: ListContract) -> list[str]:
    """Dates and statuses of a record: emptied later, they are taken back (a closure date: re-opened)."""
    kinds = ("date", "datetime", "code")
    columns = [column.name for column in contract.columns if column.type in kinds]
    return [name for name in columns if name not in contract.volatile and name not in DEMOGRAPHICS]

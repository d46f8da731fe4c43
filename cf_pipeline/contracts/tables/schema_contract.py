"""What a schema of the warehouse holds: the contracts of its tables and of its views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cf_pipeline.contracts.tables.table_contract import TableContract


@dataclass(frozen=True)
class SchemaContract:
    """One schema; a view has a contract as a table has one.

    A table that is the same as another schema's may be given by that one's contract: it is described there.
    """

    name: str
    tables: Sequence[TableContract]
    views: Sequence[TableContract]

    @property
    def contracts(self) -> list[TableContract]:
        """Tables, then views."""
        return [*self.tables, *self.views]

    @property
    def own_contracts(self) -> list[TableContract]:
        """The tables and views that are described under this schema."""
        return [contract for contract in self.contracts if contract.layer == self.name]

    def place_of(self, name: str) -> str:
        """Where a table or view of this schema is described, as in 'published_v1-dim_kpi'."""
        return next(place_of(contract) for contract in self.contracts if contract.name == name)


def place_of(contract: TableContract) -> str:
    """Where a contract is described on a page of several schemas: its schema and its name."""
    return f"{contract.layer}-{contract.name}"

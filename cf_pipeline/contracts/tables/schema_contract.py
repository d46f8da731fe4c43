"""What a schema of the warehouse holds: the contracts of its tables and of its views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cf_pipeline.contracts.tables.table_contract import TableContract


@dataclass(frozen=True)
class SchemaContract:
    """One schema; a view has a contract as a table has one."""

    name: str
    tables: Sequence[TableContract]
    views: Sequence[TableContract]

    @property
    def contracts(self) -> list[TableContract]:
        """Tables, then views."""
        return [*self.tables, *self.views]

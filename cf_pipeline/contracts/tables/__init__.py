"""The table contracts: one TOML file a table, grouped by layer of the lake or schema of the warehouse.

From a contract come the dtypes and empty frames of the domain, the schema that Dagster shows, the types that
Parquet is read with, and the tables, keys, lengths and comments of the warehouse. The tables of the lists are
not here: they follow from the list contracts (`cf_pipeline/contracts/lists`).
"""

from cf_pipeline.contracts.tables.declarations import shared_column, table_contract, table_contracts
from cf_pipeline.contracts.tables.table_contract import TableColumn, TableContract

__all__ = ["TableColumn", "TableContract", "shared_column", "table_contract", "table_contracts"]

"""The contract of the warehouse: tables, columns and views of each schema."""

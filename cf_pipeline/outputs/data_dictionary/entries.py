"""The words of the data dictionary that no contract has."""

from __future__ import annotations

from collections.abc import Mapping

from cf_pipeline.contracts.tables import TableColumn
from cf_pipeline.contracts.tables.table_contract import ColumnType

TYPE_WORDS: dict[ColumnType, str] = {
    "string": "text",
    "category": "text",
    "integer": "whole number",
    "big_integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "date": "date",
    "datetime": "date and time (UTC)",
}
"""The word for each column type of a contract."""
SCHEMA_WORDS: Mapping[str, str] = {
    "published_v1": "Figures for staff, analysts and internal reports. There is no row about a child, but "
    "nothing is suppressed: counts of one to five children are shown as they are.",
    "restricted": "Records about children, for staff with a right to them. In a DuckDB file kpi_member is a "
    "view of three tables, which store once what its rows share.",
    "committee_v1": "What a paper for a committee may show: totals. Counts of one to five children are "
    "hidden (symbol c) unless the council approved them. What is as in published_v1 is described there.",
    "public_v1": "What the public may see: counts of one to five children, and what would give them away, "
    "are hidden (symbol c). What is as in published_v1 is described there.",
}
"""What a schema holds and for whom."""


def column_role(column: TableColumn) -> str:
    """What a column is besides its type: key, required, or neither ('')."""
    if column.is_key:
        return "key"
    return "required" if column.is_required else ""

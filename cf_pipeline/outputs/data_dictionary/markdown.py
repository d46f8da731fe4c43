"""The data dictionary as a page of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cf_pipeline.contracts.tables import TableContract
from cf_pipeline.contracts.tables.schema_contract import SchemaContract, place_of
from cf_pipeline.outputs.data_dictionary.entries import SCHEMA_WORDS, TYPE_WORDS, column_role


def render_markdown(introduction: str, schemas: Iterable[SchemaContract]) -> str:
    """The page: the introduction, then a section a schema, in it one a table and view."""
    lines = [introduction.rstrip("\n"), ""]
    for schema in schemas:
        lines += [f"## `{schema.name}`", "", SCHEMA_WORDS[schema.name], ""]
        for heading, contracts in (("Tables", schema.tables), ("Views", schema.views)):
            if contracts:
                links = ", ".join(f"[{each.name}](#{place_of(each)})" for each in contracts)
                lines += [f"{heading}: {links}.", ""]
        for contract in schema.own_contracts:
            lines += _table(schema, contract)
    return "\n".join(lines).rstrip("\n") + "\n"


def _table(schema: SchemaContract, contract: TableContract) -> Iterator[str]:
    yield from (f'<a id="{place_of(contract)}"></a>', f"### `{contract.name}`", "", f"{contract.title}.", "")
    yield from ("| column | type | | what it says |", "|---|---|---|---|")
    for column in contract.columns:
        words = _cell(column.description)
        if column.references:
            words += f"; see [{column.references}](#{schema.place_of(column.references)})"
        yield f"| `{column.name}` | {TYPE_WORDS[column.type]} | {column_role(column)} | {words} |"
    yield ""


def _cell(text: str) -> str:
    """Text as a cell of a table: `<` would begin a tag, `|` end the cell."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|")

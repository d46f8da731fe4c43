"""The semantic model as TMDL: tabs, an object's properties below it, expressions one level deeper."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Sequence

from cf_pipeline.contracts.tables import TableColumn, TableContract
from cf_pipeline.contracts.tables.table_contract import ColumnType
from cf_pipeline.outputs.power_bi.semantic_model import (
    ADDED_COLUMNS,
    DATES,
    SORT_BY,
    TECHNICAL_TABLES,
    Measure,
    Relationship,
    is_hidden,
)

DATA_TYPES: dict[ColumnType, str] = {
    "string": "string",
    "category": "string",
    "integer": "int64",
    "big_integer": "int64",
    "number": "double",
    "boolean": "boolean",
    "date": "dateTime",
    "datetime": "dateTime",
}
"""The type of the model of each column type of a contract."""
FORMATS: dict[ColumnType, str] = {"date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:nn:ss", "integer": "0"}
M_TYPES: dict[ColumnType, str] = {
    "string": "type text",
    "category": "type text",
    "integer": "Int64.Type",
    "big_integer": "Int64.Type",
    "number": "type number",
    "boolean": "type logical",
    "date": "type date",
    "datetime": "type datetime",
}
"""The type in Power Query of each column type of a contract."""
IDS = uuid.UUID("5f3d2c60-2c39-4d0c-9c3c-8f1b1d4b7a16")
"""The namespace of lineage tags: an object has the same one in every export."""
KPI_FORMAT = '"#,0" & IF ( MAX ( dim_kpi[decimals] ) > 0, "." & REPT ( "0", MAX ( dim_kpi[decimals] ) ), "" )'


def table_text(contract: TableContract, measures: Iterable[Measure], source: Sequence[str]) -> str:
    """The file of one table.

    Args:
        contract: the table.
        measures: those that stand in it.
        source: the lines of the expression in M that gives its rows.
    """
    lines = [*_description(contract.title), f"table {quote(contract.name)}", *_tag(contract.name)]
    if contract.name in TECHNICAL_TABLES:
        lines.append("\tisHidden")
    if contract.name == DATES:
        lines.append("\tdataCategory: Time")
    lines.append("")
    for measure in measures:
        lines += [*_indent(_measure(measure)), ""]
    for column in contract.columns:
        lines += [*_indent(_column(contract, column)), ""]
    for name, expression, words in ADDED_COLUMNS.get(contract.name, ()):
        lines += [*_indent(_added_column(contract.name, name, expression, words)), ""]
    partition = [
        f"partition {quote(contract.name)} = m",
        "\tmode: import",
        "\tsource =",
        *_indent(source, 3),
    ]
    return _text([*lines, *_indent(partition)])


def relationships_text(relationships: Iterable[Relationship]) -> str:
    """The file of the relationships, many to one and filtering in that one direction."""
    lines: list[str] = []
    for each in relationships:
        lines.append(f"relationship {_id(each.table, each.column, each.to_table)}")
        if not each.is_active:
            lines.append("\tisActive: false")
        lines += [
            f"\tfromColumn: {quote(each.table)}.{quote(each.column)}",
            f"\ttoColumn: {quote(each.to_table)}.{quote(each.to_column)}",
            "",
        ]
    return _text(lines)


def parameters_text(parameters: Iterable[tuple[str, str, str]]) -> str:
    """The file of the parameters: name, value and description of each."""
    lines: list[str] = []
    for name, value, words in parameters:
        escaped = value.replace('"', '""')
        meta = 'meta [IsParameterQuery=true, Type="Text", IsParameterQueryRequired=true]'
        lines += [
            *_description(words),
            f'expression {quote(name)} = "{escaped}" {meta}',
            *_tag("expression", name),
            "",
            "\tannotation PBI_ResultType = Text",
            "",
        ]
    return _text(lines)


def model_text(tables: Iterable[str], description: str, culture: str) -> str:
    """The file of the model: its words, its culture and the order of its tables."""
    return _text(
        [
            *_description(description),
            "model Model",
            f"\tculture: {culture}",
            "\tdefaultPowerBIDataSourceVersion: powerBI_V3",
            f"\tsourceQueryCulture: {culture}",
            "\tdiscourageImplicitMeasures",
            "",
            "annotation __PBI_TimeIntelligenceEnabled = 0",
            "",
            *(f"ref table {quote(name)}" for name in tables),
            "",
            f"ref cultureInfo {culture}",
        ]
    )


def quote(name: str) -> str:
    """A name as TMDL and DAX write it: in quotation marks where it is more than letters and digits."""
    escaped = name.replace("'", "''")
    return name if re.fullmatch(r"\w+", name, re.ASCII) else f"'{escaped}'"


def _measure(measure: Measure) -> Iterator[str]:
    yield from _description(measure.description)
    yield f"measure {quote(measure.name)} ="
    yield from _indent(measure.expression.split("\n"), 2)
    if measure.decimals == "kpi":
        yield f"\tformatStringDefinition = {KPI_FORMAT}"
    else:
        places = int(measure.decimals)
        yield f"\tformatString: #,0{'.' + '0' * places if places else ''}"
    yield from _tag(measure.table, "measure", measure.name)


def _column(contract: TableContract, column: TableColumn) -> Iterator[str]:
    yield from _description(column.description)
    yield f"column {quote(column.name)}"
    yield f"\tdataType: {DATA_TYPES[column.type]}"
    if contract.name == DATES and column.is_key:
        yield "\tisKey"
    if is_hidden(contract, column):
        yield "\tisHidden"
    if column.type in FORMATS:
        yield f"\tformatString: {FORMATS[column.type]}"
    yield from _tag(contract.name, column.name)
    yield "\tsummarizeBy: none"
    yield f"\tsourceColumn: {column.name}"
    yield from _sort_by(contract.name, column.name)


def _added_column(table: str, name: str, expression: str, words: str) -> Iterator[str]:
    yield from _description(words)
    yield f"column {quote(name)} = {expression}"
    yield "\tdataType: string"
    yield from _tag(table, name)
    yield "\tsummarizeBy: none"
    yield from _sort_by(table, name)


def _sort_by(table: str, column: str) -> Iterator[str]:
    if (table, column) in SORT_BY:
        yield f"\tsortByColumn: {quote(SORT_BY[table, column])}"


def _description(words: str) -> list[str]:
    return [f"/// {' '.join(words.split())}"]


def _tag(*names: str) -> list[str]:
    return [f"\tlineageTag: {_id(*names)}"]


def _id(*names: str) -> uuid.UUID:
    return uuid.uuid5(IDS, "/".join(names))


def _indent(lines: Iterable[str], tabs: int = 1) -> list[str]:
    return [("\t" * tabs + line).rstrip() for line in lines]


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines).rstrip("\n") + "\n"

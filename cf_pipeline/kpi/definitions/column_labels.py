"""Labels of the columns of core tables and of the codes in them, for `explain`.

A delivered column has its official header, which a manager knows from the spreadsheet; a derived one its
description; any other its name.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cf_pipeline.contracts.code_labels import code_labels
from cf_pipeline.contracts.list_contract import Column
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.tables.core_tables import core_columns, derived_column, lists_of
from cf_pipeline.history.tables.derived_columns import DerivedColumn
from cf_pipeline.kpi.definitions.conditions import PERIOD_COLUMNS
from cf_pipeline.kpi.definitions.sides import AT_END, PERSON

PERIOD_WORDS = dict(zip(PERIOD_COLUMNS, ("the period's start", "the period's end"), strict=True))
WHERE_FROM = {AT_END: " (in the delivery near the period's end)", PERSON: " (in this list or another)"}
"""Words for the source of a value, by the column's prefix."""
WHEN, UNLESS = "Y when ", "Y unless "
"""The beginnings of a flag's description."""


@dataclass(frozen=True)
class ColumnLabel:
    """The label of a column of a table.

    `code_labels` are the labels of its codes. `flag` is the meaning of 'Y' in a derived flag, None for other
    columns. A cell of a delivered column can be blank; a derived value is known or not.
    """

    noun: str
    is_date: bool = False
    is_delivered: bool = False
    flag: str | None = None
    code_labels: dict[str, str] = field(default_factory=dict)


def column_label(table: str, name: str) -> ColumnLabel:
    """The label of a column of a core table, of a prefixed one or of a period bound.

    Args:
        table: the core table whose rows are counted.
        name: the column as a KPI's record names it.
    """
    if name in PERIOD_WORDS:
        return ColumnLabel(PERIOD_WORDS[name], is_date=True)
    prefix = next((prefix for prefix in WHERE_FROM if name.startswith(prefix)), "")
    where_from, column = WHERE_FROM.get(prefix, ""), name.removeprefix(prefix)
    is_date = core_columns(table).get(column, "").startswith("datetime")
    delivered = _delivered_column(table, column, in_any_list=prefix == PERSON)
    if delivered is not None:
        noun = f'"{delivered.header}"{where_from}'
        return ColumnLabel(noun, is_date, is_delivered=True, code_labels=_code_labels(delivered.code_set))
    derived = derived_column(table, column)
    if derived is None:
        return ColumnLabel(_spaced(column) + where_from, is_date)
    return _derived_label(derived, is_date)


def _delivered_column(table: str, name: str, *, in_any_list: bool) -> Column | None:
    """The column of that name in the table's lists or, with `in_any_list`, in any list."""
    contracts = list_contracts()
    lists = (*lists_of(table), *(contracts if in_any_list else ()))
    columns = (
        column for list_name in lists if list_name in contracts for column in contracts[list_name].columns
    )
    return next((column for column in columns if column.name == name), None)


def _derived_label(column: DerivedColumn, is_date: bool) -> ColumnLabel:
    name, code_labels = _spaced(column.name), _code_labels(column.code_set)
    description = column.description.partition(";")[0].removesuffix(".")
    if description.startswith(WHEN):
        return ColumnLabel(name, flag=description.removeprefix(WHEN), code_labels=code_labels)
    if description.startswith(UNLESS):
        flag = f"{name}, unless {description.removeprefix(UNLESS)}"
        return ColumnLabel(name, flag=flag, code_labels=code_labels)
    noun = description[:1].lower() + description[1:]
    return ColumnLabel(f"the {noun}" if is_date else noun, is_date, code_labels=code_labels)


def _code_labels(code_set: str | None) -> dict[str, str]:
    return {} if code_set is None else code_labels(code_set)


def _spaced(name: str) -> str:
    return name.replace("_", " ")

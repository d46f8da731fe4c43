"""What a reader calls the columns of a list and the codes in them: the words of its contract.

A delivered column is called by its official header, which a manager knows from the spreadsheet; a derived one
by its description; any other by its name.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cf_pipeline.contracts.code_labels import code_labels
from cf_pipeline.contracts.list_contract import Column
from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.tables.core_tables import core_columns, derived_column, lists_of
from cf_pipeline.history.tables.derived_columns import Derived
from cf_pipeline.kpi.definitions.conditions import PERIOD_COLUMNS
from cf_pipeline.kpi.definitions.sides import AT_END, PERSON

PERIOD_WORDS = dict(zip(PERIOD_COLUMNS, ("the period's start", "the period's end"), strict=True))
WHERE_FROM = {AT_END: " (in the delivery near the period's end)", PERSON: " (in this list or another)"}
"""What a prefix says of where a value is from."""
WHEN, UNLESS = "Y when ", "Y unless "
"""How the description of a flag begins."""


@dataclass(frozen=True)
class ColumnWords:
    """How a column of a table is called.

    `labels` are the words of its codes. `flag` is what 'Y' says of a row where the column is derived to say
    so. A cell of a delivered column can be blank; a derived value is known or not.
    """

    noun: str
    is_date: bool = False
    is_delivered: bool = False
    flag: str | None = None
    labels: dict[str, str] = field(default_factory=dict)


def column_words(table: str, name: str) -> ColumnWords:
    """The words of a column of a core table, of a prefixed one or of a period bound.

    Args:
        table: the core table whose rows are counted.
        name: the column as a KPI's record names it.
    """
    if name in PERIOD_WORDS:
        return ColumnWords(PERIOD_WORDS[name], is_date=True)
    prefix = next((prefix for prefix in WHERE_FROM if name.startswith(prefix)), "")
    where_from, column = WHERE_FROM.get(prefix, ""), name.removeprefix(prefix)
    is_date = core_columns(table).get(column, "").startswith("datetime")
    delivered = _delivered(table, column, everywhere=prefix == PERSON)
    if delivered is not None:
        noun = f'"{delivered.header}"{where_from}'
        return ColumnWords(noun, is_date, is_delivered=True, labels=_labels(delivered.code_set))
    derived = derived_column(table, column)
    return (
        ColumnWords(_spaced(column) + where_from, is_date) if derived is None else _derived(derived, is_date)
    )


def _delivered(table: str, name: str, *, everywhere: bool) -> Column | None:
    """The column of that name in the table's lists; of any list where another may say it."""
    contracts = list_contracts()
    lists = (*lists_of(table), *(contracts if everywhere else ()))
    columns = (column for one in lists if one in contracts for column in contracts[one].columns)
    return next((column for column in columns if column.name == name), None)


def _derived(column: Derived, is_date: bool) -> ColumnWords:
    name, labels = _spaced(column.name), _labels(column.code_set)
    said = column.description.partition(";")[0].removesuffix(".")
    if said.startswith(WHEN):
        return ColumnWords(name, flag=said.removeprefix(WHEN), labels=labels)
    if said.startswith(UNLESS):
        return ColumnWords(name, flag=f"{name}, unless {said.removeprefix(UNLESS)}", labels=labels)
    noun = said[:1].lower() + said[1:]
    return ColumnWords(f"the {noun}" if is_date else noun, is_date, labels=labels)


def _labels(code_set: str | None) -> dict[str, str]:
    return {} if code_set is None else code_labels(code_set)


def _spaced(name: str) -> str:
    return name.replace("_", " ")

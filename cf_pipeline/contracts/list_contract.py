"""The contract of one list: its columns, their types, and how its records are keyed and dated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from cf_pipeline.contracts.no_rows import no_rows

ColumnType = Literal[
    "id", "date", "datetime", "integer", "number", "code", "string", "postcode", "presence", "worker"
]
ListKind = Literal["event", "period", "state", "process"]

DTYPES: dict[str, str] = {
    "id": "str",
    "date": "datetime64[us]",
    "datetime": "datetime64[us]",
    "integer": "Int64",
    "number": "Float64",
    "code": "str",
    "string": "str",
    "postcode": "str",
    "presence": "boolean",
    "worker": "str",
}
"""The pandas dtype of each column type once cleaned. Dates are midnights."""

PROVENANCE: dict[str, str] = {
    "delivery_id": "str",
    "as_at": "datetime64[us]",
    "file": "str",
    "sheet": "str",
    "excel_row": "Int64",
}
"""Where a row came from, on every ingested, clean and core row."""

MAY_BE_MISSING = frozenset({"sheet"})
"""Provenance that a row may lack: a CSV has no sheet."""


@dataclass(frozen=True)
class Column:
    """One column of a list: its name inside, its headers in files, its type and code set.

    The description is the official header where that says enough.
    """

    name: str
    header: str
    type: ColumnType
    aliases: tuple[str, ...] = ()
    code_set: str | None = None
    description: str = ""

    @property
    def dtype(self) -> str:
        """The pandas dtype of the cleaned column."""
        return DTYPES[self.type]


@dataclass(frozen=True)
class ListContract:
    """One list: what a row is, how it is recognised, keyed and dated.

    `natural_key` names the columns that identify a record when the source system's own
    `source_id` is not supplied; a `slot_date` (a visit's due date) stands for the key date where it is
    known, so that a visit due and the visit made are one record. A period is over on its `end_date`, a
    process on the first of its `finish_dates`. `key_date` is None for a list that is a state on the
    as-at date.
    """

    name: str
    title: str
    scope: str
    kind: ListKind
    person: str
    natural_key: tuple[str, ...]
    window_months: int
    sheet_names: tuple[str, ...]
    columns: tuple[Column, ...]
    number: int | None = None
    source_id: str | None = None
    key_date: str | None = None
    end_date: str | None = None
    finish_dates: tuple[str, ...] = ()
    slot_date: str | None = None
    one_row_a_child: bool = False

    def column(self, name: str) -> Column:
        """The column of that name; KeyError names list and column."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"list {self.name} has no column {name}")

    @property
    def column_names(self) -> list[str]:
        """Canonical column names in the contract's order."""
        return [column.name for column in self.columns]

    @property
    def required(self) -> tuple[str, ...]:
        """Columns without which a sheet is not this list: the id and the key date."""
        return (self.person,) if self.key_date is None else (self.person, self.key_date)

    def empty(self) -> pd.DataFrame:
        """A cleaned frame of this list with provenance columns and no rows."""
        return no_rows(PROVENANCE | {column.name: column.dtype for column in self.columns})

    def empty_text(self) -> pd.DataFrame:
        """An ingested frame of this list with no rows: every cell text, a column a category of its texts."""
        return no_rows(PROVENANCE | dict.fromkeys(self.column_names, "category"))

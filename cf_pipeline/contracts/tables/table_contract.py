"""What is declared of a table: its title, its columns with types and words, and its key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pandas as pd

from cf_pipeline.contracts.tables.no_rows import no_rows

ColumnType = Literal["string", "category", "integer", "big_integer", "number", "boolean", "date", "datetime"]

DTYPE_OF_TYPE: dict[ColumnType, str] = {
    "string": "str",
    "category": "category",
    "integer": "Int64",
    "big_integer": "Int64",
    "number": "Float64",
    "boolean": "boolean",
    "date": "datetime64[us]",
    "datetime": "datetime64[us]",
}
"""The pandas dtype of each column type. Dates are midnights; a big integer may pass 2**31 in a database."""


def type_of(dtype: str) -> ColumnType:
    """The first column type that has a pandas dtype; KeyError when none has."""
    types: dict[str, ColumnType] = {}
    for column_type, known in DTYPE_OF_TYPE.items():
        types.setdefault(known, column_type)
    return types[dtype]


@dataclass(frozen=True)
class TableColumn:
    """One column of a table; `max_length` counts characters, and is None for text without a limit.

    `references` names the table of its schema whose key the column holds; None for other columns.
    """

    name: str
    type: ColumnType
    description: str
    is_key: bool = False
    is_required: bool = False
    max_length: int | None = None
    references: str | None = None

    @property
    def dtype(self) -> str:
        """The pandas dtype of the column."""
        return DTYPE_OF_TYPE[self.type]


@dataclass(frozen=True)
class TableContract:
    """One table: its layer of the lake or schema of the warehouse, its name, its title and its columns.

    `repeated` names groups of columns whose values repeat together over many rows, so that a database may
    store each combination once.
    """

    layer: str
    name: str
    title: str
    columns: tuple[TableColumn, ...]
    repeated: Mapping[str, Sequence[str]] = field(default_factory=dict, hash=False)

    @property
    def path(self) -> str:
        """The layer and the name, as in 'kpi/quarterly' or 'published_v1/dim_kpi'."""
        return f"{self.layer}/{self.name}"

    @property
    def column_names(self) -> list[str]:
        """The names of the columns, in order."""
        return [column.name for column in self.columns]

    @property
    def key(self) -> list[str]:
        """The columns that identify a row; none when the table has no key."""
        return [column.name for column in self.columns if column.is_key]

    @property
    def dtypes(self) -> dict[str, str]:
        """The pandas dtype of each column, in order."""
        return {column.name: column.dtype for column in self.columns}

    def without(self, *names: str) -> TableContract:
        """The contract less some columns; KeyError names one that it does not have."""
        unknown = [name for name in names if name not in self.column_names]
        if unknown:
            raise KeyError(f"table {self.path} has no column {unknown[0]}")
        return replace(self, columns=tuple(column for column in self.columns if column.name not in names))

    def empty(self) -> pd.DataFrame:
        """A frame with the columns and no rows."""
        return no_rows(self.dtypes)

    def frame(self, rows: Iterable[Any]) -> pd.DataFrame:
        """A frame of rows: mappings by column name, or tuples in the order of the columns."""
        records = list(rows)
        return self.cast(pd.DataFrame(records, columns=self.column_names)) if records else self.empty()

    def concat(self, frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
        """The frames one below the other, as `cast` gives each; no rows when there are none."""
        names = self.column_names
        filled = [frame if list(frame.columns) == names else frame[names] for frame in frames if len(frame)]
        return self.cast(pd.concat(filled, ignore_index=True)) if filled else self.empty()

    def cast(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The contract's columns of a frame, in order and with their dtypes; KeyError when one is missing."""
        names = self.column_names
        chosen = frame if list(frame.columns) == names else frame[names]
        types = zip(self.dtypes.items(), chosen.dtypes, strict=True)
        others: dict[str, Any] = {name: dtype for (name, dtype), found in types if str(found) != dtype}
        # One by one: `astype` of a frame takes every column apart and puts all of them together again.
        return chosen.assign(**{name: chosen[name].astype(dtype) for name, dtype in others.items()})

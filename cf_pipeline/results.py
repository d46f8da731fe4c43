"""Results of reading, cleaning and comparing that are kept between runs, so that the same work is done once.

Belongs here: what such a result is, the key it is kept under, and what a store of results must do.
Does not belong here: where the results lie and how a file of them looks (`project/results`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from functools import cache
from typing import Any, NamedTuple, Protocol

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.api.types import pandas_dtype


class Result(NamedTuple):
    """One result: plain facts that JSON can hold, and tables by name.

    The tables are Arrow's, so that many of them are joined before pandas sees them: a frame of pandas for
    each list of each delivery would cost more than all their rows.
    """

    facts: dict[str, Any]
    tables: dict[str, pa.Table]


class ResultStore(Protocol):
    """Where results are kept."""

    def find(self, key: str) -> Result | None:
        """The result of a key as it was kept; None where there is none, or it is damaged."""

    def keep(self, key: str, result: Result) -> None:
        """Keep a result."""


class NoStore:
    """Keeps nothing: everything is worked out each time."""

    def find(self, key: str) -> Result | None:
        """None."""

    def keep(self, key: str, result: Result) -> None:
        """Nothing is kept."""


NO_STORE = NoStore()


def result_key(*inputs: Any) -> str:
    """SHA-256 (hex) over everything that decides a result: dataclasses, mappings, dates and plain values.

    The order of a mapping counts, because it may decide; that of a set cannot.
    """
    return hashlib.sha256(json.dumps(inputs, default=_plain_value).encode()).hexdigest()


def table_hash(table: pa.Table) -> str:
    """SHA-256 (hex) over the names, types and cells of a table, as Arrow writes them."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table.combine_chunks())
    return hashlib.sha256(sink.getvalue()).hexdigest()


def table_of(frame: pd.DataFrame) -> pa.Table:
    """A frame as a table of a result; its index is left out."""
    # Column by column, because what Arrow keeps of pandas beside a table is never asked for.
    return pa.table({name: pa.array(frame[name], from_pandas=True) for name in frame.columns})


NO_CATEGORIES = pd.CategoricalDtype(pd.Index([], dtype="str"))
"""The type of a column of texts in which every cell is empty, as reading a file gives it."""


def join_tables(tables: Sequence[pa.Table], dtypes: Mapping[str, str]) -> pd.DataFrame:
    """Tables of the same columns one below the other, as a frame.

    Args:
        tables: at least one.
        dtypes: the columns of the frame, in order, with their types.
    """
    joined = pa.concat_tables(tables).select(list(dtypes)).unify_dictionaries().combine_chunks()
    # Column by column: what Arrow does for a whole table takes longer than the rows of a list.
    arrays = {name: _array_of(joined.column(name), pandas_type(dtype)) for name, dtype in dtypes.items()}
    return pd.DataFrame(arrays, copy=False)


@cache
def pandas_type(name: str) -> Any:
    """The type of pandas of a name such as 'Int64', which pandas would look up again each time."""
    return pandas_dtype(name)


def _array_of(column: pa.ChunkedArray, dtype: Any) -> Any:
    """A column as an array of a dtype of pandas; as categories where its texts have none."""
    if isinstance(column.type, pa.DictionaryType) or isinstance(dtype, pd.CategoricalDtype):
        found = column.to_pandas().array
        if isinstance(found, pd.Categorical) and found.categories.empty:
            return found.astype(NO_CATEGORIES)  # Arrow gives a dictionary without texts no type of them
        return found if str(found.dtype) == str(dtype) else found.astype(dtype)
    if isinstance(dtype, np.dtype):
        return column.to_numpy().astype(dtype)
    return dtype.__from_arrow__(column)


def _plain_value(value: Any) -> Any:
    """What JSON writes for a value that it does not know.

    Raises:
        TypeError: nothing is known that always tells two such values apart.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"a {type(value).__name__} cannot be part of the key of a result")

"""Write a table as one private Parquet file and read it back with its contract's types.

Belongs here: what a frame looks like in the file, and what a damaged file is.
Does not belong here: which tables there are and where they lie (`lake_layout`).
"""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from cf_pipeline.errors import PlainError, machine_error
from cf_pipeline.project.lake_layout import TableKey
from cf_pipeline.project.lake_tables import lake_table
from cf_pipeline.project.private_files import write_private

if TYPE_CHECKING:
    from upath import UPath

_DAMAGE = (pa.ArrowException, OSError, ValueError, KeyError, TypeError)
"""What Arrow, or pandas reading its own metadata in the file, raises where a byte has changed."""

_ATTRIBUTES = b"PANDAS_ATTRS"
"""Where pandas keeps the attributes of a frame in the file."""


class UnstorableTableError(PlainError):
    """A column mixes types; the message names it and quotes none of its values."""


class DamagedTableError(PlainError):
    """A file of the lake is no Parquet any more, or a page of it is not as it was written."""

    def __init__(self, key: TableKey, path: UPath) -> None:
        super().__init__(
            f"The table {'/'.join(key)} of the lake is damaged ({path}); "
            "`cf-pipeline run` makes it again from the deliveries."
        )


def write_table(path: UPath, frame: pd.DataFrame, key: TableKey) -> pd.DataFrame:
    """Write a frame to a temporary name and move it into place, mode 0600 in folders 0700.

    Returns:
        The frame as it is stored.

    Raises:
        UnstorableTableError: a column mixes types.
        MachineError: the file cannot be written; the one before stays.
    """
    table = _storable(frame, lake_table(*key).dtypes)
    content, mixed = b"", ""
    try:
        content = _parquet(table)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        mixed = ", ".join(str(name) for name in table.select_dtypes(object)) or "a column"
    if mixed:  # raised here, not in the handler: Arrow's own message quotes a cell
        raise UnstorableTableError(
            f"{path.parent.name}/{path.name}: {mixed} mixes types and cannot be stored"
        )
    fault = None
    try:
        if isinstance(path, Path):
            write_private(path, content)
        else:  # an object store shows an object only once it is whole
            path.write_bytes(content)
    except OSError as error:
        fault = machine_error(f"The table {'/'.join(key)} could not be written to {path.parent}", error)
    if fault is not None:
        raise fault
    return table


def read_table(path: UPath, key: TableKey, *, has_categories: bool = False) -> pd.DataFrame:
    """The table with the columns of its contract in their types.

    A column that an older version of the product did not write yet is empty.

    Args:
        path: its file.
        key: which table.
        has_categories: whether a column of text is one of categories instead: it takes a tenth of the time
            and of the memory where texts repeat.

    Raises:
        DamagedTableError: the file is there and is no Parquet any more, or a page is not as it was written.
    """
    data, frame = io.BytesIO(path.read_bytes()), None
    dtypes = lake_table(*key).dtypes
    texts = [name for name, dtype in dtypes.items() if dtype == "str"] if has_categories else []
    with contextlib.suppress(*_DAMAGE):  # their messages may quote a cell
        footer = pq.read_metadata(data)
        stored = [name for name in texts if name in footer.schema.names]
        file = pq.ParquetFile(data, metadata=footer, page_checksum_verification=True, read_dictionary=stored)
        frame = _frame(file.read())
    if frame is None:
        raise DamagedTableError(key, path)
    return _with_contract_types(frame, dict(dtypes) | dict.fromkeys(texts, "category"))


def as_read(frame: pd.DataFrame, key: TableKey) -> pd.DataFrame:
    """What `read_table` gives of the frame that `write_table` returns, without the file."""
    without_categories = {
        name: pd.CategoricalDtype(pd.Index([], dtype=object), dtype.ordered)
        for name, dtype in frame.dtypes.items()
        if isinstance(dtype, pd.CategoricalDtype) and dtype.categories.empty
    }
    frame = frame.reset_index(drop=True)
    frame = frame.astype(without_categories) if without_categories else frame
    return _with_contract_types(frame, lake_table(*key).dtypes)


def _with_contract_types(frame: pd.DataFrame, dtypes: Mapping[str, str]) -> pd.DataFrame:
    if missing := [name for name in dtypes if name not in frame]:
        frame = frame.assign(**dict.fromkeys(missing))
    stored = frame.dtypes  # asking each column for its own makes a column of each
    other_types = {name: dtype for name, dtype in dtypes.items() if str(stored[name]) != dtype}
    return frame.astype(other_types) if other_types else frame


def _parquet(frame: pd.DataFrame) -> bytes:
    """The file that `DataFrame.to_parquet` writes, without statistics; a run writes a hundred small ones."""
    bare = frame.copy(deep=False)
    bare.attrs = {}  # each column that is taken out of a frame gets a copy of them
    table = pa.Table.from_pandas(bare, preserve_index=False)
    if frame.attrs:
        table = table.replace_schema_metadata({**table.schema.metadata, _ATTRIBUTES: json.dumps(frame.attrs)})
    with pa.BufferOutputStream() as stream:
        with pq.ParquetWriter(
            stream,
            table.schema,
            compression="snappy",
            write_page_checksum=True,
            write_statistics=False,  # nothing reads them, and those of categories are two thirds of the time
        ) as file:
            file.write_table(table)
        return bytes(stream.getvalue())


def _frame(table: pa.Table) -> pd.DataFrame:
    """What `pandas.read_parquet` makes of the table, without its search for other files."""
    frame: pd.DataFrame = table.to_pandas()
    frame.attrs = json.loads((table.schema.metadata or {}).get(_ATTRIBUTES, b"{}"))
    return frame


def read_attributes(path: UPath, key: TableKey) -> dict[str, Any]:
    """The attributes of a table, without its rows.

    Raises:
        DamagedTableError: the file is there and is no Parquet any more.
    """
    data, attributes = io.BytesIO(path.read_bytes()), None
    with contextlib.suppress(*_DAMAGE):
        attributes = json.loads((pq.read_schema(data).metadata or {}).get(_ATTRIBUTES, b"{}"))
    if not isinstance(attributes, dict):
        raise DamagedTableError(key, path)
    return attributes


def _storable(frame: pd.DataFrame, dtypes: Mapping[str, str]) -> pd.DataFrame:
    """Categories that no contract declares become text, as do columns of nothing but missing objects."""
    texts = [
        name
        for name, dtype in frame.dtypes.items()
        if (isinstance(dtype, pd.CategoricalDtype) and dtypes.get(str(name)) != "category")
        or (pd.api.types.is_object_dtype(dtype) and frame[name].isna().all())
    ]
    return frame.astype(dict.fromkeys(texts, "str")) if texts else frame

"""The rows of one table as a CSV or Parquet file, written part by part.

CSV is UTF-8 with a byte order mark, without which Excel takes it for the system's own code page; every text
is in quotation marks, an empty cell is no value. A text that a spreadsheet would calculate has an apostrophe.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import IO, Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from cf_pipeline.contracts.tables import TableContract
from cf_pipeline.contracts.tables.table_contract import ColumnType

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
FORMULA_SIGNS = "=+\\-@\t\r\n＝＋－＠"
"""Letters with which a text begins that a spreadsheet calculates, as a set of a regular expression.

Source: OWASP, CSV injection. A spreadsheet in a Japanese locale takes the wide forms alike.
"""
_FORMULA = f"^('*[{FORMULA_SIGNS}])"
ARROW_TYPES: dict[ColumnType, Any] = {
    "string": pa.string(),
    "category": pa.string(),
    "integer": pa.int64(),
    "big_integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", tz="UTC"),
}
"""The Arrow type of each column type of a contract. Times of a publication are UTC."""


def write_parquet(file: IO[bytes], contract: TableContract, parts: Iterable[pd.DataFrame]) -> int:
    """Write the parts of a table one below the other as Parquet; returns the number of rows.

    Args:
        file: open for writing.
        contract: the table's columns; their descriptions are in the file's schema.
        parts: frames with the contract's columns.
    """
    schema, rows = arrow_schema(contract), 0
    with pq.ParquetWriter(file, schema) as writer:
        for part in parts:
            table = _arrow_table(part, schema)
            writer.write_table(table)
            rows += table.num_rows
    return rows


def write_csv(file: IO[bytes], contract: TableContract, parts: Iterable[pd.DataFrame]) -> int:
    """Write the parts of a table one below the other as CSV; returns the number of rows.

    Arguments as of `write_parquet`. Dates are ISO, times end with Z, numbers have a decimal point and are
    unrounded.
    """
    schema, rows = arrow_schema(contract), 0
    in_text = pa.schema([pa.field(field.name, _csv_type(field.type)) for field in schema])
    file.write(BYTE_ORDER_MARK)
    with pa.csv.CSVWriter(file, in_text) as writer:
        for part in parts:
            table = _arrow_table(part, schema)
            columns = [_csv_cells(column) for column in table.columns]
            writer.write_table(pa.table(columns, schema=in_text))
            rows += table.num_rows
    return rows


def text_without_formula(text: str) -> str:
    """The text of a CSV cell: with an apostrophe before it where a spreadsheet would calculate it."""
    return re.sub(_FORMULA, r"'\1", text)


def arrow_schema(contract: TableContract) -> pa.Schema:
    """The columns of a contract as Arrow has them, each with its description."""
    return pa.schema(
        [
            pa.field(
                column.name,
                ARROW_TYPES[column.type],
                nullable=not (column.is_key or column.is_required),
                metadata={"description": column.description},
            )
            for column in contract.columns
        ],
        metadata={"title": contract.title},
    )


def _arrow_table(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    names = schema.names
    times = [field.name for field in schema if pa.types.is_timestamp(field.type)]
    in_utc = {name: frame[name].dt.tz_localize("UTC") for name in times}
    return pa.Table.from_pandas(frame[names].assign(**in_utc), schema=schema, preserve_index=False)


def _csv_type(type_: pa.DataType) -> pa.DataType:
    return pa.string() if pa.types.is_timestamp(type_) else type_


def _csv_cells(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The cells as CSV shows them: times as ISO text, and no text that a spreadsheet would calculate."""
    if pa.types.is_timestamp(column.type):
        return pc.strftime(column, format="%Y-%m-%dT%H:%M:%SZ")
    if pa.types.is_string(column.type):
        return pc.replace_substring_regex(column, pattern=_FORMULA, replacement=r"'\1")
    return column

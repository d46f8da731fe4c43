"""What a schema is filled with: the rows of one authority after another, then the tables of all of them.

One authority's rows are in memory at a time. What the tables of all authorities need of them is asked of the
database that they were loaded into.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, Table, func, literal, select, union, union_all

from cf_pipeline.warehouse.dialects import AUTHORITY, Database
from cf_pipeline.warehouse.reading.frames import to_frame
from cf_pipeline.warehouse.tables.schemas import Schema

SOURCES = "authority_source"
"""The table that says what the rows of each authority were made from."""


@dataclass(frozen=True)
class AuthorityRows:
    """The rows of one authority by table, as `conform` returns them.

    `sources_hash` is that of what they were made from; None when the next publication must not keep them.
    """

    authority_code: str
    tables: Mapping[str, pd.DataFrame]
    sources_hash: str | None = None


class LoadedRows:
    """The tables of a schema that is being filled."""

    def __init__(self, target: Database, connection: Connection, tables: Mapping[str, Table]) -> None:
        """The connection that fills the tables (by name)."""
        self._target, self._connection, self._tables = target, connection, tables

    def distinct(self, names: Sequence[str], columns: Sequence[str]) -> pd.DataFrame:
        """Each combination of texts in these columns of these tables, once, in order."""
        queries = [select(*(self._tables[name].columns[each] for each in columns)) for name in names]
        rows = [tuple(row) for row in self._connection.execute(union(*queries))]
        frame = pd.DataFrame(rows, columns=list(columns), dtype="str")
        return frame.sort_values(list(columns), ignore_index=True)

    def read(self, name: str, code: str) -> pd.DataFrame:
        """The rows of an authority in a table, as they were written, with the dtypes of its contract."""
        table = self._tables[name]
        query = table.select().where(table.columns[AUTHORITY] == code)
        return to_frame(query, self._target.fetch_columns(self._connection, query))

    def count(self) -> dict[str, int]:
        """The rows of each table."""
        counts = [
            select(literal(name), func.count()).select_from(each) for name, each in self._tables.items()
        ]
        return {str(name): int(rows) for name, rows in self._connection.execute(union_all(*counts))}

    def hash_rows(
        self, names: Sequence[str], codes: Sequence[str], *, has_others: bool = True
    ) -> dict[str, str]:
        """Authority code -> SHA-256 (hex) over the hashes of its rows in these tables.

        Args:
            names: the tables.
            codes: the authorities.
            has_others: whether the tables may hold rows of others, which are passed over; where they must
                not, the rows of any other are hashed too, under its code.
        """
        digests = {code: hashlib.sha256() for code in codes}
        for name in sorted(names):
            table = self._tables[name]
            authority = table.columns[AUTHORITY]
            query = select(authority, func.count(), func.sum(self._target.row_hash(table))).group_by(
                authority
            )
            if has_others:
                query = query.where(authority.in_(codes))
            for code, rows, total in self._connection.execute(query):
                digests.setdefault(code, hashlib.sha256()).update(f"{name}:{rows}:{total}\n".encode())
        return {code: digest.hexdigest() for code, digest in digests.items()}


@dataclass(frozen=True)
class Load:
    """The rows of one schema.

    `authorities` are loaded one after the other. `common` makes the tables of all authorities when those are
    loaded. `kept` are the codes of authorities whose published rows stay as they are. `check` is asked before
    readers see the schema; what it raises stops the publication.
    """

    schema: Schema
    authorities: Iterable[AuthorityRows]
    common: Callable[[LoadedRows], Mapping[str, pd.DataFrame]]
    kept: Sequence[str] = ()
    check: Callable[[LoadedRows], None] | None = None

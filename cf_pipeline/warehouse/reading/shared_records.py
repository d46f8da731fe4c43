"""Reads the records and lists that a reader may see, and no others: the rows of the teams of a share.

The rule of a table follows from its columns, as row security has it (docs/access.md). It is part of every
query on every database; on a server the transaction has the rights of the reader's own role as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from sqlalchemy import ColumnElement, FromClause, and_, exists, false, or_, true

from cf_pipeline.warehouse.access import Share
from cf_pipeline.warehouse.dialects import AUTHORITY
from cf_pipeline.warehouse.read import Queries, Tables, fetch_frames, query_of
from cf_pipeline.warehouse.tables.roles import RowRule, row_rule
from cf_pipeline.warehouse.tables.schemas import RESTRICTED

TEAM, CHILD = "team", "person_ref"


def read_shared_records(
    url: str,
    where_by_table: Mapping[str, Mapping[str, object]],
    shares: Sequence[Share],
    role: str | None = None,
) -> dict[str, pd.DataFrame]:
    """Tables of `restricted`, all of one publication: the rows that a reader may see.

    Args:
        url: the warehouse.
        where_by_table: the tables, each with the values its columns must have, as of `read_table`.
        shares: what the reader may see; nothing without one.
        role: the reader's own on a server, whose rights hold too; None for those of the login in the URL.

    Returns:
        A frame a table in the columns of its contract and the order of its key, empty when nothing is
        published.

    Raises:
        WarehouseError: no such table, the database failed, or the role may not be taken.
    """

    def make_queries(tables: Tables) -> Queries:
        return {
            name: query_of(RESTRICTED, tables, name, where).where(_is_visible(tables, name, shares))
            for name, where in where_by_table.items()
        }

    return fetch_frames(url, RESTRICTED, make_queries, role)


def _is_visible(tables: Tables, name: str, shares: Sequence[Share]) -> ColumnElement[bool]:
    """The condition of the rows of a table that a reader of these shares sees."""
    table = tables[name]
    rule = row_rule(name, table.columns.keys())
    if rule is RowRule.EVERYONE or Share(None) in shares:
        return true()
    if rule is RowRule.TEAM:
        return or_(false(), *(_is_of_share(table, share) for share in shares))
    is_of_authority = table.columns[AUTHORITY].in_([share.authority_code for share in shares])
    if rule is RowRule.AUTHORITY:
        return is_of_authority
    return and_(is_of_authority, or_(false(), *_visible_children(tables, table, shares)))


def _is_of_share(table: FromClause, share: Share) -> ColumnElement[bool]:
    is_of_authority = table.columns[AUTHORITY] == share.authority_code
    return and_(is_of_authority, table.columns[TEAM].in_(share.teams)) if share.teams else is_of_authority


def _visible_children(
    tables: Tables, table: FromClause, shares: Sequence[Share]
) -> Sequence[ColumnElement[bool]]:
    """For each table with teams and children: whether a row of it about the same child is visible."""
    return [
        exists().where(
            other.columns[CHILD] == table.columns[CHILD],
            other.columns[AUTHORITY] == table.columns[AUTHORITY],
            or_(false(), *(_is_of_share(other, share) for share in shares)),
        )
        for name, other in tables.items()
        if row_rule(name, other.columns.keys()) is RowRule.TEAM and CHILD in other.columns
    ]

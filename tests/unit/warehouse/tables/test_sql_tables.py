from pathlib import Path

import pytest
from sqlalchemy.dialects import mssql, postgresql
from sqlalchemy.schema import CreateTable, CreateView

from cf_pipeline.warehouse.tables.schemas import PUBLISHED, RESTRICTED
from cf_pipeline.warehouse.tables.view_comments import column_comments
from cf_pipeline.warehouse.tables.views import VIEW_COMMENTS, views

metadata = PUBLISHED.metadata
SNAPSHOT = Path(__file__).with_name("published_v1.txt")
SQL_SERVER = mssql.dialect(deprecate_large_types=True)


def _contract() -> str:
    lines = []
    for table in sorted(metadata.sorted_tables, key=lambda table: table.name):
        lines.append(table.name)
        for column in table.columns:
            kind = "key" if column.primary_key else "required" if not column.nullable else "optional"
            to = "".join(f" -> {key.column.table.name}" for key in column.foreign_keys)
            lines.append(f"  {column.name}: {column.type!r} {kind}{to}")
    for name, select in sorted(views(PUBLISHED.tables).items()):
        lines.append(f"{name}: {', '.join(column.name for column in select.selected_columns)}")
    return "\n".join(lines) + "\n"


def test_the_contract_is_the_one_in_git():
    # Additive change only. After one, write this text to the snapshot; anything else is published_v2.
    assert _contract() == SNAPSHOT.read_text(encoding="utf-8")


def test_every_table_and_column_is_described():
    bare = [table.name for table in metadata.sorted_tables if not table.comment]
    bare += [
        f"{table.name}.{c.name}" for table in metadata.sorted_tables for c in table.columns if not c.comment
    ]
    assert bare == []
    assert set(VIEW_COMMENTS) == set(views(PUBLISHED.tables))


@pytest.mark.parametrize("name", sorted(VIEW_COMMENTS))
def test_every_column_of_a_view_is_described(name):
    query = views(PUBLISHED.tables)[name]
    comments = column_comments(name, query)
    assert set(comments) == {column.name for column in query.selected_columns}
    assert all(comments.values())


EVERY_TABLE = [*metadata.sorted_tables, *RESTRICTED.metadata.sorted_tables]


@pytest.mark.parametrize("table", EVERY_TABLE, ids=str)
def test_sql_server_would_take_it(table):
    ddl = str(CreateTable(table).compile(dialect=SQL_SERVER))
    for trap in ("NTEXT", "IDENTITY", "VARCHAR(max)," if "NVARCHAR" not in ddl else "\0"):
        assert trap not in ddl
    key_bytes = sum(2 * (getattr(column.type, "length", None) or 4) for column in table.primary_key)
    assert key_bytes <= 900
    assert not any(column.type.__class__.__name__ == "UnicodeText" for column in table.primary_key)


@pytest.mark.parametrize("name", sorted(VIEW_COMMENTS))
def test_views_have_no_boolean_literal_where_there_is_none(name):
    statement = CreateView(views(PUBLISHED.tables)[name], name, schema=PUBLISHED.name)
    assert " true" not in str(statement.compile(dialect=SQL_SERVER)).lower()
    assert (
        str(statement.compile(dialect=postgresql.dialect())).strip().startswith("CREATE VIEW published_v1.")
    )

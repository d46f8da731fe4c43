"""A warehouse that an older version of the product published is read: what it lacks is empty."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from cf_pipeline.contracts.tables import table_contracts
from cf_pipeline.warehouse import publish_tables, read_table, read_tables
from cf_pipeline.warehouse.errors import WarehouseError
from cf_pipeline.warehouse.tables.schemas import PUBLISHED
from tests.support import publication_example as example

ADDED = [
    (contract.name, column.name)
    for contract in table_contracts(PUBLISHED.name)
    for column in contract.columns
    if not (column.is_key or column.is_required)
]
"""Every column that a version before may have lacked: additive columns are never required."""


def alter(url: str, *statements: str) -> None:
    """Change what was published as an older version would have left it, without views of new columns."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        for view in PUBLISHED.view_comments:
            connection.execute(text(f"DROP VIEW IF EXISTS published_v1.{view}"))
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_a_column_that_the_warehouse_lacks_is_read_as_empty_and_all_others_as_they_are(url):
    publish_tables(url, example.tables(1))
    whole = read_tables(url)
    alter(url, *(f'ALTER TABLE published_v1.{name} DROP COLUMN "{column}"' for name, column in ADDED))
    older = read_tables(url)
    for name, frame in whole.items():
        lacking = [column for table, column in ADDED if table == name]
        kept = frame.drop(columns=lacking)
        assert list(older[name]) == list(frame)
        assert older[name].dtypes.to_dict() == frame.dtypes.to_dict()
        assert older[name][lacking].isna().all(axis=None)
        assert older[name][list(kept)].equals(kept)


def test_views_of_an_older_warehouse_are_read_with_the_columns_of_today(url):
    publish_tables(url, example.tables(1))
    before = read_table(url, "v_kpi_headline")
    alter(url, "ALTER TABLE published_v1.fact_kpi_quarterly DROP COLUMN note")
    after = read_table(url, "v_kpi_headline")
    assert after.drop(columns="note").equals(before.drop(columns="note"))
    assert after["note"].isna().all()
    for name in PUBLISHED.view_comments:
        read_table(url, name)


@pytest.mark.parametrize("table", ["dim_neighbour", "fact_forecast_record", "data_quality"])
def test_a_table_that_the_warehouse_lacks_is_read_as_empty(url, table):
    publish_tables(url, example.tables(1))
    alter(url, f"DROP TABLE published_v1.{table}")
    assert read_table(url, table).empty
    assert list(read_table(url, table)) == PUBLISHED.contracts[table].column_names
    assert len(read_table(url, "fact_kpi_quarterly")) == len(example.tables(1)["fact_kpi_quarterly"])


def test_the_next_publication_has_every_column(url):
    publish_tables(url, example.tables(1))
    alter(url, *(f'ALTER TABLE published_v1.{name} DROP COLUMN "{column}"' for name, column in ADDED))
    publish_tables(url, example.tables(2))
    expected = example.tables(2)
    assert all(frame.equals(expected[name]) for name, frame in read_tables(url).items())


def test_what_may_not_be_read_is_an_error_and_not_empty(postgres):
    url = postgres.replace("postgresql://", "postgresql+psycopg://")
    publish_tables(url, example.tables(1))
    alter(
        url,
        "DROP ROLE IF EXISTS analyst",
        "CREATE ROLE analyst LOGIN",
        "GRANT USAGE ON SCHEMA published_v1 TO analyst",
        "GRANT SELECT ON published_v1.publication TO analyst",
    )
    as_analyst = url.replace("postgres:@", "analyst:@").replace("//postgres@", "//analyst@")
    assert as_analyst != url
    try:
        assert len(read_table(as_analyst, "publication")) == 1
        with pytest.raises(WarehouseError):
            read_table(as_analyst, "fact_kpi_quarterly")
    finally:
        alter(url, "DROP OWNED BY analyst", "DROP ROLE analyst")

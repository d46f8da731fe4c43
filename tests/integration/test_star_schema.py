"""The warehouse is a star: relationships of one column, keys that are found, one grain a table and view."""

from __future__ import annotations

import pandas as pd
import pytest
from sqlalchemy import create_engine, text

from cf_pipeline.forecast.targets import Target
from cf_pipeline.warehouse.publish import publish_tables
from cf_pipeline.warehouse.read import read_table, read_tables
from cf_pipeline.warehouse.tables.schemas import PUBLISHED
from cf_pipeline.warehouse.tables.view_comments import column_comments
from tests.support import publication_example as example
from tests.support.published_tables import published_tables

DIMENSIONS = {"dim_authority", "dim_quarter", "dim_date", "dim_kpi", "dim_category"}
VIEW_KEYS = {
    "v_kpi_trend": ("authority_code", "kpi_id", "basis", "breakdown", "category", "quarter_key"),
    "v_kpi_latest": ("authority_code", "kpi_id", "breakdown", "category"),
    "v_kpi_change": ("authority_code", "kpi_id", "quarter_key", "against"),
    "v_kpi_headline": ("authority_code", "kpi_id", "quarter_key"),
    "v_kpi_wide": ("authority_code", "kpi_id", "fiscal_year", "breakdown", "category"),
    "v_kpi_vs_london": ("authority_code", "kpi_id", "quarter_key", "basis"),
    "v_kpi_vs_region": ("authority_code", "kpi_id", "quarter_key", "basis"),
    "v_kpi_vs_neighbours": ("authority_code", "kpi_id", "quarter_key", "basis"),
    "v_committee_table": ("authority_code", "quarter_key", "area", "position"),
    "v_data_quality": ("authority_code", "delivery_id", "list", "rule", "severity"),
}
"""What a row of each view is."""
ON_ONE_BASIS = {"v_kpi_latest", "v_kpi_change", "v_kpi_headline", "v_kpi_wide"}
"""Views without the column basis: each of their measures is on one, which their words name."""
TARGETS = (Target("contacts_1wd_pct", 90), Target("assess_45wd_pct", 85))


@pytest.fixture
def tables() -> dict[str, pd.DataFrame]:
    return published_tables(
        [example.authority()], example.REGISTRY, example.comparators(), example.publication(), targets=TARGETS
    )


def test_every_relationship_is_one_column_and_ends_at_a_dimension():
    for table in PUBLISHED.tables.values():
        for constraint in table.foreign_key_constraints:
            assert len(constraint.columns) == 1, table.name
            assert constraint.referred_table.name in DIMENSIONS, table.name


def test_every_fact_belongs_to_its_dimensions():
    names = {"authority_code": "dim_authority", "quarter_key": "dim_quarter", "kpi_id": "dim_kpi"}
    names |= {"category_key": "dim_category", "team_key": "dim_category", "month_start": "dim_date"}
    for table in PUBLISHED.tables.values():
        if table.name in DIMENSIONS:
            continue
        for column in table.columns:
            found = [key.column.table.name for key in column.foreign_keys]
            assert found == ([names[column.name]] if column.name in names else found), (
                table.name,
                column.name,
            )
        if table.name.startswith("fact_") and "breakdown" in table.columns:
            assert "category_key" in table.columns, table.name


def test_every_key_of_a_fact_is_found(url: str, tables: dict[str, pd.DataFrame]) -> None:
    publish_tables(url, tables)
    for name, rows in read_tables(url).items():
        for column in PUBLISHED.tables[name].columns:
            for key in column.foreign_keys:
                known = read_table(url, key.column.table.name)[key.column.name]
                missing = set(rows[column.name].dropna()) - set(known)
                assert not missing, (name, column.name)


def test_postgresql_declares_them(url: str, tables: dict[str, pd.DataFrame]) -> None:
    publish_tables(url, tables)
    publish_tables(url, tables)  # and still does after a swap
    declared = sum(len(table.foreign_key_constraints) for table in PUBLISHED.tables.values())
    counted = text(
        "SELECT count(*) FROM information_schema.table_constraints "
        "WHERE constraint_type = 'FOREIGN KEY' AND table_schema = 'published_v1'"
    )
    with create_engine(url).connect() as connection:
        found = connection.scalar(counted)
    assert found == (declared if url.startswith("postgresql") else 0)


def test_a_key_that_is_not_found_is_not_published_on_postgresql(
    url: str, tables: dict[str, pd.DataFrame]
) -> None:
    if not url.startswith("postgresql"):
        pytest.skip("DuckDB declares no foreign keys")
    kpis = tables["dim_kpi"]
    broken = tables | {"dim_kpi": kpis[kpis["kpi_id"].ne("contacts_count")]}
    with pytest.raises(Exception, match="names a quarter, a KPI, a category or a place") as error:
        publish_tables(url, broken)
    assert "contacts_count" not in str(error.value)


@pytest.mark.parametrize("view", sorted(VIEW_KEYS))
def test_a_view_has_one_row_a_key(url: str, tables: dict[str, pd.DataFrame], view: str) -> None:
    publish_tables(url, tables)
    rows = read_table(url, view)
    assert not rows.duplicated(list(VIEW_KEYS[view])).any()
    assert rows[list(VIEW_KEYS[view])].notna().all(axis=None)
    if view.startswith("v_kpi"):
        assert view in ON_ONE_BASIS or "basis" in rows
        assert len(rows) or view == "v_kpi_vs_neighbours"


def test_every_view_is_among_those_with_a_key():
    assert set(VIEW_KEYS) == set(PUBLISHED.views(PUBLISHED.tables))


def test_every_column_of_a_view_says_what_it_is_in_the_database(
    url: str, tables: dict[str, pd.DataFrame]
) -> None:
    publish_tables(url, tables)
    duckdb = "SELECT max(comment) FROM duckdb_columns() WHERE table_name = '{0}' AND column_name = '{1}'"
    postgresql = (
        "SELECT col_description(c.oid, a.attnum) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
        "WHERE c.relname = '{0}' AND a.attname = '{1}' AND c.relnamespace = 'published_v1'::regnamespace"
    )
    query = duckdb if url.startswith("duckdb") else postgresql
    with create_engine(url).connect() as connection:
        for name, view in PUBLISHED.views(PUBLISHED.tables).items():
            for column, words in column_comments(name, view).items():
                assert connection.exec_driver_sql(query.format(name, column)).scalar() == words, (
                    name,
                    column,
                )

"""Publishing where DuckDB and PostgreSQL differ: rights, locks, what was left behind, readers that stay."""

from __future__ import annotations

import stat
import traceback

import psycopg
import pytest

from cf_pipeline.warehouse import WarehouseError, dialects, publish_tables, read_table
from tests.support import publication_example as example


def test_the_duckdb_file_is_for_its_owner_only(tmp_path, published):
    url = f"duckdb:///{tmp_path}/warehouse/published.duckdb"
    publish_tables(url, published)
    assert stat.S_IMODE((tmp_path / "warehouse" / "published.duckdb").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "warehouse").stat().st_mode) == 0o700


def test_what_a_killed_publication_left_behind_is_cleared(tmp_path, published):
    abandoned = tmp_path / ".published.duckdb.building-killed"
    abandoned.mkdir()
    (abandoned / "published.duckdb").write_bytes(b"half")
    publish_tables(f"duckdb:///{tmp_path}/published.duckdb", published)
    assert [each.name for each in tmp_path.iterdir()] == ["published.duckdb"]


def test_a_duckdb_reader_that_stays_open_does_not_stop_a_publication(tmp_path):
    url = f"duckdb:///{tmp_path}/published.duckdb"
    publish_tables(url, example.tables(1, "run-1"))
    engine = dialects.database(url, "published_v1").reader()
    with engine.connect():
        publish_tables(url, example.tables(2, "run-2"))
    engine.dispose()
    assert read_table(url, "publication")["version"].tolist() == [2]


def test_grants_survive_the_swap(postgres):
    url = postgres.replace("postgresql://", "postgresql+psycopg://")
    publish_tables(url, example.tables(1))
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute('DROP ROLE IF EXISTS "Power BI"')
        connection.execute('CREATE ROLE "Power BI"')
        connection.execute('GRANT USAGE ON SCHEMA published_v1 TO "Power BI"')
        connection.execute(
            'GRANT SELECT ON published_v1.fact_headline, published_v1.v_kpi_wide TO "Power BI"'
        )
        publish_tables(url, example.tables(2))
        publish_tables(url, example.tables(3))
        may = connection.execute(
            """SELECT has_schema_privilege('Power BI', 'published_v1', 'USAGE'),
                      has_table_privilege('Power BI', 'published_v1.fact_headline', 'SELECT'),
                      has_table_privilege('Power BI', 'published_v1.v_kpi_wide', 'SELECT'),
                      has_table_privilege('Power BI', 'published_v1.publication', 'SELECT')"""
        ).fetchone()
        connection.execute('DROP OWNED BY "Power BI"')
        connection.execute('DROP ROLE "Power BI"')
    assert may == (True, True, True, False)


def test_a_view_someone_built_on_the_schema_is_never_lost(postgres):
    url = postgres.replace("postgresql://", "postgresql+psycopg://")
    publish_tables(url, example.tables(1))
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE VIEW public.mine AS SELECT * FROM published_v1.fact_headline")
        with pytest.raises(WarehouseError, match=r"public\.mine is built on published_v1"):
            publish_tables(url, example.tables(2))
        assert connection.execute("SELECT count(*) FROM public.mine").fetchone() == (3,)
        connection.execute("DROP VIEW public.mine")
    assert read_table(url, "publication")["version"].tolist() == [1]


def test_a_reader_that_never_ends_its_transaction_is_named_not_cut_off(postgres, monkeypatch):
    monkeypatch.setattr(dialects.PostgreSql, "patience_seconds", 1.0)
    url = postgres.replace("postgresql://", "postgresql+psycopg://")
    publish_tables(url, example.tables(1))
    with psycopg.connect(postgres) as connection:
        connection.execute("SELECT * FROM published_v1.fact_headline")
        with pytest.raises(WarehouseError, match="a reader has kept published_v1 open"):
            publish_tables(url, example.tables(2))
        assert connection.execute("SELECT version FROM published_v1.publication").fetchone() == (1,)
    publish_tables(url, example.tables(2))
    assert read_table(url, "publication")["version"].tolist() == [2]


def test_a_server_that_is_not_there_is_one_plain_sentence():
    password = "".join(["top", "secret"])
    with pytest.raises(WarehouseError, match="no server answers at the host and port") as caught:
        read_table(f"postgresql+psycopg://someone:{password}@127.0.0.1:1/none", "publication")
    assert password not in "".join(traceback.format_exception(caught.value))

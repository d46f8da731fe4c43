"""Publishing where DuckDB and PostgreSQL differ: rights, locks, what was left behind, readers that stay."""

from __future__ import annotations

import stat
import traceback

import psycopg
import pytest

from cf_pipeline.warehouse import (
    WarehouseError,
    dialects,
    is_pair,
    publish_schemas,
    publish_tables,
    read_table,
    remove_half_built,
)
from cf_pipeline.warehouse.load import Load
from cf_pipeline.warehouse.tables.schemas import PUBLISHED, RESTRICTED
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
    assert sorted(each.name for each in tmp_path.iterdir()) == ["published.duckdb", "versions"]


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


def test_records_and_figures_of_a_server_are_replaced_in_one_transaction(postgres, monkeypatch):
    monkeypatch.setattr(dialects.PostgreSql, "patience_seconds", 1.0)
    url = postgres.replace("postgresql://", "postgresql+psycopg://")
    publish_schemas(url, loads(1))
    with psycopg.connect(postgres) as connection:
        connection.execute("SELECT * FROM published_v1.fact_headline")
        with pytest.raises(WarehouseError, match="a reader has kept restricted or published_v1 open"):
            publish_schemas(url, loads(2))
    assert is_pair(url)
    assert read_table(url, "publication", schema=RESTRICTED)["version"].tolist() == [1]
    publish_schemas(url, loads(2))
    assert is_pair(url)


def test_records_of_another_publication_are_no_pair_with_the_figures(url):
    publish_schemas(url, loads(1))
    assert is_pair(url)
    publish_schemas(url, loads(2)[:1])  # the records alone
    assert not is_pair(url)


def test_a_schema_that_a_killed_publication_left_goes_unless_someone_builds_it(postgres):
    url = postgres.replace("postgresql://", "postgresql+psycopg://")
    there = "SELECT count(*) FROM pg_namespace WHERE nspname = 'restricted_building'"
    with psycopg.connect(postgres, autocommit=True) as builder, psycopg.connect(postgres) as other:
        other.autocommit = True
        builder.execute("SELECT pg_advisory_lock(hashtext('restricted'))")
        builder.execute("CREATE SCHEMA restricted_building")
        remove_half_built(url)
        assert other.execute(there).fetchone() == (1,)
        builder.close()
        remove_half_built(url)
        assert other.execute(there).fetchone() == (0,)


def loads(version):
    """The records of nobody and the figures of a publication."""
    figures = example.tables(version, f"run-{version}")
    said = figures["publication"][["version", "run_id", "published_at"]]
    empty = {name: contract.empty() for name, contract in RESTRICTED.contracts.items()}
    records = {**empty, "publication": said}
    return [Load(RESTRICTED, (), lambda _: records), Load(PUBLISHED, (), lambda _: figures)]

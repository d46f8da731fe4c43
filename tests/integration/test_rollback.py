"""The version before the one that is shown: kept, shown again whole, and never mixed up with what follows."""

from __future__ import annotations

import threading

import psycopg
import pytest

from cf_pipeline.warehouse import (
    WarehouseError,
    is_pair,
    publish_schemas,
    read_table,
    read_tables,
    roll_back,
)
from cf_pipeline.warehouse.figures_hash import figures_hash
from cf_pipeline.warehouse.load import Load
from cf_pipeline.warehouse.read import next_version
from cf_pipeline.warehouse.tables.schemas import PUBLISHED, RESTRICTED
from tests.integration.test_kept_authorities import loads
from tests.support import publication_example as example
from tests.support.versions_example import kept_names, publish, shown_numbers
from tests.support.waiting import wait_for


def test_the_figures_after_a_rollback_are_those_of_the_version_before(url):
    publish(url, 1)
    before = read_tables(url)
    publish(url, 2)
    assert figures_hash(read_tables(url)) != figures_hash(before)
    roll_back(url)
    after = read_tables(url)
    assert figures_hash(after) == figures_hash(before)
    assert after["publication"]["figures_hash"].tolist() == before["publication"]["figures_hash"].tolist()
    assert shown_numbers(url) == (1, 1)
    assert is_pair(url)


def test_the_last_three_versions_are_kept_and_no_more(url):
    for version in range(1, 6):
        publish(url, version)
    for version in (4, 3):
        roll_back(url)
        assert shown_numbers(url) == (version, version)
    with pytest.raises(WarehouseError, match="no version before the one that is shown is kept"):
        roll_back(url)
    assert shown_numbers(url) == (3, 3)


def test_the_publication_after_a_rollback_has_a_new_number_and_goes_back_to_what_was_shown(url):
    for version in (1, 2, 3):
        publish(url, version)
    roll_back(url)
    assert next_version(url) == 4
    publish(url, 4)
    assert shown_numbers(url) == (4, 4)
    roll_back(url)
    assert shown_numbers(url) == (2, 2)  # the third was withdrawn


def test_rows_that_stay_are_those_of_the_version_that_is_shown(url):
    publish(url, 1)
    publish(url, 2)
    roll_back(url)
    of_camden = loads(3, {"city-of-london": 7}, [example.CODE[:-1] + "7"])
    publish_schemas(url, of_camden)
    figures = read_table(url, "fact_kpi_quarterly", {"kpi_id": "contacts_count", "quarter_key": "2019/20 Q3"})
    by_code = figures[figures["basis"].eq("quarter")].set_index("authority_code")["value"]
    assert by_code.to_dict() == {"E09000007": 10.0, "E09000001": 7.0}


def test_without_a_publication_and_without_an_earlier_one_nothing_is_changed(url):
    with pytest.raises(WarehouseError, match="nothing is published"):
        roll_back(url)
    publish(url, 1)
    with pytest.raises(WarehouseError, match="no version before the one that is shown is kept"):
        roll_back(url)
    assert shown_numbers(url) == (1, 1)


def test_what_is_kept_is_swept_by_the_next_publication(url):
    for version in range(1, 5):
        publish(url, version)
    roll_back(url)
    publish(url, 5)
    if url.startswith("duckdb"):
        assert kept_names(url) == ["2", "3", "5"]
    else:
        assert kept_names(url) == [
            *("published_v1_version_2", "published_v1_version_3"),
            *("restricted_version_2", "restricted_version_3"),
        ]


def test_readers_see_one_whole_version_while_others_are_published_and_withdrawn(url):
    publish(url, 1)
    stop, faults, seen = threading.Event(), [], []

    def look():
        try:
            while not stop.is_set():
                found = read_tables(url)
                version = int(found["publication"]["version"].iloc[0])
                facts = found["fact_kpi_quarterly"].query("kpi_id == 'contacts_count' and basis == 'quarter'")
                values = set(facts["value"])
                if 10 * version not in values or found["publication"].shape[0] != 1:
                    faults.append((version, values))
                seen.append(version)
                stop.wait(0.02)  # the publisher needs the processor too
        except BaseException as error:
            faults.append(error)

    readers = [threading.Thread(target=look) for _ in range(2)]
    for reader in readers:
        reader.start()
    for version in (2, 3, 4):
        publish(url, version)
        wait_for("a reader of the version", lambda n=version: n in seen or faults, pause=0.01)
        roll_back(url)
    stop.set()
    for reader in readers:
        reader.join()
    assert not faults
    assert set(seen) == {1, 2, 3, 4}
    assert shown_numbers(url) == (1, 1)


def test_a_reader_that_stays_keeps_a_rollback_of_a_server_from_both_schemas(postgres_url, monkeypatch):
    monkeypatch.setattr("cf_pipeline.warehouse.dialects.PostgreSql.patience_seconds", 1.0)
    publish(postgres_url, 1)
    publish(postgres_url, 2)
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        connection.execute("SELECT * FROM published_v1.fact_headline")
        with pytest.raises(WarehouseError, match="a reader has kept restricted or published_v1 open"):
            roll_back(postgres_url)
    assert shown_numbers(postgres_url) == (2, 2)
    roll_back(postgres_url)
    assert shown_numbers(postgres_url) == (1, 1)


def test_grants_of_others_go_with_what_is_shown_and_open_no_other_version(postgres_url):
    publish(postgres_url, 1)
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS other_reader; CREATE ROLE other_reader")
        connection.execute("GRANT USAGE ON SCHEMA published_v1 TO other_reader")
        connection.execute("GRANT SELECT ON published_v1.fact_headline TO other_reader")
        publish(postgres_url, 2)
        rights = """SELECT nspname, has_schema_privilege('other_reader', nspname, 'USAGE'),
                           has_table_privilege('other_reader', nspname || '.fact_headline', 'SELECT')
                      FROM pg_namespace WHERE nspname ~ '^published_v1' ORDER BY 1"""
        assert connection.execute(rights).fetchall() == [
            ("published_v1", True, True),
            ("published_v1_version_1", False, False),
        ]
        roll_back(postgres_url)
        assert connection.execute(rights).fetchall() == [
            ("published_v1", True, True),
            ("published_v1_withdrawn_2", False, False),
        ]
        connection.execute("DROP OWNED BY other_reader; DROP ROLE other_reader")


def test_what_a_newer_product_published_is_not_replaced_but_can_be_gone_back_from(url):
    publish(url, 1)
    newer = example.tables(2, "run-2")
    newer["publication"] = newer["publication"].assign(product_version="99.0.0")
    records = {name: contract.empty() for name, contract in RESTRICTED.contracts.items()}
    records["publication"] = newer["publication"][["version", "run_id", "published_at"]]
    publish_schemas(url, [Load(RESTRICTED, (), lambda _: records), Load(PUBLISHED, (), lambda _: newer)])
    with pytest.raises(WarehouseError, match=r"published by version 99\.0\.0 of the product"):
        next_version(url)
    roll_back(url)
    assert next_version(url) == 3

"""What a real server says of itself to the doctor."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import create_engine, text

from cf_pipeline.warehouse import create_roles, server_state


def test_a_database_before_and_after_it_is_set_up(postgres_url):
    before = server_state(postgres_url)
    assert before.is_new_enough and not before.is_set_up
    assert abs(before.time - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)
    create_roles(postgres_url)
    after = server_state(postgres_url)
    assert (after.is_set_up, after.missing_roles, after.missing_schemas, after.may_publish) == (
        True, (), (), True,
    )  # fmt: skip


def test_a_schema_that_is_gone_is_named(postgres_url):
    create_roles(postgres_url)
    with create_engine(postgres_url).begin() as connection:
        connection.execute(text("DROP SCHEMA restricted CASCADE"))
    assert server_state(postgres_url).missing_schemas == ("restricted",)


def test_an_embedded_warehouse_has_no_server(tmp_path):
    assert server_state(f"duckdb:///{tmp_path}/published.duckdb") is None

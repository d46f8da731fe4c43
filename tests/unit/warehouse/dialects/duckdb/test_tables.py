"""A table that DuckDB stores as numbers: readers see the rows and the words that are declared."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, MetaData, Table, create_engine, select, text
from sqlalchemy.schema import CreateSchema

from cf_pipeline.warehouse.dialects.duckdb import tables
from cf_pipeline.warehouse.dialects.duckdb.tables import create_tables, insert_rows, keep_rows
from cf_pipeline.warehouse.tables.schemas import RESTRICTED

CONTRACT = RESTRICTED.contracts["kpi_member"]
CAMDEN, HACKNEY = "E09000007", "E09000012"
FIGURES = st.tuples(
    st.sampled_from(["2019/20 Q2", "2019/20 Q3"]),
    st.sampled_from(["quarter", "year"]),
    st.just("contacts_count"),
)
RECORDS = st.tuples(
    st.sampled_from([None, "a", "b"]),
    st.sampled_from([None, "a#0", "b#0"]),
    st.just("contacts"),
    st.sampled_from([None, "East", "West"]),
)
ROWS = st.lists(st.tuples(FIGURES, RECORDS), max_size=12)
PARTS = ("figure", "record", "row")
Rows = list[tuple[tuple[str, ...], tuple[str | None, ...]]]


def members(code: str, rows: Rows) -> pd.DataFrame:
    """Members numbered from 1, texts as categories, as `conform` gives them."""
    records = [
        (code, *figure, "numerator", number, *record) for number, (figure, record) in enumerate(rows, 1)
    ]
    frame = CONTRACT.frame(records)
    return frame.astype(dict.fromkeys(frame.columns.drop("member_no"), "category"))


@contextmanager
def table() -> Iterator[tuple[Connection, Table]]:
    """`kpi_member` in an empty database."""
    metadata = MetaData(schema="restricted")
    declared = RESTRICTED.tables["kpi_member"].to_metadata(metadata, schema="restricted")
    with create_engine("duckdb:///:memory:").connect() as connection:
        connection.execute(CreateSchema("restricted"))
        create_tables(connection, [declared])
        yield connection, declared


def read_rows(connection: Connection, declared: Table) -> list[tuple[object, ...]]:
    """The rows that a reader sees, in order."""
    return sorted(map(tuple, connection.execute(select(declared))), key=repr)


def count_stored(connection: Connection) -> list[int | None]:
    """The rows of each table that is stored."""
    tables = [text(f"SELECT count(*) FROM restricted.kpi_member_{part}") for part in PARTS]  # noqa: S608 (our own names)
    return [connection.scalar(query) for query in tables]


def codes_stored(connection: Connection) -> set[str]:
    """The authorities of what is stored, be it shown or not."""
    columns = "SELECT authority_code FROM restricted.kpi_member_{0}"
    return set(connection.scalars(text(" UNION ".join(map(columns.format, ("figure", "record"))))))


def list_rows(*frames: pd.DataFrame) -> list[tuple[object, ...]]:
    """The rows of frames, in order."""
    rows = pd.concat([frame.astype(object) for frame in frames])
    return sorted(rows.where(rows.notna(), None).itertuples(index=False, name=None), key=repr)


def test_combinations_are_numbered_in_the_order_in_which_they_first_appear() -> None:
    rows = pd.DataFrame({"list": ["b", None, "b", "a", None], "team": ["x", "x", "x", None, "x"]})
    assert tables.number_combinations(rows).tolist() == [0, 1, 0, 2, 1]


@pytest.mark.parametrize("largest", [tables.LARGEST, 5])
def test_combinations_of_more_texts_than_a_number_has_room_for_are_numbered_alike(
    monkeypatch: pytest.MonkeyPatch, largest: int
) -> None:
    monkeypatch.setattr(tables, "LARGEST", largest)
    rows = pd.DataFrame({"list": list("abcabcab"), "team": list("xxyyzzxx"), "role": list("nnddnndn")})
    expected = rows.groupby(list(rows.columns), sort=False).ngroup().tolist()
    assert tables.number_combinations(rows).tolist() == expected


@settings(deadline=None, max_examples=25)
@given(ROWS, ROWS)
def test_readers_see_the_rows_that_were_inserted_and_of_what_is_kept_no_others(
    first: Rows, second: Rows
) -> None:
    camden, hackney = members(CAMDEN, first), members(HACKNEY, second)
    with table() as (connection, declared):
        insert_rows(connection, declared, camden)
        insert_rows(connection, declared, hackney)
        assert read_rows(connection, declared) == list_rows(camden, hackney)
        keep_rows(connection, declared, [HACKNEY])
        assert read_rows(connection, declared) == list_rows(hackney)
        assert codes_stored(connection) <= {HACKNEY}
        insert_rows(connection, declared, camden)
        assert read_rows(connection, declared) == list_rows(camden, hackney)
        keep_rows(connection, declared, [])
        assert count_stored(connection) == [0, 0, 0]


def test_each_combination_is_stored_once() -> None:
    figures = [("2019/20 Q3", basis, "contacts_count") for basis in ("quarter", "year")]
    rows = [(figure, ("a", key, "contacts", None)) for figure in figures for key in ("a#0", "a#1", "a#2")]
    with table() as (connection, declared):
        insert_rows(connection, declared, members(CAMDEN, rows))
        assert count_stored(connection) == [2, 3, 6]


def test_the_view_has_the_words_of_the_table() -> None:
    with table() as (connection, _):
        found = connection.execute(
            text("SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'kpi_member'")
        )
        words = {column.name: column.description for column in CONTRACT.columns}
        assert {str(name): str(comment) for name, comment in found} == words

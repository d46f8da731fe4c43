"""Rows of authorities that did not change stay in the database, as if all had been made again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from sqlalchemy import Connection, Table, create_engine, text
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import AddConstraint

from cf_pipeline.warehouse import KeptRowsError, publish, publish_schemas, read_table, read_tables
from cf_pipeline.warehouse.assemble import (
    AuthorityFigures,
    authority_records,
    authority_tables,
    common_records,
    common_tables,
)
from cf_pipeline.warehouse.dialects.postgresql.database import PostgreSql
from cf_pipeline.warehouse.earlier_figures import find_unchanged
from cf_pipeline.warehouse.load import AuthorityRows, Load, LoadedRows
from cf_pipeline.warehouse.tables.schemas import PUBLISHED, RESTRICTED
from tests.support import publication_example as example

KEYS = """
SELECT kcu.table_name, kcu.column_name
FROM information_schema.table_constraints AS tc
JOIN information_schema.key_column_usage AS kcu
  ON kcu.constraint_schema = tc.constraint_schema AND kcu.constraint_name = tc.constraint_name
 AND kcu.table_name = tc.table_name
WHERE tc.constraint_type = 'PRIMARY KEY' AND tc.table_schema = 'published_v1'
"""
PLACES = "SELECT count(*), max(rowid) + 1 FROM restricted.kpi_member_row"
CODES = {"camden": "E09000007", "city-of-london": "E09000001"}


def figures(slug: str, contacts: int) -> AuthorityFigures:
    """The example's figures for a council, with another number of contacts in the newest quarter."""
    facts = example.kpi_quarterly()
    facts.loc[2, ["numerator", "value"]] = contacts
    frames = {"kpi_quarterly": facts, "kpi_forecast": example.kpi_forecast()}
    frames |= {"kpi_comparison": example.kpi_comparison(), "headlines": example.headlines()}
    frames |= {"kpi_monthly": example.kpi_monthly(), "kpi_by_team": example.kpi_by_team()}
    own = {name: frame.assign(authority_code=CODES[slug]) for name, frame in frames.items()}
    return example.authority(authority_code=CODES[slug], slug=slug, name=slug, **own)


def records(code: str, people: int) -> dict[str, pd.DataFrame]:
    """As many members and people as asked for."""
    names = [f"child {number}" for number in range(people)]
    members = pd.DataFrame({"member_no": range(1, people + 1), "person_ref": names})
    members = members.assign(quarter_key=example.QUARTER, basis="quarter", kpi_id="contacts_count")
    members = members.assign(role="numerator", record_key=None, list="contacts", team=None)
    known = pd.DataFrame({"person_ref": names, "child_id": names})
    return authority_records(code, known, {"kpi_member": members})


def loads(version: int, contacts: dict[str, int], kept: Sequence[str] = ()) -> list[Load]:
    """Both schemas; the authorities of `contacts` are made, `kept` (codes) stay."""
    publication = example.publication(version, f"run-{version}")
    numbers = [(CODES[slug], slug, number) for slug, number in contacts.items()]
    people = [AuthorityRows(code, records(code, number), f"hash {number}") for code, _, number in numbers]
    facts = [
        AuthorityRows(code, authority_tables(figures(slug, number), example.REGISTRY), f"hash {number}")
        for code, slug, number in numbers
    ]

    def common(loaded: LoadedRows) -> dict[str, pd.DataFrame]:
        return common_tables(loaded.distinct, example.REGISTRY, example.comparators(), publication)

    return [
        Load(RESTRICTED, people, lambda _: common_records(publication), kept),
        Load(PUBLISHED, facts, common, kept),
    ]


def everything(url: str) -> dict[str, pd.DataFrame]:
    """Every published table and record."""
    return read_tables(url) | {
        f"restricted.{name}": read_table(url, name, schema=RESTRICTED) for name in RESTRICTED.contracts
    }


def test_kept_rows_make_the_same_publication_as_rows_made_again(url: str) -> None:
    publish_schemas(url, loads(1, {"camden": 5, "city-of-london": 7}))
    for version, contacts in enumerate((8, 9, 6), start=2):
        publish_schemas(url, loads(version, {"city-of-london": contacts}, kept=[CODES["camden"]]))
    kept = everything(url)
    publish_schemas(url, loads(4, {"camden": 5, "city-of-london": 6}))
    for name, made_again in everything(url).items():
        assert_frame_equal(kept[name], made_again, check_exact=True, obj=name)
    assert len(kept["restricted.kpi_member"]) == 11


@pytest.mark.parametrize("rows_at_once", [1, 1_000_000])
def test_tables_have_their_keys_however_often_rows_are_written(
    url: str, monkeypatch: pytest.MonkeyPatch, rows_at_once: int
) -> None:
    monkeypatch.setattr(publish, "ROWS_AT_ONCE", rows_at_once)
    publish_schemas(url, loads(1, {"camden": 5, "city-of-london": 7}))
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        keys = {(name, column) for name, column in connection.execute(text(KEYS)).all()}
    engine.dispose()
    assert keys == {
        (name, column)
        for name, contract in PUBLISHED.contracts.items()
        for column in contract.key
        if name.startswith("dim_") or not url.startswith("duckdb")
    }


@pytest.mark.parametrize("kept", [[], ["camden"]])
def test_a_server_makes_keys_when_the_rows_of_all_authorities_are_there(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, kept: list[str]
) -> None:
    monkeypatch.setattr(publish, "ROWS_AT_ONCE", 1)
    publish_schemas(postgres_url, loads(1, {"camden": 5, "city-of-london": 7}))
    steps: list[str] = []
    insert_rows, add_keys = PostgreSql.insert_rows, PostgreSql.add_keys

    def insert_and_note(self: PostgreSql, connection: Connection, table: Table, rows: pd.DataFrame) -> None:
        steps.append(table.name)
        insert_rows(self, connection, table, rows)

    def add_and_note(self: PostgreSql, connection: Connection, keys: Sequence[AddConstraint]) -> None:
        steps.append("keys")
        add_keys(self, connection, keys)

    monkeypatch.setattr(PostgreSql, "insert_rows", insert_and_note)
    monkeypatch.setattr(PostgreSql, "add_keys", add_and_note)
    contacts = {slug: 6 for slug in ("camden", "city-of-london") if slug not in kept}
    publish_schemas(postgres_url, loads(2, contacts, kept=[CODES[slug] for slug in kept]))
    assert [step for step in steps if step in {"kpi_member", "fact_kpi_quarterly", "keys"}] == [
        *(["kpi_member"] * len(contacts)),
        "keys",
        *(["fact_kpi_quarterly"] * len(contacts)),
        "keys",
    ]


def test_an_authority_is_unchanged_when_both_schemas_were_made_from_its_tables(url: str) -> None:
    assert find_unchanged(url, {CODES["camden"]: "hash 5"}) == []
    publish_schemas(url, loads(1, {"camden": 5, "city-of-london": 7}))
    now = {CODES["camden"]: "hash 5", CODES["city-of-london"]: "hash 8", "E09000012": "hash 5"}
    assert find_unchanged(url, now) == [CODES["camden"]]
    publish_schemas(url, loads(2, {"camden": 8})[:1])  # the records alone, as a fault between the two leaves
    assert find_unchanged(url, now) == []


@pytest.mark.parametrize(
    "alteration",
    [
        "UPDATE published_v1.fact_kpi_quarterly SET value = value + 1 WHERE kpi_id = 'contacts_count'",
        "DELETE FROM published_v1.fact_headline WHERE position = 1",
        "ALTER TABLE published_v1.fact_kpi_quarterly DROP COLUMN reason",
        "DELETE FROM published_v1.authority_source",
    ],
)
def test_rows_that_are_not_as_they_were_written_are_not_kept(url: str, alteration: str) -> None:
    publish_schemas(url, loads(1, {"camden": 5, "city-of-london": 7}))
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        for view in PUBLISHED.view_comments:
            connection.execute(text(f"DROP VIEW IF EXISTS published_v1.{view} CASCADE"))
        connection.execute(text(alteration))
    engine.dispose()
    with pytest.raises(KeptRowsError):
        publish_schemas(url, loads(2, {"city-of-london": 8}, kept=[CODES["camden"]]))
    assert read_table(url, "publication")["version"].tolist() == [1]
    publish_schemas(url, loads(2, {"camden": 5, "city-of-london": 8}))
    assert read_table(url, "publication")["version"].tolist() == [2]


def test_a_file_does_not_grow_with_the_publications_that_replace_rows_in_it(tmp_path: Path) -> None:
    url, file = f"duckdb:///{tmp_path}/published.duckdb", tmp_path / "restricted_records.duckdb"
    many = 30_000
    publish_schemas(url, loads(1, {"camden": many, "city-of-london": many}))
    for version in range(2, 9):
        publish_schemas(url, loads(version, {"city-of-london": many + version}, kept=[CODES["camden"]]))
    with duckdb.connect(file, read_only=True) as connection:
        rows, places = connection.execute(PLACES).fetchone() or (0, 0)
    assert rows == 2 * many + 8
    assert places < 2 * rows

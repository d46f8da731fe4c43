"""Publishing to a real DuckDB file and a real PostgreSQL: exact, whole, or not at all."""

from __future__ import annotations

import stat
import threading
import traceback
from pathlib import Path

import pandas as pd
import psycopg
import pytest
from pandas.testing import assert_frame_equal

from cf_pipeline.comparators.neighbours import statistical_neighbours
from cf_pipeline.warehouse import (
    WarehouseError,
    dialects,
    is_published,
    publish,
    publish_schemas,
    publish_tables,
    read_table,
    read_tables,
)
from cf_pipeline.warehouse.figures_hash import figures_hash
from cf_pipeline.warehouse.load import Load
from cf_pipeline.warehouse.read import next_version
from cf_pipeline.warehouse.tables.schemas import PUBLISHED, RESTRICTED, Schema
from tests.support import publication_example as example
from tests.support.published_tables import published_tables
from tests.support.waiting import wait_for


def _folder(url: str) -> Path:
    return Path(url.removeprefix("duckdb:///")).parent


def load(schema: Schema, tables: dict[str, pd.DataFrame]) -> Load:
    return Load(schema, (), lambda _: tables)


def sources() -> pd.DataFrame:
    return PUBLISHED.contracts["authority_source"].empty()


def test_nothing_published_yet_is_empty_and_not_an_error(url):
    assert not is_published(url)
    assert read_table(url, "fact_headline").empty
    assert list(read_table(url, "fact_headline").columns) == [
        "authority_code",
        "quarter_key",
        "area",
        "position",
        "text",
        "kpi_ids",
    ]
    assert next_version(url) == 1


def test_every_table_comes_back_equal_to_the_last_digit(url, published):
    awkward = published["fact_kpi_quarterly"].copy()
    awkward.loc[0, "value"] = 0.1 + 0.2
    awkward.loc[1, "value"] = 2 / 3
    awkward.loc[2, "value"] = 5e-324
    awkward.loc[3, "value"] = 1.7976931348623157e308
    awkward.loc[4, "reason"] = "a tab\t, a line\nbreak, a \\ and a 'quote'; £, – and ñ"
    published["fact_kpi_quarterly"] = awkward
    publish_tables(url, published)
    back = read_tables(url)
    assert sorted(back) == sorted(published)
    for name, frame in published.items():
        assert_frame_equal(back[name], frame, check_exact=True, obj=name)
    assert figures_hash(back) == figures_hash(published)
    assert next_version(url) == 2


def test_a_second_publication_replaces_the_first(url):
    publish_tables(url, example.tables(1, "run-1"))
    publish_tables(url, example.tables(2, "run-2"))
    assert read_table(url, "publication")["version"].tolist() == [2]
    assert set(read_table(url, "fact_kpi_quarterly")["run_id"]) == {"run-2"}
    assert len(read_table(url, "fact_headline")) == 3


def test_the_views_have_names_beside_the_figures(url, published):
    publish_tables(url, published)
    headline = read_table(url, "v_kpi_headline").set_index(["kpi_id", "quarter_key"])
    contacts = headline.loc[("contacts_count", "2019/20 Q3")]
    assert contacts["authority"] == "City of London"
    assert (contacts["value"], contacts["ytd_value"]) == (77.0, 247.0)
    assert (contacts["year_end_forecast"], contacts["last_year"]) == (247 * 4 / 3, 324.0)
    assert pd.isna(headline.loc[("contacts_count", "2019/20 Q1"), "year_end_forecast"])
    wide = read_table(url, "v_kpi_wide").set_index(["kpi_id", "fiscal_year", "category"])
    assert wide.loc[("contacts_count", "2019/20", "all"), ["q1", "q2", "q3"]].tolist() == [80.0, 90.0, 77.0]
    assert wide.loc[("contacts_count", "2018/19", "all"), "year"] == 324.0
    london = read_table(url, "v_kpi_vs_london")
    assert london[["kpi_id", "value", "london", "phrase"]].to_numpy().tolist() == [
        ["assess_45wd_pct", 57.5, 83.0, "lower"]
    ]
    assert london[["year_ending", "source", "release"]].to_numpy().tolist() == [
        [2019, "Children in need", "made up"]
    ]
    region = read_table(url, "v_kpi_vs_region")
    assert region[["kpi_id", "region", "region_name"]].to_numpy().tolist() == [
        ["assess_45wd_pct", 83.0, "London"]
    ]
    table = read_table(url, "v_committee_table").sort_values("position")
    assert table["area"].tolist() == ["Contacts and Referrals", "Assessments", "Children in Need"]


def test_the_neighbours_median_has_its_own_view_that_says_how_close_they_are(url):
    note = "Median of 10 of its 10 statistical neighbours, all 10 not close."
    compared = example.kpi_comparison()
    compared = compared[compared["against"].eq("london")].assign(against="neighbours", note=note)
    neighbours = statistical_neighbours()
    codes = neighbours[neighbours["authority_code"].eq(example.CODE)]["neighbour_code"].tolist()
    rows = example.comparators().head(1)
    published = pd.concat([rows.assign(authority_code=code, year_ending=2019) for code in codes])
    tables = published_tables(
        [example.authority(kpi_comparison=compared)],
        example.REGISTRY,
        published,
        example.publication(),
    )
    publish_tables(url, tables)
    row = read_table(url, "v_kpi_vs_neighbours").iloc[0]
    assert (row["kpi_id"], row["neighbours_median"], row["release"], row["note"]) == (
        "assess_45wd_pct",
        83.0,
        "made up",
        note,
    )
    assert read_table(url, "dim_neighbour")["closeness"].unique().tolist() == ["Not close"]


@pytest.mark.parametrize("failing", ["load", "views"])
def test_a_crash_in_the_middle_leaves_the_old_one_and_no_junk(url, failing, monkeypatch):
    publish_tables(url, example.tables(1, "run-1"))
    if failing == "views":

        def crash(*_, **__):
            raise RuntimeError("crashed")

        monkeypatch.setattr(publish, "CreateView", crash)
    else:
        kind = dialects.DuckDb if url.startswith("duckdb") else dialects.PostgreSql
        original = kind.insert_rows

        def crash(self, connection, table, frame):
            original(self, connection, table, frame)
            if table.name == "fact_kpi_quarterly":
                raise RuntimeError("crashed")

        monkeypatch.setattr(kind, "insert_rows", crash)
    with pytest.raises(RuntimeError, match="crashed"):
        publish_tables(url, example.tables(2, "run-2"))
    assert read_table(url, "publication")["version"].tolist() == [1]
    assert set(read_table(url, "fact_kpi_quarterly")["run_id"]) == {"run-1"}
    if url.startswith("duckdb"):
        assert sorted(each.name for each in _folder(url).iterdir()) == ["published.duckdb", "versions"]
    else:
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            names = connection.execute(
                "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'published%'"
            ).fetchall()
        assert names == [("published_v1",)]
    monkeypatch.undo()
    publish_tables(url, example.tables(3, "run-3"))
    assert read_table(url, "publication")["version"].tolist() == [3]


def test_readers_see_one_whole_publication_while_others_are_published(url):
    publish_tables(url, example.tables(1, "run-1"))
    rows = len(read_table(url, "fact_kpi_quarterly"))
    stop, faults, seen = threading.Event(), [], []

    def look():
        try:
            while not stop.is_set():
                found = read_tables(url)
                versions = found["publication"]["version"].tolist()
                runs = set(found["fact_kpi_quarterly"]["run_id"]) | set(found["fact_kpi_forecast"]["run_id"])
                if runs != {f"run-{versions[0]}"} or len(found["fact_kpi_quarterly"]) != rows:
                    faults.append((versions, runs))
                seen.extend(versions)
                stop.wait(0.02)  # the publisher needs the processor too
        except BaseException as error:
            faults.append(error)

    readers = [threading.Thread(target=look) for _ in range(2)]
    for reader in readers:
        reader.start()
    for version in range(2, 8):
        publish_tables(url, example.tables(version, f"run-{version}"))
        wait_for("a reader of the version", lambda n=version: n in seen or faults, pause=0.01)
    stop.set()
    for reader in readers:
        reader.join()
    assert not faults
    assert set(seen) == {1, 2, 3, 4, 5, 6, 7}
    assert read_table(url, "publication")["version"].tolist() == [7]


def test_an_error_names_the_table_and_carries_no_value(url, published, monkeypatch):
    monkeypatch.setattr(publish, "check", lambda tables, _: tables)
    published["fact_headline"] = published["fact_headline"].assign(text="Secret Child", area=None)
    with pytest.raises(WarehouseError, match="writing table fact_headline failed") as caught:
        publish_tables(url, published)
    told = "".join(traceback.format_exception(caught.value))
    assert "Secret" not in told
    assert caught.value.__context__ is None


def test_the_records_lie_apart_from_the_figures(url, published):
    code = published["dim_authority"]["authority_code"].iloc[0]
    members = pd.DataFrame(
        {
            "authority_code": code,
            "quarter_key": "2019/20 Q3",
            "basis": "quarter",
            "kpi_id": "contacts_count",
            "role": "numerator",
            "member_no": [1, 2],
            "person_ref": ["a", "b"],
            "record_key": ["a#0", "b#0"],
            "list": "contacts",
            "team": None,
        }
    )
    people = pd.DataFrame({"authority_code": code, "person_ref": ["a", "b"], "child_id": ["1", "2"]})
    said = published["publication"][["version", "run_id", "published_at"]]
    no_lists = {name: contract.empty() for name, contract in RESTRICTED.contracts.items()}
    records = {"kpi_member": members, "person": people, "publication": said}
    publish_tables(url, no_lists | records | {"authority_source": sources()}, RESTRICTED)
    publish_tables(url, published)
    assert read_table(url, "kpi_member", {"person_ref": "b"}, RESTRICTED)["record_key"].tolist() == ["b#0"]
    assert read_table(url, "person", schema=RESTRICTED)["child_id"].tolist() == ["1", "2"]
    with pytest.raises(WarehouseError, match="published_v1 has no table or view person"):
        read_table(url, "person")
    if url.startswith("duckdb"):
        found = [each for each in _folder(url).iterdir() if each.is_file()]
        files = {each.name: stat.S_IMODE(each.stat().st_mode) for each in found}
        assert files == {"published.duckdb": 0o600, "restricted_records.duckdb": 0o600}


def test_records_are_not_replaced_when_their_figures_cannot_be(url, published, monkeypatch):
    said = published["publication"][["version", "run_id", "published_at"]]
    nobody = {name: read_table(url, name, schema=RESTRICTED) for name in ("kpi_member", "person")}
    records = {**nobody, "publication": said}
    publish_schemas(url, [load(RESTRICTED, records), load(PUBLISHED, published)])
    later = example.tables(2, "run-2")
    said_later = later["publication"][["version", "run_id", "published_at"]]
    later["fact_headline"] = later["fact_headline"].assign(area=None)
    with pytest.raises(WarehouseError, match="writing table fact_headline failed"):
        new = {**records, "publication": said_later}
        publish_schemas(url, [load(RESTRICTED, new), load(PUBLISHED, later)])
    for schema in (RESTRICTED, PUBLISHED):
        assert read_table(url, "publication", schema=schema)["version"].tolist() == [1]

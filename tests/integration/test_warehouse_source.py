"""What the dashboard reads while the warehouse is published, rolled back, away or damaged."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from cf_pipeline.cli.serving import warehouse_source
from cf_pipeline.cli.serving.warehouse_source import WarehouseSource
from cf_pipeline.dashboard.access.identity import ONLY_USER
from cf_pipeline.dashboard.access.users import Role, Share, User
from cf_pipeline.dashboard.source import SourceError
from cf_pipeline.warehouse import file_state
from tests.support.records_example import CAMDEN, CHILDREN, GROUPS, TEAM_A, mark, publish_records

ANNA = User("anna", Role.MANAGER, (Share("camden", frozenset({TEAM_A})),))


@pytest.fixture(autouse=True)
def _impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warehouse_source, "SECONDS_BETWEEN_QUERIES", 0.0)


def test_the_publication_that_is_shown_now(url: str) -> None:
    source = WarehouseSource(url)
    assert source.publication() is None
    for version in (1, 2, 3):
        publish_records(url, version)
        found = source.publication()
        assert found is not None
        assert (found.version, found.run_id, found.published_at.tzinfo) == (version, f"run-{version}", None)
        assert source.read_figures({"publication": {}})["publication"]["version"].tolist() == [version]
        assert source.read_records(ONLY_USER, {"publication": {}})["publication"]["version"].tolist() == [
            version
        ]


def test_a_server_is_asked_at_most_once_in_its_time(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warehouse_source, "SECONDS_BETWEEN_QUERIES", 3600.0)
    publish_records(postgres_url, 1)
    source = WarehouseSource(postgres_url)
    assert file_state(postgres_url) is None
    first = source.publication()
    publish_records(postgres_url, 2)
    assert source.publication() is first


def test_a_file_is_opened_for_its_publication_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"duckdb:///{tmp_path}/warehouse/published.duckdb"
    publish_records(url, 1)
    source, reads, find = WarehouseSource(url), [], WarehouseSource._find_publication
    monkeypatch.setattr(WarehouseSource, "_find_publication", lambda self: reads.append(1) or find(self))
    assert [source.publication() for _ in range(5)] == [source.publication()] * 5
    assert len(reads) == 1


def test_a_manager_reads_the_records_of_the_own_team(tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path}/warehouse/published.duckdb"
    publish_records(url)
    source = WarehouseSource(url)
    own = {f"{mark(GROUPS.index((CAMDEN, TEAM_A)))}{n}" for n in range(1, CHILDREN + 1)}
    assert set(source.read_records(ANNA, {"person": {}})["person"]["person_ref"]) == own
    assert len(source.read_records(ONLY_USER, {"person": {}})["person"]) == CHILDREN * len(GROUPS)
    assert source.read_records(User("victor", Role.VIEWER), {"person": {}})["person"].empty


def test_readers_at_once_never_see_an_older_file_than_the_publication_says(tmp_path: Path) -> None:
    """DuckDB shares what one connection of a process opened: read at once, an old file would live on."""
    url = f"duckdb:///{tmp_path}/warehouse/published.duckdb"
    publish_records(url, 1)
    source, ended, faults, seen = WarehouseSource(url), threading.Event(), [], set()

    def read() -> None:
        while not ended.is_set():
            known = source.publication()
            version = int(
                source.read_figures({"publication": {}, "dim_kpi": {}})["publication"]["version"][0]
            )
            seen.add(version)
            if known is None or version < known.version:
                faults.append(version)

    readers = [threading.Thread(target=read) for _ in range(6)]
    for reader in readers:
        reader.start()
    for version in (2, 3, 4):
        publish_records(url, version)
        deadline = time.monotonic() + 20
        while version not in seen and time.monotonic() < deadline:
            ended.wait(0.01)
    ended.set()
    for reader in readers:
        reader.join()
    assert faults == []
    assert seen == {1, 2, 3, 4}


def test_a_warehouse_that_is_damaged_or_away_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "warehouse" / "published.duckdb"
    url = f"duckdb:///{file}"
    publish_records(url, 1)
    source = WarehouseSource(url)
    assert source.publication() is not None
    whole = file.read_bytes()
    file.write_bytes(b"no database")
    for read in (source.publication, lambda: source.read_figures({"dim_kpi": {}})):
        with pytest.raises(SourceError, match="is damaged or no DuckDB file"):
            read()
    file.write_bytes(whole)
    assert source.publication() is not None
    file.unlink()
    assert source.publication() is None
    away = WarehouseSource("postgresql+psycopg://nobody@127.0.0.1:1/none")
    with pytest.raises(SourceError, match="no server answers"):
        away.publication()


def test_reading_leaves_nothing_open(tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path}/warehouse/published.duckdb"
    publish_records(url, 1)
    source = WarehouseSource(url)
    source.publication()
    source.read_records(ANNA, {"person": {}})
    opened = {os.path.realpath(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd")}  # noqa: PTH208
    assert not [path for path in opened if path.startswith(str(tmp_path))]

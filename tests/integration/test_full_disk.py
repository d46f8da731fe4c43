"""A disk that fills while the warehouse is written: the version before stays whole, a sentence says why."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from pandas.testing import assert_frame_equal

from cf_pipeline.warehouse import WarehouseError, publish_tables, read_tables
from cf_pipeline.warehouse.dialects.duckdb.file import check_file
from tests.support import publication_example as example

STEP = 256 * 1024


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """No file grows beyond `size` bytes: a write past it fails, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_wherever_the_disk_fills_the_version_before_is_whole_and_the_next_try_succeeds(
    tmp_path: Path,
) -> None:
    url = f"duckdb:///{tmp_path}/warehouse/published.duckdb"
    file = tmp_path / "warehouse" / "published.duckdb"
    first, second = example.tables(version=1), example.tables(version=2)
    publish_tables(url, first)
    failures = 0
    for size in range(0, file.stat().st_size + STEP, STEP):
        with largest_file(size):
            try:
                publish_tables(url, second)
            except WarehouseError:
                failures += 1
                assert read_tables(url)["publication"]["version"].tolist() == [1]
                continue
        published = read_tables(url)
        assert published["publication"]["version"].tolist() == [2]
        assert_frame_equal(published["fact_kpi_quarterly"], second["fact_kpi_quarterly"], check_like=True)
        publish_tables(url, first)
    assert failures > 3
    publish_tables(url, second)
    assert read_tables(url)["publication"]["version"].tolist() == [2]
    assert sorted(path.name for path in file.parent.iterdir()) == [file.name, "versions"]


def test_a_file_that_lacks_rows_or_a_table_is_not_published(tmp_path: Path) -> None:
    file = tmp_path / "new.duckdb"
    with duckdb.connect(file) as connection:
        connection.execute(
            "create schema published_v1; create table published_v1.delivery as select 1 as rows"
        )
    check_file(file, "published_v1", {"delivery": 1})
    for rows_by_table in ({"delivery": 2}, {"delivery": 1, "publication": 1}):
        with pytest.raises(WarehouseError, match="what was published before is unchanged"):
            check_file(file, "published_v1", rows_by_table)


def test_a_file_that_is_no_database_is_not_published(tmp_path: Path) -> None:
    file = tmp_path / "new.duckdb"
    file.write_bytes(b"\0" * 4096)
    with pytest.raises(WarehouseError, match="disk is full"):
        check_file(file, "published_v1", {"publication": 1})

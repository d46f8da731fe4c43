"""The memory that DuckDB is given for a publication is bounded, and what is published may be larger."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from sqlalchemy import URL, Connection, MetaData, text

from cf_pipeline.warehouse.dialects.duckdb.database import CHEAP_LOADING, DuckDb
from cf_pipeline.warehouse.tables.schemas import RESTRICTED

ROWS = 400_000
MEMORY, LEAST_WRITTEN = "24MB", 24_000_000
COUNT = "SELECT count(*), count(DISTINCT child_id) FROM restricted.person"

BOUND = "SELECT current_setting('memory_limit')"


def target_in(folder: Path) -> DuckDb:
    """The schema of records in a folder."""
    return DuckDb(URL.create("duckdb", database=str(folder / "published.duckdb")), RESTRICTED.name)


def test_a_new_file_is_built_in_a_quarter_of_a_gigabyte(tmp_path: Path) -> None:
    found = []

    def build(connection: Connection, staging: str) -> dict[str, int]:
        found.append(connection.scalar(text(BOUND)))
        target.create_tables(connection, _staging_tables(staging), {})
        return {}

    target = target_in(tmp_path)
    with target.prepare(build):
        assert found == ["244.1 MiB"]  # 256 MB


def test_more_rows_than_fit_in_memory_are_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CHEAP_LOADING["config"], "memory_limit", MEMORY)
    target = target_in(tmp_path)
    random = np.random.default_rng(1)
    people = pd.DataFrame(
        {
            "authority_code": "E09000007",
            "person_ref": random.bytes(32 * ROWS).hex("\n", 32).split(),
            "child_id": random.bytes(32 * ROWS).hex("\n", 32).split(),
        }
    )

    def build(connection: Connection, staging: str) -> dict[str, int]:
        metadata = _staging_tables(staging)
        target.create_tables(connection, metadata, {})
        target.insert_rows(connection, metadata.tables[f"{staging}.person"], people)
        target.write_rows(connection)
        return {"person": ROWS}

    with target.prepare(build) as new:
        assert new.path.stat().st_size > LEAST_WRITTEN
        with duckdb.connect(new.path, read_only=True) as connection:
            assert connection.execute(COUNT).fetchall() == [(ROWS, ROWS)]
        assert [path.name for path in new.path.parent.iterdir()] == [new.path.name]


def _staging_tables(staging: str) -> MetaData:
    metadata = MetaData(schema=staging)
    for table in RESTRICTED.tables.values():
        table.to_metadata(metadata, schema=staging)
    return metadata

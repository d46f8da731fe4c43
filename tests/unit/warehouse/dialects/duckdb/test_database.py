"""What is published may be larger than the memory that DuckDB is given for it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from sqlalchemy import URL, Connection, MetaData

from cf_pipeline.warehouse.dialects.duckdb.database import CHEAP_LOADING, DuckDb
from cf_pipeline.warehouse.tables.schemas import RESTRICTED

ROWS = 400_000
MEMORY, LEAST_WRITTEN = "24MB", 24_000_000
COUNT = "SELECT count(*), count(DISTINCT child_id) FROM restricted.person"


def test_more_rows_than_fit_in_memory_are_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CHEAP_LOADING["config"], "memory_limit", MEMORY)
    target = DuckDb(URL.create("duckdb", database=str(tmp_path / "published.duckdb")), "restricted")
    random = np.random.default_rng(1)
    people = pd.DataFrame(
        {
            "authority_code": "E09000007",
            "person_ref": random.bytes(32 * ROWS).hex("\n", 32).split(),
            "child_id": random.bytes(32 * ROWS).hex("\n", 32).split(),
        }
    )

    def build(connection: Connection, staging: str) -> dict[str, int]:
        metadata = MetaData(schema=staging)
        for table in RESTRICTED.tables.values():
            table.to_metadata(metadata, schema=staging)
        keys = target.create_tables(connection, metadata, {})
        target.insert_rows(connection, metadata.tables[f"{staging}.person"], people)
        target.complete_rows(connection, keys)
        return {"person": ROWS}

    with target.prepare(build) as new:
        assert new.path.stat().st_size > LEAST_WRITTEN
        with duckdb.connect(new.path, read_only=True) as connection:
            assert connection.execute(COUNT).fetchall() == [(ROWS, ROWS)]
        assert [path.name for path in new.path.parent.iterdir()] == [new.path.name]

"""A whole run into either database: the same figures and records, a night later one delivery more."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cf_pipeline.cli.main import main
from cf_pipeline.warehouse import read_table
from cf_pipeline.warehouse.tables.schemas import PUBLISHED, RESTRICTED, Schema
from tests.support.postgresql import drop_schemas
from tests.support.small_deliveries import deliver

FIRST, SECOND = "2019-12-31", "2020-03-31"
OF_A_RUN = {"run_id", "published_at", "sources_hash", "rows_hash", "figures_hash", "fingerprint"}
"""Columns that tell one run from another with the same figures."""


def test_a_run_publishes_the_same_into_postgresql_as_into_duckdb(
    postgres: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    drop_schemas(postgres)
    urls = {
        "duckdb": f"duckdb:///{tmp_path}/duckdb/data/warehouse/published.duckdb",
        "postgresql": postgres.replace("postgresql://", "postgresql+psycopg://"),
    }
    for name, url in urls.items():
        folder = tmp_path / name
        folder.mkdir()
        monkeypatch.chdir(folder)
        monkeypatch.setenv("CF_WAREHOUSE_URL", url)
        monkeypatch.setenv("CF_ID_KEY", "a-key-for-tests-only-of-32-characters-or-more")
        (folder / "pipeline.toml").touch()
        for as_at in (FIRST, SECOND):
            deliver(folder / "raw", "hackney", as_at)
            assert main(["run"]) == 0, capsys.readouterr().err
        capsys.readouterr()
        assert main(["run"]) == 0
        assert "Nothing new" in capsys.readouterr().out
    for schema in (PUBLISHED, RESTRICTED):
        for table in schema.contracts:
            left, right = (_rows(url, table, schema) for url in urls.values())
            pd.testing.assert_frame_equal(left, right, obj=f"{schema.name}.{table}")
    assert not _rows(urls["postgresql"], "fact_kpi_quarterly", PUBLISHED).empty


def _rows(url: str, table: str, schema: Schema) -> pd.DataFrame:
    rows = read_table(url, table, schema=schema)
    rows = rows[[column for column in rows if column not in OF_A_RUN]]
    return rows.sort_values(list(rows), ignore_index=True)

"""The page says of every store what it holds: a file or schema that a run makes has a row there."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import psycopg
import pytest

from cf_pipeline.cli.main import main
from tests.support.postgresql import drop_schemas
from tests.support.small_deliveries import deliver

PAGE = Path(__file__).parents[2] / "docs" / "data_protection.md"
SCHEMAS = "SELECT schema_name, database_name = current_database() FROM duckdb_schemas() WHERE NOT internal"
OF_THE_SERVER = ("pg_catalog", "information_schema", "pg_toast", "public")


def rows() -> list[str]:
    """The first cell of every row of the table of stores."""
    return re.findall(r"^\| (?:schema )?`([^`]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


def pattern(row: str) -> re.Pattern[str]:
    """`*` is any name, `**` any folders and a name."""
    parts = {"**": ".+", "*": "[^/]+"}
    return re.compile("".join(parts.get(part, re.escape(part)) for part in re.split(r"(\*\*|\*)", row)))


def stores_without_a_row(names: list[str]) -> list[str]:
    patterns = [pattern(row) for row in rows()]
    return sorted(name for name in names if not any(each.fullmatch(name) for each in patterns))


def files_of(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in folder.glob("*/**/*") if path.is_file()]


def test_a_file_without_a_row_is_found() -> None:
    assert stores_without_a_row(["data/lake/kpi/quarterly/camden.parquet", "data/copies/camden.csv"]) == [
        "data/copies/camden.csv"
    ]


@pytest.mark.slow
def test_every_file_that_runs_and_an_erasure_make_has_a_row(project: Path) -> None:
    for as_at in ("2019-12-31", "2020-03-31"):
        deliver(project / "raw", "hackney", as_at)
        assert main(["run"]) == 0
    assert main(["erase", "hackney", "H1", "--by", "DPO", "--because", "asked for"]) == 0
    assert (project / "data/erasures/hackney.register").is_file()
    assert stores_without_a_row(files_of(project)) == []
    for file in (project / "data/warehouse").glob("*.duckdb"):
        with duckdb.connect(file, read_only=True) as connection:
            found = connection.execute(SCHEMAS).fetchall()
        assert stores_without_a_row([name for name, is_own in found if is_own and name != "main"]) == []


@pytest.mark.slow
def test_every_schema_of_a_server_has_a_row(
    project: Path, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop_schemas(postgres)
    monkeypatch.setenv("CF_WAREHOUSE_URL", postgres.replace("postgresql://", "postgresql+psycopg://"))
    assert main(["init-db"]) == 0
    for as_at in ("2019-12-31", "2020-03-31"):
        deliver(project / "raw", "hackney", as_at)
        assert main(["run"]) == 0
    with psycopg.connect(postgres) as connection:
        found = connection.execute("SELECT nspname FROM pg_namespace").fetchall()
    names = [name for (name,) in found if name not in OF_THE_SERVER and not name.startswith("pg_")]
    assert "restricted_version_1" in names
    assert stores_without_a_row(names) == []

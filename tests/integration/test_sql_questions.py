"""The queries of docs/sql.md give, on either database, what a plain recount of the lake gives."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import psycopg
import pytest
from sqlalchemy import create_engine

from cf_pipeline.cli.main import main
from tests.conftest import ID_KEY
from tests.integration.sql_answers import ANSWERS, LakeTables

PAGE = Path(__file__).parents[2] / "docs" / "sql.md"
SECTION = "## Analyst"
BEST_METHOD = 9
"""Of methods with the same error either may come first: it depends on the last digit of a mean."""

pytestmark = pytest.mark.slow


def queries() -> dict[tuple[int, int], str]:
    """The queries of the analyst's section by the number of the question and of the query."""
    section = PAGE.read_text(encoding="utf-8").partition(SECTION)[2].partition("\n## ")[0]
    found = {}
    for number, body in re.findall(r"^### (\d+)\.(.*?)(?=^### |\Z)", section, re.DOTALL | re.MULTILINE):
        for place, sql in enumerate(re.findall(r"```sql\n(.*?)```", body, re.DOTALL), start=1):
            found[int(number), place] = sql
    return found


QUERIES = queries()


@pytest.fixture(scope="module")
def sample(
    sample_project: Path, tmp_path_factory: pytest.TempPathFactory, postgres: str
) -> Iterator[dict[str, Any]]:
    """One run of the sample council, published into both databases: their URLs, and the lake."""
    folder = tmp_path_factory.mktemp("questions") / "project"
    shutil.copytree(sample_project, folder)
    url = postgres.replace("postgresql://", "postgresql+psycopg://")
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS published_v1, restricted CASCADE")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("CF_")]:
            patch.delenv(name)
        patch.chdir(folder)
        patch.setenv("CF_ID_KEY", ID_KEY)
        patch.setenv("CF_WAREHOUSE_URL", url)
        assert main(["publish"]) == 0
    urls = {"duckdb": f"duckdb:///{folder}/data/warehouse/published.duckdb", "postgresql": url}
    yield {"urls": urls, "lake": LakeTables(folder / "data" / "lake")}


def test_every_question_has_its_recount() -> None:
    assert sorted(QUERIES) == sorted(ANSWERS)
    assert {number for number, _ in QUERIES} == set(range(1, 21))


@pytest.mark.parametrize("sql", QUERIES.values(), ids=[f"{a}.{b}" for a, b in QUERIES])
def test_no_query_takes_a_period_apart(sql: str) -> None:
    words = (
        "substr",
        "substring",
        "left(",
        "right(",
        "split",
        "like",
        "position(",
        "||",
        "strftime",
        "regexp",
    )
    assert not [word for word in words if word in sql.lower()]
    assert not re.search(r"(quarter_key|fiscal_year|month)\s*[<>]", sql)


@pytest.mark.parametrize("database", ["duckdb", "postgresql"])
@pytest.mark.parametrize("question", ANSWERS, ids=lambda key: f"{key[0]}.{key[1]}")
def test_a_query_gives_what_a_recount_gives(
    sample: dict[str, Any], database: str, question: tuple[int, int]
) -> None:
    engine = create_engine(sample["urls"][database])
    with engine.connect() as connection:
        rows = [tuple(map(plain, row)) for row in connection.exec_driver_sql(QUERIES[question])]
    engine.dispose()
    expected = [tuple(map(plain, row)) for row in ANSWERS[question](sample["lake"])]
    assert expected
    if question[0] == BEST_METHOD:
        assert all(row[1] in other[1] for row, other in zip(rows, expected, strict=True))
        rows, expected = ([(row[0], *row[2:]) for row in each] for each in (rows, expected))
    assert len(rows) == len(expected)
    for row, other in zip(rows, expected, strict=True):
        assert row == other


def plain(cell: Any) -> Any:
    """A cell as a text, a date, None or a number; numbers are compared to nine digits."""
    if isinstance(cell, str | frozenset):
        return cell
    if cell is None or pd.isna(cell):
        return None
    if isinstance(cell, dt.datetime):
        return cell.date()
    return cell if isinstance(cell, dt.date) else pytest.approx(float(cell), rel=1e-9, abs=1e-9)

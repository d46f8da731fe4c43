"""A council with planted children, before and after a command took them out of every store."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from cf_pipeline.cli.main import main
from cf_pipeline.warehouse import read_tables
from cf_pipeline.warehouse.tables.schemas import RESTRICTED
from tests.conftest import ID_KEY
from tests.support.planted_children import planted_ids, planted_texts
from tests.support.postgresql import drop_schemas
from tests.support.stored_bytes import find_texts, stored_contents

FIGURES = (
    "fact_kpi_quarterly",
    "fact_kpi_monthly",
    "fact_kpi_by_team",
    "fact_kpi_comparison",
    "fact_kpi_forecast",
    "fact_control_limit",
    "fact_headline",
    "kpi_revision",
    "dim_category",
)
OF_A_RUN = ["run_id", "figures_hash"]
Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class PlantedCouncil:
    """The council's project: what was published of it, and its records, before and after the command."""

    folder: Path
    url: str
    server: str | None
    planted: list[str]
    before: Tables
    after: Tables
    records_before: Tables
    records_after: Tables

    def find_planted(self) -> dict[str, int]:
        """What of the stores holds anything of the planted children."""
        return find_texts(stored_contents(self.folder / "data", self.server), self.planted)


@contextmanager
def open_project(folder: Path, server: str | None) -> Iterator[tuple[pytest.MonkeyPatch, str]]:
    """An empty project in a folder while the block lasts, with DuckDB or an emptied server."""
    url = f"duckdb:///{folder}/data/warehouse/published.duckdb"
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("CF_")]:
            patch.delenv(name)
        patch.chdir(folder)
        (folder / "pipeline.toml").touch()
        if server is not None:
            drop_schemas(server)
            url = server.replace("postgresql://", "postgresql+psycopg://")
        set_environment(patch, url)
        yield patch, url


def set_environment(patch: pytest.MonkeyPatch, url: str) -> None:
    """The settings of the project: those of the environment are removed before each test."""
    for name, value in {"CF_ID_KEY": ID_KEY, "CF_JOBS": "1", "CF_WAREHOUSE_URL": url}.items():
        patch.setenv(name, value)


def take_children_out(
    folder: Path, url: str, server: str | None, count: int, *command: str
) -> PlantedCouncil:
    """The council of a project before and after a command that takes its planted children out."""
    records_before = read_tables(url, schema=RESTRICTED)
    people = records_before["person"]
    refs = people.loc[people["child_id"].isin(planted_ids(count)), "person_ref"].tolist()
    assert len(refs) == count
    planted = [*planted_texts(count), *refs]
    assert find_texts(stored_contents(folder / "data", server), planted)
    before = read_tables(url)
    assert main(list(command)) == 0
    after, records_after = read_tables(url), read_tables(url, schema=RESTRICTED)
    return PlantedCouncil(folder, url, server, planted, before, after, records_before, records_after)


def sorted_rows(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of a table without what each run names anew, in one order."""
    rows = table.drop(columns=[name for name in OF_A_RUN if name in table])
    return rows.sort_values(list(rows), ignore_index=True)


def assert_members_equal_counts(council: PlantedCouncil) -> None:
    """Each count has as many members as before; those of the children name nobody and no record."""
    figure = ["quarter_key", "basis", "kpi_id", "role"]
    before, after = (each["kpi_member"] for each in (council.records_before, council.records_after))
    pd.testing.assert_series_equal(after.groupby(figure).size(), before.groupby(figure).size())
    without_person = after["person_ref"].isna()
    assert without_person.any()
    assert after.loc[without_person, ["record_key", "team"]].isna().all(axis=None)


def assert_closed_quarters_stay(council: PlantedCouncil, last_quarter: str) -> None:
    """Every published figure up to a quarter is as before the command."""
    keys = ["quarter_key", "basis", "kpi_id", "breakdown", "category"]
    now = read_tables(council.url)["fact_kpi_quarterly"].set_index(keys)["value"]
    then = council.before["fact_kpi_quarterly"].set_index(keys)["value"]
    closed = then[then.index.get_level_values("quarter_key") <= last_quarter]
    pd.testing.assert_series_equal(now.reindex(closed.index), closed)

"""200 planted children are erased: no byte of them is stored, published figures stay, none comes back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from cf_pipeline.cli.main import main
from cf_pipeline.operations.audit import read_actions, verify_actions
from cf_pipeline.warehouse import WarehouseError, read_table, read_tables, roll_back
from cf_pipeline.warehouse.tables.schemas import RESTRICTED
from tests.conftest import ID_KEY
from tests.support.planted_children import (
    FIRST,
    PLANTED,
    SECOND,
    SLUG,
    THIRD,
    deliver_planted,
    planted_ids,
    planted_texts,
)
from tests.support.postgresql import drop_schemas
from tests.support.stored_bytes import find_texts, stored_contents

pytestmark = pytest.mark.slow
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
class Council:
    """A project in which children were erased, and what was published before and after."""

    folder: Path
    url: str
    server: str | None
    planted: list[str]
    before: Tables
    after: Tables
    members_before: pd.DataFrame
    members_after: pd.DataFrame

    def find_planted(self) -> dict[str, int]:
        """What of the stores holds anything of the planted children."""
        return find_texts(stored_contents(self.folder / "data", self.server), self.planted)


@pytest.fixture(scope="module", params=["duckdb", "postgresql"])
def council(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Council]:
    folder = tmp_path_factory.mktemp("erasure")
    server = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    url = f"duckdb:///{folder}/data/warehouse/published.duckdb"
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("CF_")]:
            patch.delenv(name)
        patch.chdir(folder)
        patch.setenv("CF_ID_KEY", ID_KEY)
        patch.setenv("CF_JOBS", "1")
        if server is not None:
            drop_schemas(server)
            url = server.replace("postgresql://", "postgresql+psycopg://")
            patch.setenv("CF_WAREHOUSE_URL", url)
        (folder / "pipeline.toml").touch()
        for delivery in (FIRST, SECOND):
            deliver_planted(folder / "raw", delivery)
            assert main(["run"]) == 0
        people = read_table(url, "person", schema=RESTRICTED)
        refs = people.loc[people["child_id"].isin(planted_ids()), "person_ref"].tolist()
        assert len(refs) == PLANTED
        planted = [*planted_texts(), *refs]
        assert find_texts(stored_contents(folder / "data", server), planted)
        before, members_before = read_tables(url), read_table(url, "kpi_member", schema=RESTRICTED)
        reason = ["--by", "Data protection officer", "--because", "requests of 12 May"]
        assert main(["erase", SLUG, *planted_ids(), *reason]) == 0
        yield Council(
            folder,
            url,
            server,
            planted,
            before,
            read_tables(url),
            members_before,
            read_table(url, "kpi_member", schema=RESTRICTED),
        )


@pytest.fixture(autouse=True)
def own_settings(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of the council's project: those of the environment are removed before each test."""
    monkeypatch.setenv("CF_ID_KEY", ID_KEY)
    monkeypatch.setenv("CF_JOBS", "1")
    monkeypatch.setenv("CF_WAREHOUSE_URL", council.url)


def test_no_byte_of_the_children_is_stored(council: Council) -> None:
    assert council.find_planted() == {}


@pytest.mark.parametrize("table", FIGURES)
def test_every_published_figure_stays(council: Council, table: str) -> None:
    pd.testing.assert_frame_equal(_rows(council.after[table]), _rows(council.before[table]))


def test_a_count_still_equals_its_members(council: Council) -> None:
    figure = ["quarter_key", "basis", "kpi_id", "role"]
    before = council.members_before.groupby(figure).size()
    after = council.members_after.groupby(figure).size()
    pd.testing.assert_series_equal(after, before)
    erased = council.members_after["person_ref"].isna()
    assert erased.any()
    assert council.members_after.loc[erased, ["record_key", "team"]].isna().all(axis=None)


def test_no_earlier_version_is_left_to_go_back_to(council: Council) -> None:
    with pytest.raises(WarehouseError, match="no version before"):
        roll_back(council.url)


def test_the_audit_log_says_who_and_why_and_no_child(council: Council) -> None:
    assert verify_actions(council.folder / "data").lines
    (erasure,) = [entry for entry in read_actions(council.folder / "data") if entry.action == "erase"]
    assert (erasure.by, erasure.because) == ("Data protection officer", "requests of 12 May")
    assert erasure.counts["children"] == PLANTED


def test_explain_says_how_many_members_were_erased(
    council: Council, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "contacts_count", "2018/19 Q3"]) == 0
    printed = capsys.readouterr().out
    assert "Erased since: " in printed


def test_a_later_delivery_of_the_children_is_told_and_not_loaded(
    council: Council, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last test of the module: it changes the council."""
    deliver_planted(council.folder / "raw", THIRD)
    assert main(["run", "--all"]) == 2  # most of its events are the children's: without them it is held
    assert main(["accept", f"{SLUG}/{THIRD}", "--by", "analyst", "--because", "erased children"]) == 0
    assert main(["run"]) == 0
    assert council.find_planted() == {}
    assert find_texts([("screen", capsys.readouterr().out.encode())], council.planted) == {}
    told = read_table(council.url, "data_quality", where={"rule": "erased_child"})
    newest = told[told["delivery_id"].eq(THIRD)]
    assert newest["issues"].sum() >= PLANTED
    keys = ["quarter_key", "basis", "kpi_id", "breakdown", "category"]
    now = read_table(council.url, "fact_kpi_quarterly").set_index(keys)["value"]
    then = council.before["fact_kpi_quarterly"].set_index(keys)["value"]
    # The last days of quarter 4 are in the window of the third delivery, which may correct them.
    closed = then[then.index.get_level_values("quarter_key") <= "2018/19 Q3"]
    pd.testing.assert_series_equal(now.reindex(closed.index), closed)


def _rows(table: pd.DataFrame) -> pd.DataFrame:
    rows = table.drop(columns=[name for name in OF_A_RUN if name in table])
    return rows.sort_values(list(rows), ignore_index=True)

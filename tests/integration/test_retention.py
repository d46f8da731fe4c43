"""Cases past their retention are purged: no byte of them is stored, figures stay, none comes back."""

from __future__ import annotations

import datetime as dt
import hashlib
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
from tests.integration.test_erasure import FIGURES, OF_A_RUN
from tests.support.planted_children import (
    FIRST,
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
COUNT, OTHERS = 60, 80
TODAY = dt.date(2023, 8, 1)
"""With 4 years, what ended in spring 2019 is past its retention, and what ended in August 2019 is not."""
FOURTH = "2019-01-01_2019-12-31"
"""It holds the planted children again."""
LISTS = """
[retention.lists]
child_protection_plans = 4
children_in_care = 4
"""
Tables = dict[str, pd.DataFrame]
Places = dict[str, str]


@dataclass(frozen=True)
class Council:
    """A project in which cases were purged, and what was published before and after."""

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


@pytest.fixture(scope="module", params=["duckdb", "postgresql"])
def council(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Council]:
    folder = tmp_path_factory.mktemp("retention")
    server = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    url = f"duckdb:///{folder}/data/warehouse/published.duckdb"
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("CF_")]:
            patch.delenv(name)
        patch.chdir(folder)
        patch.setattr("cf_pipeline.cli.operations.purge.today", lambda: TODAY)
        if server is not None:
            drop_schemas(server)
            url = server.replace("postgresql://", "postgresql+psycopg://")
        set_environment(patch, url)
        (folder / "pipeline.toml").write_text(LISTS)
        for deliveries in ((FIRST,), (SECOND, THIRD)):
            for delivery in deliveries:
                deliver_planted(folder / "raw", delivery, COUNT, OTHERS, has_ends=True)
            assert main(["run"]) == 0
        people = read_table(url, "person", schema=RESTRICTED)
        refs = people.loc[people["child_id"].isin(planted_ids()), "person_ref"].tolist()
        assert len(refs) == COUNT
        planted = [*planted_texts(COUNT), *refs]
        assert find_texts(stored_contents(folder / "data", server), planted)
        before, records_before = read_tables(url), read_tables(url, schema=RESTRICTED)
        assert main(["purge", "--by", "Records manager"]) == 0
        after, records_after = read_tables(url), read_tables(url, schema=RESTRICTED)
        yield Council(folder, url, server, planted, before, after, records_before, records_after)


@pytest.fixture(autouse=True)
def own_settings(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of the council's project, and its day: those of the environment are removed before."""
    set_environment(monkeypatch, council.url)
    monkeypatch.setattr("cf_pipeline.cli.operations.purge.today", lambda: TODAY)


def set_environment(patch: pytest.MonkeyPatch, url: str) -> None:
    for name, value in {"CF_ID_KEY": ID_KEY, "CF_JOBS": "1", "CF_WAREHOUSE_URL": url}.items():
        patch.setenv(name, value)


def contents(folder: Path) -> Places:
    """Every file below a folder -> hash of its bytes."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_no_byte_of_the_children_is_stored(council: Council) -> None:
    assert council.find_planted() == {}


@pytest.mark.parametrize("table", FIGURES)
def test_every_published_figure_stays(council: Council, table: str) -> None:
    pd.testing.assert_frame_equal(rows(council.after[table]), rows(council.before[table]))


def test_a_count_still_equals_its_members(council: Council) -> None:
    figure = ["quarter_key", "basis", "kpi_id", "role"]
    before, after = (each["kpi_member"] for each in (council.records_before, council.records_after))
    pd.testing.assert_series_equal(after.groupby(figure).size(), before.groupby(figure).size())
    purged = after["person_ref"].isna()
    assert purged.any()
    assert after.loc[purged, ["record_key", "team"]].isna().all(axis=None)


@pytest.mark.parametrize("table", ["person", "kpi_member", "worklist_item", "child_timeline"])
def test_open_cases_and_those_within_their_retention_are_untouched(council: Council, table: str) -> None:
    before, after = council.records_before[table], council.records_after[table]
    staying = before[~before["person_ref"].isin(council.planted)].drop(columns=OF_A_RUN, errors="ignore")
    assert len(staying)
    found = after[after["person_ref"].notna()].drop(columns=OF_A_RUN, errors="ignore")
    keys = [name for name in staying if name not in ("member_no", "item_no")]
    pd.testing.assert_frame_equal(rows(found[keys]), rows(staying[keys]))


def test_no_earlier_version_is_left_to_go_back_to(council: Council) -> None:
    with pytest.raises(WarehouseError, match="no version before"):
        roll_back(council.url)


def test_the_audit_log_says_who_and_how_many_of_each_list(council: Council) -> None:
    assert verify_actions(council.folder / "data").lines
    (purge,) = [entry for entry in read_actions(council.folder / "data") if entry.action == "purge"]
    assert (purge.by, purge.subject) == ("Records manager", SLUG)
    assert purge.counts["contacts"] == 2 * COUNT
    assert purge.counts["children_in_care"] == COUNT / 4


def test_a_second_purge_does_nothing(council: Council, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(council.folder)
    assert main(["purge", "--by", "Records manager"]) == 0
    assert capsys.readouterr().out == "Nothing is past its retention.\n"
    assert contents(council.folder) == before


def test_a_dry_run_says_how_many_and_changes_no_byte(
    council: Council, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cf_pipeline.cli.operations.purge.today", lambda: dt.date(2023, 10, 1))
    before = contents(council.folder)
    assert main(["purge", "--by", "Records manager", "--dry-run"]) == 0
    printed = capsys.readouterr().out
    # Of 80 others every fifth case ended on 15 August 2019, of which every fourth is in care.
    assert (
        f"{SLUG}, children_in_need: {OTHERS // 5} records would go: cases that ended before 2019-10-01"
        in printed
    )
    assert contents(council.folder) == before


def test_every_figure_stays_after_a_full_run_and_a_later_delivery_of_the_children(
    council: Council, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last test of the module: it changes the council."""
    if council.server is not None:
        pytest.skip("what is loaded and counted does not depend on the database")
    deliver_planted(council.folder / "raw", FOURTH, COUNT, OTHERS, has_ends=True)
    assert main(["run", "--all"]) == 0
    assert council.find_planted() == {}
    assert find_texts([("screen", capsys.readouterr().out.encode())], council.planted) == {}
    keys = ["quarter_key", "basis", "kpi_id", "breakdown", "category"]
    now = read_table(council.url, "fact_kpi_quarterly").set_index(keys)["value"]
    then = council.before["fact_kpi_quarterly"].set_index(keys)["value"]
    closed = then[then.index.get_level_values("quarter_key") <= "2019/20 Q2"]
    pd.testing.assert_series_equal(now.reindex(closed.index), closed)


def rows(table: pd.DataFrame) -> pd.DataFrame:
    own = table.drop(columns=[name for name in OF_A_RUN if name in table])
    return own.sort_values(list(own), ignore_index=True)

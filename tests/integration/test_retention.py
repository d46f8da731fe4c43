"""Cases past their retention are purged: no byte of them is stored, figures stay, none comes back."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from cf_pipeline.cli.main import main
from cf_pipeline.operations.audit import read_actions, verify_actions
from cf_pipeline.warehouse import WarehouseError, roll_back
from tests.support.planted_children import FIRST, SECOND, SLUG, THIRD, deliver_planted
from tests.support.planted_council import (
    FIGURES,
    OF_A_RUN,
    PlantedCouncil,
    assert_closed_quarters_stay,
    assert_members_equal_counts,
    open_project,
    set_environment,
    sorted_rows,
    take_children_out,
)
from tests.support.stored_bytes import find_texts

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
Places = dict[str, str]


@pytest.fixture(scope="module", params=["duckdb", "postgresql"])
def council(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PlantedCouncil]:
    folder = tmp_path_factory.mktemp("retention")
    server = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    with open_project(folder, server) as (patch, url):
        patch.setattr("cf_pipeline.cli.operations.purge.today", lambda: TODAY)
        (folder / "pipeline.toml").write_text(LISTS)
        for deliveries in ((FIRST,), (SECOND, THIRD)):
            for delivery in deliveries:
                deliver_planted(folder / "raw", delivery, COUNT, OTHERS, has_ends=True)
            assert main(["run"]) == 0
        yield take_children_out(folder, url, server, COUNT, "purge", "--by", "Records manager")


@pytest.fixture(autouse=True)
def own_settings(council: PlantedCouncil, monkeypatch: pytest.MonkeyPatch) -> None:
    set_environment(monkeypatch, council.url)
    monkeypatch.setattr("cf_pipeline.cli.operations.purge.today", lambda: TODAY)


def contents(folder: Path) -> Places:
    """Every file below a folder -> hash of its bytes."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_no_byte_of_the_children_is_stored(council: PlantedCouncil) -> None:
    assert council.find_planted() == {}


@pytest.mark.parametrize("table", FIGURES)
def test_every_published_figure_stays(council: PlantedCouncil, table: str) -> None:
    pd.testing.assert_frame_equal(sorted_rows(council.after[table]), sorted_rows(council.before[table]))


def test_a_count_still_equals_its_members(council: PlantedCouncil) -> None:
    assert_members_equal_counts(council)


@pytest.mark.parametrize("table", ["person", "kpi_member", "worklist_item", "child_timeline"])
def test_open_cases_and_those_within_their_retention_are_untouched(
    council: PlantedCouncil, table: str
) -> None:
    before, after = council.records_before[table], council.records_after[table]
    staying = before[~before["person_ref"].isin(council.planted)].drop(columns=OF_A_RUN, errors="ignore")
    assert len(staying)
    found = after[after["person_ref"].notna()].drop(columns=OF_A_RUN, errors="ignore")
    keys = [name for name in staying if name not in ("member_no", "item_no")]
    pd.testing.assert_frame_equal(sorted_rows(found[keys]), sorted_rows(staying[keys]))


def test_no_earlier_version_is_left_to_go_back_to(council: PlantedCouncil) -> None:
    with pytest.raises(WarehouseError, match="no version before"):
        roll_back(council.url)


def test_the_audit_log_says_who_and_how_many_of_each_list(council: PlantedCouncil) -> None:
    assert verify_actions(council.folder / "data").lines
    (purge,) = [entry for entry in read_actions(council.folder / "data") if entry.action == "purge"]
    assert (purge.by, purge.subject) == ("Records manager", SLUG)
    assert purge.counts["contacts"] == 2 * COUNT
    assert purge.counts["children_in_care"] == COUNT / 4


def test_a_second_purge_does_nothing(council: PlantedCouncil, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(council.folder)
    assert main(["purge", "--by", "Records manager"]) == 0
    assert capsys.readouterr().out == "Nothing is past its retention.\n"
    assert contents(council.folder) == before


def test_a_dry_run_says_how_many_and_changes_no_byte(
    council: PlantedCouncil, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
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
    council: PlantedCouncil, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last test of the module: it changes the council."""
    if council.server is not None:
        pytest.skip("what is loaded and counted does not depend on the database")
    deliver_planted(council.folder / "raw", FOURTH, COUNT, OTHERS, has_ends=True)
    assert main(["run", "--all"]) == 0
    assert council.find_planted() == {}
    assert find_texts([("screen", capsys.readouterr().out.encode())], council.planted) == {}
    assert_closed_quarters_stay(council, "2019/20 Q2")

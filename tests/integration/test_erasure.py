"""200 planted children are erased: no byte of them is stored, published figures stay, none comes back."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

from cf_pipeline.cli.main import main
from cf_pipeline.operations.audit import read_actions, verify_actions
from cf_pipeline.warehouse import WarehouseError, read_table, roll_back
from tests.support.planted_children import FIRST, PLANTED, SECOND, SLUG, THIRD, deliver_planted, planted_ids
from tests.support.planted_council import (
    FIGURES,
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


@pytest.fixture(scope="module", params=["duckdb", "postgresql"])
def council(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PlantedCouncil]:
    folder = tmp_path_factory.mktemp("erasure")
    server = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    with open_project(folder, server) as (_, url):
        for delivery in (FIRST, SECOND):
            deliver_planted(folder / "raw", delivery)
            assert main(["run"]) == 0
        reason = ["--by", "Data protection officer", "--because", "requests of 12 May"]
        erasure = ["erase", SLUG, *planted_ids(), *reason]
        yield take_children_out(folder, url, server, PLANTED, *erasure)


@pytest.fixture(autouse=True)
def own_settings(council: PlantedCouncil, monkeypatch: pytest.MonkeyPatch) -> None:
    set_environment(monkeypatch, council.url)


def test_no_byte_of_the_children_is_stored(council: PlantedCouncil) -> None:
    assert council.find_planted() == {}


@pytest.mark.parametrize("table", FIGURES)
def test_every_published_figure_stays(council: PlantedCouncil, table: str) -> None:
    pd.testing.assert_frame_equal(sorted_rows(council.after[table]), sorted_rows(council.before[table]))


def test_a_count_still_equals_its_members(council: PlantedCouncil) -> None:
    assert_members_equal_counts(council)


def test_no_earlier_version_is_left_to_go_back_to(council: PlantedCouncil) -> None:
    with pytest.raises(WarehouseError, match="no version before"):
        roll_back(council.url)


def test_the_audit_log_says_who_and_why_and_no_child(council: PlantedCouncil) -> None:
    assert verify_actions(council.folder / "data").lines
    (erasure,) = [entry for entry in read_actions(council.folder / "data") if entry.action == "erase"]
    assert (erasure.by, erasure.because) == ("Data protection officer", "requests of 12 May")
    assert erasure.counts["children"] == PLANTED


def test_explain_says_how_many_members_were_erased(
    council: PlantedCouncil, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "contacts_count", "2018/19 Q3"]) == 0
    printed = capsys.readouterr().out
    assert "Erased since: " in printed


def test_a_later_delivery_of_the_children_is_told_and_not_loaded(
    council: PlantedCouncil, capsys: pytest.CaptureFixture[str]
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
    # The last days of quarter 4 are in the window of the third delivery, which may correct them.
    assert_closed_quarters_stay(council, "2018/19 Q3")

"""The state of a project: what is published, held, refused and failed, and what could not be read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from cf_pipeline.cli.main import main
from cf_pipeline.cli.operations.dagster_records import records_reader
from cf_pipeline.operations.graph_state import PUBLISHING, FailedCheck
from cf_pipeline.operations.project_state import (
    LAKE,
    RAW,
    RECORDS,
    WAREHOUSE,
    Hold,
    ProjectState,
    read_project_state,
)
from cf_pipeline.project.settings import load_settings
from tests.conftest import ID_KEY
from tests.support.small_deliveries import HEADERS, deliver, deliver_damaged

NOW = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)


def look_at(project: Path) -> ProjectState:
    settings = load_settings(project, {"CF_ID_KEY": ID_KEY})
    return read_project_state(settings, records_reader(settings), NOW)


def deliver_unread_dates(raw: Path, authority: str, as_at: str = "2019-12-31") -> None:
    """A list of ten rows with two key dates that nobody can read: it is held."""
    folder = raw / authority / as_at
    folder.mkdir(parents=True)
    dates = ["2019-10-02"] * 8 + ["soon", "later"]
    rows = [f"{authority[0]}{n},M,WBRI,2010-05-01,9,{date},1A\n" for n, date in enumerate(dates)]
    (folder / "contacts.csv").write_text(HEADERS + "".join(rows))


def test_a_project_without_anything_says_so_and_raises_nothing(project: Path) -> None:
    state = look_at(project)
    assert (state.authorities, state.publication, state.graph) == ((), None, None)
    assert list(state.unread) == [RAW]  # an empty drop zone may be a share that is not mounted


def test_a_run_is_seen_by_authority(project: Path) -> None:
    deliver(project / "raw", "camden")
    deliver_damaged(project / "raw", "camden", as_at="2019-09-30")
    deliver_damaged(project / "raw", "hackney", as_at="2019-09-30")
    deliver_unread_dates(project / "raw", "islington")
    main(["run"])
    state = look_at(project)
    assert state.authorities == ("camden", "hackney", "islington")
    assert state.publication is not None and state.publication.version == 1 and state.is_pair
    assert [refusal.authority for refusal in state.refusals] == ["camden", "hackney"]
    assert [hold.authority for hold in state.holds] == ["islington"]
    assert state.holds[0].place.startswith("islington/2019-12-31")
    assert set(state.newest_files) == set(state.authorities)
    assert state.graph is not None and not state.graph.open_runs and not state.unread
    assert {run.subject: run.has_failed for run in state.graph.runs} == {
        "camden": False,
        "hackney": True,
        "islington": True,
        PUBLISHING: False,
    }
    failed = set(state.graph.failed_checks)
    assert {
        FailedCheck("camden", "every_file_was_read"),
        FailedCheck("hackney", "every_file_was_read"),
    } <= failed


def test_a_source_that_cannot_be_read_is_named_and_the_others_are_read(project: Path) -> None:
    deliver(project / "raw", "camden")
    main(["run"])
    (project / "data/warehouse/published.duckdb").write_bytes(b"no database")
    (project / "data/lake/clean/held/camden.parquet").write_bytes(b"no table")
    (project / "data/dagster/history/runs.db").write_bytes(b"no records" * 1000)
    (project / "raw").rename(project / "elsewhere")
    state = look_at(project)
    assert set(state.unread) == {RAW, LAKE, WAREHOUSE, RECORDS}
    assert state.authorities == ("camden",)
    assert all(sentence.endswith(".") for sentence in state.unread.values())


def test_an_unforeseen_fault_of_a_source_is_told_by_its_kind_alone(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("Ana Smith, born 2010-05-01")

    deliver(project / "raw", "camden")
    monkeypatch.setattr("cf_pipeline.operations.project_state.walk_folder", fail)
    assert look_at(project).unread == {RAW: "The drop zone cannot be read (RuntimeError)."}


def test_a_place_is_named_as_accept_takes_it() -> None:
    assert Hold("camden", "2019-12-31", "").place == "camden/2019-12-31"
    assert Hold("camden", "2019-12-31", "contacts").place == "camden/2019-12-31/contacts"

"""`cf-pipeline alert` and the end of `run`: what is new is told, and no channel stops a run."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from cf_pipeline.cli.main import main
from cf_pipeline.cli.operations.alert import run_watched
from cf_pipeline.errors import PlainError
from cf_pipeline.project.settings import load_settings
from tests.support.local_servers import web_server


def test_alerts_that_are_off_tell_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["alert"]) == 0
    assert "Alerts are off" in capsys.readouterr().out


def test_a_test_says_the_outcome_of_each_channel(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["alert", "--test"]) == 1
    assert "No channel is set" in capsys.readouterr().err
    with web_server() as server:
        monkeypatch.setenv("CF_ALERTS_SLACK_URL", server.url)
        assert main(["alert", "--test"]) == 0
        monkeypatch.setenv("CF_ALERTS_TEAMS_URL", "http://127.0.0.1:1/k3y")
        assert main(["alert", "--test"]) == 2
    shown = capsys.readouterr()
    assert shown.out.splitlines() == ["Slack took the message."] * 2
    assert "Teams took no message" in shown.err and "k3y" not in shown.err
    assert main(["alert", "--test"]) == 1


def test_a_look_prints_what_it_tells(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CF_ALERTS_ON", "true")
    with web_server() as server:
        monkeypatch.setenv("CF_ALERTS_TEAMS_URL", server.url)
        assert (main(["alert"]), main(["alert"])) == (0, 0)  # the drop zone is empty
    assert capsys.readouterr().out.splitlines() == [
        "New: All authorities: the drop zone cannot be read. `cf-pipeline doctor` says why.",
        "Nothing is new, and nothing is over.",
    ]
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [0, 1, 2])
def test_the_exit_status_of_a_run_stays_though_no_channel_is_set(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], status: int
) -> None:
    monkeypatch.setenv("CF_ALERTS_ON", "true")
    settings = load_settings(project, {"CF_ALERTS_ON": "true"})
    assert run_watched(settings, lambda: status) == status
    assert "Alerts: No channel is set" in capsys.readouterr().err


def test_a_run_that_ends_with_an_error_is_told_and_the_error_stays(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> int:
        raise PlainError("The key is lost.")

    (project / "raw/camden").mkdir()
    settings = load_settings(project, {"CF_ALERTS_ON": "true"})
    with web_server() as server:
        monkeypatch.setenv("CF_ALERTS_SLACK_URL", server.url)
        with pytest.raises(PlainError, match="The key is lost"):
            run_watched(settings, fail)
    [(_, _, payload)] = server.requests
    assert "`cf-pipeline run` failed" in payload["text"] and "key" not in payload["text"]


def test_a_run_loads_nothing_of_alerts_that_are_off(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(*_: object, **__: object) -> int:
        return 0

    def fail(*_: object) -> int:
        raise AssertionError(argparse)

    monkeypatch.setattr("cf_pipeline.cli.start_run.start_run", start)
    monkeypatch.setattr("cf_pipeline.cli.operations.alert.run_watched", fail)
    assert main(["run"]) == 0

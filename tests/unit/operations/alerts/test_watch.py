"""A look at a project: each alert is told once, and told when it is over."""

from __future__ import annotations

import dataclasses
import datetime as dt
import stat
from pathlib import Path

import pytest

from cf_pipeline.operations.alerts.register import read_register
from cf_pipeline.operations.alerts.watch import Look, NoChannelError, send_test, watch_project
from cf_pipeline.operations.graph_state import EndedRun, GraphState, Ticker
from cf_pipeline.operations.project_state import ProjectState
from cf_pipeline.project.settings import load_settings
from tests.support.local_servers import WebServer, web_server

NOW = dt.datetime(2026, 3, 1, 6, tzinfo=dt.UTC)
NIGHT = dt.datetime(2026, 3, 1, 2, tzinfo=dt.UTC)
WELL = ProjectState(NOW, graph=GraphState(tickers=(Ticker("nightly", "schedule", True, NIGHT, "success"),)))
ILL = dataclasses.replace(WELL, graph=GraphState(runs=(EndedRun("camden", True, NOW),)))


def look(root: Path, state: ProjectState, failed: bool | None = None, **secrets: str) -> Look:
    env = {f"CF_ALERTS_{name.upper()}": value for name, value in secrets.items()}
    return watch_project(load_settings(root, {"CF_ALERTS_ON": "true"}), env, state, failed)


def lines(server: WebServer) -> list[str]:
    return [payload["text"].splitlines()[0] for _, _, payload in server.requests]


def test_an_alert_is_told_once_and_told_when_it_is_over(tmp_path: Path) -> None:
    with web_server() as server:
        for state in (WELL, ILL, ILL, WELL, WELL):
            assert look(tmp_path, state, slack_url=server.url).is_told
    title = "Children and Families pipeline"
    assert lines(server) == [f"{title}: 1 new", f"{title}: 1 over"]
    assert stat.S_IMODE((tmp_path / "data/alerts_told.json").stat().st_mode) == 0o600


def test_an_alert_that_no_channel_took_is_told_again(tmp_path: Path) -> None:
    with web_server(500) as server:
        first = look(tmp_path, ILL, slack_url=server.url)
        assert not first.is_told and len(first.faults) == 1
        server.status = 200
        second = look(tmp_path, ILL, slack_url=server.url)
        assert second.is_told and second.message == first.message is not None
        assert look(tmp_path, ILL, slack_url=server.url).message is None


def test_one_channel_that_took_it_is_enough_and_the_other_is_named(tmp_path: Path) -> None:
    with web_server() as good, web_server(404) as bad:
        first = look(tmp_path, ILL, slack_url=good.url, teams_url=bad.url)
        assert first.is_told and len(first.faults) == 1 and "Teams" in first.faults[0]
        assert look(tmp_path, ILL, slack_url=good.url, teams_url=bad.url).message is None


def test_a_register_that_cannot_be_read_tells_all_again(tmp_path: Path) -> None:
    with web_server() as server:
        look(tmp_path, ILL, slack_url=server.url)
        (tmp_path / "data/alerts_told.json").write_text("{")
        assert look(tmp_path, ILL, slack_url=server.url).message is not None


def test_without_a_channel_nothing_counts_as_told(tmp_path: Path) -> None:
    assert look(tmp_path, WELL) == Look()
    with pytest.raises(NoChannelError, match="No channel is set"):
        look(tmp_path, ILL)
    assert read_register(tmp_path / "data").told == frozenset()


def test_the_watchdog_knows_of_each_good_night_once(tmp_path: Path) -> None:
    next_night = dataclasses.replace(
        WELL,
        graph=GraphState(
            tickers=(Ticker("nightly", "schedule", True, NIGHT + dt.timedelta(days=1), "skipped"),)
        ),
    )
    with web_server() as server:
        for state in (WELL, WELL, next_night, WELL):
            look(tmp_path, state, watchdog_url=server.url)
        assert len(server.requests) == 2
        server.status = 500
        later = dataclasses.replace(WELL, now=NOW + dt.timedelta(days=9))
        assert "The watchdog" in look(tmp_path, later, False, watchdog_url=server.url).faults[0]
        server.status = 200
        assert not look(tmp_path, later, False, watchdog_url=server.url).faults
    assert len(server.requests) == 4


def test_a_command_that_failed_is_no_good_night(tmp_path: Path) -> None:
    with web_server() as dog, web_server() as slack:
        look(tmp_path, WELL, True, watchdog_url=dog.url, slack_url=slack.url)
    assert not dog.requests and len(slack.requests) == 1


def test_the_watchdog_is_asked_though_alerts_are_off(tmp_path: Path) -> None:
    with web_server() as server:
        settings = load_settings(tmp_path, {})
        assert watch_project(settings, {"CF_ALERTS_WATCHDOG_URL": server.url}, ILL, False) == Look()
    assert len(server.requests) == 1


def test_a_test_goes_by_every_channel_though_alerts_are_off(tmp_path: Path) -> None:
    with web_server() as server:
        env = {"CF_ALERTS_SLACK_URL": server.url, "CF_ALERTS_TEAMS_URL": "http://127.0.0.1:1/k3y"}
        outcomes = send_test(load_settings(tmp_path, {}), env)
    assert [(outcome.channel, bool(outcome.fault)) for outcome in outcomes] == [
        ("Teams", True),
        ("Slack", False),
    ]
    with pytest.raises(NoChannelError):
        send_test(load_settings(tmp_path, {}), {})

"""The sensor that tells alerts while the daemon runs."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from assets.definitions import defs
from assets.monitoring.alerts import alerts
from resources.settings import PipelineSettings
from tests.support.local_servers import web_server


def tick(project: Path) -> str:
    """The reason of a tick that started no run."""
    (project / "home").mkdir(exist_ok=True)
    with (
        dg.DagsterInstance.local_temp(str(project / "home")) as instance,
        dg.build_sensor_context(
            instance=instance,
            repository_def=defs.get_repository_def(),
            resources={"settings": PipelineSettings(root=str(project))},
        ) as context,
    ):
        result = alerts(context)
    assert isinstance(result, dg.SkipReason)
    return result.skip_message or ""


def test_alerts_that_are_off_tell_nothing(project: Path) -> None:
    assert tick(project) == "Alerts are off."


def test_a_tick_tells_what_is_new_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CF_ALERTS_ON", "true")
    with web_server() as server:
        monkeypatch.setenv("CF_ALERTS_SLACK_URL", server.url)
        assert tick(project) == "Children and Families pipeline: 1 new"
        assert tick(project) == "Nothing is new or over."
    assert len(server.requests) == 1


def test_a_tick_whose_message_no_channel_took_fails_without_a_secret(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CF_ALERTS_ON", "true")
    monkeypatch.setenv("CF_ALERTS_SLACK_URL", "http://127.0.0.1:1/k3y")
    with pytest.raises(dg.Failure, match="No channel took the message") as raised:
        tick(project)
    assert "k3y" not in str(raised.value)


def test_the_sensor_is_among_the_definitions_and_looks_every_quarter_of_an_hour() -> None:
    assert defs.resolve_sensor_def("alerts").minimum_interval_seconds == 900

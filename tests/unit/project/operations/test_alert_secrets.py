"""The secrets of alerts: from the environment or a private file, and never told."""

from __future__ import annotations

from pathlib import Path

import pytest

from cf_pipeline.project.operations.alert_secrets import AlertSecretsError, read_alert_secrets

URL = "https://hooks.example/k3y"


def write(data: Path, text: str, mode: int = 0o600) -> Path:
    file = data / "alerts.env"
    file.write_text(text)
    file.chmod(mode)
    return file


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    write(tmp_path, f"# of Teams\nCF_ALERTS_TEAMS_URL='{URL}'\n\nCF_ALERTS_SMTP_USER=ana\n")
    secrets = read_alert_secrets(tmp_path, {"CF_ALERTS_SMTP_USER": "ben"})
    assert (secrets.teams_url, secrets.smtp_user, secrets.slack_url) == (URL, "ben", "")


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    assert "k3y" not in repr(read_alert_secrets(tmp_path, {"CF_ALERTS_SLACK_URL": URL}))


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    write(tmp_path, f"CF_ALERTS_TEAMS_URL={URL}", 0o640)
    with pytest.raises(AlertSecretsError, match="chmod 600"):
        read_alert_secrets(tmp_path, {})


@pytest.mark.parametrize("text", ["CF_ALERTS_TEAM_URL=" + URL, URL])
def test_a_line_that_is_none_is_told_by_its_number_alone(tmp_path: Path, text: str) -> None:
    write(tmp_path, f"\n{text}\n")
    with pytest.raises(AlertSecretsError, match="line 2") as raised:
        read_alert_secrets(tmp_path, {})
    assert "k3y" not in str(raised.value)


@pytest.mark.parametrize(
    "url", ["http://hooks.example/k3y", "hooks.example/k3y", "https://[/k3y", "https://a.example/k3y\nx"]
)
def test_an_address_that_would_tell_its_secret_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(AlertSecretsError, match="CF_ALERTS_TEAMS_URL") as raised:
        read_alert_secrets(tmp_path, {"CF_ALERTS_TEAMS_URL": url})
    assert "k3y" not in str(raised.value)


def test_an_address_on_this_computer_needs_no_encryption(tmp_path: Path) -> None:
    env = {"CF_ALERTS_WATCHDOG_URL": "http://127.0.0.1:8080/ping"}
    assert read_alert_secrets(tmp_path, env).watchdog_url == "http://127.0.0.1:8080/ping"

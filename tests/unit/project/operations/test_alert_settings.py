"""The settings of alerts: off by default, and a wrong one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from cf_pipeline.project.operations.alert_settings import MailSettings
from cf_pipeline.project.settings import SettingsError, load_settings

MAIL = 'mail_to = ["a@b.example"]\nmail_from = "p@b.example"\n'


def load(root: Path, text: str, env: dict[str, str] | None = None):
    (root / "pipeline.toml").write_text(text)
    return load_settings(root, env or {})


def test_alerts_are_off_by_default(tmp_path: Path) -> None:
    alerts = load(tmp_path, "").alerts
    assert not alerts.is_on and alerts.mail is None
    assert (alerts.nothing_new_days, alerts.publish_hours) == (100, 0)


def test_mail_has_the_port_of_its_security_unless_one_is_named(tmp_path: Path) -> None:
    alerts = load(tmp_path, f'[alerts]\non = true\n{MAIL}smtp_server = "mail.b.example"\n').alerts
    assert alerts.is_on
    assert alerts.mail == MailSettings("p@b.example", ("a@b.example",), "mail.b.example", 587, "starttls")
    text = f'[alerts]\n{MAIL}smtp_server = "mail.b.example:2525"\nsmtp_security = "tls"\n'
    assert load(tmp_path, text).alerts.mail == MailSettings(
        "p@b.example", ("a@b.example",), "mail.b.example", 2525, "tls"
    )


def test_the_environment_switches_alerts_on(tmp_path: Path) -> None:
    env = {"CF_ALERTS_ON": "true", "CF_ALERTS_NOTHING_NEW_DAYS": "7"}
    alerts = load(tmp_path, "", env).alerts
    assert (alerts.is_on, alerts.nothing_new_days) == (True, 7)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("on = 1", "alerts.on"),
        ("nothing_new_days = -1", "alerts.nothing_new_days"),
        ('publish_hours = "soon"', "alerts.publish_hours"),
        ('mail_to = ["a@b.example\\nBcc: c@d"]', "alerts.mail_to"),
        ('mail_to = ["a@b.example"]\nsmtp_server = "m.example"', "alerts.mail_from"),
        (MAIL, "alerts.smtp_server"),
        (f'{MAIL}smtp_server = "m.example:0"', "alerts.smtp_server"),
        (f'{MAIL}smtp_server = "m.example"\nsmtp_security = "ssl"', "alerts.smtp_security"),
        (f'{MAIL}smtp_server = "m.example"\nsmtp_security = "none"', "this computer alone"),
        ("teams = 1", "alerts.teams"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        load(tmp_path, f"[alerts]\n{text}")


def test_a_secret_in_the_file_is_refused_and_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        load(tmp_path, '[alerts]\nteams_url = "https://hooks.example/k3y"')
    assert "CF_ALERTS_TEAMS_URL" in str(raised.value) and "k3y" not in str(raised.value)


def test_mail_without_encryption_may_go_to_this_computer(tmp_path: Path) -> None:
    text = f'[alerts]\n{MAIL}smtp_server = "127.0.0.1:2525"\nsmtp_security = "none"'
    assert load(tmp_path, text).alerts.mail.security == "none"

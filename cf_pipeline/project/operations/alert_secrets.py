"""The secrets of alerts: addresses that whoever knows them can write to, and the login of the mail server.

They come from the environment, or from `alerts.env` in the data folder: lines such as
CF_ALERTS_TEAMS_URL=https://..., for its owner alone (mode 0600), which a systemd unit can read too. They
stand in no other file, no message and no log.
"""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

from cf_pipeline.errors import PlainError
from cf_pipeline.project.operations.alert_settings import LOOPBACK, AlertSettings
from cf_pipeline.project.private_files import OTHERS

FILE = "alerts.env"
PREFIX = "CF_ALERTS_"


class AlertSecretsError(PlainError):
    """A secret cannot be used; the message does not tell it."""


@dataclass(frozen=True)
class AlertSecrets:
    """What is kept out of every file that others read; '' where there is none."""

    smtp_user: str = field(default="", repr=False)
    smtp_password: str = field(default="", repr=False)
    teams_url: str = field(default="", repr=False)
    slack_url: str = field(default="", repr=False)
    watchdog_url: str = field(default="", repr=False)


SECRETS = {f"{PREFIX}{each.name.upper()}": each.name for each in fields(AlertSecrets)}
"""Variable of the environment -> field."""


def read_alert_secrets(data: Path, env: Mapping[str, str]) -> AlertSecrets:
    """The secrets of the environment, else of the file under the data folder.

    Raises:
        AlertSecretsError: others may read the file, a line of it is none, or an address is not https.
    """
    given = _from_file(data / FILE) | {name: env[name] for name in SECRETS if name in env}
    for name, value in given.items():
        if name.endswith("_URL") and value:
            _check_address(name, value)
    return AlertSecrets(**{SECRETS[name]: value for name, value in given.items()})


def is_watched(alerts: AlertSettings, data: Path, env: Mapping[str, str]) -> bool:
    """Whether alerts are on, a watchdog waits for good nights, or the secrets cannot be read."""
    try:
        return alerts.is_on or bool(read_alert_secrets(data, env).watchdog_url)
    except AlertSecretsError:
        return True


def _from_file(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    if stat.S_IMODE(path.stat().st_mode) & OTHERS:
        raise AlertSecretsError(f"{path} can be read by others: `chmod 600 {path}` first.")
    values: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        name, is_there, value = line.strip().partition("=")
        if not name or name.startswith("#"):
            continue
        if not is_there or name.strip() not in SECRETS:
            raise AlertSecretsError(
                f"{path}: line {number} is none of {', '.join(SECRETS)} with = and a value."
            )
        values[name.strip()] = value.strip().strip("\"'")
    return values


def _check_address(name: str, value: str) -> None:
    """Refuse an address that would carry the secret in the open, but on this computer."""
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
    except ValueError:
        host = ""
    is_safe = host and (parts.scheme == "https" or (parts.scheme == "http" and LOOPBACK.fullmatch(host)))
    if not is_safe or not value.isascii() or not value.isprintable() or " " in value:
        raise AlertSecretsError(f"{name} is no address that begins with https://; set it anew.")

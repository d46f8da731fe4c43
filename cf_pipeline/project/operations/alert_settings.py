"""The alerts' part of `pipeline.toml`: whether they are on, when one is due, and who gets mail.

[alerts]
on = true                            # off by default
nothing_new_days = 100               # told when an authority has delivered nothing for so long; 0: never
publish_hours = 0                    # told when the publication is older than that; 0: never
mail_to = ["data@council.example"]   # who gets mail; nobody by default
mail_from = "pipeline@council.example"
smtp_server = "mail.council.example:587"
smtp_security = "starttls"           # or "tls"; "none" for a server on this computer alone

Belongs here: what may stand in the file. Does not belong here: secrets, which never do (`alert_secrets`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cf_pipeline.project.operations.setting_values import OperationsSettingsError, switch, whole_number

ON, NOTHING_NEW, PUBLISH_HOURS, MAIL_TO, MAIL_FROM, SERVER, SECURITY = (
    f"alerts.{name}"
    for name in (
        "on",
        "nothing_new_days",
        "publish_hours",
        "mail_to",
        "mail_from",
        "smtp_server",
        "smtp_security",
    )
)
STARTTLS, TLS, NO_TLS = "starttls", "tls", "none"
PORTS = {STARTTLS: 587, TLS: 465, NO_TLS: 25}
"""The port of a server that is named without one."""
DEFAULTS: dict[str, Any] = {
    ON: False,
    NOTHING_NEW: 100,
    PUBLISH_HOURS: 0,
    MAIL_TO: [],
    MAIL_FROM: "",
    SERVER: "",
    SECURITY: STARTTLS,
}
LOOPBACK = re.compile(r"localhost|127(?:\.\d{1,3}){3}|\[?::1\]?")
"""Names of this computer, as a host of an address."""
_MAIL_ADDRESS = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\"]+")
_HOST = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::([0-9]{1,5}))?")


@dataclass(frozen=True)
class MailSettings:
    """How mail is sent; `security` is one of STARTTLS, TLS and NO_TLS."""

    sender: str
    recipients: tuple[str, ...]
    host: str
    port: int
    security: str


@dataclass(frozen=True)
class AlertSettings:
    """When an alert is due. 0 days or hours are never; `mail` is None when nobody gets any."""

    is_on: bool
    nothing_new_days: int
    publish_hours: int
    mail: MailSettings | None


def read_alert_settings(values: Mapping[str, Any]) -> AlertSettings:
    """The alerts' settings among those of a project.

    Args:
        values: settings by key, those of DEFAULTS among them.

    Raises:
        OperationsSettingsError: a value is wrong, or mail is to be sent and it is not said by whom or how.
    """
    return AlertSettings(
        switch(ON, values[ON]),
        whole_number(NOTHING_NEW, values[NOTHING_NEW]),
        whole_number(PUBLISH_HOURS, values[PUBLISH_HOURS]),
        _mail(values),
    )


def _mail(values: Mapping[str, Any]) -> MailSettings | None:
    recipients = _recipients(values[MAIL_TO])
    if not recipients:
        return None
    security = values[SECURITY]
    if security not in PORTS:
        raise OperationsSettingsError(f"Setting {SECURITY}: {security!r} is none of {', '.join(PORTS)}.")
    host, port = _server(values[SERVER], security)
    if security == NO_TLS and not LOOPBACK.fullmatch(host):
        raise OperationsSettingsError(
            f"Setting {SECURITY}: without encryption mail goes to this computer alone; write {STARTTLS} or "
            f"{TLS}."
        )
    return MailSettings(_mail_address(MAIL_FROM, values[MAIL_FROM]), recipients, host, port, security)


def _recipients(value: object) -> tuple[str, ...]:
    texts = [text.strip() for text in value.split(",") if text.strip()] if isinstance(value, str) else value
    if not isinstance(texts, list):
        raise OperationsSettingsError(
            f'Setting {MAIL_TO}: write it as a list, as in ["data@council.example"].'
        )
    return tuple(_mail_address(MAIL_TO, text) for text in texts)


def _mail_address(key: str, value: object) -> str:
    if not isinstance(value, str) or not value.isprintable() or not _MAIL_ADDRESS.fullmatch(value):
        raise OperationsSettingsError(
            f"Setting {key}: {value!r} is no mail address, as in data@council.example."
        )
    return value


def _server(value: str, security: str) -> tuple[str, int]:
    found = _HOST.fullmatch(value)
    port = int(found[2] or PORTS[security]) if found else 0
    if found is None or not 0 < port < 65536:
        raise OperationsSettingsError(
            f"Setting {SERVER}: {value!r} is no server of mail, as in mail.council.example:587."
        )
    return found[1].strip("[]"), port

"""Tells a message by every channel that is set, at once; none is waited for without an end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from cf_pipeline.errors import PlainError
from cf_pipeline.operations.alerts.mail import send_mail
from cf_pipeline.operations.alerts.message import Message
from cf_pipeline.operations.alerts.webhooks import send_to_slack, send_to_teams
from cf_pipeline.project.operations.alert_secrets import AlertSecrets
from cf_pipeline.project.operations.alert_settings import AlertSettings

MOST_SECONDS = 25.0
"""A sensor of Dagster is ended after a minute, and a server that sends a byte at a time never ends."""
Send = Callable[[Message], None]


@dataclass(frozen=True)
class Outcome:
    """How a channel ended: `fault` is one sentence, '' where it took the message."""

    channel: str
    fault: str = ""

    @property
    def sentence(self) -> str:
        """The outcome for a person."""
        return self.fault or f"{self.channel} took the message."


def find_channels(settings: AlertSettings, secrets: AlertSecrets) -> dict[str, Send]:
    """Name of a channel that is set -> what sends a message by it."""
    channels: dict[str, Send] = {}
    if settings.mail is not None:
        channels["Mail"] = partial(send_mail, settings.mail, secrets)
    if secrets.teams_url:
        channels["Teams"] = partial(send_to_teams, secrets.teams_url)
    if secrets.slack_url:
        channels["Slack"] = partial(send_to_slack, secrets.slack_url)
    return channels


def send_message(
    channels: Mapping[str, Send], message: Message, most_seconds: float = MOST_SECONDS
) -> list[Outcome]:
    """Send a message by every channel at once; how each ended, in their order."""
    faults: dict[str, str] = {}
    threads = {
        name: threading.Thread(target=_send, args=(name, send, message, faults), daemon=True)
        for name, send in channels.items()
    }
    for thread in threads.values():
        thread.start()
    deadline = time.monotonic() + most_seconds
    for thread in threads.values():
        thread.join(max(0.0, deadline - time.monotonic()))
    late = f"took no message in {most_seconds:.0f} seconds; check the network."
    return [Outcome(name, faults.get(name, f"{name} {late}")) for name in channels]


def _send(name: str, send: Send, message: Message, faults: dict[str, str]) -> None:
    """Send, and note the fault, '' for none; of an unforeseen one its kind: its text may hold a secret."""
    try:
        send(message)
        faults[name] = ""
    except PlainError as error:
        faults[name] = str(error)
    except Exception as error:
        faults[name] = f"{name} took no message ({type(error).__name__})."

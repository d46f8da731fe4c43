"""Looks at a project once: tells what began and what is over, and lets the watchdog know of a good night."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cf_pipeline.errors import PlainError
from cf_pipeline.operations.alerts.alert import Alert
from cf_pipeline.operations.alerts.channels import Outcome, find_channels, send_message
from cf_pipeline.operations.alerts.conditions import find_alerts, find_ended, find_good_night
from cf_pipeline.operations.alerts.message import TEST_MESSAGE, Message, write_message
from cf_pipeline.operations.alerts.register import Register, read_register, write_register
from cf_pipeline.operations.alerts.webhooks import ask_watchdog
from cf_pipeline.operations.project_state import ProjectState
from cf_pipeline.project.locks import RunLock
from cf_pipeline.project.operations.alert_secrets import AlertSecrets, read_alert_secrets
from cf_pipeline.project.settings import Settings

LOCK, PATIENCE_SECONDS = "_alerts", 40.0


class NoChannelError(PlainError):
    """There is something to tell, and no channel is set."""


@dataclass(frozen=True)
class Look:
    """What a look came to: the message (None when nothing is new or over), and how each channel ended."""

    message: Message | None = None
    outcomes: tuple[Outcome, ...] = ()
    watchdog_fault: str = ""

    @property
    def is_told(self) -> bool:
        """Whether nothing had to be told, or one channel took it."""
        return self.message is None or any(not outcome.fault for outcome in self.outcomes)

    @property
    def faults(self) -> list[str]:
        """One sentence for each channel that failed."""
        return [*filter(None, (*(outcome.fault for outcome in self.outcomes), self.watchdog_fault))]


def watch_project(
    settings: Settings, env: Mapping[str, str], state: ProjectState, has_command_failed: bool | None = None
) -> Look:
    """Tell what began since the last look, and what is over.

    An alert counts as told when one channel took it; else it is told again by the next look.

    Args:
        settings: the project's.
        env: the environment, for the secrets.
        state: of the project.
        has_command_failed: how `cf-pipeline run` ended just now; None when that is not known.

    Raises:
        AlertSecretsError: the secrets cannot be read.
        LockTimeoutError: another look takes too long.
        NoChannelError: there is something to tell, and no channel is set.
    """
    secrets = read_alert_secrets(settings.data, env)
    lock = RunLock(settings.data / "locks", LOCK)
    lock.acquire(PATIENCE_SECONDS)
    try:
        register = read_register(settings.data)
        night, fault = _report_night(secrets, state, register, has_command_failed)
        register = _keep(settings, register, replace(register, night=night))
        if not settings.alerts.is_on:
            return Look(watchdog_fault=fault)
        look, told = _tell(settings, secrets, state, register, has_command_failed)
        _keep(settings, register, replace(register, told=told))
        return replace(look, watchdog_fault=fault)
    finally:
        lock.release()


def send_test(settings: Settings, env: Mapping[str, str]) -> list[Outcome]:
    """Send a test by every channel, whether alerts are on or not.

    Raises:
        AlertSecretsError: the secrets cannot be read.
        NoChannelError: no channel is set.
    """
    channels = find_channels(settings.alerts, read_alert_secrets(settings.data, env))
    _check_channels(channels)
    return send_message(channels, TEST_MESSAGE)


def _tell(
    settings: Settings,
    secrets: AlertSecrets,
    state: ProjectState,
    register: Register,
    has_command_failed: bool | None,
) -> tuple[Look, frozenset[Alert]]:
    """The look, and what counts as told after it."""
    found = find_alerts(state, settings.alerts, has_command_failed)
    began = found - register.told
    ended = find_ended(register.told, found, state, is_command_known=has_command_failed is not None)
    if not began and not ended:
        return Look(), register.told
    channels = find_channels(settings.alerts, secrets)
    _check_channels(channels)
    message = write_message(began, ended, settings.alerts)
    look = Look(message, tuple(send_message(channels, message)))
    return look, (register.told - ended) | began if look.is_told else register.told


def _report_night(
    secrets: AlertSecrets, state: ProjectState, register: Register, has_command_failed: bool | None
) -> tuple[str, str]:
    """The newest night that the watchdog knows of, and why it could not be told of a newer one ('')."""
    if has_command_failed is None:
        good = find_good_night(state)
        night = good.isoformat() if good is not None else register.night
    else:
        night = register.night if has_command_failed else state.now.isoformat()
    if not secrets.watchdog_url or night <= register.night:
        return register.night, ""
    try:
        ask_watchdog(secrets.watchdog_url)
    except PlainError as error:
        return register.night, str(error)
    return night, ""


def _keep(settings: Settings, before: Register, now: Register) -> Register:
    if now != before:
        write_register(settings.data, now)
    return now


def _check_channels(channels: Iterable[str]) -> None:
    if not list(channels):
        raise NoChannelError(
            "No channel is set that could tell an alert: set mail_to under [alerts] in pipeline.toml, "
            "CF_ALERTS_TEAMS_URL or CF_ALERTS_SLACK_URL."
        )

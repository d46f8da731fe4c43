"""Checks the alerts: when they are on, at least one channel can tell them, and their secrets are private."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cf_pipeline.operations.doctor.finding import ATTENTION, FAULT, OK, Finding
from cf_pipeline.project.operations.alert_secrets import AlertSecretsError, read_alert_secrets
from cf_pipeline.project.operations.alert_settings import AlertSettings

CHECK = "alerts"


def check_alerts(settings: AlertSettings, data: Path, env: Mapping[str, str]) -> Finding:
    """One finding about the alerts."""
    if not settings.is_on:
        return Finding(CHECK, OK, "Alerts are off.")
    try:
        secrets = read_alert_secrets(data, env)
    except AlertSecretsError as error:
        return Finding(CHECK, FAULT, str(error), "Do what the sentence says, then cf-pipeline alert --test")
    given = {"mail": settings.mail, "Teams": secrets.teams_url, "Slack": secrets.slack_url}
    channels = [name for name, value in given.items() if value]
    if not channels:
        what = "Alerts are on, and no channel is set that could tell them."
        fix = "Set mail_to under [alerts], CF_ALERTS_TEAMS_URL or CF_ALERTS_SLACK_URL (docs/monitoring.md)."
        return Finding(CHECK, ATTENTION, what, fix)
    return Finding(CHECK, OK, f"Alerts are on, and told by {', '.join(channels)}.")

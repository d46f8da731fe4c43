"""`cf-pipeline alert`: one look at the project, and what is new or over told; `run` ends with such a look."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable

from cf_pipeline.cli.console import print_line
from cf_pipeline.cli.operations.dagster_records import records_reader
from cf_pipeline.errors import PlainError
from cf_pipeline.operations.alerts.watch import Look, send_test, watch_project
from cf_pipeline.operations.project_state import read_project_state
from cf_pipeline.project.operations.alert_secrets import is_watched
from cf_pipeline.project.settings import Settings

OK, FAILED, REFUSED = 0, 1, 2


def tell_alerts(settings: Settings) -> int:
    """Tell what is new or over; returns 0, 2 when a channel failed, 1 when none took the message."""
    if not is_watched(settings.alerts, settings.data, os.environ):
        print_line("Alerts are off: set on = true under [alerts] in pipeline.toml (docs/monitoring.md).")
        return OK
    look = _look(settings, None)
    for line in look.message.lines if look.message else ("Nothing is new, and nothing is over.",):
        print_line(line)
    _print_faults(look)
    return FAILED if not look.is_told else REFUSED if look.faults else OK


def send_test_alert(settings: Settings) -> int:
    """Send a test by every channel, a sentence each; returns 0, 2 when one failed, 1 when all did."""
    outcomes = send_test(settings, os.environ)
    for outcome in outcomes:
        print_line(outcome.sentence, error=bool(outcome.fault))
    failed = [outcome for outcome in outcomes if outcome.fault]
    return OK if not failed else FAILED if len(failed) == len(outcomes) else REFUSED


def run_watched(settings: Settings, run: Callable[[], int]) -> int:
    """The exit status of a run, whose end is told where it is news; what a person stopped is none."""
    try:
        status = run()
    except Exception:
        _tell_end(settings, has_failed=True)
        raise
    _tell_end(settings, has_failed=status == FAILED)
    return status


def _tell_end(settings: Settings, *, has_failed: bool) -> None:
    """Look at the project after a run; that an alert cannot be told changes nothing of how the run ended."""
    try:
        _print_faults(_look(settings, has_failed))
    except PlainError as error:
        print_line(f"Alerts: {error}", error=True)
    except Exception as error:
        print_line(f"Alerts could not be told ({type(error).__name__}).", error=True)


def _look(settings: Settings, has_command_failed: bool | None) -> Look:
    state = read_project_state(settings, records_reader(settings), dt.datetime.now(dt.UTC))
    return watch_project(settings, os.environ, state, has_command_failed)


def _print_faults(look: Look) -> None:
    for sentence in look.faults:
        print_line(f"Alerts: {sentence}", error=True)

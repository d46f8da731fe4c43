"""The progress of a run for the command line, which shows it instead of Dagster's log."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import dagster as dg

_listeners: list[Callable[[str], None]] = []


class _StepEnded(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        event = getattr(record, "dagster_meta", {}).get("dagster_event")
        if event is not None and (event.is_step_success or event.is_step_failure or event.is_step_skipped):
            for listener in _listeners:
                listener(str(event.step_key))


@dg.logger(config_schema={}, description="Tells the command line which step has ended; prints nothing.")
def progress_logger(context: dg.InitLoggerContext) -> logging.Logger:
    """A logger without output that passes on the end of every step."""
    logger = logging.Logger("cf_pipeline.progress", level=logging.DEBUG)
    logger.addHandler(_StepEnded())
    return logger


@contextmanager
def notify_of_steps(listener: Callable[[str], None]) -> Iterator[None]:
    """Call `listener` with the name of every step that ends inside the block."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)

"""Waits for what another thread or process does, as long as it takes and no longer than somebody would."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

PATIENCE_SECONDS = 400.0


def wait_for(
    what: str, condition: Callable[[], Any], seconds: float = PATIENCE_SECONDS, pause: float = 1.0
) -> Any:
    """The first true answer of `condition`, asked every `pause` seconds; fails, saying what did not come."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := condition():
            return answer
        time.sleep(pause)
    raise AssertionError(f"{what} did not come within {seconds:.0f} s")

"""How often a command looks for objects in cycles."""

from __future__ import annotations

import subprocess
import sys

END = """
import atexit, gc
atexit.register(lambda: print(gc.get_threshold()[0], gc.get_freeze_count() > 1000))  # the last to be called
from cf_pipeline.garbage_collection import collect_rarely
collect_rarely()
"""


def test_a_command_looks_rarely_and_not_again_when_it_ends() -> None:
    ended = subprocess.run([sys.executable, "-c", END], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["1000000", "True"]

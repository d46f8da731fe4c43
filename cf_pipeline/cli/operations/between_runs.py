"""What an erasure or a purge needs before it is registered: no run, and no earlier one that is unfinished."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cf_pipeline.cli.start_run import start_run
from cf_pipeline.operations.privacy.pending_erasures import unfinished_authorities
from cf_pipeline.project.locks import RunLock
from cf_pipeline.project.runs.temporary_files import temporary_folder
from cf_pipeline.project.settings import Settings

FAILED = 1


def complete_registered(settings: Settings) -> bool:
    """Run the authorities of which an erasure or a purge is unfinished; False where that failed.

    Until then their tables are those of before it, and nothing more can be decided from them.
    """
    return not unfinished_authorities(settings.data) or start_run(settings) != FAILED


@contextmanager
def no_run_under_way(settings: Settings) -> Iterator[None]:
    """Wait for a run to end, and let none begin while the block lasts.

    Raises:
        LockTimeoutError: it did not end in time.
    """
    lock = RunLock(settings.data / "locks", "_run")
    lock.acquire()
    try:
        with temporary_folder(settings):
            yield
    finally:
        lock.release()

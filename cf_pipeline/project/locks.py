"""One run of an authority at a time, however it was started: a lock that ends with its process."""

from __future__ import annotations

import fcntl
import time
from pathlib import Path
from typing import IO

from cf_pipeline.errors import PlainError
from cf_pipeline.project.private_files import private_folder

WAIT_SECONDS = 1800.0
POLL_SECONDS = 0.2


class LockTimeoutError(PlainError):
    """Another run kept the lock for longer than anybody waits."""

    may_pass = True


class RunLock:
    """An exclusive lock on a file; the operating system releases it when its process ends."""

    def __init__(self, folder: Path, subject: str) -> None:
        self._path = folder / f"{subject}.lock"
        self._subject = subject
        self._file: IO[str] | None = None

    def try_acquire(self) -> bool:
        """Take the lock if it is free."""
        private_folder(self._path.parent)
        file = self._path.open("a", encoding="utf-8")
        self._path.chmod(0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def acquire(self, wait_seconds: float = WAIT_SECONDS) -> None:
        """Take the lock, waiting for another run to finish.

        Raises:
            LockTimeoutError: it was not given back in time.
        """
        deadline = time.monotonic() + wait_seconds
        while not self.try_acquire():
            if time.monotonic() > deadline:
                raise LockTimeoutError(f"Another run of {self._subject} is still under way; try again later.")
            time.sleep(POLL_SECONDS)

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            self._file.close()
            self._file = None

"""One run at a time: the lock is free again when its holder lets go or dies."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cf_pipeline.project.locks import LockTimeoutError, RunLock


def test_a_second_run_of_the_same_authority_gets_no_lock(tmp_path: Path) -> None:
    first, second = RunLock(tmp_path, "camden"), RunLock(tmp_path, "camden")
    assert first.try_acquire()
    assert not second.try_acquire()
    first.release()
    assert second.try_acquire()


def test_another_authority_is_not_kept_waiting(tmp_path: Path) -> None:
    held = RunLock(tmp_path, "camden")
    assert held.try_acquire()
    assert RunLock(tmp_path, "hackney").try_acquire()


def test_waiting_ends_with_one_plain_sentence(tmp_path: Path) -> None:
    held = RunLock(tmp_path, "camden")
    held.acquire()
    with pytest.raises(LockTimeoutError, match="Another run of camden is still under way"):
        RunLock(tmp_path, "camden").acquire(wait_seconds=0)


def test_a_killed_run_keeps_no_lock(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from cf_pipeline.project.locks import RunLock;"
        f"lock = RunLock(Path({str(tmp_path)!r}), 'camden'); lock.acquire();"
        "print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert not RunLock(tmp_path, "camden").try_acquire()
        holder.kill()
        holder.wait()
    assert RunLock(tmp_path, "camden").try_acquire()

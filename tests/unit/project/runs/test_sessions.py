"""A command that was killed is found by the next one, once; one at work is left alone."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from cf_pipeline.project.runs.sessions import command_session, killed_sessions


def kill_a_command(data: Path) -> None:
    """A process that is killed in the middle of its session."""
    if (child := os.fork()) == 0:
        with command_session(data, lambda _: None):
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)


def test_a_killed_command_is_ended_once_by_the_next(tmp_path: Path) -> None:
    kill_a_command(tmp_path)
    killed, ended = killed_sessions(tmp_path), []
    for _ in range(2):
        with command_session(tmp_path, ended.append):
            pass
    assert len(killed) == 1
    assert ended == killed
    assert killed_sessions(tmp_path) == []


def test_a_command_at_work_is_left_alone(tmp_path: Path) -> None:
    ended: list[str] = []
    with command_session(tmp_path, ended.append) as first, command_session(tmp_path, ended.append) as second:
        assert first != second
        assert killed_sessions(tmp_path) == []
    assert ended == []
    assert not list((tmp_path / "locks" / "sessions").iterdir())

"""`cf-pipeline serve` as a process: it listens where it says, and Ctrl-C ends it quietly."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

PROGRAM = [sys.executable, "-m", "cf_pipeline.cli.main", "serve"]


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(port: int, path: str, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_ended_and_ends_quietly(
    project: Path, free_port: int, sign: signal.Signals
) -> None:
    command = [*PROGRAM, "--address", f"127.0.0.1:{free_port}"]
    with subprocess.Popen(
        command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            greeting = process.stdout.readline()
            status, page = ask(free_port, "/camden/child/77001?q=77002")
            assert (status, "no such page" in page or "Nothing is published" in page) == (
                404 if "no such page" in page else 503,
                True,
            )
            assert ask(free_port, "/", **{"X-Forwarded-For": "10.0.0.1"})[0] == 403
            assert ask(free_port, "/", Host="evil.example")[0] == 421
            process.send_signal(sign)
            out, lines = process.communicate(timeout=20)
        finally:
            process.kill()
    assert greeting == (
        f"The dashboard is on http://127.0.0.1:{free_port}, for this computer alone, with every record. "
        "Ctrl-C ends it.\n"
    )
    assert (process.returncode, out) == (0, "The dashboard has ended.\n")
    assert len(lines.splitlines()) == 3
    assert "7700" not in lines and "Traceback" not in lines


def test_an_address_that_is_in_use_is_one_sentence(project: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        address = "{}:{}".format(*other.getsockname())
        found = subprocess.run(
            [*PROGRAM, "--address", address],
            cwd=project,
            check=False,
            capture_output=True,
            text=True,
            env=dict(os.environ),
        )
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr.count("\n") == 1
    assert "another program listens there" in found.stderr

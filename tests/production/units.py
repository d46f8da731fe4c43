"""The units of `deploy/systemd`, and a supervisor that runs their own commands as systemd would."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.support.production_instance import ROOT, SCRIPTS

FOLDER = ROOT / "deploy" / "systemd"
MARK = "SUPERVISED_UNIT"
"""The variable by which every process of a unit is known, as by its control group."""


@dataclass(frozen=True)
class Unit:
    """What a service's file says: its command and the one after it, whether and when it is started again."""

    name: str
    command: str
    command_after: str
    is_restarted: bool
    restart_seconds: float
    umask: int


def read_unit(name: str) -> Unit:
    """A service of `deploy/systemd`, with what `common.conf` says of all of them."""
    lines = [
        line.split("=", 1)
        for path in (FOLDER / f"{name}.service", FOLDER / "cf-.service.d" / "common.conf")
        for line in path.read_text().splitlines()
        if re.match(r"[A-Za-z]+=", line)
    ]
    values: dict[str, list[str]] = {}
    for key, value in lines:
        values.setdefault(key, []).append(value)
    return Unit(
        name,
        values["ExecStart"][0],
        values.get("ExecStartPost", [""])[0],
        values.get("Restart") == ["always"],
        float(values.get("RestartSec", ["0"])[0]),
        int(values["UMask"][0], 8),
    )


def command_line(command: str, environment: Mapping[str, str]) -> list[str]:
    """The words of a unit's command, with its variables filled in and the programs of this installation."""
    filled = re.sub(r"\$\{(\w+)\}", lambda found: environment[found[1]], command)
    return shlex.split(filled.replace("/srv/cf-pipeline/.venv/bin", str(SCRIPTS)))


@dataclass
class Supervisor:
    """Runs units until it is left: what ends is started again, what is killed takes its processes along."""

    environment: Mapping[str, str]
    logs: Path
    starts: dict[str, int] = field(default_factory=dict)
    _threads: list[threading.Thread] = field(default_factory=list)
    _ending: threading.Event = field(default_factory=threading.Event)

    def start(self, name: str) -> None:
        """Start a unit, and go on starting it again."""
        thread = threading.Thread(target=self._keep, args=[read_unit(name)], name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def kill(self, name: str) -> None:
        """Kill every process of a unit, as `systemctl kill --signal=KILL` does."""
        for process in self._processes(name):
            with suppress(psutil.NoSuchProcess):
                process.kill()

    def end(self) -> None:
        """End every unit with all of its processes."""
        self._ending.set()
        for thread in self._threads:
            for process in self._processes(thread.name):
                with suppress(psutil.NoSuchProcess):
                    process.send_signal(signal.SIGTERM)
        for thread in self._threads:
            thread.join(30)
            self.kill(thread.name)

    def _keep(self, unit: Unit) -> None:
        environment = {**self.environment, MARK: self._mark(unit.name)}
        with (self.logs / f"{unit.name}.log").open("ab") as log:

            def begin(command: str) -> subprocess.Popen[bytes]:
                return subprocess.Popen(
                    command_line(command, environment), cwd=ROOT, env=environment, stdout=log, stderr=log,
                    umask=unit.umask, start_new_session=True,
                )  # fmt: skip

            while not self._ending.is_set():
                self.starts[unit.name] = self.starts.get(unit.name, 0) + 1
                service = begin(unit.command)
                after = begin(unit.command_after) if unit.command_after else None
                while service.poll() is None and not (after and after.poll()):  # either may fail the unit
                    time.sleep(0.2)
                self.kill(unit.name)  # what a dead process leaves behind goes with it
                service.wait()
                if after:
                    after.wait()
                if not unit.is_restarted:
                    return
                self._ending.wait(unit.restart_seconds)

    def _mark(self, name: str) -> str:
        """The unit's own among the units of all supervisors."""
        return str(self.logs / name)

    def _processes(self, name: str) -> list[psutil.Process]:
        """Every process of a unit, whoever started it."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                if process.pid != os.getpid() and process.environ().get(MARK) == self._mark(name):
                    found.append(process)
        return found

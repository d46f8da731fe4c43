"""Authorities in processes of their own: what is said of one that is ended, and who else goes on."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from types import SimpleNamespace

import pytest

from assets.support import workers
from assets.support.run_end import RunEnd
from cf_pipeline.project.settings import Settings, load_settings


class Shown:
    """What the command line would show."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.steps: list[tuple[str, str]] = []

    def start(self, subject: str) -> None:
        self.started.append(subject)

    def step(self, subject: str, name: str) -> None:
        self.steps.append((subject, name))


class Graph:
    """A session that runs nothing itself."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.id = settings, "session"
        self.stopped: list[str] = []

    def run_authority(self, name: str, listener: Shown) -> RunEnd:
        listener.step(name, "here")
        return RunEnd(True)

    def report_stopped(self, name: str) -> None:
        self.stopped.append(name)


def work_or_die(connection, settings, session_id):
    """The work of a process in these tests: camden's is ended from outside."""
    while (name := connection.recv()) is not None:
        connection.send("ingest")
        if name == "camden":
            os.kill(os.getpid(), signal.SIGKILL)
        connection.send(RunEnd(True, f"process {os.getpid()}"))


@pytest.fixture
def graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Graph:
    monkeypatch.setattr(workers, "work", work_or_die)
    return Graph(load_settings(tmp_path, {}))


def test_a_process_that_is_ended_is_the_failure_of_its_authority_and_the_others_go_on(graph: Graph) -> None:
    shown = Shown()
    names = ["barnet", "camden", "hackney", "islington"]
    ends = dict(workers.run_authorities(graph, names, 2, shown))
    assert {name for name, ended in ends.items() if ended.succeeded} == {"barnet", "hackney", "islington"}
    assert ends["camden"].sentence.startswith("the process that worked on it was ended by signal 9")
    assert not ends["camden"].is_refusal
    assert graph.stopped == ["camden"]
    assert sorted(shown.started) == names
    assert sorted(shown.steps) == [(name, "ingest") for name in names]


def test_at_most_as_many_processes_as_jobs_share_the_work(graph: Graph) -> None:
    names = [f"council-{number}" for number in range(7)]
    ends = dict(workers.run_authorities(graph, names, 2, Shown()))
    assert set(ends) == set(names)
    assert len({ended.sentence for ended in ends.values()}) <= 2


@pytest.mark.parametrize(("names", "jobs"), [(["camden"], 4), (["camden", "hackney"], 1)])
def test_one_alone_starts_no_process(graph: Graph, names: list[str], jobs: int) -> None:
    shown = Shown()
    assert dict(workers.run_authorities(graph, names, jobs, shown)) == dict.fromkeys(names, RunEnd(True))
    assert shown.steps == [(name, "here") for name in names]


def test_stopping_early_stops_the_processes(graph: Graph) -> None:
    started: list[object] = []
    runs = workers.run_authorities(graph, ["barnet", "hackney", "islington"], 2, Shown())
    next(runs)
    started += [SimpleNamespace(pid=child.pid) for child in workers.multiprocessing.active_children()]
    runs.close()
    assert started
    assert not workers.multiprocessing.active_children()

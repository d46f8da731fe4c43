"""Several authorities at once: processes that each run the graph of one authority after another.

A process is started afresh (spawned), because Arrow and DuckDB have threads that a fork would not take along.
It opens Dagster's home itself. One that is ended from outside is the failure of its own authority; the others
go on.
"""

from __future__ import annotations

import logging
import multiprocessing
import signal
import warnings
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from assets.support.hooks import failure_sentence
from assets.support.in_process import Session, session
from assets.support.run_end import Listener, RunEnd
from cf_pipeline.errors import PlainError
from cf_pipeline.garbage_collection import collect_rarely
from cf_pipeline.project.settings import Settings

SECONDS_TO_STOP = 10.0


class _Worker:
    """One process, and the authority it works on."""

    def __init__(self, settings: Settings, session_id: str) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, connection_there = context.Pipe()
        self.process: BaseProcess = context.Process(
            target=work, args=(connection_there, settings, session_id)
        )
        resource_tracker.ensure_running()  # it lets Ctrl-C through when it starts
        with _without_ctrl_c():
            self.process.start()
        connection_there.close()
        self.authority = ""

    def start(self, authority: str, listener: Listener) -> None:
        """Give it an authority to run."""
        self.authority = authority
        listener.start(authority)
        self._send(authority)

    def receive(self, listener: Listener) -> RunEnd | None:
        """Its next message: the end of a run, or None for the end of a step, which the listener is told."""
        try:
            message = self.connection.recv()
        except (EOFError, OSError):
            self.process.join(SECONDS_TO_STOP)
            return RunEnd(False, _ended_sentence(self.process.exitcode))
        if isinstance(message, RunEnd):
            return message
        listener.step(self.authority, str(message))
        return None

    def let_go(self) -> None:
        """No more work: it ends by itself."""
        self._send(None)

    def _send(self, message: str | None) -> None:
        try:
            self.connection.send(message)
        except OSError:
            return  # it has ended: `receive` says so


def run_authorities(
    graph: Session, names: list[str], jobs: int, listener: Listener
) -> Iterator[tuple[str, RunEnd]]:
    """Run authorities, at most `jobs` at once; each with the end of its run, in the order in which they end.

    One alone is run in this process. Stopped early (Ctrl-C), it stops the processes, which record their runs
    as cancelled.
    """
    if min(jobs, len(names)) < 2:
        for name in names:
            listener.start(name)
            yield name, graph.run_authority(name, listener)
        return
    for name, ended in _run_in_workers(graph, names, jobs, listener):
        if not ended.succeeded:
            graph.report_stopped(name)
        yield name, ended


def _run_in_workers(
    graph: Session, names: list[str], jobs: int, listener: Listener
) -> Iterator[tuple[str, RunEnd]]:
    waiting, busy = deque(names), list[_Worker]()
    try:
        while waiting or busy:
            while waiting and len(busy) < jobs:
                busy.append(_Worker(graph.settings, graph.id))
                busy[-1].start(waiting.popleft(), listener)
            ready = wait([worker.connection for worker in busy])
            for worker in [worker for worker in busy if worker.connection in ready]:
                ended = worker.receive(listener)
                if ended is None:
                    continue
                yield worker.authority, ended
                if waiting and worker.process.is_alive():
                    worker.start(waiting.popleft(), listener)
                else:
                    worker.let_go()
                    busy.remove(worker)
    finally:
        _stop(busy)


def work(connection: Connection, settings: Settings, session_id: str) -> None:
    """What a process does: run each authority that it is given, until there is none."""
    collect_rarely()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    try:
        _run_each(connection, settings, session_id)
    except (KeyboardInterrupt, EOFError, BrokenPipeError):
        return  # the command was stopped
    except PlainError as error:
        connection.send(RunEnd(False, str(error)))
    except Exception as error:
        connection.send(RunEnd(False, failure_sentence("of the graph", type(error).__name__)))


def _run_each(connection: Connection, settings: Settings, session_id: str) -> None:
    listener = _Sender(connection)
    with session(settings, session_id) as graph:
        while (name := connection.recv()) is not None:
            connection.send(graph.run_authority(name, listener))


@dataclass(frozen=True)
class _Sender:
    """Tells the other side which steps have ended."""

    connection: Connection

    def start(self, subject: str) -> None:
        """The other side knows."""

    def step(self, subject: str, name: str) -> None:
        self.connection.send(name)


def _ended_sentence(exit_code: int | None) -> str:
    by = f"signal {-exit_code}" if exit_code is not None and exit_code < 0 else "itself"
    return (
        f"the process that worked on it was ended by {by}, as when the machine has no memory left; what was "
        "published before stays; run again, with a smaller --jobs where memory is short."
    )


@contextmanager
def _without_ctrl_c() -> Iterator[None]:
    """What is started inside the block never gets Ctrl-C from the terminal: the command stops it itself."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _stop(workers: list[_Worker]) -> None:
    """End processes that still work; they get time to record that their runs were cancelled."""
    for worker in workers:
        worker.process.terminate()
    for worker in workers:
        worker.process.join(SECONDS_TO_STOP)
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()

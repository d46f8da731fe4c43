"""Every test of this folder has the mark `faults`; the matrix is printed at the end."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.disk import Disk
from tests.faults.matrix import MATRIX, SEED
from tests.faults.server import Server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.faults)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if MATRIX:
        terminalreporter.section(f"faults, FAULT_SEED={SEED}")
        for row in MATRIX:
            terminalreporter.write_line(str(row))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A file system in memory, on the folder `disk`."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = Disk(folder)
    try:
        made.mount()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a file system of a set size takes the rights of root")
    yield made
    made.unmount()


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A PostgreSQL server of this test alone."""
    made = Server.start_in(tmp_path_factory.mktemp("server"))
    yield made
    made.handle.cleanup()

"""Free space in the data folder and in TMPDIR, bisected to the ranges in which `run` and `publish` fail.

Wherever the space ends: exit status 1 and one sentence, the version before stays whole, and a plain run with
space again gives what an undisturbed run gives. The folder is a file system in memory of a size that the test
sets, which takes the rights of root; elsewhere the test is left out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from tests.support.small_deliveries import deliver

pytestmark = pytest.mark.long

KILOBYTE, MEGABYTE = 1024, 1024 * 1024
AMPLE = 256 * MEGABYTE
NARROW = 2 * MEGABYTE
"""Two amounts of space with different ends are bisected until they are this near."""


@dataclass(frozen=True)
class Disk:
    """A file system in memory: its folder, and how much is free in it."""

    folder: Path

    def set_free(self, size: int) -> None:
        """Leave so many bytes free."""
        usage = shutil.disk_usage(self.folder)
        used = -(-usage.used // 4096) * 4096
        self._mount("remount,", used + max(size, 4096))

    def _mount(self, option: str, size: int) -> None:
        command = ["mount", "-t", "tmpfs", "-o", f"{option}size={size}", "tmpfs", str(self.folder)]
        subprocess.run(command, check=True, capture_output=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    made = Disk(folder)
    try:
        made._mount("", AMPLE)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a file system of a set size takes the rights of root")
    yield made
    subprocess.run(["umount", "-l", str(folder)], check=True)


class Product:
    """The command line over a project of one small authority, and what it has published."""

    def __init__(self, root: Path, data: Path, temporary: Path) -> None:
        self.root, self.data, self.temporary = root, data, temporary
        (root / "pipeline.toml").touch()

    def run(self, command: str = "run") -> tuple[int, str]:
        """The exit status and what is said on the screen."""
        settings = {
            "CF_RAW": str(self.root / "raw"), "CF_DATA": str(self.data), "CF_ID_KEY": "k" * 32,
            "TMPDIR": str(self.temporary), "PATH": os.environ["PATH"], "DAGSTER_DISABLE_TELEMETRY": "1",
        }  # fmt: skip
        program = [sys.executable, "-m", "cf_pipeline.cli.main", command]
        done = subprocess.run(
            program, cwd=self.root, env=settings, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    def figures(self) -> str:
        """The hash of the published figures, read anew, with every table counted."""
        with duckdb.connect(self.data / "warehouse" / "published.duckdb", read_only=True) as database:
            assert len(database.execute("select * from published_v1.fact_kpi_quarterly").fetchall()) > 100
            ((figures,),) = database.execute("select figures_hash from published_v1.publication").fetchall()
        return str(figures)


def bisect_ends(end_at: Callable[[int], str], sizes: list[int]) -> list[tuple[int, str]]:
    """(free bytes, how it ends) at the given sizes, and between two that differ until they are near."""

    def measure(size: int) -> tuple[int, str]:
        end = end_at(size)
        print(f"{size // KILOBYTE:>8} KB free: {end}", flush=True)
        return size, end

    ends = [measure(size) for size in sizes]
    place = 0
    while place < len(ends) - 1:
        (low, first), (high, second) = ends[place], ends[place + 1]
        if first == second or high - low <= NARROW:
            place += 1
        else:
            middle = (low + high) // 2
            ends.insert(place + 1, measure(middle))
    return ends


def sentence_of_failure(said: str) -> str:
    """The one sentence of a failure, without what stands before it."""
    lines = [line for line in said.splitlines() if line.startswith(("Failed: ", "cf-pipeline: "))]
    assert lines, said
    assert "Traceback" not in said
    assert len(set(lines)) == len(lines)
    return " | ".join(lines)


@pytest.mark.parametrize("command", ["run", "publish"])
def test_wherever_the_data_folder_fills_the_version_before_stays_whole(
    tmp_path: Path, disk: Disk, command: str
) -> None:
    (tmp_path / "temporary").mkdir()
    product = Product(tmp_path, disk.folder / "data", tmp_path / "temporary")
    deliver(tmp_path / "raw", "hackney", rows=2)
    assert product.run()[0] == 0
    before = product.figures()
    if command == "run":
        deliver(tmp_path / "raw", "hackney", as_at="2020-03-31")
    kept = tmp_path / "kept"
    shutil.copytree(product.data, kept)
    assert product.run()[0] == 0
    expected = product.figures()

    def end_at(free: int) -> str:
        disk._mount("remount,", AMPLE)
        shutil.rmtree(product.data)
        shutil.copytree(kept, product.data)
        disk.set_free(free)
        status, said = product.run(command)
        if status == 0:
            assert product.figures() == (expected if command == "run" else before)
            return "published"
        sentence = sentence_of_failure(said)
        assert status == 1, sentence
        assert product.figures() == before, sentence
        disk._mount("remount,", AMPLE)
        again, said_again = product.run()
        assert again == 0, said_again
        assert product.figures() == expected, sentence
        return sentence

    ends = bisect_ends(end_at, [0, 256 * KILOBYTE, 4 * MEGABYTE, 64 * MEGABYTE])
    assert ends[0][1] != "published"
    assert ends[-1][1] == "published"


def test_wherever_the_temporary_folder_fills_the_version_before_stays_whole(
    tmp_path: Path, disk: Disk
) -> None:
    product = Product(tmp_path, tmp_path / "data", disk.folder)
    deliver(tmp_path / "raw", "hackney", rows=2)
    assert product.run()[0] == 0
    before = product.figures()
    file = deliver(tmp_path / "raw", "hackney", as_at="2020-03-31")
    file.write_text(file.read_text() + "\n" * 1_000_000)
    kept = tmp_path / "kept"
    shutil.copytree(product.data, kept)
    assert product.run()[0] == 0
    expected = product.figures()

    def end_at(free: int) -> str:
        shutil.rmtree(product.data)
        shutil.copytree(kept, product.data)
        disk.set_free(free)
        status, said = product.run()
        if status == 0:
            assert product.figures() == expected
            return "published"
        sentence = sentence_of_failure(said)
        assert status == 1, sentence
        assert product.figures() == before, sentence
        disk._mount("remount,", AMPLE)
        assert product.run()[0] == 0
        assert product.figures() == expected, sentence
        return sentence

    ends = bisect_ends(end_at, [64 * KILOBYTE, 4 * MEGABYTE, 64 * MEGABYTE])
    assert "the disk is full" in ends[0][1]
    assert ends[-1][1] == "published"

"""Free space in the data folder, bisected to the ranges in which `run` and `publish` fail.

Wherever the space ends: exit status 1 and one sentence, the version before stays whole, and a plain run with
space again gives what an undisturbed run gives. The folder is a file system in memory of a size that the test
sets, which takes the rights of root; elsewhere the test is left out.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from tests.faults.council import Council
from tests.faults.disk import KILOBYTE, MEGABYTE, Disk
from tests.faults.matrix import IS_QUICK, Row, row
from tests.support.small_deliveries import deliver

NARROW = int(os.environ.get("FREE_SPACE_STEP_KB", "4096" if IS_QUICK else "64")) * KILOBYTE
"""Two amounts of space with different ends are bisected until they are this near."""
PARTS = 8
"""The space that an undisturbed command takes is tried in so many equal parts before anything is bisected."""
OF_THE_RUN = ["run_id", "published_at", "version", "sources_hash", "rows_hash"]
"""Columns that differ between two publications of the same figures."""
TEMPORARY = re.compile(r"tmp/[0-9a-f]{16}")
"""A process's temporary folder, whose name is another each time."""
FILES = ("published.duckdb", "restricted_records.duckdb")


class Product(Council):
    """The command line over a project of one small authority, and what it has published."""

    def published_bytes(self) -> list[str]:
        """The hash of each file of the warehouse."""
        return [_hash_of(self.data / "warehouse" / name) for name in FILES]

    def published_rows(self) -> dict[str, str]:
        """The hash of the rows of every table of the warehouse, but for what tells one run from another."""
        return {
            f"{name} {table}": rows
            for name in FILES
            for table, rows in _rows_by_table(self.data / "warehouse" / name).items()
        }

    def kept_files(self) -> set[str]:
        """Every file under the data folder, but for those whose names change from run to run.

        These are Dagster's own, and the versions of the warehouse: one for each time that it was published.
        """
        paths = (path.relative_to(self.data) for path in self.data.rglob("*") if path.is_file())
        return {
            str(path)
            for path in paths
            if path.parts[0] != "dagster" and path.parts[:2] != ("warehouse", "versions")
        }


def _hash_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else ""


def _rows_by_table(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    rows_by_table = {}
    with duckdb.connect(file, read_only=True) as database:
        tables = (
            "select schema_name, table_name from duckdb_tables() "
            "where not starts_with(table_name, 'kpi_member_') "
            "union all select schema_name, view_name from duckdb_views() where view_name = 'kpi_member'"
        )
        for schema, table in database.execute(tables).fetchall():
            rows = database.execute(f'from "{schema}"."{table}"').df()
            lines = sorted(map(repr, rows.drop(columns=OF_THE_RUN, errors="ignore").itertuples(index=False)))
            rows_by_table[table] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return rows_by_table


@dataclass
class Trial:
    """One command with little space, again and again: how it ends, and all that is wrong about that."""

    product: Product
    disk: Disk
    command: str
    made: Row

    def prepare(self) -> None:
        """Keep the state before the command, then see what the command and a plain run make of it."""
        self.kept = self.product.root / "kept"
        self.product.data.mkdir(exist_ok=True)
        shutil.copytree(self.product.data, self.kept)
        self.bytes_before, self.rows_before = self.product.published_bytes(), self.product.published_rows()
        with self.disk.greatest_use() as most:
            status, said = self.product.run(self.command)
        assert status == 0, said
        self.space = most[0]
        self.rows_after = self.product.published_rows()
        assert self.product.run()[0] == 0
        self.expected, self.files = self.product.published_rows(), self.product.kept_files()

    def end_at(self, free: int) -> str:
        """How the command ends with so much space: the sentence of its failure, or that it published."""
        self.disk.set_ample()
        shutil.rmtree(self.product.data)
        shutil.copytree(self.kept, self.product.data)
        self.disk.set_free(free)
        status, lines = self.product.run(self.command)
        self.disk.set_ample()
        state = self._published_state()
        is_published = status == 0 and not lines
        faults = []
        if state == "BROKEN VERSION":
            faults.append("neither the old figures nor the new are published")
        if is_published and state == "old version":
            faults.append("exit status 0, and nothing was published")
        if not is_published:
            if status != 1 or not _are_plain(lines):
                faults.append(f"exit status {status}, not one sentence for each failure: {lines}")
            faults += self._faults_of_the_run_afterwards()
        self.made.add(f"{free} bytes free", faults)
        sentences = TEMPORARY.sub("tmp/<process>", " & ".join(lines))
        return "published" if is_published else f"{state} | {sentences}"

    def _published_state(self) -> str:
        rows = self.product.published_rows()
        if self.product.published_bytes() == self.bytes_before:
            return "old version"
        if rows == self.rows_after:
            return "new version"
        return "old figures, published again" if rows == self.rows_before else "BROKEN VERSION"

    def _faults_of_the_run_afterwards(self) -> list[str]:
        status, said = self.product.run()
        faults = [f"a plain run afterwards ends with {status}: {said}"] if status else []
        if (rows := self.product.published_rows()) != self.expected:
            tables = sorted(name for name in self.expected if rows.get(name) != self.expected[name])
            faults.append(f"a plain run afterwards publishes something else: {tables}")
        if self.product.kept_files() != self.files:
            odd = sorted(self.product.kept_files() ^ self.files)
            faults.append(f"a plain run afterwards leaves other files: {odd}")
        return faults

    def bisect(self) -> list[tuple[int, str]]:
        """(free bytes, how it ends), ascending: equal parts, then between two that differ."""
        step = -(-self.space // PARTS)
        ends = [self._measure(part * step) for part in range(PARTS + 1)]
        ends.append(self._measure(self.space + 4 * MEGABYTE))
        place = 0
        while place < len(ends) - 1:
            (low, first), (high, second) = ends[place], ends[place + 1]
            if first == second or high - low <= NARROW:
                place += 1
            else:
                ends.insert(place + 1, self._measure((low + high) // 2))
        return ends

    def _measure(self, size: int) -> tuple[int, str]:
        end = self.end_at(size)
        print(f"{size // KILOBYTE:>8} KB free: {end}", flush=True)
        return size, end


def _are_plain(lines: list[str]) -> bool:
    """Whether lines are one sentence for the command, or one each for the authority and the publication."""
    subjects = [line.split(":")[1].strip() if line.startswith("Failed:") else "" for line in lines]
    is_known = not any(re.search("Exception|Error|Errno", line) for line in lines)
    return subjects in ([""], ["hackney"], ["publishing"], ["hackney", "publishing"]) and is_known


def ranges(ends: list[tuple[int, str]]) -> str:
    """A table of the ranges of free space that end alike."""
    lines, start = [], 0
    for place, (_, end) in enumerate(ends):
        if place + 1 == len(ends) or ends[place + 1][1] != end:
            span = f"{ends[start][0] // KILOBYTE} to {ends[place][0] // KILOBYTE} KB"
            lines.append(f"{span:>20} | {end}")
            start = place + 1
    return "\n".join(lines)


def check_every_end(product: Product, disk: Disk, command: str, name: str) -> None:
    """Bisect, print the table, and fail with every fault found; a full disk never publishes."""
    with row(name) as made:
        trial = Trial(product, disk, command, made)
        trial.prepare()
        print(f"\nan undisturbed {command} takes {trial.space // KILOBYTE} KB", flush=True)
        ends = trial.bisect()
        print(ranges(ends), flush=True)
        assert ends[0][1] != "published"
        assert ends[-1][1] == "published"


@pytest.mark.parametrize("command", ["run", "publish"])
def test_wherever_the_data_folder_fills_the_version_before_stays_whole(
    tmp_path: Path, disk: Disk, command: str
) -> None:
    (tmp_path / "temporary").mkdir()
    product = Product(tmp_path, disk.folder / "data", tmp_path / "temporary")
    deliver(tmp_path / "raw", "hackney", rows=2)
    assert product.run()[0] == 0
    if command == "run":
        file = deliver(tmp_path / "raw", "hackney", as_at="2020-03-31")
        file.write_text(file.read_text() + "\n" * 1_000_000)  # the copy that is read needs its space
    check_every_end(product, disk, command, f"{command} with so much free space in the data folder")


def test_wherever_the_first_run_ends_for_space_the_next_makes_all_of_it(tmp_path: Path, disk: Disk) -> None:
    (tmp_path / "temporary").mkdir()
    product = Product(tmp_path, disk.folder / "data", tmp_path / "temporary")
    deliver(tmp_path / "raw", "hackney", rows=2)
    check_every_end(product, disk, "run", "a first run with so much free space in the data folder")


def test_a_full_temporary_folder_of_the_system_keeps_nothing_from_being_read(
    tmp_path: Path, disk: Disk
) -> None:
    product = Product(tmp_path, tmp_path / "data", disk.folder)
    deliver(tmp_path / "raw", "hackney")
    disk.set_free(0)
    with row("runs with a full temporary folder of the system") as made:
        ended = product.run()
        faults = [] if ended == (0, []) else [f"it ends with {ended}"]
        faults += [f"left over: {path.name}" for path in disk.folder.iterdir()]
        made.add("no free space", faults)

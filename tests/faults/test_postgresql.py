"""PostgreSQL goes away while the product publishes to it: one sentence or none, and the next run mends it."""

from __future__ import annotations

import time
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.compare_publications import RUN_COLUMNS
from cf_pipeline.warehouse import read_table
from cf_pipeline.warehouse.tables.schemas import PUBLISHED, RESTRICTED
from tests.faults.command import Ended
from tests.faults.council import Council, leftovers
from tests.faults.matrix import count, dice, row
from tests.faults.server import Server
from tests.support.small_deliveries import deliver

LONGEST_DELAY_SECONDS = 1.0


class Stage:
    """A council that publishes to a server: before its second delivery, and as it is undisturbed after it."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.server, self._trial = server, folder / "trial"
        server.clear()
        self.start = Council.make(folder / "start", CF_WAREHOUSE_URL=server.url)
        deliver(self.start.raw, "hackney", "2019-12-31")
        assert self.start.run() == (0, [])
        self.before = rows_of(server)
        deliver(self.start.raw, "hackney", "2020-03-31")
        self.truth = self.start.copy_to(folder / "truth")
        assert self.truth.run() == (0, [])
        self.after = rows_of(server)

    def council(self) -> Council:
        """The council with its first delivery published and its second delivered."""
        council = self.start.copy_to(self._trial)
        second = council.raw / "hackney" / "2020-03-31"
        second.rename(council.root / "later")
        assert council.run("run", "--all").status == 0
        (council.root / "later").rename(second)
        return council

    def end(self, council: Council, ended: Ended) -> list[str]:
        """Judge how a command ended and what is published, run again, and judge what is then."""
        is_one_sentence = ended.status == 1 and len(ended.lines) == 1
        faults = [] if is_one_sentence or ended == (0, []) else [f"it ends with {ended}"]
        if rows_of(self.server) not in (self.before, self.after):
            faults.append("what is published meanwhile is neither the old nor the new")
        if (again := council.run()) != (0, []):
            faults.append(f"the run afterwards ends with {again}")
        rows = rows_of(self.server)
        faults += [f"{name} differs" for name in sorted(rows) if rows[name] != self.after[name]]
        return [*faults, *leftovers(self.truth, council), *self.server.leftovers()]


def rows_of(server: Server) -> dict[str, list[str]]:
    """The rows of each table, sorted, without what names a run."""
    tables: dict[str, pd.DataFrame] = {}
    for schema in (PUBLISHED, RESTRICTED):
        for name in schema.contracts:
            tables[f"{schema.name}.{name}"] = read_table(server.url, name, schema=schema)
    return {
        name: sorted(map(repr, table.drop(columns=RUN_COLUMNS & set(table.columns)).itertuples(index=False)))
        for name, table in tables.items()
        if not name.endswith(".authority_source")
    }


@pytest.mark.parametrize("command", ["run", "publish"])
def test_a_connection_that_is_cut(tmp_path: Path, server: Server, command: str) -> None:
    stage = Stage(tmp_path, server)
    with row(f"connection to PostgreSQL cut during {command}") as made:
        for trial in range(count(20, 2)):
            council, delay = stage.council(), dice(f"cut {command}", trial).uniform(0, LONGEST_DELAY_SECONDS)
            under_way = council.start(command)
            is_building = server.wait_for_building()
            time.sleep(delay)
            server.cut_others()
            faults = [] if is_building else ["nothing was published"]
            made.add(f"trial {trial}, after {delay:.2f} s", faults + stage.end(council, under_way.end()))


def test_a_server_that_is_killed_and_comes_back(tmp_path: Path, server: Server) -> None:
    stage = Stage(tmp_path, server)
    with row("PostgreSQL killed and started again during run") as made:
        for trial in range(count(20, 2)):
            council, delay = stage.council(), dice("kill", trial).uniform(0, LONGEST_DELAY_SECONDS)
            under_way = council.start()
            server.wait_for_building()
            time.sleep(delay)
            server.kill()
            time.sleep(dice("pause", trial).uniform(0, 3))
            server.start_again()
            made.add(f"trial {trial}, after {delay:.2f} s", stage.end(council, under_way.end()))

"""`kill -9` at random moments, at named functions and at changes of files; a plain run mends all of it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from cf_pipeline.warehouse.dialects.database import NO_EARLIER_VERSION
from tests.faults.council import Council, differences, leftovers
from tests.faults.kills import KillAtChange, KillAtFunction
from tests.faults.matrix import Row, count, dice, row
from tests.support.small_deliveries import deliver

COMMANDS = ("run", "publish")
FIRST, SECOND = "2019-12-31", "2020-03-31"
ANY_CHANGE = 10**9

READ, LAKE, RESULTS = "cf_pipeline.ingest.files.read_file", "cf_pipeline.project.parquet_table", "LakeResults"
STORE = "cf_pipeline.project.results.lake_results"
PUBLISH, FILE = "cf_pipeline.warehouse.publish", "cf_pipeline.warehouse.dialects.duckdb.database"
WORKBOOK = "cf_pipeline.outputs.workbook.xlsx"
PLACES = [
    *(KillAtFunction(READ, "_run_parser", is_after=after) for after in (False, True)),
    *(KillAtFunction(LAKE, "write_table", call, after) for call in (1, 20, 60) for after in (False, True)),
    *(KillAtFunction(STORE, f"{RESULTS}.keep", call, True) for call in (1, 2)),
    KillAtFunction(STORE, f"{RESULTS}.sweep", 1),
    *(
        KillAtFunction("cf_pipeline.project.runs.good_run", "record_good_run", 1, after)
        for after in (False, True)
    ),
    KillAtFunction(PUBLISH, "_build_schema", 1, True),
    *(KillAtFunction(FILE, "check_file", call, True) for call in (1, 2)),
    *(
        KillAtFunction(FILE, "DuckDb._move_into_place", call, after)
        for call in (1, 2)
        for after in (False, True)
    ),
    *(KillAtFunction(WORKBOOK, "workbook_bytes", call, after) for call in (1, 2) for after in (False, True)),
    *(
        KillAtFunction("cf_pipeline.project.runs.last_run", "write_last_run", 1, after)
        for after in (False, True)
    ),
]
OF_ROLLBACK = [
    *(KillAtFunction(FILE, "link_file", call, after) for call in (1, 2) for after in (False, True)),
    *(
        KillAtFunction(FILE, "DuckDb._move_into_place", call, after)
        for call in (1, 2)
        for after in (False, True)
    ),
    KillAtFunction("cf_pipeline.warehouse.rollback", "roll_back", 1, True),
]
OF_PUBLISHING = [each for each in PLACES if each.module in (PUBLISH, FILE, WORKBOOK)]


class Stage:
    """A council that has published, with a new delivery before `run`, and what comes of it undisturbed."""

    def __init__(self, folder: Path, command: str, *, has_published: bool = True) -> None:
        self.command, self._trial = command, folder / "trial"
        self.start = Council.make(folder / "start")
        deliver(self.start.raw, "hackney", FIRST)
        if has_published:
            assert self.start.run().status == 0
        if command == "run":
            deliver(self.start.raw, "hackney", SECOND)
        self.truth = self.start.copy_to(folder / "truth")
        began = time.monotonic()
        ended = self.truth.run(command)
        self.seconds = time.monotonic() - began
        assert ended == (0, [])
        assert self.truth.run() == (0, [])

    def council(self) -> Council:
        """The council as it is before the command, anew."""
        return self.start.copy_to(self._trial)

    def end(self, council: Council) -> list[str]:
        """Run once more, and say what differs from the undisturbed council."""
        command = council.start()
        ended = command.end()
        faults = [] if ended == (0, []) else [f"the run afterwards ends with {ended}"]
        if command.has_orphans():
            faults.append("a process of the run afterwards is still there")
        return [*faults, *differences(self.truth, council), *leftovers(self.truth, council)]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_kill_at_any_moment(tmp_path: Path, command: str) -> None:
    stages = [Stage(tmp_path / "later", command)]
    if command == "run":
        stages.append(Stage(tmp_path / "first", command, has_published=False))
    with row(f"kill -9 at a random moment of {command}") as made:
        for trial in range(count(60, 3)):
            die, stage = dice(command, trial), stages[trial % len(stages)]
            council, moment = stage.council(), die.uniform(0, stage.seconds)
            is_alone = die.random() < 0.5
            under_way = council.start(command)
            under_way.process.join(moment)
            under_way.kill() if is_alone else under_way.kill_group()
            ended = under_way.end()
            who = "the process alone" if is_alone else "it and all that it started"
            faults = [] if ended.was_killed or ended == (0, []) else [f"it ends with {ended}"]
            made.add(f"trial {trial}, {who}, after {moment:.2f} s", faults + stage.end(council))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_kill_at_a_named_place(tmp_path: Path, command: str) -> None:
    stage = Stage(tmp_path, command)
    places = PLACES if command == "run" else OF_PUBLISHING
    with row(f"kill -9 at a named place of {command}") as made:
        for place in places[:: count(1, 5)]:
            council = stage.council()
            ended = council.run(command, fault=place)
            faults = [] if ended.was_killed else [f"the place is never reached: it ends with {ended}"]
            made.add(str(place), faults + stage.end(council))


def test_a_kill_of_a_rollback_is_mended_by_publishing_again(tmp_path: Path) -> None:
    stage = Stage(tmp_path, "publish")
    with row("kill -9 at a named place of publish --rollback") as made:
        for place in OF_ROLLBACK[:: count(1, 3)]:
            council = stage.council()
            assert council.run("publish").status == 0
            ended = council.run("publish", "--rollback", fault=place)
            faults = [] if ended.was_killed else [f"the place is never reached: it ends with {ended}"]
            completed = council.run("publish", "--rollback")
            is_complete = completed.status == 0 or NO_EARLIER_VERSION in " ".join(completed.lines)
            faults += [] if is_complete else [f"a second rollback ends with {completed}"]
            council.run("publish")
            made.add(str(place), faults + stage.end(council))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_kill_before_any_change_of_a_file(tmp_path: Path, command: str) -> None:
    stage = Stage(tmp_path, command)
    counted = tmp_path / "changes"
    whole = stage.council()
    assert whole.run(command, fault=KillAtChange(whole.root, ANY_CHANGE, counted)).status == 0
    changes = int(counted.read_text())
    with row(f"kill -9 before a change of a file by {command}, of {changes}") as made:
        _kill_at_changes(stage, made, changes, counted)


def _kill_at_changes(stage: Stage, made: Row, changes: int, counted: Path) -> None:
    for trial in range(count(60, 3)):
        council = stage.council()
        change = dice(f"change {stage.command}", trial).randint(1, changes)
        ended = council.run(stage.command, fault=KillAtChange(council.root, change, counted))
        faults = [] if ended.was_killed or ended == (0, []) else [f"it ends with {ended}"]
        made.add(f"change {change} of {changes}", faults + stage.end(council))

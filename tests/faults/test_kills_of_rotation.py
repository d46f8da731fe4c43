"""`kill -9` at named places of `rotate-key`: the next command completes the change or takes it back."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.command import Fault
from tests.faults.council import Council, leftovers
from tests.faults.kills import KillAtFunction
from tests.faults.matrix import count, row
from tests.support.key_rotation import Tables, differences, published, stored_pseudonyms
from tests.support.small_deliveries import deliver

ROTATE = ("rotate-key", "--by", "DPO", "--because", "a loss")
COMMAND, STORES = "cf_pipeline.cli.operations.rotate_key", "cf_pipeline.operations.privacy"
BEFORE_REPLACING = [
    *(
        KillAtFunction("cf_pipeline.project.privacy.key_change", "write_key_change", 1, a)
        for a in (False, True)
    ),
    KillAtFunction("cf_pipeline.project.privacy.erasures", "renew_keys", 1, True),
    KillAtFunction(f"{STORES}.second_lake", "prepare_second_lake", 1, True),
    KillAtFunction("cf_pipeline.project.parquet_table", "write_table", 20),
    KillAtFunction("cf_pipeline.cli.run", "count_again", 1, True),
    KillAtFunction(f"{STORES}.key_rotation", "check_second_lake", 1, True),
    KillAtFunction("cf_pipeline.project.privacy.key_change", "write_key_change", 2),
]
FROM_REPLACING_ON = [
    KillAtFunction("cf_pipeline.project.privacy.key_change", "write_key_change", 2, True),
    *(KillAtFunction(f"{STORES}.second_lake", "_remove", call, True) for call in (2, 3, 4)),
    KillAtFunction(f"{STORES}.second_lake", "put_second_lake_in_place", 1, True),
    KillAtFunction("cf_pipeline.project.privacy.key_change", "write_key_change", 3, True),
    KillAtFunction(f"{STORES}.key_rotation", "record_good_runs", 1, True),
    KillAtFunction("cf_pipeline.warehouse.publish", "_build_schema", 1, True),
    *(
        KillAtFunction(
            "cf_pipeline.warehouse.dialects.duckdb.database", "DuckDb._move_into_place", call, True
        )
        for call in (1, 2)
    ),
    KillAtFunction("cf_pipeline.cli.run", "publish", 1, True),
    KillAtFunction(f"{STORES}.key_rotation", "forget_old_pseudonyms", 1, True),
    *(KillAtFunction(f"{STORES}.key_rotation", "replace_key_file", 1, a) for a in (False, True)),
    KillAtFunction(f"{STORES}.key_rotation", "record_key_change", 1, True),
    KillAtFunction("cf_pipeline.project.privacy.key_change", "end_key_change", 1, True),
]


@dataclass(frozen=True)
class WithKeyFile:
    """The key is in its file and in no variable; then perhaps another fault."""

    fault: Fault | None = None

    def __call__(self) -> None:
        os.environ.pop("CF_ID_KEY", None)
        if self.fault is not None:
            self.fault()


class Stage:
    """A council with two deliveries, and the same one with another key."""

    def __init__(self, folder: Path) -> None:
        self._trial = folder / "trial"
        self.start = Council.make(folder / "start")
        for as_at in ("2019-12-31", "2020-03-31"):
            deliver(self.start.raw, "hackney", as_at)
        assert self.start.run("init", fault=WithKeyFile()).status == 0
        assert self.start.run(fault=WithKeyFile()) == (0, [])
        self.old_pseudonyms = stored_pseudonyms(self.start.data / "lake")
        self.truth = self.start.copy_to(folder / "truth")
        assert self.truth.run(*ROTATE, fault=WithKeyFile()).status == 0
        assert self.truth.run(fault=WithKeyFile()) == (0, [])
        self.tables = tables_of(self.truth)

    def faults(self, place: KillAtFunction, *, is_completed: bool) -> list[str]:
        """What is wrong after a kill at a place, and a next command that changes nothing itself."""
        council = self.start.copy_to(self._trial)
        ended = council.run(*ROTATE, fault=WithKeyFile(place))
        if not ended.was_killed:
            return [f"the place is never reached: it ends with {ended}"]
        completed = council.run("audit", fault=WithKeyFile())
        found = [] if completed.status == 0 else [f"the next command ends with {completed}"]
        has_old = stored_pseudonyms(council.data / "lake") == self.old_pseudonyms
        if has_old == is_completed:
            found.append(f"the change is {'taken back' if is_completed else 'completed'}")
        rerun = council.run(fault=WithKeyFile())
        found += [] if rerun == (0, []) else [f"a run afterwards ends with {rerun}"]
        found += differences(self.tables, tables_of(council))
        if is_completed:
            return [*found, *leftovers(self.truth, council)]
        return [*found, *leftovers(self.start, council)]


def tables_of(council: Council) -> Tables:
    return published(f"duckdb:///{council.data}/warehouse/published.duckdb")


@pytest.mark.parametrize("is_completed", [False, True], ids=["taken back", "completed"])
def test_a_kill_at_a_named_place_of_a_rotation(tmp_path: Path, is_completed: bool) -> None:
    stage = Stage(tmp_path)
    places = FROM_REPLACING_ON if is_completed else BEFORE_REPLACING
    with row(
        f"kill -9 at a named place of rotate-key, {'completed' if is_completed else 'taken back'}"
    ) as made:
        for place in places[:: count(1, 3)]:
            made.add(str(place), stage.faults(place, is_completed=is_completed))

"""Runs at once, files that are still being copied, and deliveries in the wrong order."""

from __future__ import annotations

import os
import shutil
import threading
import time
from pathlib import Path

import dagster as dg

from assets.definitions import defs
from assets.sensors import raw_deliveries
from cf_pipeline.project.settings import load_settings
from resources.dagster_storage import open_home
from resources.settings import PipelineSettings
from tests.faults.council import Council, differences, leftovers
from tests.faults.matrix import count, dice, row
from tests.support.small_deliveries import deliver

FIRST, SECOND = "2019-12-31", "2020-03-31"
LONGEST_COPY_SECONDS = 4.0


def make_council(root: Path) -> Council:
    """A council with two deliveries and nothing published."""
    council = Council.make(root)
    for as_at in (FIRST, SECOND):
        deliver(council.raw, "hackney", as_at)
    return council


def make_truth(root: Path) -> Council:
    """The same after an undisturbed run."""
    truth = make_council(root)
    assert truth.run() == (0, [])
    return truth


def compare(truth: Council, council: Council) -> list[str]:
    """Run once more, and say what differs from an undisturbed council."""
    ended = council.run()
    faults = [] if ended == (0, []) else [f"the run afterwards ends with {ended}"]
    return [*faults, *differences(truth, council), *leftovers(truth, council)]


def copy_slowly(source: Path, target: Path, parts: int, seconds: float) -> threading.Thread:
    """Copy a file as over a slow network: it grows part by part."""
    content = source.read_bytes()

    def copy() -> None:
        with target.open("wb", buffering=0) as file:
            for part in range(parts):
                file.write(content[len(content) * part // parts : len(content) * (part + 1) // parts])
                time.sleep(seconds / parts)

    thread = threading.Thread(target=copy)
    thread.start()
    return thread


def test_runs_at_once(tmp_path: Path) -> None:
    truth = make_truth(tmp_path / "truth")
    for runs in (2, 8):
        with row(f"{runs} runs at once") as made:
            for trial in range(count(5, 1)):
                council = make_council(tmp_path / "trial")
                under_way = [council.start(screen=f"screen-{number}.txt") for number in range(runs)]
                ends = [command.end() for command in under_way]
                faults = [f"a run ends with {ended}" for ended in ends if ended != (0, [])]
                made.add(f"trial {trial}", faults + compare(truth, council))
                shutil.rmtree(council.root)


def test_a_run_while_a_file_is_copied(tmp_path: Path) -> None:
    truth = make_truth(tmp_path / "truth")
    with row("a run while a file is copied into raw/") as made:
        for trial in range(count(20, 2)):
            die = dice("copy", trial)
            council = make_council(tmp_path / "trial")
            file = council.raw / "hackney" / SECOND / "contacts.csv"
            shutil.move(file, council.root / "source.csv")
            seconds = die.uniform(0, LONGEST_COPY_SECONDS)
            copy = copy_slowly(council.root / "source.csv", file, die.randint(2, 40), seconds)
            ended = council.run()
            copy.join()
            faults = [f"it ends with {ended}"] if ended.status not in (0, 2) else []
            made.add(f"trial {trial}, {seconds:.1f} s", faults + compare(truth, council))
            shutil.rmtree(council.root)


def test_the_sensor_while_a_file_is_copied(tmp_path: Path, project: Path) -> None:
    settings = load_settings(project, os.environ)
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    with row("the sensor while a file is copied into raw/") as made, open_home(settings.dagster_home) as home:
        for trial in range(count(20, 3)):
            source = deliver(project / "source", "hackney", rows=3)
            target = project / "raw" / f"council-{trial}" / FIRST / "contacts.csv"
            target.parent.mkdir(parents=True)
            parts = dice("sensor", trial).randint(2, 6)
            content, cursor, asked = source.read_bytes(), None, []
            for part in range(parts + 2):
                with target.open("ab") as file:
                    file.write(content[len(content) * part // parts : len(content) * (part + 1) // parts])
                with dg.build_sensor_context(
                    instance=home, cursor=cursor, definitions=defs,
                    resources={"settings": PipelineSettings(root=str(project))},
                ) as context:  # fmt: skip
                    result = raw_deliveries(context)
                assert isinstance(result, dg.SensorResult)
                cursor = result.cursor
                asked += [
                    part for request in result.run_requests or [] if request.partition_key == target.parts[-3]
                ]
            faults = [] if asked == [parts] else [f"it asks for a run after parts {asked} of {parts}"]
            made.add(f"trial {trial}", faults)
            shutil.rmtree(target.parents[1])


def test_an_older_delivery_after_a_newer(tmp_path: Path) -> None:
    truth = make_truth(tmp_path / "truth")
    with row("an older delivery after a newer, its run killed") as made:
        for trial in range(count(10, 2)):
            council = Council.make(tmp_path / "trial")
            deliver(council.raw, "hackney", SECOND)
            assert council.run().status == 0
            deliver(council.raw, "hackney", FIRST)
            under_way, moment = council.start(), dice("older", trial).uniform(0, 5)
            under_way.process.join(moment)
            under_way.kill_group()
            under_way.end()
            made.add(f"trial {trial}, after {moment:.2f} s", compare(truth, council))
            shutil.rmtree(council.root)

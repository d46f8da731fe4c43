"""Hours that do not exist or come twice, a leap day, the midnight of a quarter, and two time zones."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from dagster._utils.schedules import schedule_execution_time_iterator

from assets.schedules import nightly_schedule
from tests.faults.council import Council, differences, leftovers
from tests.faults.matrix import IS_QUICK, row
from tests.support.small_deliveries import deliver

FIRST, SECOND = "2019-12-31", "2020-03-31"
LONDON = "Europe/London"
MOMENTS = {
    "the hour that does not exist begins": "2026-03-29 00:59:58",
    "the hour that comes twice begins again": "2026-10-25 01:59:58",
    "the hour that comes twice ends": "2026-10-25 00:59:58",
    "a leap day begins": "2028-02-28 23:59:58",
    "a leap day ends": "2028-02-29 23:59:58",
    "a quarter ends": "2026-06-30 23:59:58",
    "a fiscal year ends": "2027-03-31 23:59:58",
}
"""When the run begins; midnight, or the clock's change, falls into it."""
ZONES = ("UTC", "Pacific/Auckland", "America/St_Johns", LONDON)
NIGHTS = [(2026, 3, 27, 5), (2026, 10, 23, 5), (2028, 2, 27, 4)]
"""The first of some nights, and how many: the clock changes, or a leap day comes, among them."""


def make_truth(root: Path) -> Council:
    """A council that has published two deliveries, one after the other."""
    truth = Council.make(root)
    for as_at in (FIRST, SECOND):
        deliver(truth.raw, "hackney", as_at)
        assert truth.run() == (0, [])
    return truth


def test_runs_over_a_strange_hour(tmp_path: Path) -> None:
    if shutil.which("faketime") is None:
        pytest.fail("faketime is not installed: apt-get install faketime")
    truth = make_truth(tmp_path / "truth")
    with row("runs over a strange hour") as made:
        for name, clock in list(MOMENTS.items())[:: 3 if IS_QUICK else 1]:
            council = Council.make(tmp_path / "trial", TZ=LONDON)
            ends = []
            for as_at in (FIRST, SECOND):
                deliver(council.raw, "hackney", as_at)
                ends.append(council.run(clock=clock))  # the second begins before the first has ended
            faults = [f"a run ends with {ended}" for ended in ends if ended != (0, [])]
            made.add(f"{name} ({clock})", faults + differences(truth, council) + leftovers(truth, council))
            shutil.rmtree(council.root)


def test_time_zones_give_equal_publications(tmp_path: Path) -> None:
    truth = make_truth(tmp_path / "truth")
    with row("runs in another time zone") as made:
        for zone in ZONES[: 2 if IS_QUICK else None]:
            council = Council.make(tmp_path / "trial", TZ=zone)
            for as_at in (FIRST, SECOND):
                deliver(council.raw, "hackney", as_at)
                assert council.run() == (0, [])
            made.add(zone, differences(truth, council) + leftovers(truth, council))
            shutil.rmtree(council.root)


def test_the_schedule_runs_once_a_night() -> None:
    schedule = nightly_schedule()
    with row("one run a night where the clock changes") as made:
        for year, month, day, nights in NIGHTS:
            start = dt.datetime(year, month, day, 12, tzinfo=ZoneInfo(LONDON))
            ticks = schedule_execution_time_iterator(
                start.timestamp(), str(schedule.cron_schedule), schedule.execution_timezone
            )
            days = [next(ticks).astimezone(ZoneInfo(LONDON)).date() for _ in range(nights)]
            for number, found in enumerate(days, start=1):
                expected = start.date() + dt.timedelta(days=number)
                made.add(str(expected), [] if found == expected else [f"the run is on {found}"])

"""Defects of a project for the tests of the doctor: how each is planted, and what it has to be told as."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import shutil
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from cf_pipeline.cli.operations.dagster_records import records_reader
from cf_pipeline.history.holds.find import IS_HELD
from cf_pipeline.operations.audit import record_action
from cf_pipeline.operations.doctor.examination import examine_project
from cf_pipeline.operations.doctor.finding import ATTENTION, FAULT, Finding
from cf_pipeline.operations.graph_state import PUBLISHING, EndedRun, GraphState, OpenRun, Ticker
from cf_pipeline.project import lake_layout
from cf_pipeline.project.lake_layout import TableKey, table_path
from cf_pipeline.project.parquet_table import read_table, write_table
from cf_pipeline.project.runs.good_run import REFUSALS

pytestmark = pytest.mark.slow
Usage = namedtuple("Usage", "total used free")


@dataclasses.dataclass
class Patient:
    """A project that was run well, and what is known beside its files."""

    root: Path
    monkeypatch: pytest.MonkeyPatch
    env: dict[str, str] = dataclasses.field(default_factory=dict)
    now: dt.datetime = dataclasses.field(default_factory=lambda: dt.datetime.now(dt.UTC))
    has_real_records: bool = False

    def __post_init__(self) -> None:
        minute_ago = self.now - dt.timedelta(minutes=1)
        self.graph = GraphState(
            runs=(EndedRun("camden", False, minute_ago), EndedRun(PUBLISHING, False, minute_ago)),
            tickers=(
                Ticker("nightly", "schedule", True, self.now - dt.timedelta(hours=7), "success"),
                Ticker("raw_deliveries", "sensor", True, minute_ago, "skipped"),
            ),
            daemon_seen_at=minute_ago,
        )

    @property
    def data(self) -> Path:
        return self.root / "data"

    def change_graph(self, **changes: object) -> None:
        self.graph = dataclasses.replace(self.graph, **changes)

    def examine(self) -> list[Finding]:
        reader = records_reader if self.has_real_records else lambda _: lambda _: self.graph
        return examine_project(self.root, self.env, reader, self.now)


def spoil_table(patient: Patient, key: TableKey, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    path = table_path(str(patient.data / "lake"), key, "camden")
    write_table(path, change(read_table(path, key)), key)


def hold(patient: Patient) -> None:
    row = {"delivery_id": "2019-12-31", "list": "contacts", "status": IS_HELD, "is_delivery_held": False}
    spoil_table(
        patient,
        lake_layout.HELD_DELIVERIES,
        lambda held: pd.DataFrame([row]).reindex(columns=held.columns).astype(held.dtypes),
    )


def refuse(patient: Patient) -> None:
    def change(manifest: pd.DataFrame) -> pd.DataFrame:
        manifest.attrs[REFUSALS] = ["camden/2019-12-31/a.xlsx: the file is empty (0 bytes); export it again"]
        return manifest

    spoil_table(patient, lake_layout.RAW_DELIVERIES, change)


def write_settings(text: str) -> Callable[[Patient], object]:
    return lambda patient: (patient.root / "pipeline.toml").write_text(text)


def set_variable(name: str, value: str) -> Callable[[Patient], object]:
    return lambda patient: patient.env.update({name: value})


def write(name: str, content: bytes, mode: int = 0o600) -> Callable[[Patient], object]:
    def plant(patient: Patient) -> None:
        path = patient.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(mode)

    return plant


def change_mode(name: str, mode: int) -> Callable[[Patient], object]:
    return lambda patient: (patient.root / name).chmod(mode)


def remove(name: str) -> Callable[[Patient], object]:
    return lambda patient: (patient.root / name).unlink()


def put_file_for_folder(name: str) -> Callable[[Patient], object]:
    def plant(patient: Patient) -> None:
        shutil.rmtree(patient.root / name)
        write(name, b"")(patient)

    return plant


def end_badly(subject: str) -> Callable[[Patient], object]:
    return lambda patient: patient.change_graph(runs=(EndedRun(subject, True, patient.now),))


def set_ticker(ticker: Ticker, hours_ago: float = 0) -> Callable[[Patient], object]:
    def plant(patient: Patient) -> None:
        ticked_at = patient.now - dt.timedelta(hours=hours_ago)
        patient.change_graph(tickers=(dataclasses.replace(ticker, ticked_at=ticked_at),))

    return plant


def change_log(patient: Patient) -> None:
    record_action(patient.data, "accept", "camden/2019-12-31", by="Ana", because="it is right")
    log = patient.data / "logs/audit.jsonl"
    log.write_bytes(log.read_bytes().replace(b"Ana", b"Ben"))


def leave_an_open_run(patient: Patient) -> None:
    patient.change_graph(open_runs=(OpenRun("camden", patient.now - dt.timedelta(days=1)),))


def silence_the_daemon(patient: Patient) -> None:
    patient.change_graph(daemon_seen_at=patient.now - dt.timedelta(hours=3))


def fill_the_disk(patient: Patient) -> None:
    patient.monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(10**9, 10**9 - 5 * 2**20, 5 * 2**20))


def set_the_clock_back(patient: Patient) -> None:
    patient.now -= dt.timedelta(days=400)
    patient.__post_init__()


def touch_in_the_future(patient: Patient) -> None:
    later = patient.now.timestamp() + 10**6
    os.utime(patient.data / "last_run.json", (later, later))


def let_a_group_read(patient: Patient) -> None:
    for path in (patient.data / "outputs").rglob("*.html"):
        path.chmod(0o640)


def move_the_drop_zone(patient: Patient) -> None:
    (patient.root / "raw").rename(patient.root / "elsewhere")


def age_the_backup(patient: Patient) -> None:
    old = f"{patient.now - dt.timedelta(days=9):%Y-%m-%dT%H:%M:%SZ}"
    write("data/last_backup", old.encode())(patient)


def spoil_the_records(patient: Patient) -> None:
    patient.has_real_records = True
    write("data/dagster/history/runs.db", b"no records" * 1000)(patient)


def remove_dagster_yaml(patient: Patient) -> None:
    patient.has_real_records = True
    remove("data/dagster/dagster.yaml")(patient)


KEY_BACK = "Put your copy of the key back"
NO_SERVER = "postgresql+psycopg://nobody@127.0.0.1:1/kpi"
NIGHTLY, SENSOR = Ticker("nightly", "schedule", True), Ticker("raw_deliveries", "sensor", True)
DEFECTS = {
    "an unknown setting": (write_settings("speling = 1"), "settings", FAULT, "speling", "pipeline.toml"),
    "a wrong value": (write_settings('jobs = "many"'), "settings", FAULT, "jobs", "Correct it"),
    "an unknown variable": (set_variable("CF_JOB", "2"), "settings", FAULT, "CF_JOB", "environment"),
    "a file for the data folder": (put_file_for_folder("data"), "settings", FAULT, "is a file", "Correct it"),
    "a key that others read": (
        change_mode("data/id.key", 0o644), "key", FAULT, "read by others", "chmod 600",
    ),
    "a key that is lost": (remove("data/id.key"), "key", FAULT, "is lost", KEY_BACK),
    "another key": (set_variable("CF_ID_KEY", "o" * 40), "key", FAULT, "not the one", KEY_BACK),
    "a short key": (write("data/id.key", b"short"), "key", FAULT, "fewer than", KEY_BACK),
    "a damaged fingerprint": (
        write("data/lake/id_key.fingerprint", b"?"), "key", ATTENTION, "damaged", "cf-pipeline run",
    ),
    "a change of the key that was stopped": (
        write("data/key_change.json", b"{}"), "key", ATTENTION, "was stopped", "cf-pipeline run",
    ),
    "a file for the reports": (put_file_for_folder("data/outputs"), "folders", FAULT, "is a file", "mv "),
    "records that everybody reads": (
        change_mode("data/warehouse/restricted_records.duckdb", 0o644), "rights", FAULT,
        "restricted_records.duckdb (044)", "chmod -R go=",
    ),
    "reports that a group reads": (let_a_group_read, "rights", ATTENTION, "A group of users", "chmod -R go="),
    "a damaged warehouse": (
        write("data/warehouse/published.duckdb", b"no database"), "warehouse", FAULT, "damaged",
        "cf-pipeline publish",
    ),
    "records of another publication": (
        remove("data/warehouse/restricted_records.duckdb"), "warehouse", FAULT, "two publications",
        "cf-pipeline publish",
    ),
    "a server that is down": (
        set_variable("CF_WAREHOUSE_URL", NO_SERVER), "warehouse", FAULT, "no server answers",
        "sentence says",
    ),
    "damaged records of Dagster": (
        spoil_the_records, "Dagster's records", FAULT, "runs.db", "Do what the sentence says",
    ),
    "no home of Dagster": (
        remove_dagster_yaml, "Dagster's records", ATTENTION, "not made", "cf-pipeline init",
    ),
    "a clock that went back": (set_the_clock_back, "clock", FAULT, "later than now", "timedatectl"),
    "a file of tomorrow": (touch_in_the_future, "clock", ATTENTION, "last_run.json", "timedatectl"),
    "a disk that is full": (fill_the_disk, "disk", FAULT, "5 MB free", "Free some space"),
    "a run that failed": (end_badly("camden"), "last run", FAULT, "camden", "cf-pipeline run"),
    "a publication that failed": (end_badly(PUBLISHING), "last run", FAULT, "publishing", "publish"),
    "a run that does not end": (leave_an_open_run, "last run", ATTENTION, "under way", "Terminate it"),
    "a command that was killed": (
        write("data/locks/sessions/0.lock", b""), "last run", ATTENTION, "1 command was killed",
        "cf-pipeline run",
    ),
    "a list that is held": (
        hold, "deliveries", ATTENTION, "camden/2019-12-31/contacts",
        "accept camden/2019-12-31/contacts --by NAME --because TEXT",
    ),
    "a file that is refused": (refuse, "deliveries", ATTENTION, "a.xlsx", "cf-pipeline check FILE"),
    "a folder of no authority": (
        lambda patient: (patient.root / "raw/Camden Borough").mkdir(), "deliveries", ATTENTION,
        "Camden Borough", "deliver it again",
    ),
    "a silent daemon": (silence_the_daemon, "ticks", ATTENTION, "3 hours ago", "systemctl start"),
    "a schedule that is off": (
        set_ticker(dataclasses.replace(NIGHTLY, is_on=False)), "ticks", ATTENTION, "nightly is switched off",
        "Switch it on",
    ),
    "a sensor that fails": (
        set_ticker(dataclasses.replace(SENSOR, ended="failure")), "ticks", FAULT, "raw_deliveries failed",
        "Automation",
    ),
    "a night that did not begin": (set_ticker(NIGHTLY, 50), "ticks", ATTENTION, "2 days ago", "Restart"),
    "a sensor that waits": (set_ticker(SENSOR, 5), "ticks", ATTENTION, "5 hours ago", "Restart"),
    "no backup": (
        remove("data/last_backup"), "backup", ATTENTION, "No backup is known", "Back up each night",
    ),
    "an old backup": (age_the_backup, "backup", ATTENTION, "9 days old", "Back up each night"),
    "a backup without a time": (
        write("data/last_backup", b"yes"), "backup", ATTENTION, "holds no time", "date -u",
    ),
    "a log that was changed": (change_log, "logs", FAULT, "was changed", "Keep it"),
    "alerts that nobody gets": (
        set_variable("CF_ALERTS_ON", "true"), "alerts", ATTENTION, "no channel", "mail_to",
    ),
}  # fmt: skip
ALSO = {
    "a key that others read": {"rights"},
    "a file for the reports": {"warehouse"},
    "no home of Dagster": {"last run"},
    "a clock that went back": {"last run"},
    "damaged records of Dagster": {"last run"},
}
"""Checks that a defect touches beside its own."""

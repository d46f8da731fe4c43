"""Lines of logs and papers go when they are past their retention; delivered files are named and stay."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from cf_pipeline.operations.audit import access_log, audit_log, read_actions
from cf_pipeline.operations.privacy.old_records import find_old_records, remove_old_records
from cf_pipeline.project.settings import Settings, load_settings

TODAY = dt.date(2026, 11, 29)
YEARS = "[retention]\naccess_log = 2\naudit_log = 3\npapers = 2\nraw_files = 10\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "pipeline.toml").write_text(YEARS)
    settings = load_settings(tmp_path, {})
    for name in (
        "report_internal_2024-11-28.html",
        "report_internal_2024-11-29.docx",
        "notes 2001-01-01.txt",
    ):
        path = settings.outputs / "camden" / "papers" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    for place in ("2016-11-28/contacts.csv", "2011-01-01_2016-11-29/contacts.csv", "undated.csv"):
        path = settings.raw / "camden" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    for log in (access_log(settings.data), audit_log(settings.data)):
        for day in ("2023-11-28", "2024-11-28", "2026-11-28"):
            log.add({"action": "look", "subject": day}, dt.datetime.fromisoformat(f"{day}T12:00:00+00:00"))
    return settings


def test_what_is_past_its_retention_is_counted_and_nothing_is_changed(settings: Settings) -> None:
    before = {path: path.read_bytes() for path in settings.root.rglob("*") if path.is_file()}
    old = find_old_records(settings, TODAY)
    assert old.counts == {"lines of the access log": 2, "lines of the audit log": 1, "papers": 1}
    assert [path.parent.name for path in old.raw_files] == ["2016-11-28"]
    assert {path: path.read_bytes() for path in settings.root.rglob("*") if path.is_file()} == before


def test_it_is_removed_and_the_audit_log_says_so(settings: Settings) -> None:
    remove_old_records(settings, find_old_records(settings, TODAY), TODAY, by="Records manager")
    assert [entry["subject"] for entry in access_log(settings.data).entries()] == ["2026-11-28"]
    *others, purge = read_actions(settings.data)
    assert [entry.subject for entry in others] == ["2024-11-28", "2026-11-28"]
    assert (purge.action, purge.by, purge.counts["papers"]) == ("purge", "Records manager", 1)
    assert audit_log(settings.data).verify().lines == 3
    papers = sorted(path.name for path in settings.outputs.glob("*/papers/*"))
    assert papers == ["notes 2001-01-01.txt", "report_internal_2024-11-29.docx"]
    assert (settings.raw / "camden" / "2016-11-28" / "contacts.csv").exists()
    old = find_old_records(settings, TODAY)
    assert old.counts == {}
    remove_old_records(settings, old, TODAY, by="Records manager")
    assert audit_log(settings.data).verify().lines == 3


def test_0_years_are_for_good(settings: Settings) -> None:
    (settings.root / "pipeline.toml").write_text(
        YEARS.replace("= 2", "= 0").replace("= 3", "= 0").replace("= 10", "= 0")
    )
    old = find_old_records(load_settings(settings.root, {}), TODAY)
    assert (old.counts, old.raw_files) == ({}, [])

"""A project that is well has no finding; each planted defect is named, with its fix, and nothing else is."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from pathlib import Path

import pytest

from cf_pipeline.cli.main import main
from cf_pipeline.operations.doctor.finding import ATTENTION, OK, worst_level
from tests.support.planted_defects import ALSO, DEFECTS, Patient, move_the_drop_zone, write
from tests.support.small_deliveries import deliver

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of one council that was run well, with its key in the file, and backed up."""
    root = tmp_path_factory.mktemp("healthy")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("CF_")]:
            patch.delenv(name)
        (root / "pipeline.toml").write_text("")
        patch.chdir(root)
        patch.setenv("CF_JOBS", "1")
        deliver(root / "raw", "camden")
        assert (main(["init"]), main(["run"])) == (0, 0)
    (root / "data/last_backup").write_text(f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}\n")
    (root / "data/last_backup").chmod(0o600)
    return root


@pytest.fixture
def patient(healthy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Patient:
    root = tmp_path / "project"
    shutil.copytree(healthy, root)
    return Patient(root, monkeypatch)


def test_a_project_that_is_well_has_no_finding(patient: Patient) -> None:
    patient.has_real_records = True
    findings = patient.examine()
    assert [finding for finding in findings if finding.level != OK] == []
    checks = "settings key folders rights warehouse versions clock disk deliveries ticks backup logs alerts"
    assert {*checks.split(), "last run", "Dagster's records"} == {finding.check for finding in findings}


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_named_with_its_fix_and_nothing_else_is(patient: Patient, name: str) -> None:
    plant, check, level, what, fix = DEFECTS[name]
    plant(patient)
    findings = [finding for finding in patient.examine() if finding.level != OK]
    own = [finding for finding in findings if finding.check == check]
    assert worst_level(own) == level
    assert all(what in finding.what and fix in finding.fix for finding in own)
    assert {finding.check for finding in findings} - {check} <= ALSO.get(name, set())


def test_a_drop_zone_that_is_not_there_is_a_missing_folder_and_no_delivery(patient: Patient) -> None:
    move_the_drop_zone(patient)
    findings = [finding for finding in patient.examine() if finding.level != OK]
    assert [(finding.check, finding.level) for finding in findings] == [
        ("folders", ATTENTION),
        ("deliveries", ATTENTION),
    ]
    assert "cf-pipeline init" in findings[0].fix and "Mount it" in findings[1].fix


def test_secrets_of_alerts_that_others_read_are_a_fault(patient: Patient) -> None:
    patient.env["CF_ALERTS_ON"] = "true"
    write("data/alerts.env", b"CF_ALERTS_SLACK_URL=https://hooks.example/k3y", 0o644)(patient)
    findings = {finding.check: finding for finding in patient.examine() if finding.level != OK}
    assert set(findings) == {"rights", "alerts"}
    assert "chmod 600" in findings["alerts"].what and "k3y" not in str(findings)


def test_nothing_of_the_project_is_changed(patient: Patient) -> None:
    before = {path: path.stat().st_mtime_ns for path in patient.root.rglob("*")}
    patient.examine()
    assert {path: path.stat().st_mtime_ns for path in patient.root.rglob("*")} == before

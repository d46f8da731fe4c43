"""Python, packages and the publication beside the product."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
from pathlib import Path

import pytest

from cf_pipeline.operations.doctor.finding import ATTENTION, FAULT, OK, Finding
from cf_pipeline.operations.doctor.versions import check_versions
from cf_pipeline.operations.project_state import Publication

PANDAS = importlib.metadata.version("pandas")


def find(
    folder: Path, lock: str = "", published: str = "1.2.0", python: tuple[int, int] = (3, 11)
) -> list[Finding]:
    (folder / "requirements.lock").write_text(lock)
    publication = Publication(1, dt.datetime(2026, 3, 1, tzinfo=dt.UTC), published)
    return check_versions(publication, folder / "requirements.lock", "1.2.0", python)


def test_the_pinned_packages_are_well(tmp_path: Path) -> None:
    findings = find(tmp_path, f"pandas=={PANDAS} \\\n    --hash=sha256:0\nnot-needed-here==1.0\n")
    assert [finding.level for finding in findings] == [OK]


@pytest.mark.parametrize(
    ("given", "level", "what", "fix"),
    [
        ({"lock": "pandas==0.1"}, ATTENTION, f"pandas {PANDAS} (pinned: 0.1)", "make setup"),
        ({"python": (3, 13)}, FAULT, "Python is 3.13", "python3.11"),
        ({"published": "1.10.0"}, FAULT, "Published by version 1.10.0", "Install that version"),
        ({"published": "1.1.9"}, ATTENTION, "Published by version 1.1.9", "cf-pipeline run"),
    ],
)
def test_another_version_is_named(tmp_path: Path, given: dict, level: str, what: str, fix: str) -> None:
    [finding] = find(tmp_path, **given)
    assert finding.level == level and what in finding.what and fix in finding.fix


def test_a_package_that_the_product_needs_and_that_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.metadata, "requires", lambda _: ["aiohttp-made-up>=3", "x; extra == 'dev'"])
    [finding] = find(tmp_path, "aiohttp_made_up==3.1\nx==1.0\n")
    assert finding.what == "Packages are not as they are pinned: aiohttp-made-up is missing."


def test_without_the_file_of_pins_the_packages_cannot_be_compared(tmp_path: Path) -> None:
    [finding] = check_versions(None, tmp_path / "requirements.lock", "1.2.0", (3, 11))
    assert finding.level == ATTENTION and "cannot be compared" in finding.what

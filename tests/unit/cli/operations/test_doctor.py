"""`cf-pipeline doctor`: a line a finding, JSON for a monitoring system, and the exit status of the worst."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cf_pipeline.cli.main import main
from cf_pipeline.cli.operations.doctor import finding_lines
from cf_pipeline.operations.doctor.finding import ATTENTION, FAULT, OK, STATUS, Finding, worst_level


def test_a_line_says_what_is_and_what_to_do() -> None:
    findings = [Finding("key", OK, "There."), Finding("disk", FAULT, "Full.", "Free some space.")]
    assert finding_lines(findings) == [
        "ok         key   There.",
        "fault      disk  Full. To do: Free some space.",
    ]


@pytest.mark.parametrize(
    ("levels", "status"), [([OK], 0), ([OK, ATTENTION], 2), ([ATTENTION, FAULT], 1), ([], 0)]
)
def test_the_exit_status_is_that_of_the_worst(levels: list[str], status: int) -> None:
    assert STATUS[worst_level([Finding("a", level, "b") for level in levels])] == status


def test_a_project_that_was_never_set_up_is_told_what_to_do(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CF_ID_KEY")
    assert main(["doctor"]) == 2
    assert "There is no key for child ids yet. To do: cf-pipeline init" in capsys.readouterr().out
    assert sorted(path.name for path in project.iterdir()) == ["pipeline.toml", "raw"]


def test_wrong_settings_are_a_line_and_a_fault(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "pipeline.toml").write_text("speling = 1")
    assert main(["doctor", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["level"] == FAULT
    assert found["findings"][0]["check"] == "settings" and "speling" in found["findings"][0]["what"]

"""`cf-pipeline access log` shows who read what, and finds a line that was changed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from cf_pipeline.cli.main import main
from cf_pipeline.cli.serving.access_log import WrittenAccessLog, access_log
from cf_pipeline.dashboard.source import Access
from cf_pipeline.project.settings import load_settings

ACCESS = Access(
    "anna", "manager", "10.0.0.9", "worklist", "/camden/today/care_visits", "camden", "list care_visits", 27
)
NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)


def run(capfd: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str]]:
    status = main(("access", "log", *words))
    out, err = capfd.readouterr()
    return status, (out + err).splitlines()


def test_the_log_is_shown_and_a_changed_line_is_found(project: Path, capfd) -> None:
    status, lines = run(capfd)
    assert (status, len(lines)) == (1, 1)
    assert "nothing was written to it" in lines[0]
    log = access_log(load_settings(project, {}))
    written = WrittenAccessLog(log, lambda: NOON)
    written.add(ACCESS)
    written.add(
        Access("victor", "viewer", "10.0.0.9", "today", "/camden/today", "camden", "refused: today", None)
    )
    assert run(capfd) == (
        0,
        [
            "2026-03-01T12:00:00.000+00:00  anna (manager, 10.0.0.9)  camden  list care_visits  27 records  "
            "/camden/today/care_visits",
            "2026-03-01T12:00:00.000+00:00  victor (viewer, 10.0.0.9)  camden  refused: today  refused  "
            "/camden/today",
        ],
    )
    status, lines = run(capfd, "--verify")
    assert status == 0
    assert "2 lines, each as it was written" in lines[0]
    log.path.write_text(log.path.read_text().replace("care_visits", "care_reviews", 1))
    status, lines = run(capfd, "--verify")
    assert status == 1
    assert lines[0].endswith("line 1 was changed, or is no line of this log.")

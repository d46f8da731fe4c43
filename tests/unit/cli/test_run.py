"""What `cf-pipeline run` says when it has worked everything out again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import assets.core
from cf_pipeline.cli.main import main
from tests.support.small_deliveries import deliver

IDENTICAL = "Worked out again: every figure is identical to the last digit."


def fails(*_: Any) -> Any:
    raise ValueError


@pytest.mark.slow
def test_figures_are_called_identical_only_when_nothing_failed(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = deliver(project / "raw", "camden")
    assert main(["run"]) == 0
    file.write_text(file.read_text() + "\n")
    assert main(["run"]) == 0
    assert IDENTICAL in capsys.readouterr().out

    file.write_text(file.read_text() + "\n")
    monkeypatch.setattr(assets.core, "merge_deliveries", fails)
    assert main(["run"]) == 1
    said = capsys.readouterr()
    assert "Failed: camden" in said.err
    assert IDENTICAL not in said.out

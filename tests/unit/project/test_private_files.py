"""Files for their owner alone, put in place whole."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from cf_pipeline.project.private_files import write_private


def test_a_file_is_for_its_owner_and_its_new_folders_too(tmp_path: Path) -> None:
    path = tmp_path / "outputs" / "camden" / "report.html"
    write_private(path, "<p>caf\u00e9</p>")
    assert path.read_bytes() == "<p>caf\u00e9</p>".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "quality.xlsx"
    write_private(path, b"before")

    def write_to_a_full_disk(*_: object) -> int:
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "write_bytes", write_to_a_full_disk)
    with pytest.raises(OSError, match="No space"):
        write_private(path, b"after")
    assert path.read_bytes() == b"before"
    assert [file.name for file in tmp_path.iterdir()] == ["quality.xlsx"]


def test_what_a_killed_write_left_behind_is_replaced(tmp_path: Path) -> None:
    (tmp_path / ".part-id.key").write_bytes(b"half")
    write_private(tmp_path / "id.key", "whole")
    assert [file.name for file in tmp_path.iterdir()] == ["id.key"]

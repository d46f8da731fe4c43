"""A record that cannot be read counts as none: a run works everything out again."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from cf_pipeline.project.code_hashes import code_hashes
from cf_pipeline.project.runs.good_run import FOLDER, is_run_news
from cf_pipeline.project.runs.last_run import FILE, LastRun, read_last_run, write_last_run

DAMAGE = [b"", b"{", b"null", b"[]", b"\xff\xfe\x00", b"[" * 100_000, b'{"results": [1]}']


@pytest.mark.parametrize("content", DAMAGE)
def test_damaged_records_of_runs_count_as_none(tmp_path: Path, content: bytes) -> None:
    write_last_run(tmp_path, LastRun("run", "hash", (), ()))
    assert read_last_run(tmp_path) is not None
    (tmp_path / FILE).write_bytes(content)
    assert read_last_run(tmp_path) is None

    record = tmp_path / "lake" / FOLDER / "camden.json"
    record.parent.mkdir(parents=True)
    record.write_bytes(content)
    assert is_run_news(str(tmp_path / "lake"), "camden", "hash")

    store = tmp_path / "code_hashes.json"
    store.write_bytes(content)
    assert code_hashes({Path(__file__): hashlib.sha256(Path(__file__).read_bytes()).hexdigest()}, store)

"""Folders that may not be used by the user who runs the pipeline."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cf_pipeline.operations.doctor.finding import FAULT
from cf_pipeline.operations.doctor.folders import check_folders
from cf_pipeline.project.settings import load_settings

NOBODY = 65534


@contextmanager
def another_user() -> Iterator[None]:
    """As a user who is not root, to whom rights mean something."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


@pytest.mark.parametrize(("name", "words"), [("data", "may not be written"), ("raw", "may not be read")])
def test_a_folder_that_may_not_be_used_is_named(name: str, words: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        root.chmod(0o755)
        for folder in ("raw", "data"):
            (root / folder).mkdir()
            (root / folder).chmod(0o777)
        settings = load_settings(root, {})
        with another_user():
            assert [finding.level for finding in check_folders(settings)] == ["ok"]
        (root / name).chmod(0o000 if name == "raw" else 0o555)
        with another_user():
            [finding] = check_folders(settings)
        assert finding.level == FAULT and words in finding.what and str(root / name) in finding.fix

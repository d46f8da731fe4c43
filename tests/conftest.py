"""What every test may use: a project folder, a drop zone, a small publication, the real sample files."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from tests.support import publication_example

ID_KEY = "a-key-for-tests-only-of-32-characters-or-more"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of the real files are in the tier of the slow ones."""
    for item in items:
        if item.get_closest_marker("samples"):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A CF_* variable of the developer's own shell decides nothing here."""
    for name in [name for name in os.environ if name.startswith("CF_") and name != "CF_SAMPLES"]:
        monkeypatch.delenv(name)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project folder that is the current one, with a key."""
    (tmp_path / "pipeline.toml").write_text("")
    (tmp_path / "raw").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CF_ID_KEY", ID_KEY)
    monkeypatch.setenv("CF_JOBS", "1")  # what a test replaces is not replaced in another process
    return tmp_path


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """An empty drop zone."""
    folder = tmp_path / "raw"
    folder.mkdir()
    return folder


@pytest.fixture
def published() -> dict[str, pd.DataFrame]:
    """The tables of a small publication of made-up figures."""
    return publication_example.tables()


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of real sample files: skipped without, but never in CI."""
    folder = os.environ.get("CF_SAMPLES")
    if folder and Path(folder).is_dir():
        return Path(folder)
    if os.environ.get("CI"):
        pytest.fail("CF_SAMPLES must name the folder of real sample files in CI")
    pytest.skip("needs the real sample files: set CF_SAMPLES to their folder")

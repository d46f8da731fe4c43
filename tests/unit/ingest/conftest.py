import os
from pathlib import Path

import pytest


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    return folder


@pytest.fixture
def samples() -> Path:
    folder = os.environ.get("CF_SAMPLES")
    if not folder:
        if os.environ.get("CI") == "true":
            pytest.fail("CF_SAMPLES is not set: in CI the real sample files must be there")
        pytest.skip("CF_SAMPLES is not set: the real sample files are elsewhere")
    return Path(folder)

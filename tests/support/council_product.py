"""A copy of the product with a drop zone, to change and to run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import ID_KEY
from tests.support.product_copy import copy_product


class Council:
    """A copy of the product with a drop zone, run into any data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = copy_product(folder)
        self.raw = folder / "raw"

    def run(self, data: Path, expected: tuple[int, ...] = (0, 2)) -> str:
        """Run everything in the drop zone; returns what was printed."""
        environment = {
            **os.environ,
            "CF_ID_KEY": ID_KEY,
            "CF_RAW": str(self.raw),
            "CF_DATA": str(data),
            "PYTHONDONTWRITEBYTECODE": "yes",
        }
        done = subprocess.run(
            [sys.executable, "-m", "cf_pipeline.cli.main", "run"],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in expected, done.stdout + done.stderr
        return done.stdout

    def edit(self, path: str, old: str, new: str) -> None:
        """Change a file of the copy."""
        file = self.folder / path
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{path} does not hold {old!r}: choose another change"
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    @contextmanager
    def unchanged_afterwards(self) -> Iterator[None]:
        """Whatever is edited inside is as before afterwards, the drop zone too."""
        kept = {
            path: path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and path.suffix in {".py", ".toml", ".csv"}
        }
        try:
            yield
        finally:
            for path in [path for path in self.raw.rglob("*") if path.is_file() and path not in kept]:
                path.unlink()
            for path, content in kept.items():
                if not path.is_file() or path.read_bytes() != content:
                    path.write_bytes(content)

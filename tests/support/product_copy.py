"""A copy of the product in a folder of its own, to which a test adds a file, and its command run there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from compileall import compile_dir
from pathlib import Path
from py_compile import PycInvalidationMode

from tests.conftest import ID_KEY

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("cf_pipeline", "assets", "resources")


def copy_product(folder: Path) -> Path:
    """The packages, compiled, and an empty `pipeline.toml` in the folder.

    A module is compiled again when its content has changed, which its time and size need not tell.
    """
    for name in PACKAGES:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        compile_dir(folder / name, quiet=1, invalidation_mode=PycInvalidationMode.CHECKED_HASH)
    (folder / "pipeline.toml").write_text("", encoding="utf-8")
    return folder


def run_module(copy: Path, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`python -m` a module of the copy: the current folder comes before what is installed."""
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=copy,
        env={**os.environ, "CF_ID_KEY": ID_KEY},
        capture_output=True,
        text=True,
        check=False,
    )


def run_command(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`cf-pipeline` of the copy with some arguments."""
    return run_module(copy, "cf_pipeline.cli.main", *arguments)

"""Matrices and tables have one thread, Arrow takes memory as C does; the environment may say otherwise."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

NAME = "OPENBLAS_NUM_THREADS"
POOL = "ARROW_DEFAULT_MEMORY_POOL"
ARROW_THREADS = "OMP_NUM_THREADS"
PROGRAM = """
import builtins, os
load, seen = builtins.__import__, []
def find_numpy(name, *arguments, **options):
    if name.partition(".")[0] == "numpy" and not seen:
        seen.append(os.environ.get("OPENBLAS_NUM_THREADS"))
    return load(name, *arguments, **options)
builtins.__import__ = find_numpy
import {module}
print(seen[0])
"""


@pytest.mark.parametrize("module", ["cf_pipeline.cli.run", "assets.definitions"])
@pytest.mark.parametrize(("setting", "expected"), [(None, "1"), ("2", "2")])
def test_the_number_of_threads_is_known_before_numpy_is_loaded(
    module: str, setting: str | None, expected: str
) -> None:
    others = {name: value for name, value in os.environ.items() if name != NAME}
    environment = others | ({NAME: setting} if setting else {})
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.replace("{module}", module)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == expected


@pytest.mark.parametrize(
    ("name", "attribute", "setting", "expected"),
    [
        (POOL, "default_memory_pool().backend_name", None, "system"),
        (POOL, "default_memory_pool().backend_name", "mimalloc", "mimalloc"),
        (ARROW_THREADS, "cpu_count()", None, "1"),
        (ARROW_THREADS, "cpu_count()", "3", "3"),
    ],
)
def test_arrow_takes_its_memory_from_the_c_library_and_works_in_one_thread(
    name: str, attribute: str, setting: str | None, expected: str
) -> None:
    others = {each: value for each, value in os.environ.items() if each != name}
    done = subprocess.run(
        [sys.executable, "-c", f"import cf_pipeline, pyarrow; print(pyarrow.{attribute})"],
        env=others | ({name: setting} if setting else {}),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == expected

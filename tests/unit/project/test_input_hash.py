"""What counts as something new."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cf_pipeline.project import input_hash
from cf_pipeline.project.code_hashes import code_hash
from cf_pipeline.project.input_hash import (
    FIGURES,
    READING,
    inputs_hash,
    product_files,
    product_hash,
    received_hash,
)
from cf_pipeline.project.runs.last_run import AuthorityResult, LastRun, read_last_run, write_last_run
from tests.support.product import forget_product
from tests.support.small_deliveries import deliver


def test_another_content_name_or_empty_folder_is_new(tmp_path: Path) -> None:
    file = deliver(tmp_path, "camden")
    seen = [received_hash(tmp_path, "camden")]
    file.write_text(file.read_text() + "c9,M,WBRI,2010-05-01,9,2019-10-03,1A\n")
    seen.append(received_hash(tmp_path, "camden"))
    file.rename(file.with_name("list_1.csv"))
    seen.append(received_hash(tmp_path, "camden"))
    (tmp_path / "camden" / "2020-03-31").mkdir()
    seen.append(received_hash(tmp_path, "camden"))
    assert len(set(seen)) == 4


def test_the_same_files_are_the_same_wherever_the_drop_zone_is(tmp_path: Path) -> None:
    for zone in ("a", "b"):
        deliver(tmp_path / zone, "camden")
    assert received_hash(tmp_path / "a", "camden") == received_hash(tmp_path / "b", "camden")


def test_a_setting_that_decides_is_an_input() -> None:
    files = {"camden": "abc"}
    assert inputs_hash(files, {"similar_pct": 5}) == inputs_hash(files, {"similar_pct": 5})
    assert inputs_hash(files, {"similar_pct": 5}) != inputs_hash(files, {"similar_pct": 6})


def test_what_the_last_run_said_can_be_said_again(tmp_path: Path) -> None:
    last = LastRun(
        "run-1", "hash", (AuthorityResult("camden", 1, 3, 2, 1, 0, 30, "2019-12-31"),), ("camden/x: damaged",)
    )
    write_last_run(tmp_path, last)
    assert read_last_run(tmp_path) == last


def test_an_unreadable_memory_is_none(tmp_path: Path) -> None:
    (tmp_path / "last_run.json").write_text("{}")
    assert read_last_run(tmp_path) is None


SOURCE = b'''"""Days."""
def late(days, limit=10):
    """The late ones."""
    names = {"a", "b"}
    return [day for day in days if day > limit and day not in names]
'''


@pytest.mark.parametrize(
    "same",
    [
        SOURCE.replace(b"def", b"# why\n\ndef"),
        SOURCE.replace(b"    names", b"    # ten is the law\n    names"),
        SOURCE.replace(b"Days.", b"What the module is for."),
        SOURCE.replace(b"The late ones.", b"Those after the limit."),
    ],
    ids=["comment", "comment_inside", "docstring_of_a_module", "docstring_of_a_function"],
)
def test_a_comment_or_other_words_of_a_docstring_are_nothing_new(same: bytes) -> None:
    assert same != SOURCE
    assert code_hash(same) == code_hash(SOURCE)


@pytest.mark.parametrize(
    "other",
    [
        SOURCE.replace(b"10", b"11"),
        SOURCE.replace(b">", b">="),
        SOURCE.replace(b"not in", b"in"),
        SOURCE.replace(b'"b"', b'"c"'),
        SOURCE.replace(b"and", b"or"),
        SOURCE.replace(b"def late", b"def later"),
        SOURCE + b"late = sorted\n",
    ],
)
def test_any_other_change_of_code_is_new(other: bytes) -> None:
    assert other != SOURCE
    assert code_hash(other) != code_hash(SOURCE)


def test_the_hash_of_the_product_is_the_same_in_every_process() -> None:
    program = (
        "from cf_pipeline.project.input_hash import FIGURES, product_hash; print(product_hash(*FIGURES))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert found == {product_hash(*FIGURES) + "\n"}


@pytest.fixture
def product(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A product of two packages, to change."""
    for name in ("ingest/read.py", "kpi/registry/contacts.toml", "kpi/measure/count.py", "__init__.py"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("position = 1\n")
    monkeypatch.setattr("importlib.resources.files", lambda name: tmp_path)
    monkeypatch.setattr(input_hash, "GRAPH", ())
    return tmp_path


def changed(product: Path, name: str) -> list[str]:
    """Which of ingest, kpi.measure, kpi and the whole product have another hash when a file changes."""
    packages = [("ingest",), ("kpi.measure",), ("kpi",), ()]

    def hashes() -> list[str]:
        forget_product()
        return [product_hash(*names) for names in packages]

    before = hashes()
    (product / name).write_text("position = 2\n")
    after = hashes()
    forget_product()
    named = zip(packages, before, after, strict=True)
    return [",".join(names) for names, old, new in named if old != new]


def test_a_changed_file_moves_the_hash_of_its_own_packages(product: Path) -> None:
    assert changed(product, "ingest/read.py") == ["ingest", ""]


def test_a_record_of_a_kpi_moves_no_hash_of_the_counting(product: Path) -> None:
    assert changed(product, "kpi/registry/contacts.toml") == ["kpi", ""]


def test_the_version_of_the_product_moves_every_hash(product: Path) -> None:
    assert changed(product, "__init__.py") == ["ingest", "kpi.measure", "kpi", ""]


def test_another_version_of_a_library_moves_every_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    before = product_hash(*READING)
    monkeypatch.setattr(input_hash, "_library_versions", lambda: dict.fromkeys(input_hash.LIBRARIES, "99.1"))
    forget_product()
    after = product_hash(*READING)
    forget_product()
    assert after != before


def test_a_package_that_is_not_there_is_no_hash() -> None:
    with pytest.raises(FileNotFoundError, match="The product has no package inges"):
        product_hash("inges")


def test_a_change_of_any_part_of_the_product_is_new() -> None:
    files = product_files()
    for name in (
        "clean/values/dates.py",
        "clean/codes/data/code_aliases.csv",
        "contracts/lists/contacts.toml",
        "headlines/data/headlines.toml",
        "kpi/registry/contacts.toml",
        "outputs/templates/report.css",
    ):
        assert files[name].path.is_file()
    assert len({name.partition("/")[0] for name in files}) > 15

"""What is kept of the hashes of the product's modules never says anything else than hashing them again."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from cf_pipeline.project import code_hashes as subject
from cf_pipeline.project.code_hashes import code_hash


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A module of the product, in a process that knows nothing yet."""
    monkeypatch.setattr(subject, "_known", {})
    monkeypatch.setattr(subject, "INSTALLED", tmp_path / "installed.json")
    path = tmp_path / "product" / "count.py"
    path.parent.mkdir()
    path.write_text("position = 1\n")
    return path


def code_hashes(modules: list[Path], store: Path | None) -> dict[Path, str]:
    """The hashes of modules as they are now."""
    return subject.code_hashes(
        {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in modules}, store
    )


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in the next process: what is known is in the file alone."""
    monkeypatch.setattr(subject, "_known", {})


def test_the_second_process_parses_no_module(
    module: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "code_hashes.json"
    first = code_hashes([module], kept)
    forget(monkeypatch)
    monkeypatch.setattr(subject, "code_hash", lambda source: pytest.fail("a module was parsed again"))
    assert code_hashes([module], kept) == first
    assert kept.stat().st_mode & 0o777 == 0o600


def test_what_was_hashed_when_the_product_was_set_up_is_not_hashed_again(
    module: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = code_hashes([module], subject.INSTALLED)
    forget(monkeypatch)
    monkeypatch.setattr(subject, "code_hash", lambda source: pytest.fail("a module was parsed again"))
    assert code_hashes([module], tmp_path / "code_hashes.json") == first


def test_a_module_that_changes_while_it_is_hashed_has_no_hash(module: Path, tmp_path: Path) -> None:
    before = hashlib.sha256(module.read_bytes()).hexdigest()
    module.write_text("position = 2\n")
    assert subject.code_hashes({module: before}, tmp_path / "code_hashes.json") == {}


def test_a_changed_module_is_hashed_anew(
    module: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "code_hashes.json"
    before = code_hashes([module], kept)
    module.write_text("position = 2\n")
    forget(monkeypatch)
    assert code_hashes([module], kept)[module] == code_hash(b"position = 2\n") != before[module]


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"3.11": {}}', '{"3.0.0": {"a": "b"}}', "null", '{"%s": {"a": 1}}', '{"%s": [1]}'],
)
def test_a_damaged_file_or_one_of_another_python_costs_time_only(
    module: Path, tmp_path: Path, content: str
) -> None:
    kept = tmp_path / "code_hashes.json"
    kept.write_text(content.replace("%s", subject.platform.python_version()))
    assert code_hashes([module], kept)[module] == code_hash(module.read_bytes())


def test_a_folder_that_cannot_be_written_costs_time_only(module: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    kept = tmp_path / "file" / "code_hashes.json"
    assert code_hashes([module], kept)[module] == code_hash(module.read_bytes())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = sorted", "x = reversed"),
        ("x = 1", "x = 1.0"),
        ("x = 1", "x = True"),
        ("x = 0.0", "x = -0.0"),
        ("x = 'a'", "x = b'a'"),
        ("def f(a, b): return a", "def f(a, *, b): return a"),
        ("def f(a): return a in {1, 2}", "def f(a): return a in {1, 3}"),
        ("def f(a): return lambda: a + 1", "def f(a): return lambda: a + 2"),
        ("try: f()\nexcept KeyError: pass", "f()\ntry: pass\nexcept KeyError: pass"),
    ],
)
def test_code_that_does_something_else_has_another_hash(one: str, other: str) -> None:
    assert code_hash(one.encode()) != code_hash(other.encode())

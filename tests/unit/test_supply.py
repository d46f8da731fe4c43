"""What is installed with the product: each package is pinned by hash, and its licence known and allowed."""

from __future__ import annotations

import re
import runpy
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
SUPPLY = ROOT / "deploy" / "supply"
LICENCES = runpy.run_path(str(SUPPLY / "licences.py"))
ADVISORIES = runpy.run_path(str(SUPPLY / "advisories.py"))
LOCKS = tuple(LICENCES["LOCKS"])
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]


def listed() -> dict[str, dict[str, tuple[str, str]]]:
    """Lock -> package -> (version, licence), as the page of licences has them."""
    page: dict[str, dict[str, tuple[str, str]]] = {}
    rows: dict[str, tuple[str, str]] = {}
    for line in (ROOT / "docs" / "licences.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            rows = page.setdefault(line.removeprefix("## "), {})
        elif (found := re.fullmatch(r"\| (\S+) \| (\d\S*) \| (.+) \|", line)) is not None:
            rows[found[1]] = (found[2], found[3])
    return page


@pytest.mark.parametrize("lock", LOCKS)
def test_the_page_has_every_package_of_the_lock(lock: str) -> None:
    pins = LICENCES["pins"](lock)
    assert len(pins) > 20
    assert {name: version for name, (version, _) in listed()[lock].items()} == pins


@pytest.mark.parametrize("lock", LOCKS)
def test_every_licence_is_allowed(lock: str) -> None:
    refused = {
        name: licence for name, (_, licence) in listed()[lock].items() if not LICENCES["is_allowed"](licence)
    }
    assert refused == {}


@pytest.mark.parametrize("lock", LOCKS)
def test_the_page_says_what_the_installed_packages_say(lock: str) -> None:
    installed = {
        name: each for name, each in LICENCES["installed_licences"](lock).items() if each is not None
    }
    assert installed or lock != "requirements.lock"
    assert {name: listed()[lock][name][1] for name in installed} == installed


@pytest.mark.parametrize(
    ("licence", "is_allowed"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("MIT AND GPL-3.0-only", False),
        ("GPL-3.0-only OR MIT", True),
        ("unknown", False),
        ("BSD-3-Clause AND (MIT)", True),
    ],
)
def test_a_licence_is_allowed_by_all_its_parts_or_by_one_choice(licence: str, is_allowed: bool) -> None:
    assert LICENCES["is_allowed"](licence) == is_allowed


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_with_the_hashes_of_its_files(lock: str) -> None:
    entries = re.split(r"^(?=[A-Za-z0-9])", (ROOT / lock).read_text(encoding="utf-8"), flags=re.MULTILINE)
    entries = [entry for entry in entries if entry.strip() and not entry.startswith("#")]
    assert len(entries) == len(LICENCES["pins"](lock))
    for entry in entries:
        assert re.match(
            r"[A-Za-z0-9._\[\]-]+==\S+ \\\n(    --hash=sha256:[0-9a-f]{64}( \\)?\n?)+\s*$", entry
        ), entry[:80]


def test_what_is_asked_for_is_in_the_locks_at_a_version_that_is_asked_for() -> None:
    pins = {
        canonicalize_name(name): version for lock in LOCKS for name, version in LICENCES["pins"](lock).items()
    }
    asked = [*PROJECT["dependencies"], *(text for texts in EXTRAS.values() for text in texts)]
    for text in asked:
        requirement = Requirement(text)
        assert Version(pins[canonicalize_name(requirement.name)]) in requirement.specifier, text


def test_no_package_is_in_two_locks() -> None:
    names = [canonicalize_name(name) for lock in LOCKS for name in LICENCES["pins"](lock)]
    assert len(names) == len(set(names))


def answer(name: str, *, skipped: bool = False, vulns: Sequence[Any] = ()) -> dict[str, Any]:
    if skipped:
        return {"name": name, "skip_reason": "not found"}
    return {"name": name, "version": "1", "vulns": list(vulns)}


@pytest.mark.parametrize(
    ("answers", "status", "words"),
    [
        ([answer("a"), answer("b")], 0, "no advisory is known of 2 packages"),
        ([answer("a"), answer("b", skipped=True)], 2, "NOT CHECKED: of 1 of 2 packages"),
        ([], 2, "NOT CHECKED"),
        (
            [answer("a", vulns=[{"id": "X-1", "fix_versions": ["2"]}]), answer("b", skipped=True)],
            1,
            "a 1: X-1, mended in 2",
        ),
    ],
)
def test_what_could_not_be_asked_is_never_taken_for_good(
    answers: list[dict[str, Any]], status: int, words: str
) -> None:
    found, sentence = ADVISORIES["judge"](answers)
    assert found == status
    assert words in sentence


def test_without_a_service_nothing_is_checked_and_that_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    asked = []

    def ask(path: Path) -> list[dict[str, Any]]:
        asked.append(path.name)
        return [answer("pip", skipped=True)]

    assert ADVISORIES["check"](ask) == 2
    assert asked == ["probe.txt"]
    assert capsys.readouterr().out.startswith(
        "NOT CHECKED: no service of advisories answers from this machine"
    )

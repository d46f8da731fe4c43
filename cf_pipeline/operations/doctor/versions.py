"""Checks the versions: Python, the packages as they are pinned, and the product beside what is published."""

from __future__ import annotations

import importlib.metadata
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import cf_pipeline
from cf_pipeline.operations.doctor.finding import ATTENTION, FAULT, Finding, or_ok
from cf_pipeline.operations.project_state import Publication

CHECK = "versions"
PYTHON = (3, 11)
LOCK = Path(cf_pipeline.__file__).parents[1] / "requirements.lock"
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)
_NAMED = 5


def check_versions(
    publication: Publication | None,
    lock: Path = LOCK,
    product: str = cf_pipeline.__version__,
    python: tuple[int, int] = sys.version_info[:2],
) -> list[Finding]:
    """A finding for each of Python, the packages and the publication that is not as it should be.

    Args:
        publication: what is published.
        lock: the file of the pinned packages.
        product: the version of the product.
        python: the version of Python.
    """
    findings = [*_check_python(python), *_check_packages(lock), *_check_publication(publication, product)]
    what = f"Product {product} on Python {python[0]}.{python[1]}, every package as it is pinned."
    return or_ok(CHECK, findings, what)


def _check_python(python: tuple[int, int]) -> list[Finding]:
    if python == PYTHON:
        return []
    what = f"Python is {python[0]}.{python[1]}; the product is tested with {PYTHON[0]}.{PYTHON[1]}."
    return [Finding(CHECK, FAULT, what, "rm -r .venv && make PYTHON=/path/to/python3.11 setup")]


def _check_packages(lock: Path) -> list[Finding]:
    if not lock.is_file():
        what = f"{lock.name} is not beside the product: the packages cannot be compared with it."
        return [Finding(CHECK, ATTENTION, what, f"Put the release's {lock.name} into {lock.parent}.")]
    pinned = {_normal(name): version for name, version in _PIN.findall(lock.read_text(encoding="utf-8"))}
    installed = _installed()
    needed = {_normal(re.split(r"[^A-Za-z0-9._-]", text)[0]) for text in _requirements()}
    wrong = [
        f"{name} {installed[name]} (pinned: {version})" if name in installed else f"{name} is missing"
        for name, version in sorted(pinned.items())
        if installed.get(name, version if name not in needed else "") != version
    ]
    if not wrong:
        return []
    more = f" and {len(wrong) - _NAMED} more" if len(wrong) > _NAMED else ""
    what = f"Packages are not as they are pinned: {', '.join(wrong[:_NAMED])}{more}."
    return [Finding(CHECK, ATTENTION, what, "rm .venv/.installed && make setup")]


def _check_publication(publication: Publication | None, product: str) -> list[Finding]:
    if publication is None or publication.product_version == product:
        return []
    what = f"Published by version {publication.product_version} of the product; this is {product}."
    if _parts(publication.product_version) > _parts(product):
        fix = "Install that version or a newer one; this one refuses to publish over it."
        return [Finding(CHECK, FAULT, what, fix)]
    return [Finding(CHECK, ATTENTION, what, "cf-pipeline run")]


def _installed() -> Mapping[str, str]:
    found = importlib.metadata.distributions()
    return {_normal(each.name): each.version for each in found if each.name}


def _requirements() -> list[str]:
    """What the product needs itself, without extras; nothing where it was not installed."""
    try:
        required = importlib.metadata.requires("cf-pipeline") or []
    except importlib.metadata.PackageNotFoundError:
        required = []
    return [text for text in required if "extra ==" not in text]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _parts(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]

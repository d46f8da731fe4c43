"""The page docs/licences.md: every package of the locks with its licence, read from the installed packages.

`python deploy/supply/licences.py` writes it; everything that the locks name must be installed
(`make setup-production`). A test compares the page with the locks and with what is installed.
"""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "licences.md"
LOCKS = {
    "requirements.lock": "the product, and the tools of its tests",
    "requirements-production.lock": "Dagster's records in PostgreSQL, lakes in object stores, Kubernetes",
    "requirements-production-tests.lock": "tests of production, the bill of materials, advisories",
}
"""Lock file -> what its packages are for."""
RULES = tomllib.loads(Path(__file__).with_name("licences.toml").read_text(encoding="utf-8"))
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


def pins(lock: str) -> dict[str, str]:
    """Package -> version of a lock file."""
    return dict(PIN.findall((ROOT / lock).read_text(encoding="utf-8")))


def licence_of(package: Distribution) -> str:
    """The licence of an installed package by its short name; what it says itself where that has none.

    The expression of its metadata comes first, then its short text, then its classifiers, of which any may be
    chosen.
    """
    name = package.metadata["Name"].lower().replace("_", "-")
    if found := RULES["read_from_the_licence_file"].get(name):
        return str(found)
    text = package.metadata.get("License-Expression") or package.metadata.get("License") or ""
    if not text or len(text.splitlines()) > 1:
        classifiers = package.metadata.get_all("Classifier") or []
        names = [each.rpartition(" :: ")[2] for each in classifiers if each.startswith("License :: OSI")]
        return " OR ".join(short_name(each) for each in names) or "unknown"
    return short_name(text.strip())


def short_name(text: str) -> str:
    """The short name of a licence; the text itself where no other is known."""
    return str(RULES["short_names"].get(text, text))


def is_allowed(licence: str) -> bool:
    """Whether a licence may be: every part of one joined by AND, one part of one joined by OR."""
    return any(
        all(part.strip(" ()") in RULES["allowed"] for part in choice.split(" AND "))
        for choice in licence.split(" OR ")
    )


def installed_licences(lock: str) -> dict[str, str | None]:
    """Package of a lock -> its licence; None for one that is not installed."""
    found: dict[str, str | None] = {}
    for name in pins(lock):
        try:
            found[name] = licence_of(distribution(name))
        except PackageNotFoundError:
            found[name] = None
    return found


def write_page() -> str:
    """The page as Markdown.

    Raises:
        SystemExit: a package is not installed, or its licence is not among those allowed.
    """
    lines = [
        "# Licences",
        "",
        "Every package that is installed with the product, by the file that names its version and hash. "
        "Written by `make licences`; a licence that is not in `deploy/supply/licences.toml` fails the tests.",
        "The product's own licence is in [LICENSE](../LICENSE).",
    ]
    for lock, purpose in LOCKS.items():
        lines += [
            "",
            f"## {lock}",
            "",
            f"For {purpose}.",
            "",
            "| package | version | licence |",
            "|---|---|---|",
        ]
        licences = installed_licences(lock)
        for name, version in pins(lock).items():
            licence = licences[name]
            if licence is None:
                sys.exit(f"{name} is not installed: run `make setup-production` first.")
            if not is_allowed(licence):
                sys.exit(f"{name} {version}: the licence {licence!r} is not allowed by licences.toml.")
            lines.append(f"| {name} | {version} | {licence} |")
    reasons = [f"- {name}: {why}." for name, why in RULES["allowed"].items() if why]
    return "\n".join([*lines, "", "## Licences that ask for more than their text", "", *reasons, ""])


if __name__ == "__main__":
    PAGE.write_text(write_page(), encoding="utf-8")
    print(f"Wrote {PAGE.relative_to(ROOT)}.")

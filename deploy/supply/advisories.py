"""Whether an advisory is known of a package of the locks, asked of the service that pip-audit asks.

`make advisories` ends with 0 when none is, 1 when one is, and 2 when not every package could be asked about:
what was not checked is counted, and never taken for good.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-production.lock", "requirements-production-tests.lock")
NONE_KNOWN, KNOWN, NOT_CHECKED = 0, 1, 2
SECONDS = 1200
PROBE = "pip==24.0\n"
"""A package that every service of advisories knows: where it is not found, nothing else is asked."""
Answer = Sequence[Mapping[str, Any]]
Ask = Callable[[Path], Answer]


def ask(requirements: Path) -> Answer:
    """What pip-audit says of each package of a file; nothing where it fails or takes too long."""
    command = [sys.executable, "-m", "pip_audit", "--progress-spinner", "off", "--no-deps", "--disable-pip"]
    command += ["--format", "json", "--requirement", str(requirements)]
    try:
        ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=SECONDS)  # noqa: S603
        return list(json.loads(ended.stdout)["dependencies"])
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return []


def judge(answer: Answer) -> tuple[int, str]:
    """One of the three statuses for what was answered of a lock file, and a sentence."""
    unknown = [each["name"] for each in answer if "skip_reason" in each]
    known = [
        f"{each['name']} {each['version']}: {found['id']}, "
        f"mended in {', '.join(found['fix_versions']) or 'no version'}"
        for each in answer
        for found in each.get("vulns", ())
    ]
    if known:
        return KNOWN, "\n  ".join(["advisories are known:", *known])
    if unknown or not answer:
        return (
            NOT_CHECKED,
            f"NOT CHECKED: of {len(unknown)} of {len(answer)} packages nothing could be found out.",
        )
    return NONE_KNOWN, f"no advisory is known of {len(answer)} packages."


def check(asked: Ask = ask) -> int:
    """Check every lock file, and print what came of it; the worst of the three statuses."""
    with tempfile.TemporaryDirectory() as folder:
        probe = Path(folder) / "probe.txt"
        probe.write_text(PROBE)
        if judge(asked(probe))[0] == NOT_CHECKED:
            print(
                "NOT CHECKED: no service of advisories answers from this machine; run `make advisories` "
                "where the internet can be reached."
            )
            return NOT_CHECKED
    results = {name: judge(asked(ROOT / name)) for name in LOCKS}
    for name, (_, sentence) in results.items():
        print(f"{name}: {sentence}")
    statuses = {status for status, _ in results.values()}
    return next(status for status in (KNOWN, NOT_CHECKED, NONE_KNOWN) if status in statuses)


if __name__ == "__main__":
    sys.exit(check())

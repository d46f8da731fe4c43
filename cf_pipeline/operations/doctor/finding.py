"""A finding of the doctor: one line of one check, and what to do where something is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

OK, ATTENTION, FAULT = "ok", "attention", "fault"
"""How a check ends. Attention: it works, and a person should look. Fault: it does not, or will not."""
STATUS = {OK: 0, FAULT: 1, ATTENTION: 2}
"""The exit status for each, as of every command."""


@dataclass(frozen=True)
class Finding:
    """What a check found: its name, how it ended, what is, and the fix ('' where nothing is wrong)."""

    check: str
    level: str
    what: str
    fix: str = ""


def worst_level(findings: Iterable[Finding]) -> str:
    """The worst level among findings: a fault before attention, attention before ok."""
    levels = {finding.level for finding in findings}
    return next((level for level in (FAULT, ATTENTION) if level in levels), OK)


def or_ok(check: str, findings: list[Finding], what: str) -> list[Finding]:
    """The findings; without any, one that says what is well."""
    return findings or [Finding(check, OK, what)]

"""Checks the rights: what the pipeline keeps is for its owner alone (folders 0700, files 0600)."""

from __future__ import annotations

from pathlib import Path

from cf_pipeline.operations.doctor.finding import ATTENTION, FAULT, Finding, or_ok
from cf_pipeline.operations.doctor.scan import Scan

CHECK = "rights"
EVERYBODY = 0o007
NAMED = 3
"""So many paths are named; a wrong umask makes thousands."""


def check_rights(scan: Scan, folders: list[Path]) -> list[Finding]:
    """One finding where others may read or write; a fault where everybody may.

    Args:
        scan: of the folders.
        folders: those scanned, for the fix.
    """
    if not scan.wide:
        return or_ok(CHECK, [], "What the pipeline keeps is for its owner alone.")
    is_open = any(rights & EVERYBODY for rights in scan.wide.values())
    named = ", ".join(f"{path} ({rights:03o})" for path, rights in sorted(scan.wide.items())[:NAMED])
    more = f" and {len(scan.wide) - NAMED:,} more" if len(scan.wide) > NAMED else ""
    who = "everybody on this machine" if is_open else "a group of users"
    places = " ".join(
        sorted({str(folder) for folder in folders if any(_is_in(each, folder) for each in scan.wide)})
    )
    return [
        Finding(
            CHECK,
            FAULT if is_open else ATTENTION,
            f"{who[0].upper()}{who[1:]} has rights to {named}{more}.",
            f"chmod -R go= {places}; let the service run with umask 077",
        )
    ]


def _is_in(path: Path, folder: Path) -> bool:
    return path == folder or path.is_relative_to(folder)

"""The record of acceptances: which doubts about a delivery someone accepted, who, when and why.

It is one small file under the data folder, and the next run reads it. An acceptance names the doubts: a
delivery is held again for a new one, or for one that grew by over a tenth (docs/rulings.md#25).
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from cf_pipeline.errors import PlainError
from cf_pipeline.history.holds.doubt import Acceptance, Doubt
from cf_pipeline.project.private_files import write_private

FILE = "accepted_deliveries.json"


class AcceptancesError(PlainError):
    """The file of accepted deliveries is there and cannot be read."""


def read_acceptances(data: Path) -> tuple[Acceptance, ...]:
    """Every acceptance recorded under the data folder, oldest first.

    Raises:
        AcceptancesError: the file is there and cannot be read; nothing is guessed in its place.
    """
    path = data / FILE
    if not path.exists():
        return ()
    try:
        return _parse(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError):
        raise AcceptancesError(
            f"{path} cannot be read: bring it back from a copy, or remove it and accept the deliveries again."
        ) from None


def find_acceptances(data: Path, authority: str) -> tuple[Acceptance, ...]:
    """The acceptances of one authority, oldest first."""
    return tuple(entry for entry in read_acceptances(data) if entry.authority == authority)


def record_acceptance(data: Path, acceptance: Acceptance) -> None:
    """Add an acceptance to the file; earlier ones stay."""
    entries = [asdict(entry) for entry in (*read_acceptances(data), acceptance)]
    write_private(data / FILE, json.dumps(entries, indent=1) + "\n")


def _parse(content: Any) -> tuple[Acceptance, ...]:
    """The acceptances of a JSON list of objects; TypeError for anything else, an empty `{}` included."""
    if not isinstance(content, list):
        raise TypeError("not a list")
    return tuple(_parse_entry(entry) for entry in content)


def _parse_entry(entry: Any) -> Acceptance:
    if not isinstance(entry, dict):
        raise TypeError("not an object")
    doubts = tuple(Doubt(**doubt) for doubt in entry.get("doubts", ()))
    acceptance = Acceptance(**{**entry, "doubts": doubts})
    texts = [getattr(acceptance, field.name) for field in fields(Acceptance) if field.name != "doubts"]
    texts += [text for doubt in doubts for text in (doubt.rule, doubt.list, doubt.column, doubt.words)]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("not words")
    if not all(isinstance(doubt.size, int | float) for doubt in doubts):
        raise TypeError("not a number")
    return acceptance

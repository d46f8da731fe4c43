"""The record of accepted deliveries: which held delivery someone accepted, who, when and why.

It is one small file under the data folder, and the next run reads it. An acceptance names the content of a
delivery, not its folder alone: a delivery whose files change is held again (docs/rulings.md#25).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cf_pipeline.errors import PlainError
from cf_pipeline.project.private_files import write_private

FILE = "accepted_deliveries.json"


class AcceptancesError(PlainError):
    """The file of accepted deliveries is there and cannot be read."""


@dataclass(frozen=True)
class Acceptance:
    """One delivery accepted as it is: whose, which content, by whom, why and when (UTC, ISO)."""

    authority: str
    delivery_id: str
    content_hash: str
    by: str
    because: str
    at: str


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


def accepted_content(data: Path, authority: str) -> frozenset[tuple[str, str]]:
    """The delivery_id and content hash of every accepted delivery of an authority."""
    return frozenset(
        (entry.delivery_id, entry.content_hash)
        for entry in read_acceptances(data)
        if entry.authority == authority
    )


def record_acceptance(data: Path, acceptance: Acceptance) -> None:
    """Add an acceptance to the file; earlier ones stay."""
    entries = [asdict(entry) for entry in (*read_acceptances(data), acceptance)]
    write_private(data / FILE, json.dumps(entries, indent=1) + "\n")


def _parse(content: Any) -> tuple[Acceptance, ...]:
    """The acceptances of a JSON list of objects; TypeError for anything else, an empty `{}` included."""
    if not isinstance(content, list):
        raise TypeError("not a list")
    entries = tuple(Acceptance(**entry) for entry in content)
    if not all(isinstance(value, str) for entry in entries for value in asdict(entry).values()):
        raise TypeError("not words")
    return entries

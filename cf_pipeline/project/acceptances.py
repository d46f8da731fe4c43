"""Who accepted which held delivery, when and why: a small file under the data folder, read by the next run.

A decision is about a content, not a name: a delivery whose files change is held again.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cf_pipeline.project.setup import write_private

FILE = "accepted_deliveries.json"


class DecisionsError(ValueError):
    """The record of decisions cannot be read; the message is one plain sentence."""


@dataclass(frozen=True)
class Decision:
    """One delivery accepted as it is: whose, which content, by whom, why and when (UTC, ISO)."""

    authority: str
    delivery_id: str
    content_hash: str
    by: str
    because: str
    at: str


def decisions(data: Path) -> tuple[Decision, ...]:
    """Every decision, oldest first.

    Raises:
        DecisionsError: the file is there and cannot be read; nothing is guessed in its place.
    """
    path = data / FILE
    if not path.exists():
        return ()
    try:
        return _as_decisions(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError):
        raise DecisionsError(
            f"{path} cannot be read: bring it back from a copy, or remove it and accept the deliveries again."
        ) from None


def _as_decisions(said: Any) -> tuple[Decision, ...]:
    """A list of decisions in words; TypeError when it is anything else, be it as empty as `{}`."""
    if not isinstance(said, list):
        raise TypeError("not a list")
    read = tuple(Decision(**each) for each in said)
    if not all(isinstance(value, str) for each in read for value in asdict(each).values()):
        raise TypeError("not words")
    return read


def accepted(data: Path, authority: str) -> frozenset[tuple[str, str]]:
    """delivery_id and content hash of what was accepted of an authority."""
    return frozenset(
        (each.delivery_id, each.content_hash) for each in decisions(data) if each.authority == authority
    )


def record(data: Path, decision: Decision) -> None:
    """Add a decision; those before it stay."""
    kept = [asdict(each) for each in (*decisions(data), decision)]
    write_private(data / FILE, json.dumps(kept, indent=1) + "\n")

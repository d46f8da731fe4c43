"""The change of the key for child ids that is under way, as one private file with both keys.

The file is there from the first step of a change to the last. A command that finds it, and nobody at work on
the change, completes it or takes it back. Only a process with the new key may make or read a pseudonym
meanwhile: what another one wrote would be lost, or be under a key that is gone.

Belongs here: the file, and who may go on. Does not belong here: what a change does to the stores
(`operations/privacy`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from cf_pipeline.errors import PlainError
from cf_pipeline.project.private_files import write_private

FILE = "key_change.json"
BUILDING, REPLACING, PUBLISHING = "building", "replacing", "publishing"
"""The phases. A change that is stopped while it is building is taken back, later it is completed."""


class KeyChangeError(PlainError):
    """The key cannot be changed as things are, or its change is not completed."""


class KeyChangeUnderWayError(KeyChangeError):
    """The key is being changed: whoever has the old one must wait."""

    may_pass = True


@dataclass(frozen=True)
class KeyChange:
    """A change of the key.

    `old_key`, `new_key`: as they stand in the key file or the environment. `has_key_file`: whether the key is
    in its file, and no variable names it. `unchanged`: of the authorities with nothing new in the drop zone
    when it began, `authority_hash` as it was. `started_at`: ISO 8601 with the zone.
    """

    old_key: str = field(repr=False)
    new_key: str = field(repr=False)
    has_key_file: bool
    because: str
    by: str
    started_at: str
    authorities: tuple[str, ...] = ()
    unchanged: Mapping[str, str] = field(default_factory=dict)
    phase: str = BUILDING


def is_key_change_begun(data: Path) -> bool:
    """Whether a change of the key is under way, or was stopped."""
    return (data / FILE).exists()


def find_key_change(data: Path) -> KeyChange | None:
    """The change of the key that is under way, or was stopped; None when there is none.

    Raises:
        KeyChangeError: its file cannot be read.
    """
    try:
        content = json.loads((data / FILE).read_text(encoding="utf-8"))
        return KeyChange(**content | {"authorities": tuple(content["authorities"])})
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        raise KeyChangeError(
            f"{data / FILE}, which holds both keys of a change that is not completed, cannot be read: bring "
            "the data folder back from a copy."
        ) from None


def write_key_change(data: Path, change: KeyChange) -> None:
    """Put the file in place, whole (mode 0600)."""
    write_private(data / FILE, json.dumps(asdict(change)) + "\n")


def end_key_change(data: Path) -> None:
    """Remove the file, and with it the old key."""
    (data / FILE).unlink(missing_ok=True)


def is_key_changing(data: Path, key: bytes) -> bool:
    """Whether the key is being changed, and this is the new one.

    Raises:
        KeyChangeUnderWayError: it is being changed, and this is another one.
    """
    change = find_key_change(data)
    if change is None:
        return False
    if key != change.new_key.encode():
        raise KeyChangeUnderWayError(
            "The key for child ids is being changed: try again when `cf-pipeline rotate-key` has ended; if "
            "it was stopped, `cf-pipeline run` completes it or takes it back."
        )
    return True


def is_key_replaced(data: Path, key: bytes) -> bool:
    """Whether what other keys made is being replaced by what this one makes; errors as of `is_key_changing`.

    While a change is building, what there is stays as it is, and may be published again.
    """
    change = find_key_change(data)
    return change is not None and change.phase != BUILDING and is_key_changing(data, key)

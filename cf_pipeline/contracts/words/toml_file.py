"""Reads a TOML file that a council writes: settings, or a mapping of its own words.

Belongs here: what keeps such a file from being read. Does not belong here: what may stand in it.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

MOST_BYTES = 1_000_000
"""A council's mapping has a few hundred lines; what is larger is another file under its name."""
DEEPEST = 20
"""No setting lies deeper than four tables; whoever walks through the tables may rely on it."""
PLACE = re.compile(r" \(at (?:line \d+, column \d+|end of document)\)$")
"""The end of what Python says of a file that is no TOML."""


class TomlError(ValueError):
    """The file cannot be read; the message is the reason, the end of a sentence, and quotes no value."""


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a file of UTF-8 text, with or without a byte-order mark.

    Raises:
        TomlError: it is too large, no text, no TOML, or nested too deep.
        OSError: it cannot be opened.
    """
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise TomlError(f"it has more than {MOST_BYTES:,} bytes")
    try:
        tables = tomllib.loads(content.decode("utf-8-sig"))
        reason = "" if _depth_is_at_most(DEEPEST, tables) else _TOO_DEEP
    except tomllib.TOMLDecodeError as error:
        place = PLACE.search(str(error))  # the error's own words may quote a wording of a cell
        reason = f"it is not TOML{place[0] if place else ''}"
    except UnicodeDecodeError:
        reason = "it is not UTF-8 text"
    except RecursionError:
        reason = _TOO_DEEP
    except ValueError:  # Python reads no number of more than 4,300 digits
        reason = "a number in it has too many digits"
    if reason:
        raise TomlError(reason)
    return tables


_TOO_DEEP = f"its brackets or tables are nested more than {DEEPEST} deep"


def _depth_is_at_most(limit: int, value: Any) -> bool:
    level: list[Any] = [value]
    for _ in range(limit):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return True
    return False

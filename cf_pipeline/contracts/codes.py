"""The code sets: `data/codes.csv`, one row a code.

Columns: set, code, Ofsted's string, the plain words by which it is recognised, its group, what a reader is
shown, and the first and last financial year in which it is valid (empty: no such limit).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Code:
    """One code of a set; its fields are the columns of `data/codes.csv`."""

    code: str
    official: str
    label: str
    group: str
    reader_label: str
    valid_from: str
    valid_to: str


@cache
def code_sets() -> dict[str, tuple[Code, ...]]:
    """Every code set by name, codes in their official order."""
    path = resources.files("cf_pipeline.contracts") / "data" / "codes.csv"
    sets: dict[str, list[Code]] = {}
    with path.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            sets.setdefault(row.pop("code_set"), []).append(Code(**row))
    return {name: tuple(codes) for name, codes in sets.items()}


def codes_of(code_set: str) -> tuple[Code, ...]:
    """The codes of one set; KeyError names a set that does not exist."""
    try:
        return code_sets()[code_set]
    except KeyError:
        raise KeyError(f"no code set {code_set}") from None

"""The code sets: `data/codes.csv`, one row a code (set, code, official string, label, group)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Code:
    """One code of a set: its canonical code, Ofsted's string, a plain label and its group."""

    code: str
    official: str
    label: str
    group: str


@cache
def code_sets() -> dict[str, tuple[Code, ...]]:
    """Every code set by name, codes in their official order."""
    path = resources.files("cf_pipeline.contracts") / "data" / "codes.csv"
    sets: dict[str, list[Code]] = {}
    with path.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            code = Code(row["code"], row["official"], row["label"], row["group"])
            sets.setdefault(row["code_set"], []).append(code)
    return {name: tuple(codes) for name, codes in sets.items()}


def codes_of(code_set: str) -> tuple[Code, ...]:
    """The codes of one set; KeyError names a set that does not exist."""
    try:
        return code_sets()[code_set]
    except KeyError:
        raise KeyError(f"no code set {code_set}") from None

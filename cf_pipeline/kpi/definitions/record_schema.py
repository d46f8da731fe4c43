"""Entries and types of a registry file, a KPI record, its numerator and denominator, and its bands.

A new entry is a line here and a field of the class that is made from it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cf_pipeline.errors import PlainError


class RegistryError(PlainError):
    """A wrong KPI record or registry file; the message is one plain sentence that names it."""


@dataclass(frozen=True)
class Type:
    """The type of an entry: its description and a test of the value that TOML gives."""

    words: str
    fits: Callable[[Any], bool]


@dataclass(frozen=True)
class Shape:
    """The required and optional entries of a TOML table, with their types."""

    required: Mapping[str, Type]
    optional: Mapping[str, Type] = field(default_factory=dict)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_list_of(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(fits(item) for item in value)


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


TEXT = Type("text in quotation marks", _is_text)
TEXTS = Type("a list of texts in quotation marks", _is_list_of(_is_text))
PAIR = Type("a list of two columns", lambda value: _is_list_of(_is_text)(value) and len(value) == 2)
FLAG = Type("true or false", lambda value: isinstance(value, bool))
WHOLE = Type("a whole number", _is_whole)
NOT_NEGATIVE = Type("a whole number, 0 or more", lambda value: _is_whole(value) and value >= 0)
POSITIVE = Type("a whole number, 1 or more", lambda value: _is_whole(value) and value >= 1)
WHOLES = Type("a list of whole numbers", _is_list_of(_is_whole))
TABLE = Type("a table", _is_table)
TABLES = Type("a list of tables", _is_list_of(_is_table))

FILE = Shape({"area": TEXT, "position": POSITIVE, "kpi": TABLES})
RECORD = Shape(
    {
        "id": TEXT,
        "area": TEXT,
        "title": TEXT,
        "measure_class": TEXT,
        "kind": TEXT,
        "unit": TEXT,
        "polarity": TEXT,
        "forecast_rule": TEXT,
        "numerator": TABLE,
        "numerator_text": TEXT,
    },
    {
        "denominator": TABLE,
        "denominator_text": TEXT,
        "decimals": NOT_NEGATIVE,
        "threshold": TEXT,
        "legal_source": TEXT,
        "dfe_statistic": TEXT,
        "comparator_note": TEXT,
        "comparator_series": TEXT,
        "breakdowns": TEXTS,
        "overlapping": TEXTS,
        "team_splits": TEXTS,
        "is_sensitive": FLAG,
        "band": TABLE,
    },
)
OWN_SIDE = Shape(
    {"table": TEXT},
    {
        "date": TEXT,
        "open": PAIR,
        "overlaps": PAIR,
        "state": FLAG,
        "year": TEXT,
        "months": POSITIVE,
        "where": TEXTS,
        "count": TEXT,
        "within": TEXT,
        "value": TEXT,
        "sum": TEXT,
        "fallback": TABLE,
        "note": TEXT,
    },
)
OTHER_SIDES = {
    "kpi": Shape({"kpi": TEXT}),
    "of": Shape({"of": TEXT}, {"where": TEXTS, "value": TEXT}),
    "union": Shape({"union": TABLES}),
}
"""Sides made of other sides, by the entry that marks them."""
BAND = Shape(
    {},
    {"start": TEXT, "until": TEXT, "number": TEXT, "lowest": WHOLE, "upper": WHOLES, "codes": TEXT},
)


def side_shape(record: Mapping[str, Any]) -> Shape:
    """The shape of a numerator or denominator: made of other sides, or with a table of its own."""
    return next((shape for name, shape in OTHER_SIDES.items() if name in record), OWN_SIDE)


def check_shape(owner: str, record: Mapping[str, Any], shape: Shape, path: str = "") -> None:
    """Raise RegistryError when a table lacks an entry, has an unknown one, or one of a wrong type.

    Args:
        owner: what the table belongs to, to begin the sentence: 'KPI contacts_count'.
        record: the table as TOML gives it.
        shape: its required and optional entries.
        path: the entry that holds the table, with a dot after it: 'numerator.'.
    """
    types = {**shape.required, **shape.optional}
    for name in sorted(set(record) - set(types)):
        raise RegistryError(f"{owner}: unknown entry {path}{name}{suggestion(name, types)}")
    for name, entry_type in types.items():
        if name in record and not entry_type.fits(record[name]):
            raise RegistryError(f"{owner}: {path}{name} must be {entry_type.words}.")
        if name in shape.required and name not in record:
            raise RegistryError(f"{owner}: {path}{name} is missing; add it as {entry_type.words}.")


def suggestion(name: str, known_names: Iterable[str]) -> str:
    """The end of a sentence about an unknown name: the nearest known name, else all known names."""
    names = list(known_names)
    if near := difflib.get_close_matches(name, names, 1):
        return f"; did you mean {near[0]}?"
    return f"; use one of {', '.join(names)}." if names else "; name another."

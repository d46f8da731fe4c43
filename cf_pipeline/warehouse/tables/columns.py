"""How a column of a warehouse table is declared: its type, its length, its words.

Keys are `Unicode(n)` and short enough for SQL Server's 900-byte index keys; values are double
precision, because DuckDB's FLOAT holds only 24 bits.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Unicode, UnicodeText

_LENGTHS = {
    "authority_code": 12,
    "neighbour_code": 12,
    "slug": 60,
    "quarter_key": 12,
    "latest_quarter_key": 12,
    "fiscal_year": 8,
    "basis": 8,
    "kpi_id": 64,
    "comparator_series": 64,
    "area": 60,
    "breakdown": 40,
    "category": 120,
    "against": 40,
    "method": 40,
    "symbol": 1,
    "run_id": 64,
    "delivery_id": 40,
    "list": 60,
    "rule": 80,
    "severity": 10,
    "status": 10,
    "role": 12,
    "person_ref": 40,
}
"""Lengths of the text columns that are keys, codes or filters; every other text has no limit."""


def _text(name: str) -> Any:
    return Unicode(_LENGTHS[name]) if name in _LENGTHS else UnicodeText()


def key(name: str, comment: str, type_: Any = None) -> Column[Any]:
    """A column of the primary key."""
    return Column(name, type_ or _text(name), primary_key=True, autoincrement=False, comment=comment)


def field(name: str, comment: str, type_: Any = None, *, required: bool = False) -> Column[Any]:
    """A column that is no key; empty cells are allowed unless it is required."""
    return Column(name, type_ or _text(name), nullable=not required, comment=comment)


AUTHORITY = "GSS code of the authority"
QUARTER = "quarter of the financial year, as in 2019/20 Q3; basis year carries quarter 4's key"
SYMBOL = "why there is no value: x not available, z not applicable, c withheld, k rounds to 0, u unreliable"
RUN = "the run that worked the figure out"

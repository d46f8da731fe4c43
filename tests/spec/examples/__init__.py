"""The shape of a KPI example: tiny lists in, the figures a colleague works out by eye."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.spec.casebook import Delivery, Rows

Expected = Mapping[str, Any]
"""'2019/20 Q3' or '2019/20 Q3 ytd' (with ' band' for distributions) to a count, a (numerator,
denominator) pair, for a median the (value, number of values) pair, or the symbol 'x' or 'z'."""


@dataclass(frozen=True)
class Example:
    """One example of one KPI."""

    kpi_id: str
    title: str
    deliveries: tuple[Delivery, ...]
    expect: Expected
    population: Mapping[int, int] = field(default_factory=lambda: {2019: 10_000})
    """Mid-year to children aged 0 to 17."""


def example(
    kpi_id: str, title: str, expect: Expected, population: Mapping[int, int] | None = None, /, **lists: Rows
) -> Example:
    """An example with one delivery as at 31 December 2019 that covers 2019/20 from its first day.

    `population` gives the children aged 0 to 17 of each mid-year.
    """
    delivery = Delivery("2019-12-31", lists, covers_from="2019-04-01")
    return Example(kpi_id, title, (delivery,), expect, population or {2019: 10_000})

"""What a KPI counts, and how what is counted becomes a figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from fractions import Fraction
from statistics import median
from typing import NamedTuple

from tests.second_opinion.counting.days import Period
from tests.second_opinion.counting.deliveries import Row, key_day
from tests.second_opinion.counting.history import History
from tests.second_opinion.counting.merging import person_of

NOT_COVERED, OF_NOTHING = "x", "z"


class Item(NamedTuple):
    """One counted record: its row, the day its age is taken on, and its worth in a median or mean."""

    row: Row
    day: dt.date
    worth: Fraction = Fraction(1)

    @property
    def person(self) -> str:
        return person_of(self.row["_list"], self.row)


class Figure(NamedTuple):
    """A figure as it is stored; a count has no denominator."""

    numerator: Fraction | None
    denominator: Fraction | None
    value: Fraction | None
    symbol: str | None = None


ABSENT = Figure(None, None, None, NOT_COVERED)
Select = Callable[[History, Period], list[Item]]
Covered = Callable[[History, Period], bool]


class Kpi(NamedTuple):
    """One KPI: how it is worked out, what it counts, and what must be covered for it.

    `kind` is count, children (different children), share, share_of_children, rate, rate_of_children,
    median, mean, bands or bands_of_children. `top` gives the counted records, `below` those they are a
    share of; `band` the category of a counted record in a distribution.
    """

    kind: str
    covered: Covered
    top: Select
    below: Select | None = None
    band: Callable[[History, Item, Period], str | None] | None = None


def people(items: Iterable[Item]) -> int:
    """How many different people were counted."""
    return len({item.person for item in items})


def first_of_each(items: list[Item]) -> list[Item]:
    """One record a person: the first by its day, then the one that began first."""
    found: dict[str, Item] = {}
    for item in sorted(items, key=lambda item: (item.day, _start(item))):
        found.setdefault(item.person, item)
    return list(found.values())


def _start(item: Item) -> dt.date:
    return key_day(item.row["_list"], item.row) or item.day


def share(top: int | Fraction, below: int | Fraction) -> Figure:
    """A percentage; of nothing it is 'z'."""
    above, under = Fraction(top), Fraction(below)
    if under == 0:
        return Figure(above, under, None, OF_NOTHING)
    return Figure(above, under, 100 * above / under)


def figure(kind: str, top: list[Item], below: list[Item], population: int | None = None) -> Figure:
    """What is counted, as a figure of its kind."""
    above = people(top) if kind.endswith("children") else len(top)
    if kind in ("count", "children"):
        return Figure(Fraction(above), None, Fraction(above))
    if kind in ("share", "share_of_children"):
        return share(above, people(below) if kind == "share_of_children" else len(below))
    if kind in ("rate", "rate_of_children"):
        if population is None:
            return ABSENT
        return Figure(Fraction(above), Fraction(population), Fraction(10000 * above, population))
    return _typical(kind, [item.worth for item in top])


def _typical(kind: str, worths: list[Fraction]) -> Figure:
    """A median or a mean (which keeps its sum): the value, and how many it is of."""
    number = Fraction(len(worths))
    whole = None if kind == "median" else sum(worths, Fraction(0))
    if not worths:
        return Figure(whole, number, None, OF_NOTHING)
    return Figure(whole, number, Fraction(median(worths)) if whole is None else whole / number)

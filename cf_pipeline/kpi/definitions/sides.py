"""Numerators, denominators and bands as a KPI record defines them.

Belongs here: the typed form of `numerator`, `denominator` and `band`. Does not belong here: reading and
checking records (`registry`), counting rows (`measure`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from cf_pipeline.kpi.definitions.conditions import Condition

AT_END = "at_end."
"""Prefix of a column read from the first delivery within 31 days of the period's end
(docs/rulings.md#3, docs/rulings.md#4)."""
PERSON = "person."
"""Prefix of a column that is filled from core/person where the row's own cell is blank
(docs/rulings.md#8)."""


@dataclass(frozen=True)
class Side:
    """The rule for the records that a numerator or denominator counts.

    Exactly one timing: `date` (an event in the period), `open` (from, to: open at the period's end),
    `overlaps` (from, to: overlapping the period), `state` (rows of the delivery near the period's end) or
    `year` (rows of the calendar year in which the period's financial year starts).
    With `months` the period is that many calendar months to its own last day. A side with a `base` counts
    those records of the base for which its own `where` holds as well, so both use the same record of a
    child. A `union` counts different children over several sides; a child in several is counted once, with
    the record of the first. `value` names the column of which a median or average is taken: a number, or a
    date whose days to the period's end count; rows without it are not counted. `sum` names the column that is
    added up in place of counting rows. `within` names a KPI whose children alone count. `fallback` is
    counted in periods that the deliveries of this side do not cover, with `note` as the published reason.
    `other_dates` are the dates that the other side of the KPI reads of the same list: a record in which one
    of them is filled and cannot be read counts on neither side.
    """

    table: str
    date: str | None = None
    open: tuple[str, str] | None = None
    overlaps: tuple[str, str] | None = None
    state: bool = False
    year: str | None = None
    months: int | None = None
    where: tuple[Condition, ...] = ()
    count: str = "rows"
    within: str | None = None
    value: str | None = None
    sum: str | None = None
    base: Side | None = None
    union: tuple[Side, ...] = ()
    fallback: Side | None = None
    note: str | None = None
    other_dates: tuple[str, ...] = ()

    @cached_property
    def is_stock(self) -> bool:
        """Whether its records are counted on the period's last day."""
        return (
            self.open is not None
            or self.state
            or self.year is not None
            or any(part.is_stock for part in self.union)
        )

    @property
    def date_columns(self) -> tuple[str, ...]:
        """The columns whose dates decide in which period a row counts."""
        if self.date:
            return (self.date,)
        return self.open or self.overlaps or ()

    @cached_property
    def columns(self) -> frozenset[str]:
        """Every column that it reads, with those of its base and prefixed ones."""
        own = frozenset(self.date_columns).union(*(condition.columns for condition in self.where))
        own |= {name for name in (self.value, self.sum, self.year) if name is not None}
        return own if self.base is None else own | self.base.columns

    @property
    def parts(self) -> tuple[Side, ...]:
        """Its sides of one list each: those of its union (or its base's), else the side itself."""
        if self.base is not None:
            return self.base.parts
        return self.union or (self,)


@dataclass(frozen=True)
class Band:
    """The bands of a distribution, one of three kinds.

    `start`: calendar months from that date to `until` (the period's end when it is not named).
    `number`: the value of that column, in bands that end with each of `upper` and one above the last; the
    first starts with `lowest`.
    `codes`: the canonical codes of that column.
    """

    start: str | None = None
    until: str | None = None
    number: str | None = None
    lowest: int = 0
    upper: tuple[int, ...] = ()
    codes: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the numerator's table that the bands read."""
        return tuple(name for name in (self.start, self.until, self.number, self.codes) if name is not None)

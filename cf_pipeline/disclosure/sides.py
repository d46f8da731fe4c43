"""What the KPI registry says about its counts: which are the same, which are part of another, which add up.

An attacker knows the definitions, so whatever two figures share by definition is an equation to him. All of
it is derived from the registry's sides; what no side says is declared in `data/parts.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from cf_pipeline.kpi.definitions.registry import Kpi
from cf_pipeline.kpi.definitions.sides import Side

NUMERATOR, DENOMINATOR = "numerator", "denominator"
VALUES = ("median_days", "average")
"""Kinds whose denominator is the number of values, and which have no numerator."""
POPULATION_KPI = "pop_0_17"
Role = tuple[str, str]
"""A KPI, and 'numerator' or 'denominator'."""


@dataclass(frozen=True)
class Part:
    """A count that is part of another one. `is_rest_sensitive`: what is left over are people as well."""

    part: str
    whole: str
    is_rest_sensitive: bool


@dataclass(frozen=True)
class CountSides:
    """The different counts behind the KPIs of a registry.

    `names` gives the count of each KPI and role; two roles with one name are the same number. `stocks` are
    counted on the period's last day, so the year's is the fourth quarter's. `additive` counts of four
    quarters add up to the year's; of the others the year's is at most their sum. `parts` are counts that
    are part of another.
    """

    names: Mapping[Role, str]
    stocks: frozenset[str]
    additive: frozenset[str]
    parts: tuple[Part, ...]

    @property
    def population(self) -> frozenset[str]:
        """The counts of children who live in the area: the Office for National Statistics publishes them."""
        return frozenset(name for (kpi_id, _), name in self.names.items() if kpi_id == POPULATION_KPI)

    def roles(self, kpi_id: str) -> tuple[str, ...]:
        """The roles in which a KPI publishes counts: numerator, denominator or both."""
        return tuple(role for role in (NUMERATOR, DENOMINATOR) if (kpi_id, role) in self.names)


def count_sides(registry: Mapping[str, Kpi], apart: Collection[str] = ()) -> CountSides:
    """The counts of a registry, how they are named, and how they depend on each other.

    The name of a count is its first KPI and role in the registry's order, as 'cla_stock numerator'. Of the
    names in `apart` each KPI and role is a count of its own: the figures do not agree although the
    definitions do.
    """
    by_role = dict(_sides_by_role(registry))
    first: dict[Side, str] = {}
    names = {role: first.setdefault(side, " ".join(role)) for role, side in by_role.items()}
    names = {role: " ".join(role) if name in apart else name for role, name in names.items()}
    sides = {name: by_role[role] for role, name in names.items()}
    declared = {
        (names[_role(part)], names[_role(whole)])
        for part, whole in _declared_parts()
        if {_role(part), _role(whole)} <= names.keys()
    }
    of_rows = {
        (names[kpi_id, NUMERATOR], names[kpi_id, DENOMINATOR])
        for kpi_id, kpi in registry.items()
        if kpi.kind == "percentage"
    }
    return CountSides(
        names=names,
        stocks=frozenset(name for name, side in sides.items() if _is_rolling(side)),
        additive=frozenset(name for name, side in sides.items() if _adds_over_quarters(side)),
        parts=tuple(_parts(sides, declared, of_rows)),
    )


def is_part(part: Side, whole: Side) -> bool:
    """Whether every record of one side counts in the other, by their definitions alone."""
    base = None if part.base is None else _same(part.base)
    if base is not None and (base == whole or is_part(base, whole)):
        return True
    if whole.union or part.union:
        return part in whole.union or any(is_part(part, side) for side in whole.union)
    return (
        part != whole
        and _timing(part) == _timing(whole)
        and (part.count, whole.count) != ("rows", "children")
        and _conditions(part) >= _conditions(whole)
    )


def _sides_by_role(registry: Mapping[str, Kpi]) -> Iterator[tuple[Role, Side]]:
    for kpi_id, kpi in registry.items():
        if kpi.kind in VALUES:
            yield (kpi_id, DENOMINATOR), _same(kpi.numerator)
            continue
        # The bands of a distribution are categories of its denominator.
        of_bands = kpi.denominator if kpi.kind == "distribution" else None
        yield (kpi_id, NUMERATOR), _same(kpi.numerator if of_bands is None else of_bands)
        if kpi.denominator is not None:
            yield (kpi_id, DENOMINATOR), _same(kpi.denominator)
        elif kpi.kind == "rate_10k" and POPULATION_KPI in registry:
            yield (kpi_id, DENOMINATOR), _same(registry[POPULATION_KPI].numerator)


def _same(side: Side) -> Side:
    """The side without what only decides about unreadable dates: an attacker takes the two for the same."""
    union = tuple(_same(part) for part in side.union)
    base = None if side.base is None else _same(side.base)
    return replace(side, other_dates=(), union=union, base=base)


def _timing(side: Side) -> tuple[object, ...]:
    return (
        side.table, side.date, side.open, side.overlaps, side.state, side.year, side.months, side.within,
        side.sum, side.fallback is None,
    )  # fmt: skip


def _conditions(side: Side) -> frozenset[object]:
    own = frozenset(side.where) | ({("value", side.value)} if side.value else frozenset())
    return own if side.base is None else own | _conditions(side.base)


def _is_rolling(side: Side) -> bool:
    """Whether the figure of a period depends on its last day alone: a stock, or the months up to it."""
    base = side.base
    return side.is_stock or side.months is not None or (base is not None and _is_rolling(base))


def _adds_over_quarters(side: Side) -> bool:
    reads_period = any(
        column in ("period_start", "period_end") for condition in side.where for column in condition.columns
    )
    return side.date is not None and side.count == "rows" and side.months is None and not reads_period


def _parts(
    sides: Mapping[str, Side], declared_pairs: set[tuple[str, str]], of_rows: set[tuple[str, str]]
) -> Iterator[Part]:
    """Every part and whole; the rest is people where the registry says `of`, or in a percentage's row."""
    for name, side in sides.items():
        for other_name, other in sides.items():
            pair = (name, other_name)
            if pair in declared_pairs or (name != other_name and is_part(side, other)):
                is_direct = side.base is not None and _same(side.base) == other and side.value is None
                yield Part(*pair, is_rest_sensitive=pair in declared_pairs | of_rows or is_direct)


def _role(text: str) -> Role:
    kpi_id, role = text.split(" ")
    return kpi_id, role


@cache
def _declared_parts() -> tuple[tuple[str, str], ...]:
    data = resources.files("cf_pipeline.disclosure") / "data" / "parts.toml"
    return tuple((part, whole) for part, whole in tomllib.loads(data.read_text(encoding="utf-8"))["parts"])

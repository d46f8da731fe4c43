"""The equations of a publication: unknown whole numbers and the linear relations between them.

Belongs here: the data of an attack, whoever writes it. Does not belong here: which relations a publication
has (`equations`), solving them (`solving`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple


class Cell(NamedTuple):
    """One count: what is counted, the period, the category, and which state of the figures.

    `side` is the count's name (`CountSides`), or 'rest of A in B'. `period` is 'quarter 2019/20 Q3' or
    'year 2018/19 Q4'. `release` is empty for today's figure and names an earlier release where its figure was
    revised since.
    """

    side: str
    period: str
    breakdown: str
    category: str
    release: str = ""


class Relation(NamedTuple):
    """lower <= sum of factor x cell <= upper over (cell number, factor) terms; None is no bound."""

    terms: tuple[tuple[int, int], ...]
    lower: int | None
    upper: int | None

    @property
    def is_equation(self) -> bool:
        """Whether both bounds are the same number."""
        return self.lower is not None and self.lower == self.upper


@dataclass(frozen=True)
class System:
    """Cells by number, their true counts, and the relations between them, in a fixed order."""

    cells: tuple[Cell, ...]
    counts: tuple[int, ...]
    relations: tuple[Relation, ...]

    @cached_property
    def numbers(self) -> dict[Cell, int]:
        """The number of each cell."""
        return {cell: number for number, cell in enumerate(self.cells)}

    @cached_property
    def relations_of(self) -> tuple[tuple[int, ...], ...]:
        """The numbers of the relations of each cell."""
        found: list[list[int]] = [[] for _ in self.cells]
        for place, relation in enumerate(self.relations):
            for number, _ in relation.terms:
                found[number].append(place)
        return tuple(map(tuple, found))

    def is_true(self, relation: Relation) -> bool:
        """Whether the true counts satisfy a relation."""
        total = sum(factor * self.counts[number] for number, factor in relation.terms)
        return (relation.lower is None or total >= relation.lower) and (
            relation.upper is None or total <= relation.upper
        )


@dataclass
class Knowledge:
    """What an attacker knows of each cell of a system: whether its value, and the lowest it can be."""

    is_known: list[bool]
    lowest: list[int]


def unknown_component(system: System, is_known: list[bool], start: int) -> tuple[list[int], list[int]]:
    """The unknown cells that relations link to one, and those relations, each in ascending order.

    A relation links its unknown cells; one with none links nothing.
    """
    cells, places, queue = {start}, set[int](), [start]
    while queue:
        for place in system.relations_of[queue.pop()]:
            if place in places:
                continue
            places.add(place)
            for number, _ in system.relations[place].terms:
                if not is_known[number] and number not in cells:
                    cells.add(number)
                    queue.append(number)
    return sorted(cells), sorted(places)


def unknown_components(
    system: System, is_known: list[bool], starts: Iterable[int]
) -> Iterator[tuple[list[int], list[int]]]:
    """The components of the unknown cells among `starts`, each once, in the order of their first cell."""
    found = set[int]()
    for start in starts:
        if is_known[start] or start in found:
            continue
        component = unknown_component(system, is_known, start)
        found.update(component[0])
        yield component

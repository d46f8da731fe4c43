"""What an attacker who knows some cells of a system can work out about the others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cf_pipeline.disclosure.solving.ranges import determined_unknowns, narrowed_unknowns, screened_unknowns
from cf_pipeline.disclosure.solving.whole_numbers import Region
from cf_pipeline.disclosure.system import Knowledge, System, unknown_components


@dataclass(frozen=True)
class Goal:
    """What is protected.

    No cell of `exact` may be worked out, and none of `range_cells` narrowed inside 1 to `highest`.
    """

    exact: frozenset[int]
    range_cells: frozenset[int]
    highest: int


def exposed_cells(
    system: System, knowledge: Knowledge, goal: Goal, starts: Iterable[int], is_screen: bool = False
) -> list[int]:
    """The protected cells that an attacker works out or narrows, among the components of some cells, sorted.

    With `is_screen` only those that linear algebra works out: a quick first look.

    Raises:
        SolverError: an integer program gives no certain answer.
    """
    found: set[int] = set()
    for cells, places in unknown_components(system, knowledge.is_known, starts):
        wanted = frozenset(place for place, number in enumerate(cells) if number in goal.exact)
        ranged = frozenset(place for place, number in enumerate(cells) if number in goal.range_cells)
        if not wanted and not ranged:
            continue
        region = component_region(system, knowledge, cells, places)
        if is_screen:
            exposed = screened_unknowns(region, wanted)
        else:
            start = tuple(system.counts[number] for number in cells)
            exposed = determined_unknowns(region, wanted, start)
            if ranged - exposed:
                exposed |= narrowed_unknowns(region, ranged - exposed, start, goal.highest)
        found.update(cells[place] for place in exposed)
    return sorted(found)


def component_region(system: System, knowledge: Knowledge, cells: list[int], places: list[int]) -> Region:
    """What the relations of a component say about its unknown cells, once the known counts are put in."""
    local = {number: place for place, number in enumerate(cells)}
    rows = []
    for place in places:
        relation = system.relations[place]
        known = 0
        terms = []
        for number, factor in relation.terms:
            if knowledge.is_known[number]:
                known += factor * system.counts[number]
            else:
                terms.append((local[number], factor))
        lower = None if relation.lower is None else relation.lower - known
        upper = None if relation.upper is None else relation.upper - known
        rows.append((tuple(terms), lower, upper))
    return Region(tuple(knowledge.lowest[number] for number in cells), tuple(rows))

"""What of a publication is to be protected, and what others know of it anyway."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from cf_pipeline.disclosure.cells import ALL, TOTAL
from cf_pipeline.disclosure.equations import REST, PublishedElsewhere, State
from cf_pipeline.disclosure.exposure import Goal
from cf_pipeline.disclosure.policy import FULL_RANGE, AudiencePolicy
from cf_pipeline.disclosure.sides import CountSides
from cf_pipeline.disclosure.solving.row_space import row_space
from cf_pipeline.disclosure.system import Cell, System, unknown_component
from cf_pipeline.kpi.definitions.registry import Kpi


@dataclass(frozen=True)
class Surroundings:
    """What is known of a system's cells beside the publication itself.

    `known` are cells whose count others publish, `approved` totals that the council lets be shown, `lost`
    cells that others' publications give away.
    `hidden_before` are cells in whose place an earlier release shows a symbol, `positive_before` those of
    them that are at least 1. `unpublished` are quarters that nobody shows, beside a year of which others are
    shown.
    """

    known: frozenset[int]
    approved: frozenset[int]
    hidden_before: frozenset[int]
    positive_before: frozenset[int]
    lost: frozenset[int] = frozenset()
    unpublished: frozenset[int] = frozenset()

    @property
    def exempt(self) -> frozenset[int]:
        """The cells that are out already or by decision: what they alone tell is not this disclosure."""
        return self.known | self.approved | self.lost


def surroundings(
    states: Sequence[State],
    numbers: Sequence[Mapping[Cell, int]],
    elsewhere: PublishedElsewhere,
    sides: CountSides,
    approved_names: Collection[str],
) -> Surroundings:
    """What is known besides today's publication: `states` and `numbers` as `build_system` takes and gives."""
    known = {numbers[0][cell] for cell in elsewhere.cells if cell in numbers[0]}
    hidden, positive = set[int](), set[int]()
    for state, of_state in zip(states[1:], numbers[1:], strict=True):
        known |= {of_state[cell] for cell in state.published.counts if cell in of_state}
        hidden |= {of_state[cell] for cell in state.published.hidden_cells if cell in of_state}
        there = {cell: of_state[cell] for cell in state.published.cell if cell in of_state}
        empty = empty_wholes(there, state.published.counts, sides)
        positive |= positive_cells(category_groups(there, empty), hidden)
    approved = {
        number
        for cell, number in numbers[0].items()
        if cell.side in approved_names and (cell.breakdown, cell.category) == (TOTAL, ALL)
    }
    published = {
        of_state[cell]
        for state, of_state in zip(states, numbers, strict=True)
        for cell in state.published.cell
        if cell in of_state
    }
    quarters = {
        number
        for of_state in numbers
        for cell, number in of_state.items()
        if cell.period.startswith("quarter") and not cell.side.startswith(REST)
    }
    return Surroundings(
        frozenset(known),
        frozenset(approved),
        frozenset(hidden - known),
        frozenset(positive),
        unpublished=frozenset(quarters - published - known),
    )


def empty_wholes(
    current: Mapping[Cell, int], counts: Mapping[Cell, int], sides: CountSides
) -> dict[int, int]:
    """Cells that are part of a count shown as 0 and so 0 themselves: the number of each and of its whole."""
    wholes: dict[str, list[str]] = {}
    for part in sides.parts:
        wholes.setdefault(part.part, []).append(part.whole)
    found = {}
    for cell, number in current.items():
        for whole in wholes.get(cell.side, ()):
            other = cell._replace(side=whole)
            if counts.get(other) == 0 and other in current:
                found[number] = current[other]
    return found


def category_groups(current: Mapping[Cell, int], empty: Collection[int] = ()) -> dict[int, tuple[int, ...]]:
    """For each cell of a publication the cells of its breakdown in the same period, itself among them.

    Cells of `empty` (`empty_wholes`) are 0 whatever is hidden: each is a group of its own.
    """
    groups: dict[Cell, list[int]] = {}
    for cell, number in current.items():
        key = cell if number in empty else cell._replace(category="")
        groups.setdefault(key, []).append(number)
    return {number: tuple(group) for group in groups.values() for number in group}


def is_positive(number: int, groups: Mapping[int, tuple[int, ...]], hidden_cells: Collection[int]) -> bool:
    """Whether a hidden cell is known to be at least 1.

    Zeros are shown, except in a breakdown of which everything is hidden: one may then be among its counts.
    """
    group = groups[number]
    return len(group) == 1 or any(other not in hidden_cells for other in group)


def positive_cells(groups: Mapping[int, tuple[int, ...]], hidden_cells: Collection[int]) -> set[int]:
    """The hidden cells that are at least 1 (`is_positive`)."""
    return {
        number for number in hidden_cells if number in groups and is_positive(number, groups, hidden_cells)
    }


def approved_sides(audience: AudiencePolicy, sides: CountSides) -> frozenset[str]:
    """The counts of the KPIs whose totals a council approved."""
    return frozenset(
        sides.names[kpi_id, role] for kpi_id in audience.approved_kpis for role in sides.roles(kpi_id)
    )


def range_sides(audience: AudiencePolicy, registry: Mapping[str, Kpi], sides: CountSides) -> frozenset[str]:
    """The counts that must not even be narrowed: those of sensitive KPIs that no other KPI shares."""
    strict = {
        kpi_id
        for kpi_id, kpi in registry.items()
        if (audience.sensitive_goal if kpi.is_sensitive else audience.goal) == FULL_RANGE
    }
    shared = {
        name for (kpi_id, role), name in sides.names.items() if kpi_id not in strict and role != "numerator"
    }
    return frozenset(name for (kpi_id, _), name in sides.names.items() if kpi_id in strict) - shared


def protection_goal(
    system: System,
    around: Surroundings,
    hidden_cells: Collection[int],
    audience: AudiencePolicy,
    range_names: Collection[str],
) -> Goal:
    """The cells that must not be worked out: small counts that are hidden or unpublished, and small rests.

    A rest (what a part leaves of its whole) is published nowhere; it is exempt where part and whole both are.
    """
    small = {
        number
        for number, count in enumerate(system.counts)
        if 1 <= count <= audience.threshold and number not in around.exempt
    }
    protected = small & (around.hidden_before | around.unpublished | set(hidden_cells))
    protected |= small_rests(system, around, audience.threshold).keys()
    ranges = {number for number in protected if system.cells[number].side in range_names}
    return Goal(frozenset(protected), frozenset(ranges), audience.threshold + 1)


def small_rests(system: System, around: Surroundings, threshold: int) -> dict[int, tuple[int, int]]:
    """The small rests that are to be protected, each with the numbers of its part and its whole.

    Where the part is 0 the rest is the whole, which is protected itself.
    """
    found = {}
    for number, cell in enumerate(system.cells):
        if cell.side.startswith(REST) and 1 <= system.counts[number] <= threshold:
            # The one relation of a rest is part + rest - whole = 0.
            terms = system.relations[system.relations_of[number][0]].terms
            part, whole = (
                next(other for other, sign in terms if sign == way and other != number) for way in (1, -1)
            )
            if system.counts[part] and not (part in around.exempt and whole in around.exempt):
                found[number] = (part, whole)
    return found


def is_exposed_by_others(others: System, known_cells: frozenset[int], cell: Cell) -> bool:
    """Whether linear algebra works a cell out from what others publish, without this publication.

    Args:
        others: the system of what others publish alone. The rows of this publication say which categories a
            breakdown has, and must not count as known.
        known_cells: the cells of that system whose count others publish.
        cell: the cell.
    """
    number = others.numbers.get(cell)
    if number is None:
        return False
    is_known = [other in known_cells for other in range(len(others.cells))]
    if is_known[number]:
        return True
    _, places = unknown_component(others, is_known, number)
    equations = (
        {other: factor for other, factor in others.relations[place].terms if not is_known[other]}
        for place in places
        if others.relations[place].is_equation
    )
    return number in row_space(equations).determined_unknowns

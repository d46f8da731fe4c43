"""Which unknowns of a region can have one value only, and which are narrowed to a few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from cf_pipeline.disclosure.solving.bounds import is_empty, propagate_bounds
from cf_pipeline.disclosure.solving.row_space import RowSpace, row_space
from cf_pipeline.disclosure.solving.whole_numbers import Region

FARTHEST = 1_000_000
"""The longest way that is gone in a direction without an end."""
LONG_STEP = 20
"""The longest way that counts towards the middle."""


def determined_unknowns(region: Region, unknowns: frozenset[int], start: tuple[int, ...]) -> frozenset[int]:
    """The unknowns among `unknowns` that have the same value in every point of a region.

    First by linear algebra over the equations, then by integer programs for what is left. `start` is a point
    to search from; where it is not in the region another one is found, and where the region is empty with its
    lowest values (they say that a hidden cell is at least 1) the lowest values are 0.
    """
    region, start = _with_start(region, start)
    return _determined(region, unknowns, start)


def screened_unknowns(region: Region, unknowns: frozenset[int]) -> frozenset[int]:
    """The unknowns that linear algebra or the bounds of single rows determine, among the determined ones."""
    lowest, highest = propagate_bounds(region)
    if is_empty(lowest, highest):
        region = Region((0,) * len(region.lowest), region.rows)
        lowest, highest = propagate_bounds(region)
    equal = {number for number in unknowns if lowest[number] == highest[number]}
    return frozenset(equal | (_equations(region).determined_unknowns & unknowns))


def narrowed_unknowns(
    region: Region, unknowns: frozenset[int], start: tuple[int, ...], highest: int
) -> frozenset[int]:
    """The unknowns among `unknowns` whose values do not reach from 1 (or less) to `highest` in a region."""
    region, start = _with_start(region, start)
    return _narrowed(region, unknowns, start, highest)


@dataclass
class _Reach:
    """The lowest and highest values of each unknown seen in points of a region."""

    region: Region
    start: tuple[int, ...]
    bounds: tuple[list[int], list[int | None]]
    lowest: list[int] = field(init=False)
    highest: list[int] = field(init=False)

    def __post_init__(self) -> None:
        """Start with one point."""
        self.lowest, self.highest = list(self.start), list(self.start)

    def note_point(self, point: Sequence[int]) -> None:
        """Take a point of the region into account."""
        self.lowest = list(map(min, self.lowest, point))
        self.highest = list(map(max, self.highest, point))

    def walk(self, space: RowSpace) -> None:
        """Go as far as the region reaches in the directions that every equation allows.

        From the start, and from a point that each direction in turn moves to the middle: near a corner of the
        region few directions are open, in its middle most.
        """
        directions = space.directions(range(len(self.start)))
        self._walk_from(self.start, directions)
        middle = list(self.start)
        for direction in directions:
            ahead, behind = (_steps_inside(self.region, middle, direction, sign) for sign in (1, -1))
            steps = (min(ahead, LONG_STEP) - min(behind, LONG_STEP)) // 2
            for number, step in direction.items():
                middle[number] += steps * step
        self.note_point(middle)
        self._walk_from(middle, directions)

    def _walk_from(self, start: Sequence[int], directions: Sequence[Mapping[int, int]]) -> None:
        for direction in directions:
            for sign in (1, -1):
                steps = _steps_inside(self.region, start, direction, sign)
                for number, step in direction.items() if steps else ():
                    value = start[number] + sign * steps * step
                    self.lowest[number] = min(self.lowest[number], value)
                    self.highest[number] = max(self.highest[number], value)

    def stretch(self, numbers: Sequence[int]) -> None:
        """Go as far as the region reaches in all these unknowns together, up and down."""
        for sign in (1, -1) if numbers else ():
            weights = dict.fromkeys(numbers, sign)
            point = self.region.find_point(*self.bounds, weights)
            if point is not None:
                self.note_point(point)

    def may_pass(self, number: int, value: int, is_upward: bool) -> bool:
        """Whether an unknown reaches a value, by the points seen or by an integer program."""
        if (self.highest[number] >= value) if is_upward else (self.lowest[number] <= value):
            return True
        low, high = list(self.bounds[0]), list(self.bounds[1])
        if is_upward:
            low[number] = max(low[number], value)
        else:
            top = high[number]
            high[number] = value if top is None else min(top, value)
        low, high = propagate_bounds(self.region, low, high)
        point = None if is_empty(low, high) else self.region.find_point(low, high)
        if point is None:
            return False
        self.note_point(point)
        return True


def _steps_inside(region: Region, start: Sequence[int], direction: Mapping[int, int], sign: int) -> int:
    """How many whole steps in a direction stay in a region; equations hold all along it."""
    steps = FARTHEST
    for number, step in direction.items():
        if sign * step < 0:
            steps = min(steps, (start[number] - region.lowest[number]) // abs(step))
    for place in {place for number in direction for place in region.inequalities_of.get(number, ())}:
        terms, lower, upper = region.rows[place]
        change = sign * sum(factor * direction.get(number, 0) for number, factor in terms)
        total = sum(factor * start[number] for number, factor in terms)
        if change > 0 and upper is not None:
            steps = min(steps, (upper - total) // change)
        if change < 0 and lower is not None:
            steps = min(steps, (total - lower) // -change)
    return steps


def _with_start(region: Region, start: tuple[int, ...]) -> tuple[Region, tuple[int, ...]]:
    if region.holds(start):
        return region, start
    point = region.find_point()
    if point is not None:
        return region, point
    relaxed = Region((0,) * len(region.lowest), region.rows)
    point = start if relaxed.holds(start) else relaxed.find_point()
    if point is None:
        raise ValueError("the relations contradict each other")
    return relaxed, point


def _equations(region: Region) -> RowSpace:
    return row_space(
        dict(terms) for terms, lower, upper in region.rows if lower is not None and lower == upper
    )


@lru_cache(maxsize=20_000)
def _determined(region: Region, unknowns: frozenset[int], start: tuple[int, ...]) -> frozenset[int]:
    space = _equations(region)
    determined = set(space.determined_unknowns & unknowns)
    lowest, highest = propagate_bounds(region)
    determined.update(number for number in unknowns if lowest[number] == highest[number])
    if determined == unknowns:
        return frozenset(determined)
    reach = _Reach(region, start, (lowest, highest))
    reach.walk(space)
    reach.stretch(
        [number for number in unknowns - determined if reach.lowest[number] == reach.highest[number]]
    )
    for number in sorted(unknowns - determined):
        value = start[number]
        is_free = reach.lowest[number] < reach.highest[number]
        if not is_free and not any(reach.may_pass(number, value + way, way > 0) for way in (1, -1)):
            determined.add(number)
    return frozenset(determined)


@lru_cache(maxsize=20_000)
def _narrowed(region: Region, unknowns: frozenset[int], start: tuple[int, ...], top: int) -> frozenset[int]:
    lowest, highest = propagate_bounds(region)
    narrow = set()
    for number in unknowns:
        end = highest[number]
        if lowest[number] > 1 or (end is not None and end < top):
            narrow.add(number)
    if narrow == unknowns:
        return frozenset(narrow)
    reach = _Reach(region, start, (lowest, highest))
    reach.walk(_equations(region))
    for number in sorted(unknowns - narrow):
        if not (reach.may_pass(number, 1, False) and reach.may_pass(number, top, True)):
            narrow.add(number)
    return frozenset(narrow)

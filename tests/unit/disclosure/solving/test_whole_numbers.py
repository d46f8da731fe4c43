"""Points of small systems, beside every point there is."""

from __future__ import annotations

from itertools import product

from cf_pipeline.disclosure.solving.whole_numbers import Region


def test_a_system_that_simplifying_leaves_undecided_is_solved_as_it_is() -> None:
    region = Region(
        lowest=(1, 1, 0, 1),
        rows=(
            *((((number, 1),), None, 6) for number in range(4)),
            (((0, -2), (1, -2), (2, -2), (3, -1)), -15, -15),
            (((0, -1), (1, -2), (2, -1), (3, 2)), -4, -4),
        ),
    )
    points = [point for point in product(range(7), repeat=4) if region.holds(point)]
    for number in range(4):
        for value in range(7):
            lowest, highest = list(region.lowest), [6] * 4
            lowest[number], highest[number] = max(value, lowest[number]), value
            found = region.find_point(lowest, highest)
            assert (found is not None) is any(point[number] == value for point in points)

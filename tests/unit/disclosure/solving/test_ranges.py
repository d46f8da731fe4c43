"""What whole numbers a region leaves, against every point of tiny regions."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cf_pipeline.disclosure.solving.bounds import propagate_bounds
from cf_pipeline.disclosure.solving.ranges import determined_unknowns, narrowed_unknowns, screened_unknowns
from cf_pipeline.disclosure.solving.whole_numbers import Region

SIZE, CEILING = 4, 6
TERMS = st.dictionaries(st.integers(0, SIZE - 1), st.sampled_from([-2, -1, 1, 2]), min_size=1, max_size=SIZE)


@st.composite
def regions(draw: st.DrawFn) -> tuple[Region, tuple[int, ...]]:
    """A region around a point: every unknown at most the ceiling, some equations and inequalities."""
    start = tuple(draw(st.lists(st.integers(0, 4), min_size=SIZE, max_size=SIZE)))
    rows = [(((number, 1),), None, CEILING) for number in range(SIZE)]
    for terms in draw(st.lists(TERMS, max_size=4)):
        total = sum(factor * start[number] for number, factor in terms.items())
        room = draw(st.sampled_from([0, 0, 1, None]))
        rows.append((tuple(terms.items()), total, None if room is None else total + room))
    lowest = tuple(draw(st.integers(0, value)) if value < 2 else 1 for value in start)
    return Region(lowest, tuple(rows)), start


def points(region: Region) -> list[tuple[int, ...]]:
    return [point for point in product(range(CEILING + 1), repeat=len(region.lowest)) if region.holds(point)]


@settings(max_examples=150, deadline=None)
@given(regions())
def test_the_determined_unknowns_have_one_value_in_every_point(
    example: tuple[Region, tuple[int, ...]],
) -> None:
    region, start = example
    everything = frozenset(range(SIZE))
    values = [{point[number] for point in points(region)} for number in range(SIZE)]
    determined = {number for number in everything if len(values[number]) == 1}
    assert determined_unknowns(region, everything, start) == determined
    assert screened_unknowns(region, everything) <= determined


@settings(max_examples=150, deadline=None)
@given(regions())
def test_the_narrowed_unknowns_do_not_reach_from_1_to_the_highest(
    example: tuple[Region, tuple[int, ...]],
) -> None:
    region, start = example
    values = [{point[number] for point in points(region)} for number in range(SIZE)]
    narrow = {number for number in range(SIZE) if min(values[number]) > 1 or max(values[number]) < 4}
    assert narrowed_unknowns(region, frozenset(range(SIZE)), start, 4) == narrow


@settings(max_examples=150, deadline=None)
@given(regions())
def test_bounds_of_single_rows_never_cut_a_point_off(example: tuple[Region, tuple[int, ...]]) -> None:
    lowest, highest = propagate_bounds(example[0])
    for point in points(example[0]):
        assert all(low <= value for low, value in zip(lowest, point, strict=True))
        assert all(top is None or value <= top for top, value in zip(highest, point, strict=True))


def test_two_hidden_cells_that_sum_to_2_are_both_1() -> None:
    region = Region((1, 1), ((((0, 1), (1, 1)), 2, 2),))
    assert determined_unknowns(region, frozenset({0, 1}), (1, 1)) == {0, 1}


def test_where_a_hidden_cell_may_be_0_they_are_not() -> None:
    region = Region((0, 0), ((((0, 1), (1, 1)), 2, 2),))
    assert determined_unknowns(region, frozenset({0, 1}), (1, 1)) == frozenset()


def test_an_unbounded_unknown_is_not_determined() -> None:
    assert determined_unknowns(Region((1,), ()), frozenset({0}), (3,)) == frozenset()


def test_a_start_outside_the_region_is_replaced() -> None:
    region = Region((1, 1), ((((0, 1), (1, 1)), 5, 5),))
    assert determined_unknowns(region, frozenset({0, 1}), (5, 0)) == frozenset()


def test_relations_without_a_solution_are_an_error() -> None:
    region = Region((0,), ((((0, 1),), 1, 1), (((0, 1),), 2, 2)))
    with pytest.raises(ValueError, match="contradict"):
        determined_unknowns(region, frozenset({0}), (1,))

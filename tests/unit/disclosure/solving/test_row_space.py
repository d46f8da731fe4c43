"""Linear algebra in whole numbers: what equations determine."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from cf_pipeline.disclosure.solving.row_space import row_space

EQUATIONS = st.lists(
    st.dictionaries(st.integers(0, 6), st.integers(-3, 3), min_size=1, max_size=5), min_size=1, max_size=7
)


def test_an_unknown_alone_in_an_equation_is_determined() -> None:
    assert row_space([{0: 1, 1: 1}, {1: 2}]).determined_unknowns == {0, 1}


def test_two_unknowns_of_one_sum_are_not() -> None:
    space = row_space([{0: 1, 1: 1}])
    assert space.determined_unknowns == frozenset()
    assert space.directions([0, 1]) == [{1: 1, 0: -1}]


def test_margins_of_a_table_leave_a_square_of_four() -> None:
    rows = [{0: 1, 1: 1}, {2: 1, 3: 1}, {0: 1, 2: 1}, {1: 1, 3: 1}]
    assert row_space(rows).determined_unknowns == frozenset()
    assert row_space([*rows, {0: 1}]).determined_unknowns == {0, 1, 2, 3}


@given(EQUATIONS)
def test_it_agrees_with_elimination_in_fractions(equations: list[dict[int, int]]) -> None:
    rank = rank_of([[Fraction(equation.get(number, 0)) for number in range(7)] for equation in equations])
    for number in range(7):
        unit = {number: 1}
        more = rank_of([[Fraction(row.get(other, 0)) for other in range(7)] for row in [*equations, unit]])
        assert (more == rank) == (number in row_space(equations).determined_unknowns)


@given(EQUATIONS)
def test_every_equation_sends_every_direction_to_zero(equations: list[dict[int, int]]) -> None:
    for direction in row_space(equations).directions(range(7)):
        assert any(direction.values())
        for equation in equations:
            assert sum(factor * direction.get(number, 0) for number, factor in equation.items()) == 0


def rank_of(rows: list[list[Fraction]]) -> int:
    rank = 0
    for column in range(7):
        lead = next((row for row in rows[rank:] if row[column]), None)
        if lead is None:
            continue
        rows = [*rows[:rank], lead, *(row for row in rows[rank:] if row is not lead)]
        for place in range(rank + 1, len(rows)):
            factor = rows[place][column] / lead[column]
            rows[place] = [a - factor * b for a, b in zip(rows[place], lead, strict=True)]
        rank += 1
    return rank

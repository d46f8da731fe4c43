"""Every cell of every KPI of random histories, counted a second time in plain loops."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.second_opinion.comparison import differences, naive_cells, product_cells, product_facts
from tests.second_opinion.counting.figures import KPIS
from tests.second_opinion.random_history import Plan, deliveries, every_list

pytestmark = pytest.mark.slow

LISTS = tuple(every_list())
PARTS = 4
PLANS = st.builds(
    Plan,
    seed=st.integers(0, 2**32 - 1),
    children=st.integers(1, 12),
    deliveries=st.integers(1, 4),
    lists=st.one_of(
        st.just(LISTS), st.sets(st.sampled_from(LISTS), min_size=8).map(lambda some: tuple(sorted(some)))
    ),
)


def assert_agrees(plan: Plan, names: list[str]) -> None:
    delivered = deliveries(plan)
    facts = product_facts(delivered, names, plan.population)
    assert differences(product_cells(facts), naive_cells(delivered, names, plan.population)) == []


@settings(max_examples=20, deadline=None, derandomize=True)
@given(PLANS)
def test_a_random_history_gives_the_same_cells(plan: Plan) -> None:
    """A quarter of the KPIs each time, so that all have their turn within a minute or two."""
    assert_agrees(plan, [*KPIS][plan.seed % PARTS :: PARTS])


@pytest.mark.long
@settings(max_examples=200, deadline=None)
@given(PLANS)
def test_two_hundred_random_histories_give_the_same_cells(plan: Plan) -> None:
    assert_agrees(plan, [*KPIS])

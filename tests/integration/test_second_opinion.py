"""Every cell of every KPI, counted a second time in plain loops from the rows as delivered."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cf_pipeline.clean import clean_lists
from cf_pipeline.contracts.calendar import LAST_YEAR
from cf_pipeline.contracts.calendar import bank_holidays as bank_holidays_of_the_product
from cf_pipeline.history import merge_deliveries
from cf_pipeline.ingest.receive import receive_deliveries
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.sample import write_sample
from tests import naive_kpi
from tests.integration.random_history import Plan, deliveries, every_list
from tests.integration.second_opinion import (
    delivered_rows,
    differences,
    facts_of,
    naive_cells,
    product_cells,
    product_facts,
)
from tests.naive_kpi.days import SATURDAY, bank_holidays
from tests.naive_kpi.figures import KPIS
from tests.spec import casebook

FIRST_YEAR = 2003
"""Before it the naive calendar knows no proclaimed or moved holidays."""
LISTS = tuple(every_list())
BOTH = [name for name in load_registry() if name in KPIS]
PARTS = 4
SLUG = "city-of-london"
POPULATION = {2016: 640, 2017: 655, 2018: 668, 2019: 699}
PLANS = st.builds(
    Plan,
    seed=st.integers(0, 2**32 - 1),
    children=st.integers(1, 12),
    deliveries=st.integers(1, 4),
    lists=st.one_of(
        st.just(LISTS), st.sets(st.sampled_from(LISTS), min_size=8).map(lambda some: tuple(sorted(some)))
    ),
)


def _agrees(plan: Plan, names: list[str]) -> None:
    delivered = deliveries(plan)
    facts = product_facts(delivered, names, plan.population)
    assert differences(product_cells(facts), naive_cells(delivered, names, plan.population)) == []


@settings(max_examples=20, deadline=None, derandomize=True)
@given(PLANS)
def test_a_random_history_gives_the_same_cells(plan: Plan) -> None:
    """A quarter of the KPIs each time, so that all have their turn within a minute or two."""
    _agrees(plan, BOTH[plan.seed % PARTS :: PARTS])


@pytest.mark.long
@settings(max_examples=200, deadline=None)
@given(PLANS)
def test_two_hundred_random_histories_give_the_same_cells(plan: Plan) -> None:
    _agrees(plan, BOTH)


def _sample_agrees(raw: Path, **size: int) -> None:
    write_sample(raw, **size)
    received = receive_deliveries(raw, SLUG)
    cleaned = clean_lists(received.lists, received.manifest)
    core = merge_deliveries(
        cleaned.lists, cleaned.quarantine, received.manifest, casebook.AUTHORITY, casebook.KEY
    )
    persons = pd.DataFrame(
        {"mid_year": list(POPULATION), "persons": list(POPULATION.values())}, dtype="Int64"
    )
    product = product_cells(facts_of(core.tables, BOTH, persons))
    rows = delivered_rows(cleaned.lists, cleaned.quarantine, received.manifest)
    assert differences(product, naive_cells(rows, BOTH, POPULATION)) == []


def test_the_sample_gives_the_same_cells(tmp_path: Path) -> None:
    _sample_agrees(tmp_path)


@pytest.mark.long
def test_a_council_of_five_thousand_children_gives_the_same_cells(tmp_path: Path) -> None:
    _sample_agrees(tmp_path, children=5000)


def test_both_calendars_have_the_same_bank_holidays() -> None:
    days = bank_holidays_of_the_product().astype(object)
    ours = {day for day in days if day.year >= FIRST_YEAR and day.weekday() < SATURDAY}
    assert ours == {day for year in range(FIRST_YEAR, LAST_YEAR + 1) for day in bank_holidays(year)}


def test_no_kpi_goes_without_a_second_opinion() -> None:
    assert sorted(set(load_registry()) - set(KPIS)) == []


def test_the_second_opinion_knows_nothing_of_the_first() -> None:
    sources = {
        path: path.read_text(encoding="utf-8") for path in Path(naive_kpi.__file__).parent.glob("*.py")
    }
    assert sources
    assert [path.name for path, text in sources.items() if "cf_pipeline" in text] == []

"""Ways of delivering the same year: nothing is held, and every figure is a plain count of what happened.

The truth is a year of records (tests/second_opinion/true_year.py), with late entries, corrected dates and
codes, and brothers and sisters under one number. Each way shows it otherwise: rolling windows or one long
extract, whole lists or newest rows alone. The second opinion counts every KPI on the truth in plain loops,
without merging anything; where newest rows alone cannot say a figure, it is absent with that reason.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from cf_pipeline.clean import clean_lists
from cf_pipeline.history.holds.find import find_doubts
from cf_pipeline.history.merge.core import merge_deliveries
from cf_pipeline.ingest.receive import receive_deliveries
from cf_pipeline.kpi.definitions.registry import load_registry
from tests.second_opinion.comparison import as_cleaned, differences, facts_of, product_cells, product_facts
from tests.second_opinion.counting.figures import KPIS, Figures, Key
from tests.second_opinion.counting.measures import Figure
from tests.second_opinion.true_year import QUARTER_ENDS, TrueHistory, TrueYear, Way
from tests.spec.casebook import AUTHORITY, KEY
from tests.spec.test_held_deliveries import holds
from tests.support.workbooks import deliver, full_table

ROLLING = Way(QUARTER_ENDS)
DAYS_LATER = Way((dt.date(2019, 7, 12), dt.date(2019, 10, 21), dt.date(2020, 1, 9), dt.date(2020, 4, 3)))
ONE_OFF = Way(QUARTER_ENDS[-1:], dt.date(2018, 10, 1))
ONE_OFF_THEN_ROLLING = Way(QUARTER_ENDS[1:], dt.date(2018, 10, 1))
WAYS = {
    "rolling": ROLLING,
    "rolling, newest rows alone": replace(ROLLING, shows_newest=True),
    "one-off": ONE_OFF,
    "one-off, newest rows alone": replace(ONE_OFF, shows_newest=True),
    "one-off then rolling, newest rows alone": replace(ONE_OFF_THEN_ROLLING, shows_newest=True),
    "rolling, some days after the quarter": DAYS_LATER,
}
pytestmark = pytest.mark.slow
POPULATION = {2018: 4000, 2019: 4100}
PERSONS = pd.DataFrame({"mid_year": [*POPULATION], "persons": [*POPULATION.values()]}, dtype="Int64")
NEWEST_ALONE = "show each child's newest row alone"
FLOWS_OF_NEWEST = {"cla_visits_in_time_pct", "cla_seen_alone_pct", "cla_review_participation_pct"}


def true_cells(year: TrueYear) -> dict[Key, Figure]:
    """Every figure of every KPI, counted on the truth."""
    breakdowns = {name: tuple(load_registry()[name].breakdowns) for name in KPIS}
    return Figures(TrueHistory(year, POPULATION), breakdowns).every_cell()


@pytest.mark.parametrize(
    "way",
    [pytest.param(way, id=name) for name, way in WAYS.items()],
)
def test_nothing_is_held_and_every_figure_is_a_plain_count(way: Way) -> None:
    year = TrueYear(way)
    assert not holds(*(as_cleaned(delivery) for delivery in year.deliveries))
    facts = product_facts(year.deliveries, KPIS, POPULATION)
    assert differences(product_cells(facts), true_cells(year)) == []
    said = facts["reason"].str.contains(NEWEST_ALONE, regex=False).fillna(False)
    assert set(facts.loc[said, "kpi_id"]) == (FLOWS_OF_NEWEST if way.shows_newest else set())


def test_the_same_year_as_workbooks_is_held_nowhere_and_counts_alike(tmp_path: Path) -> None:
    year = TrueYear(replace(ROLLING, shows_newest=True))
    for delivery in year.deliveries:
        sheets = {name: full_table(name, *map(as_cells, rows)) for name, rows in delivery.lists.items()}
        deliver(tmp_path, sheets, delivery=delivery.as_at.isoformat())
    received = receive_deliveries(tmp_path, "city-of-london")
    cleaned = clean_lists(received.lists, received.manifest, received.findings, received.mapping)
    assert cleaned.quarantine.empty
    assert find_doubts(cleaned, received.manifest).empty
    texts = {"Duty", "Long Term", "Looked After", "Leaving Care"}
    core = merge_deliveries(
        cleaned.lists, cleaned.quarantine, received.manifest, AUTHORITY, KEY, declared_categories=texts
    )
    facts = facts_of(core.tables, KPIS, PERSONS)
    assert differences(product_cells(facts), true_cells(year)) == []


def as_cells(row: dict[str, object]) -> dict[str, object]:
    """A row as its cells are typed: words for what is there or not."""
    return {name: "Named" if value is True else value for name, value in row.items()}

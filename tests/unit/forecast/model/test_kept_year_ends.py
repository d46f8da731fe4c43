"""Year ends of earlier years that an earlier run kept are used while no figure behind them has changed."""

import pandas as pd
import pytest

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.forecast import CouncilChoices, forecast_year_ends
from cf_pipeline.kpi.definitions.registry import load_registry
from tests.support.forecast_series import quarterly
from tests.support.kept_results import MemoryStore

REGISTRY = load_registry()
COUNTS = [50, 54, 47, 52, 48, 55, 50, 51, 53, 110, 49, 54, 47, 50, 52, 49, 51, 46, 50]
"""From April 2015 on: four whole years and three quarters of 2019/20."""
FIRST = Quarter.parse("2015/16 Q1")


def forecasts(counts=COUNTS, **store):
    figures = quarterly("contacts_count", counts, last=FIRST.next(len(counts) - 1).key)
    return forecast_year_ends(figures, REGISTRY, CouncilChoices("model"), **store)


def with_count(position, count):
    return [*COUNTS[:position], count, *COUNTS[position + 1 :]]


def test_what_was_kept_gives_the_same_forecasts_and_is_not_worked_out_again():
    store = MemoryStore()
    first = forecasts(store=store)
    assert first["exceptional_quarters"].notna().any()
    assert store.kept == 1
    pd.testing.assert_frame_equal(forecasts(store=store), first, check_exact=True)
    assert store.kept == 1
    pd.testing.assert_frame_equal(forecasts(), first, check_exact=True)


@pytest.mark.parametrize(
    ("counts", "kept"),
    [
        (with_count(18, 60), 0),  # of the newest year
        (with_count(14, 60), 1),
        (with_count(0, 60), 1),
        ([*COUNTS, 52], 0),  # the newest year is complete
        ([*COUNTS, 52, 47], 1),  # it is an earlier year from now on
        (COUNTS[:16], 1),  # 2018/19 is the newest year
    ],
)
def test_a_changed_figure_of_an_earlier_year_is_noticed(counts, kept):
    store = MemoryStore()
    forecasts(store=store)
    store.kept = 0
    found = forecasts(counts, store=store)
    pd.testing.assert_frame_equal(found, forecasts(counts), check_exact=True)
    assert store.kept == kept


def test_a_changed_denominator_of_an_earlier_year_is_noticed():
    def shares(bottoms, store):
        figures = quarterly("contacts_1wd_pct", COUNTS, bottoms)
        return forecast_year_ends(figures, REGISTRY, CouncilChoices("model"), store=store)

    before = [2 * count for count in COUNTS]
    after = [before[0] + 40, *before[1:]]
    store = MemoryStore()
    shares(before, store)
    found = shares(after, store)
    pd.testing.assert_frame_equal(found, shares(after, MemoryStore()), check_exact=True)
    assert not found.equals(shares(before, MemoryStore()))
    assert store.kept == 2


def test_forecasts_of_no_figures_are_none():
    assert forecasts([], store=MemoryStore()).empty

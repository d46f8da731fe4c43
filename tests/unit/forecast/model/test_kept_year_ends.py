"""Year ends that an earlier run kept are used while no figure behind them has changed."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.forecast import CouncilChoices, forecast_year_ends
from cf_pipeline.forecast.model import kept_year_ends
from cf_pipeline.forecast.model.ranges import LEVELS
from cf_pipeline.forecast.model.year_end import flow_year_ends, percentage_year_ends
from cf_pipeline.forecast.series.known_periods import KnownPeriods
from cf_pipeline.forecast.series.series_kind import FLOW
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.results import NO_STORE
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
        (with_count(18, 60), 1),  # of the newest year
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


def series(**counts_by_category):
    newest = FIRST.next(len(COUNTS) - 1).key
    return pd.concat(
        [
            quarterly("contacts_count", counts, last=newest, breakdown=("age_band", category))
            for category, counts in counts_by_category.items()
        ],
        ignore_index=True,
    )


def series_made(monkeypatch):
    """The numbers of series whose year ends are worked out from now on, in a list."""
    numbers = []

    def count_and_make(history):
        numbers.append(len(history.numerators))
        return flow_year_ends(history)

    monkeypatch.setitem(kept_year_ends.YEAR_ENDS_BY_KIND, FLOW, count_and_make)
    return numbers


def test_year_ends_of_changed_series_alone_are_worked_out_again(monkeypatch):
    def forecast(figures, store=NO_STORE):
        return forecast_year_ends(figures, REGISTRY, CouncilChoices("model"), store=store)

    store = MemoryStore()
    before = {f"{age}": [count + age for count in COUNTS] for age in range(7)}
    forecast(series(**before), store)
    changed = series(**before | {"3": [*before["3"][:18], 90]})
    numbers = series_made(monkeypatch)
    found = forecast(changed, store)
    assert numbers == [1]  # one series, in the third quarter of the newest year
    assert forecast(changed, store).equals(found)
    assert numbers == [1]
    pd.testing.assert_frame_equal(found, forecast(changed), check_exact=True)
    assert store.kept == 2


def test_a_series_that_goes_is_not_kept_and_counts_as_new_when_it_returns(monkeypatch):
    store = MemoryStore()
    both = series(one=COUNTS, other=[2 * count for count in COUNTS])
    for figures in (both, series(one=COUNTS)):
        forecast_year_ends(figures, REGISTRY, CouncilChoices("model"), store=store)
    numbers = series_made(monkeypatch)
    found = forecast_year_ends(both, REGISTRY, CouncilChoices("model"), store=store)
    assert set(numbers) == {1}
    pd.testing.assert_frame_equal(
        found, forecast_year_ends(both, REGISTRY, CouncilChoices("model")), check_exact=True
    )


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    chosen=st.integers(1, 300),
    per_case=st.sampled_from([1, 100]),  # whole numbers, and amounts with two decimals
)
def test_year_ends_of_a_series_do_not_depend_on_the_series_beside_it(seed, chosen, per_case):
    random = np.random.default_rng(seed)
    periods = random.poisson(random.gamma(1, 20, (300, 1)), (300, 63))
    is_chosen = np.isin(np.arange(300), random.choice(300, chosen, replace=False))
    counts, cases = periods / per_case, periods + 1.0
    together = [flow_year_ends(KnownPeriods(counts, 12, 3)), percentage_year_ends(shares(counts, cases))]
    some = [
        flow_year_ends(KnownPeriods(counts[is_chosen], 12, 3)),
        percentage_year_ends(shares(counts[is_chosen], cases[is_chosen])),
    ]
    for every, apart in zip(together, some, strict=True):
        np.testing.assert_array_equal(apart.point, every.point[is_chosen])
        for level in LEVELS:
            np.testing.assert_array_equal(apart.lower[level], every.lower[level][is_chosen])
            np.testing.assert_array_equal(apart.upper[level], every.upper[level][is_chosen])


def shares(numerators, denominators):
    return KnownPeriods(np.minimum(numerators, denominators), 12, 3, denominators)


def test_forecasts_of_no_figures_are_none():
    assert forecasts([], store=MemoryStore()).empty

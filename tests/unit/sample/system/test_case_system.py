"""Other seeds and sizes: other figures, all shapes that headlines must cope with, no crash."""

from __future__ import annotations

import numpy as np
import pytest

from cf_pipeline.sample import delivered_lists, true_lists
from cf_pipeline.sample.system.case_system import council_slugs
from cf_pipeline.sample.system.plan import Targets, paper_plan, random_plan


def last_quarters(field: str) -> list[list[int]]:
    """The field's last three targets in the plans of sixty seeds."""
    plans = [random_plan(np.random.default_rng(seed), 3, 300 + 10 * seed) for seed in range(60)]
    return [[getattr(target, field) for _, target in plan[-3:]] for plan in plans]


def test_the_same_seed_gives_the_same_truth_and_another_does_not():
    first, again, other = true_lists(seed=4), true_lists(seed=4), true_lists(seed=5)
    for name, frame in first.items():
        assert frame.equals(again[name])
    assert len(first["contacts"]) != len(other["contacts"])


@pytest.mark.parametrize("field", ["referrals", "contacts", "assess_started", "cin", "leavers"])
def test_series_rise_fall_tie_and_do_neither(field):
    shapes = last_quarters(field)
    assert any(a < b < c for a, b, c in shapes)
    assert any(a > b > c for a, b, c in shapes)
    assert any(b == max(a, b, c) > max(a, c) for a, b, c in shapes)
    assert any(c == max(a, b) for a, b, c in shapes)


def test_some_plans_have_a_last_quarter_without_conferences():
    plans = [random_plan(np.random.default_rng(seed), 3, 400) for seed in range(30)]
    without = [plan[-1][1].cpp_starts + plan[-1][1].icpc_extra == 0 for plan in plans]
    assert 0 < sum(without) < 30


def test_some_deliveries_have_no_conference_in_the_last_quarter():
    last_quarter = np.datetime64("2019-10-01")
    conferences = [
        (
            true_lists(seed=seed, children=200, years=1)["section_47_enquiries"]["icpc_date"] >= last_quarter
        ).sum()
        for seed in range(8)
    ]
    assert 0 in conferences
    assert any(conferences)


@pytest.mark.parametrize(("children", "years"), [(30, 1), (60, 2), (2500, 1)])
def test_small_and_large_councils_come_out(children, years):
    lists = delivered_lists("hackney", children=children, years=years, seed=31)
    assert len(lists) == 4


def test_children_says_roughly_how_many_are_known():
    for children in (200, 2000):
        lists = true_lists("camden", children=children, seed=3)
        known = {child for frame in lists.values() if "child_id" in frame for child in frame["child_id"]}
        assert 0.6 * children < len(known) < 1.8 * children


def test_years_reach_further_back_or_less_far():
    assert [quarter.key for quarter, _ in paper_plan(1)][:1] == ["2018/19 Q1"]
    assert [quarter.key for quarter, _ in paper_plan(5)][:1] == ["2014/15 Q1"]
    assert paper_plan(5)[-7:] == paper_plan(1)


def test_the_first_council_is_the_city_and_london_has_33():
    assert council_slugs(1) == ["city-of-london"]
    assert len(set(council_slugs(33))) == 33


def test_a_plan_names_every_target():
    assert all(isinstance(target, Targets) for _, target in paper_plan())

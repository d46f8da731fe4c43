"""Attackers written apart put two releases side by side and find no hidden count.

Of 200 random tables each: a release and the next one with a revised quarter; years in the first and quarters
in the second; the committee's paper and what the public is shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from cf_pipeline.disclosure.attack import attack_publication
from cf_pipeline.disclosure.policy import Approval, AudiencePolicy, DisclosureError, product_policy
from cf_pipeline.disclosure.releases import Release
from cf_pipeline.disclosure.suppress import suppress_figures
from tests.second_opinion.attackers.averages import fit_numbers, read_averages, subtract_sums
from tests.second_opinion.attackers.elimination import solve_equations
from tests.second_opinion.attackers.equations import AGES, GENDERS, read_release
from tests.second_opinion.attackers.min_max import find_ranges
from tests.second_opinion.attackers.two_releases import combine_releases, subtract_releases
from tests.second_opinion.random_publications import (
    DURATION_KPIS,
    FEW,
    KPIS,
    SEEDS,
    TABLE,
    add_child,
    plain_rows,
)
from tests.support.disclosure_figures import (
    DURATIONS,
    duration_figures,
    figures,
    kpi_rows,
    linked_figures,
    public,
    random_children,
    random_durations,
    registry,
)

Tables = dict[str, pd.DataFrame]
Two = tuple[tuple[Tables, AudiencePolicy], tuple[Tables, AudiencePolicy]]


def revised_quarter(seed: int) -> Two:
    children = random_children(seed)
    policy = public(threshold=5)
    return (linked_figures(children), policy), (linked_figures(add_child(children, seed)), policy)


def years_then_quarters(seed: int) -> Two:
    tables = linked_figures(random_children(seed))
    return (tables, public(basis="year")), (tables, public())


def paper_and_public(seed: int) -> Two:
    """The paper may show the totals of two KPIs whatever their size; the public sees quarters or years."""
    tables = linked_figures(random_children(seed))
    committee = replace(
        product_policy()["committee"],
        approvals=tuple(
            Approval(kpi_id, "in every paper", "director", dt.date(2019, 9, 1))
            for kpi_id in ("referrals_count", "rereferrals_12m_pct")
        ),
    )
    return (tables, committee), (tables, public(basis=("quarter", "year")[seed % 2]))


KINDS = (revised_quarter, years_then_quarters, paper_and_public)


def publish_both(two: Two, kpis=KPIS) -> tuple[dict[str, list[dict]], Callable]:
    """The rows of two releases by name, attacked by the gate, and which unknowns differ between them."""
    (earlier, first_policy), (today, second_policy) = two
    first = suppress_figures(earlier, first_policy, kpis)
    releases = [Release("first", first.tables[TABLE], earlier[TABLE])]
    second = suppress_figures(today, second_policy, kpis, releases)
    attack_publication(second.tables, today, second_policy, kpis, releases)
    rows = {"first": plain_rows(first.tables[TABLE]), "second": plain_rows(second.tables[TABLE])}
    before, now = (read_release(plain_rows(tables[TABLE]))[0] for tables in (earlier, today))
    return rows, lambda unknown: before.get(unknown) != now.get(unknown) or unknown[0].startswith("not ")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("seed", SEEDS)
def test_two_releases_side_by_side_give_nothing_away(seed: int, kind: Callable[[int], Two]) -> None:
    two = kind(seed)
    rows, is_revised = publish_both(two)
    # A total that the council approved is shown in its paper on purpose.
    is_approved = {
        unknown: bool(two[0][1].approvals) and unknown[2] == "all" for _, unknown in subtract_releases(rows)
    }
    given_away = [unknown for unknown in is_approved if not is_approved[unknown] and not is_revised(unknown)]
    assert given_away == []
    true = {
        release: read_release(plain_rows(tables[TABLE]))[0]
        for release, (tables, _) in zip(("first", "second"), two, strict=True)
    }
    known, lowest, equations = combine_releases(rows, is_revised)
    small = {
        unknown
        for unknown in lowest.keys() - known.keys()
        if 1 <= true["first" if unknown[-1] == "first" else "second"][unknown[:3]] <= 5
    }
    assert small.isdisjoint(solve_equations(equations, known))
    ranges = find_ranges(equations, known, lambda unknown: lowest.get(unknown, 0), small)
    assert [unknown for unknown, (least, greatest) in ranges.items() if least == greatest] == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_two_releases_each_safe_by_itself_are_not_safe_together(kind: Callable[[int], Two]) -> None:
    """What the attackers are worth: without knowledge of the first, the second gives counts of it away."""
    fallen = 0
    for seed in FEW:
        two = kind(seed)
        rows = {
            name: plain_rows(suppress_figures(tables, policy, KPIS).tables[TABLE])
            for name, (tables, policy) in zip(("first", "second"), two, strict=True)
        }
        before, now = (read_release(plain_rows(tables[TABLE]))[0] for tables, _ in two)
        known, lowest, equations = combine_releases(
            rows, lambda unknown, before=before, now=now: before.get(unknown) != now.get(unknown)
        )
        fallen += not (lowest.keys() - known.keys()).isdisjoint(solve_equations(equations, known))
    assert fallen > 0


@pytest.mark.parametrize("seed", SEEDS)
def test_averages_of_two_releases_give_no_hidden_one_away(seed: int) -> None:
    """A child comes late to the first quarter; what was not revised is read from either release."""
    children = random_durations(seed)
    late = pd.DataFrame({"quarter": [0], "age": ["5-9"], "gender": [GENDERS[seed % 2]], "days": [seed]})
    both = [duration_figures(each) for each in (children, pd.concat([children, late], ignore_index=True))]
    policy = public(threshold=5)
    rows, is_revised = publish_both(((both[0], policy), (both[1], policy)), DURATION_KPIS)
    assert {unknown for _, unknown in subtract_releases(rows) if not is_revised(unknown)} == set()
    known, lowest, equations = combine_releases(rows, is_revised)
    assert (lowest.keys() - known.keys()).isdisjoint(solve_equations(equations, known))
    for kpi_id in DURATIONS:
        first, second = (read_averages(release, kpi_id) for release in rows.values())
        for averages, other in ((first, second), (second, first)):
            name = "adoptions" if kpi_id == DURATIONS[0] else "waits"
            more = averages | {
                (period, category): cell
                for (period, category), cell in other.items()
                if averages[period, category][1] is None and not is_revised((name, period, category))
            }
            for period in {period for period, _ in more}:
                assert all(len(numbers) > 1 for numbers in fit_numbers(more, period, GENDERS).values())
                assert subtract_sums(more, period, GENDERS) is None
                assert subtract_sums(more, period, AGES) is None


def test_what_was_published_before_stops_what_completes_it() -> None:
    """Hidden counts of a first release: the second shows the cell that stood beside it."""
    before = figures(kpi_rows("referrals_count", "2018/19 Q1", {"all": 14, "F": 3, "M": 11}))
    now = figures(kpi_rows("referrals_count", "2018/19 Q1", {"all": 18, "F": 7, "M": 11}))
    kpis, audience = registry("referrals_count"), public(threshold=5)
    first = suppress_figures(before, audience, kpis)
    releases = [Release("first", first.tables[TABLE], before[TABLE])]
    with pytest.raises(DisclosureError, match="referrals_count, quarter 2018/19 Q1, gender F"):
        attack_publication(now, now, audience, kpis, releases)
    second = suppress_figures(now, audience, kpis, releases)
    attack_publication(second.tables, now, audience, kpis, releases)

"""Attackers written apart find nothing in what the product publishes, nor does the product's own.

200 random linked tables: margins by age and gender, quarters and years, percentages, rates, releases with
revisions. The first 20 run with every change, all of them before a merge.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from cf_pipeline.disclosure.attack import attack_publication, recover_counts
from cf_pipeline.disclosure.cells import read_counts
from cf_pipeline.disclosure.context import build_context
from cf_pipeline.disclosure.policy import DisclosureError
from cf_pipeline.disclosure.releases import Release
from cf_pipeline.disclosure.suppress import suppress_figures
from tests.second_opinion.attackers.brute_force import fill_table
from tests.second_opinion.attackers.elimination import solve_equations
from tests.second_opinion.attackers.equations import lowest_value, read_release, write_equations
from tests.second_opinion.attackers.min_max import find_ranges
from tests.support.disclosure_figures import (
    LINKED,
    figures,
    kpi_rows,
    linked_figures,
    public,
    random_children,
    registry,
)

TABLE = "fact_kpi_quarterly"
KPIS = registry(*LINKED)
FEW, MANY = range(20), range(20, 200)
SEEDS = [*FEW, *(pytest.param(seed, marks=pytest.mark.slow) for seed in MANY)]


def plain_rows(frame: pd.DataFrame) -> list[dict]:
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


@cache
def suppression(seed: int):
    tables = linked_figures(random_children(seed))
    # Years stand for quarters in every third table, and in every third for what is mostly hidden.
    changes = ({}, {"basis": "year"}, {"small_authority_share": 0.3})[seed % 3]
    audience = public(**changes)
    return tables, audience, suppress_figures(tables, audience, KPIS)


def knowledge(shown: pd.DataFrame):
    known, hidden = read_release(plain_rows(shown))
    cells = known.keys() | hidden
    return known, hidden, write_equations(cells)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_attacker_works_out_a_hidden_count(seed: int) -> None:
    tables, audience, result = suppression(seed)
    attack_publication(result.tables, tables, audience, KPIS)
    known, hidden, equations = knowledge(result.tables[TABLE])
    assert hidden or audience.basis == "year"
    assert hidden.isdisjoint(solve_equations(equations, known))
    ranges = find_ranges(equations, known, lambda unknown: lowest_value(unknown, known, hidden), hidden)
    assert [unknown for unknown, (least, greatest) in ranges.items() if least == greatest] == []


def test_hiding_small_counts_alone_falls_to_linear_algebra() -> None:
    """What the attackers are worth: without further hiding they work out counts of most tables."""
    tables_that_fall = 0
    for seed in FEW:
        rows = linked_figures(random_children(seed))[TABLE]
        rows = rows[rows["basis"].eq("quarter")]
        for name in ("numerator", "denominator"):
            rows = rows.assign(symbol=rows["symbol"].mask(rows[name].between(1, 5), "c"))
            rows = rows.assign(**{name: rows[name].mask(rows[name].between(1, 5))})
        known, hidden, equations = knowledge(rows)
        tables_that_fall += not hidden.isdisjoint(solve_equations(equations, known))
    assert tables_that_fall > len(FEW) / 2


@pytest.mark.parametrize("seed", SEEDS)
def test_no_percentage_or_rate_gives_its_numerator_away(seed: int) -> None:
    """Where a value is shown its counts are; where a count is hidden no value is left to count back from."""
    _, _, result = suppression(seed)
    for row in plain_rows(result.tables[TABLE]):
        if row["symbol"] == "c":
            assert row["value"] is None
        elif row["value"] is not None and row["denominator"]:
            assert row["numerator"] is not None
            assert not 1 <= row["numerator"] <= 5
            assert (
                not 1 <= row["denominator"] - row["numerator"] <= 5 or row["kpi_id"] == "referrals_rate_10k"
            )


@pytest.mark.parametrize("seed", SEEDS)
def test_two_releases_side_by_side_give_nothing_away(seed: int) -> None:
    """A child is added to the first quarter after the first release: differences of the two are attacked."""
    children = random_children(seed)
    earlier, today = linked_figures(children), linked_figures(add_child(children, seed))
    audience = public(threshold=5)
    first = suppress_figures(earlier, audience, KPIS)
    releases = [Release("first", first.tables[TABLE], earlier[TABLE])]
    second = suppress_figures(today, audience, KPIS, releases)
    attack_publication(second.tables, today, audience, KPIS, releases)
    true_before, _ = read_release(plain_rows(earlier[TABLE]))
    true_now, _ = read_release(plain_rows(today[TABLE]))
    known, hidden, equations = {}, {}, []
    for name, release, true in (("first", first, true_before), ("second", second, true_now)):
        own_known, own_hidden = read_release(plain_rows(release.tables[TABLE]))

        def tagged(unknown, name=name, true=true):
            """The same unknown in both releases where its true count was not revised."""
            is_revised = true_before.get(unknown) != true_now.get(unknown) or unknown[0].startswith("not ")
            return (*unknown, name if is_revised else "")

        known |= {tagged(unknown): count for unknown, count in own_known.items()}
        lowest = {unknown: lowest_value(unknown, own_known, own_hidden) for unknown in own_hidden}
        hidden |= {
            tagged(unknown): max(low, hidden.get(tagged(unknown), 0)) for unknown, low in lowest.items()
        }
        equations += [
            {tagged(unknown): factor for unknown, factor in equation.items()}
            for equation in write_equations(own_known.keys() | own_hidden)
        ]
    small = {
        unknown
        for unknown in hidden.keys() - known.keys()
        if 1 <= (true_before if unknown[-1] == "first" else true_now)[unknown[:3]] <= 5
    }
    ranges = find_ranges(equations, known, lambda unknown: hidden.get(unknown, 0), small)
    assert [unknown for unknown, (least, greatest) in ranges.items() if least == greatest] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_the_public_s_years_beside_the_committee_s_quarters_give_nothing_away(seed: int) -> None:
    tables = linked_figures(random_children(seed))
    quarters = suppress_figures(tables, public(breakdowns=("total",)), KPIS).tables[TABLE]
    of_totals = tables[TABLE][tables[TABLE]["breakdown"].eq("total")]
    releases = [Release("committee", quarters, of_totals)]
    audience = public(basis="year")
    years = suppress_figures(tables, audience, KPIS, releases)
    attack_publication(years.tables, tables, audience, KPIS, releases)
    known, hidden, equations = knowledge(pd.concat([quarters, years.tables[TABLE]]))
    assert hidden.isdisjoint(solve_equations(equations, known))


def add_child(children: dict[str, np.ndarray], seed: int) -> dict[str, np.ndarray]:
    """The same children and one more referral in the first quarter, of an age and gender by the seed."""
    changed = {name: counts.copy() for name, counts in children.items()}
    changed["referrals"][0, seed % 4, seed % 2] += 1 + seed % 5
    return changed


@pytest.mark.parametrize("seed", range(20))
def test_every_filling_of_a_tiny_table_leaves_two_values_to_each_hidden_count(seed: int) -> None:
    generator = np.random.default_rng(seed)
    cells = generator.integers(0, 8, 4)
    ages = dict(zip(("<1", "1-4", "5-9", "10-15"), map(int, cells), strict=True))
    tables = figures(kpi_rows("referrals_count", "2018/19 Q1", {"all": sum(ages.values())} | ages))
    result = suppress_figures(tables, public(threshold=5), registry("referrals_count"))
    known, hidden, equations = knowledge(result.tables[TABLE])
    low = {unknown: lowest_value(unknown, known, hidden) for unknown in hidden}
    small_table = {unknown for unknown in hidden if unknown[2] == "all"}
    assert fill_table(equations, known, low.get, hidden - small_table) == {}


def test_a_table_with_one_secondary_cell_shown_again_is_stopped() -> None:
    """Of 50 further cells, each alone: the gate finds what it protected."""
    tries = 0
    for seed in range(60):
        tables, audience, result = suppression(seed)
        context = build_context(tables, audience, KPIS)
        counts = read_counts(result.tables[TABLE], context.sides, "c")
        for cell in sorted(counts.hidden_cells):
            if tries == 50:
                return
            if context.counts[cell] > 5 and not leaves_small_rest(cell, context):
                tries += 1
                found = [
                    context.counts[other] if other == cell else count
                    for other, count in zip(counts.cell, counts.count, strict=True)
                ]
                assert recover_counts(
                    context, type(counts)(counts.row, counts.role, counts.cell, tuple(found))
                )
    raise AssertionError(f"only {tries} further cells in 60 tables")


def leaves_small_rest(cell, context) -> bool:
    """Whether a count is hidden for what it leaves of its whole."""
    wholes = [cell._replace(side=part.whole) for part in context.sides.parts if part.part == cell.side]
    return any(
        1 <= context.counts[whole] - context.counts[cell] <= 5 for whole in wholes if whole in context.counts
    )


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

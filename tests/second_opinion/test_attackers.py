"""Attackers written apart find nothing in what the product publishes, nor does the product's own.

200 random linked tables: margins by age and gender, quarters and years, percentages and rates beside those
the department publishes, averages and medians. The first 20 run with every change, all before a merge.
"""

from __future__ import annotations

import numpy as np
import pytest

from cf_pipeline.disclosure.attack import attack_publication
from cf_pipeline.disclosure.suppress import suppress_figures
from tests.second_opinion.attackers.averages import fit_numbers, read_averages, subtract_sums
from tests.second_opinion.attackers.brute_force import fill_table
from tests.second_opinion.attackers.elimination import solve_equations
from tests.second_opinion.attackers.equations import (
    AGES,
    GENDERS,
    lowest_value,
    read_release,
    write_equations,
)
from tests.second_opinion.attackers.min_max import CEILING, find_ranges
from tests.second_opinion.attackers.ratios import count_back, ratio_rows, read_department, read_ratios
from tests.second_opinion.random_publications import (
    FEW,
    SEEDS,
    TABLE,
    plain_rows,
    publish_durations,
    publish_referrals,
)
from tests.support.disclosure_figures import (
    DURATIONS,
    POPULATION,
    figures,
    kpi_rows,
    public,
    registry,
)


def attack_rows(rows: list[dict], department: list[dict] = ()) -> dict[str, set]:
    """The hidden counts that each attacker works out, by the attacker's name."""
    known, hidden = read_release(rows)
    ratios = read_ratios(rows) + read_department(department, POPULATION)
    counted = count_back(ratios, known, CEILING)
    named = {unknown for ratio in ratios for unknown in ratio[:2] if isinstance(unknown, tuple)}
    equations = write_equations(known.keys() | hidden | named)
    more = known | counted
    ranges = find_ranges(
        equations, known, lambda unknown: lowest_value(unknown, known, hidden), hidden, ratio_rows(ratios)
    )
    return {
        "ratios": hidden & counted.keys(),
        "elimination": hidden & solve_equations(equations, more).keys(),
        "min and max": {unknown for unknown, (least, greatest) in ranges.items() if least == greatest},
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_no_attacker_works_out_a_hidden_count(seed: int) -> None:
    publication = publish_referrals(seed)
    attack_publication(
        publication.result.tables, publication.tables, publication.audience, publication.registry
    )
    assert read_release(publication.rows)[1] or publication.audience.basis == "year"
    for recovered in attack_rows(publication.rows, publication.department).values():
        assert recovered == set()


@pytest.mark.parametrize("seed", SEEDS)
def test_no_average_or_median_gives_the_number_behind_a_hidden_one_away(seed: int) -> None:
    publication = publish_durations(seed)
    attack_publication(
        publication.result.tables, publication.tables, publication.audience, publication.registry
    )
    rows = publication.rows
    for recovered in attack_rows(rows).values():
        assert recovered == set()
    for kpi_id in DURATIONS:
        averages = read_averages(rows, kpi_id)
        for period in {period for period, _ in averages}:
            fitting = fit_numbers(averages, period, GENDERS)
            assert all(len(numbers) > 1 for numbers in fitting.values())
            assert subtract_sums(averages, period, GENDERS) is None
            assert subtract_sums(averages, period, AGES) is None


def test_hiding_small_counts_alone_falls_to_every_attacker() -> None:
    """What the attackers are worth: without further hiding each works out counts of some tables."""
    fallen = dict.fromkeys(("ratios", "elimination", "min and max"), 0)
    for seed in FEW:
        publication = publish_referrals(seed)
        rows = hide_small_counts(publication.tables[TABLE])
        for name, recovered in attack_rows(rows, publication.department).items():
            fallen[name] += bool(recovered)
    assert fallen["elimination"] > len(FEW) / 2
    assert fallen["min and max"] >= fallen["elimination"]
    assert fallen["ratios"] > 0


def hide_small_counts(rows) -> list[dict]:
    """Quarters with the symbol for 1 to 5, the values of their ratios shown."""
    rows = rows[rows["basis"].eq("quarter")]
    for name in ("numerator", "denominator"):
        rows = rows.assign(symbol=rows["symbol"].mask(rows[name].between(1, 5), "c"))
        rows = rows.assign(**{name: rows[name].mask(rows[name].between(1, 5))})
    tenths = rows["kpi_id"].eq("referrals_rate_10k").map({True: 10, False: 1})
    return plain_rows(rows.assign(value=np.floor(rows["value"] * tenths + 0.5) / tenths))


def test_averages_beside_a_hidden_one_give_its_number_away() -> None:
    """23 children, 150 days on average, girls 160 and boys 100: only 19 girls and 4 boys fit."""
    averages = {
        ("Q1", "all"): (3450, 23, 150),
        ("Q1", "F"): (None, None, 160),
        ("Q1", "M"): (None, None, 100),
    }
    assert fit_numbers(averages, "Q1", GENDERS) == {"F": {19}, "M": {4}}
    averages["Q1", "F"] = (3040, 19, 160)
    assert subtract_sums(averages, "Q1", GENDERS) == 410


@pytest.mark.parametrize("seed", range(40))
def test_every_filling_of_a_tiny_table_leaves_two_values_to_each_hidden_count(seed: int) -> None:
    generator = np.random.default_rng(seed)
    if seed % 2:
        cells = dict(zip(("<1", "1-4", "5-9", "10-15"), map(int, generator.integers(0, 8, 4)), strict=True))
        groups = [kpi_rows("referrals_count", "2018/19 Q1", {"all": sum(cells.values())} | cells)]
    else:
        groups = tiny_percentages(generator)
    tables, kpis = figures(*groups), registry("referrals_count", "rereferrals_12m_pct")
    rows = plain_rows(suppress_figures(tables, public(threshold=5), kpis).tables[TABLE])
    known, hidden = read_release(rows)
    true, _ = read_release(plain_rows(tables[TABLE]))
    equations = write_equations(known.keys() | hidden)
    seen = fill_table(equations, known, lambda unknown: lowest_value(unknown, known, hidden), hidden)
    for unknown, values in seen.items():
        assert len(values) > 1, (unknown, true[unknown])


def tiny_percentages(generator: np.random.Generator) -> list[list[dict]]:
    """Referrals of girls and boys, and how many of them are repeats."""
    referrals = dict(zip(GENDERS, map(int, generator.integers(0, 9, 2)), strict=True))
    repeats = {gender: int(generator.integers(0, count + 1)) for gender, count in referrals.items()}
    both = [{"all": sum(counts.values())} | counts for counts in (repeats, referrals)]
    shares = {category: (count, both[1][category]) for category, count in both[0].items()}
    return [
        kpi_rows("referrals_count", "2018/19 Q1", both[1]),
        kpi_rows("rereferrals_12m_pct", "2018/19 Q1", shares),
    ]

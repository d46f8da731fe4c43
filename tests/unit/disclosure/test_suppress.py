"""Suppression as a whole: the same whatever the order, complete, and only what is needed."""

import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cf_pipeline.disclosure.attack import attack_publication
from cf_pipeline.disclosure.policy import DisclosureError
from cf_pipeline.disclosure.releases import Release
from cf_pipeline.disclosure.suppress import Suppression, suppress_figures
from tests.support.disclosure_figures import (
    LINKED,
    POPULATION,
    department_figures,
    figures,
    kpi_rows,
    linked_figures,
    public,
    random_children,
    read_values,
    registry,
)

TABLE = "fact_kpi_quarterly"
KPIS = registry(*LINKED)


def suppress(tables: dict[str, pd.DataFrame], **changes) -> Suppression:
    return suppress_figures(tables, public(**changes), KPIS)


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_rows_and_the_seed_change_nothing(seed: int) -> None:
    tables = linked_figures(random_children(seed))
    first = suppress(tables).tables[TABLE]
    random.seed(seed)
    np.random.seed(seed)
    mixed = {TABLE: tables[TABLE].sample(frac=1, random_state=seed)}
    backwards = registry(*reversed(LINKED))
    pd.testing.assert_frame_equal(suppress(mixed).tables[TABLE], first)
    assert (
        suppress_figures(mixed, public(), backwards).tables[TABLE]["symbol"].tolist()
        == first["symbol"].tolist()
    )


PROGRAM = """
import os, sys
import pandas as pd
seed, processors = int(sys.argv[1]), int(sys.argv[2])
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:processors])
from cf_pipeline.disclosure.releases import Release
from cf_pipeline.disclosure.suppress import suppress_figures
from tests.support.disclosure_figures import LINKED, linked_figures, public, random_children, registry
for number, is_sensitive in ((0, False), (4, True)):
    kpis = registry(*LINKED, is_sensitive=is_sensitive)
    tables = linked_figures(random_children(number))
    rows = tables["fact_kpi_quarterly"]
    mixed = {"fact_kpi_quarterly": rows.sample(frac=1, random_state=seed)}
    years = suppress_figures(mixed, public(basis="year"), kpis).tables["fact_kpi_quarterly"]
    before = [Release("years", years.sample(frac=1, random_state=seed), mixed["fact_kpi_quarterly"])]
    result = suppress_figures(mixed, public(), kpis, before)
    sys.stdout.write(result.tables["fact_kpi_quarterly"].to_csv(index=False))
    sys.stdout.write(f"{result.withheld} {result.small_cells} {result.further_cells}\\n")
"""


def suppress_elsewhere(seed: int, threads: int) -> bytes:
    """What another process writes: with its own hash seed, order of rows, threads and processors."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
    environment = {**os.environ, "PYTHONHASHSEED": str(seed), **dict.fromkeys(names, str(threads))}
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, str(seed), str(threads)],
        cwd=Path(__file__).parents[3],
        env=environment,
        capture_output=True,
        check=True,
    ).stdout


def test_the_hash_seed_the_order_of_rows_and_the_threads_change_no_byte() -> None:
    first = suppress_elsewhere(seed=1, threads=1)
    assert first.count(b",c,") > 50
    assert suppress_elsewhere(seed=77, threads=4) == first


def test_a_threshold_of_0_hides_nothing() -> None:
    tables = linked_figures(random_children(3))
    result = suppress(tables, threshold=0)
    assert result == Suppression(tables)
    attack_publication(result.tables, tables, public(threshold=0), KPIS)


@settings(max_examples=15, deadline=None)
@given(st.integers(1000, 100_000), st.sampled_from([1, 3, 5, 9]))
def test_no_count_of_1_to_the_threshold_is_shown(seed: int, threshold: int) -> None:
    tables = linked_figures(random_children(seed))
    audience = public(threshold=threshold)
    result = suppress_figures(tables, audience, KPIS)
    rows = result.tables[TABLE]
    for name in ("numerator", "denominator"):
        assert not rows[name].between(1, threshold).any()
    attack_publication(result.tables, tables, audience, KPIS)


@settings(max_examples=15, deadline=None)
@given(st.integers(1000, 100_000))
def test_what_is_shown_is_the_figure_itself(seed: int) -> None:
    tables = linked_figures(random_children(seed))
    keys = ["kpi_id", "basis", "quarter_key", "breakdown", "category"]
    both = suppress(tables).tables[TABLE].merge(tables[TABLE], on=keys, suffixes=("", "_true"))
    for name in ("numerator", "denominator"):
        assert (both[name].isna() | both[name].eq(both[f"{name}_true"])).all()


def test_zeros_are_shown_unless_a_whole_breakdown_is_hidden() -> None:
    for seed in range(20):
        tables = linked_figures(random_children(seed))
        rows = suppress(tables).tables[TABLE]
        true = tables[TABLE].set_index(["kpi_id", "basis", "quarter_key", "breakdown", "category"])[
            "numerator"
        ]
        index = pd.MultiIndex.from_frame(rows[["kpi_id", "basis", "quarter_key", "breakdown", "category"]])
        hidden_zero = rows["numerator"].isna() & true.reindex(index).eq(0).to_numpy()
        for row in rows[hidden_zero].itertuples():
            group = rows[
                rows["kpi_id"].eq(row.kpi_id)
                & rows["quarter_key"].eq(row.quarter_key)
                & rows["breakdown"].eq(row.breakdown)
            ]
            assert (
                group["numerator"].isna().all()
                or group.loc[group["numerator"].notna(), "numerator"].eq(0).all()
            )


def test_a_zero_is_not_hidden_beside_what_is_shown_when_more_is_hidden_for_another_release() -> None:
    """Pruning shows the zeros of a breakdown together or not at all."""
    tables, audience = linked_figures(random_children(18)), public()
    years = suppress(tables, basis="year").tables[TABLE]
    before = [Release("years", years, tables[TABLE])]
    result = suppress_figures(tables, audience, KPIS, before)
    attack_publication(result.tables, tables, audience, KPIS, before)


def test_what_is_hidden_beyond_small_counts_is_a_fifth_of_them_at_most() -> None:
    results = [suppress(linked_figures(random_children(seed))) for seed in range(30)]
    small = sum(result.small_cells for result in results)
    further = sum(result.further_cells for result in results)
    print(f"{further} further cells hidden beside {small} small ones: {further / small:.1%}")
    assert 0 < further <= small / 5


def test_a_tally_stands_in_no_table() -> None:
    result = suppress(linked_figures(random_children(2)))
    assert result.further_cells > 0
    assert set(result.tables[TABLE].columns) == set(linked_figures(random_children(2))[TABLE].columns)
    assert len(set(result.tables[TABLE]["reason"].dropna())) == 1


def test_a_lower_threshold_shows_more() -> None:
    tables = linked_figures(random_children(8))
    hidden = [
        suppress(tables, threshold=threshold).tables[TABLE]["symbol"].eq("c").sum() for threshold in (1, 5, 9)
    ]
    assert hidden == sorted(hidden)


def test_tables_nobody_named_are_not_shown() -> None:
    tables = figures(kpi_rows("referrals_count", "2018/19 Q1", {"all": 20}))
    tables["fact_kpi_by_team"] = pd.DataFrame({"team": ["North"]})
    tables["dim_kpi"] = pd.DataFrame({"kpi_id": ["referrals_count"]})
    assert set(suppress_figures(tables, public(), registry("referrals_count")).tables) == {"dim_kpi", TABLE}


def test_categories_of_other_breakdowns_are_not_shown() -> None:
    tables = figures(kpi_rows("referrals_count", "2018/19 Q1", {"all": 20}))
    tables["dim_category"] = pd.DataFrame({"breakdown": ["gender", "team"], "category": ["F", "North"]})
    result = suppress_figures(tables, public(), registry("referrals_count"))
    assert result.tables["dim_category"]["category"].tolist() == ["F"]


def test_quarters_beside_the_year_of_another_release_hide_two_of_them() -> None:
    """The year is 34: with three quarters shown it gives the fourth away."""
    kpis, policy = registry("referrals_count"), public()
    counts = {"Q1": 10, "Q2": 12, "Q3": 3, "Q4": 9}
    quarters = [
        kpi_rows("referrals_count", f"2018/19 {name}", {"all": count}) for name, count in counts.items()
    ]
    tables = figures(*quarters, kpi_rows("referrals_count", "2018/19 Q4", {"all": 34}, "year"))
    years = suppress_figures(tables, public(basis="year"), kpis).tables[TABLE]
    assert years["numerator"].tolist() == [34]
    before = [Release("years", years, tables[TABLE])]
    alone = suppress_figures(tables, policy, kpis).tables
    assert alone[TABLE]["symbol"].eq("c").sum() == 1
    with pytest.raises(DisclosureError, match=r"can be worked out .* 2018/19 Q3"):
        attack_publication(alone, tables, policy, kpis, before)
    both = suppress_figures(tables, policy, kpis, before).tables
    assert both[TABLE]["symbol"].eq("c").sum() == 2
    attack_publication(both, tables, policy, kpis, before)


def test_the_population_is_known_to_everyone_and_never_hidden() -> None:
    """Hiding it would not protect the number behind the department's rate."""
    tables = linked_figures(random_children(21))
    tables["fact_comparator"] = department_figures(tables)
    result = suppress(tables).tables
    rows = result[TABLE]
    assert rows.loc[rows["kpi_id"].eq("pop_0_17"), "numerator"].eq(POPULATION).all()
    attack_publication(result, tables, public(), KPIS)


def test_the_rows_of_a_breakdown_do_not_give_away_what_a_total_known_from_elsewhere_leaves_open() -> None:
    """One child, known from the committee's paper: a single row 'c' by age would say how old it is."""
    tables = figures(kpi_rows("cpp_stock", "2018/19 Q4", {"all": 1, "1-4": 1, "M": 1}))
    paper = tables["fact_kpi_quarterly"]
    known = [Release("committee", paper[paper["breakdown"].eq("total")], paper)]
    policy, kpis = public(), registry("cpp_stock")
    assert read_values(suppress_figures(tables, policy, kpis, known).tables, "cpp_stock") == {"all": "c"}
    alone = suppress_figures(tables, policy, kpis).tables
    assert read_values(alone, "cpp_stock") == {"all": "c", "1-4": "c", "M": "c"}
    with pytest.raises(DisclosureError, match="age_band 1-4"):
        attack_publication(alone, tables, policy, kpis, known)

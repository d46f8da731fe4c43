"""A figure that cannot be known is absent with a reason, never zero (docs/rulings.md#4 and #5)."""

import pandas as pd
import pytest

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.history.tables.core_tables import lists_of
from cf_pipeline.kpi.definitions.registry import POPULATION, load_registry
from cf_pipeline.kpi.measure.quarterly import measure_kpis
from tests.spec.casebook import AUTHORITY, Delivery, core, figures

REGISTRY = {kpi_id: kpi for kpi_id, kpi in load_registry().items() if lists_of(kpi.numerator.parts[0].table)}
"""KPIs of lists; the population and the rows read are no list."""


@pytest.fixture(scope="module")
def nothing_but_episodes():
    return figures(
        Delivery(
            "2019-12-31",
            {"cla_episodes": [{"cla_episode_start_date": "2019-12-01"}]},
            covers_from="2019-04-01",
        )
    )


@pytest.fixture(scope="module")
def empty_lists():
    nothing = Delivery("2019-12-31", {name: [] for name in list_contracts()}, covers_from="2016-10-01")
    population = pd.DataFrame({"mid_year": [2019], "persons": [668]}, dtype="Int64")
    return measure_kpis(core(nothing).tables | {POPULATION: population}, REGISTRY, AUTHORITY)


@pytest.mark.parametrize("kpi_id", REGISTRY)
def test_a_list_that_was_not_delivered_gives_no_figure(kpi_id: str, nothing_but_episodes) -> None:
    rows = nothing_but_episodes[nothing_but_episodes["kpi_id"].eq(kpi_id)]
    assert len(rows)
    assert (rows["symbol"] == "x").all()
    assert rows["value"].isna().all()
    assert rows["numerator"].isna().all()
    assert rows["reason"].str.endswith("delivered.").all()


@pytest.mark.parametrize("kpi_id", [kpi.id for kpi in REGISTRY.values() if not kpi.has_denominator])
def test_an_empty_list_is_a_true_zero(kpi_id: str, empty_lists) -> None:
    rows = empty_lists[empty_lists["kpi_id"].eq(kpi_id) & empty_lists["quarter_key"].eq("2019/20 Q3")]
    assert rows["value"].tolist() == [0.0] * len(rows)
    assert len(rows)


@pytest.mark.parametrize(
    "kpi_id", [kpi.id for kpi in REGISTRY.values() if kpi.has_denominator and kpi.kind != "rate_10k"]
)
def test_nothing_to_measure_is_neither_nought_nor_a_hundred_per_cent(kpi_id: str, empty_lists) -> None:
    rows = empty_lists[empty_lists["kpi_id"].eq(kpi_id) & empty_lists["quarter_key"].eq("2019/20 Q3")]
    assert (rows["symbol"] == "z").all()
    assert rows["value"].isna().all()


@pytest.mark.parametrize("kpi_id", [kpi.id for kpi in REGISTRY.values() if kpi.kind == "rate_10k"])
def test_a_rate_of_nothing_is_nought_per_ten_thousand(kpi_id: str, empty_lists) -> None:
    rows = empty_lists[empty_lists["kpi_id"].eq(kpi_id) & empty_lists["quarter_key"].eq("2019/20 Q3")]
    assert rows[["value", "denominator"]].drop_duplicates().to_numpy().tolist() == [[0.0, 668.0]]


def test_a_year_is_published_only_with_its_fourth_quarter() -> None:
    facts = figures(
        Delivery("2020-03-31", {"referrals": [{"referral_date": "2020-01-01"}]}, covers_from="2019-04-01")
    )
    years = facts[
        facts["basis"].eq("year") & facts["kpi_id"].eq("referrals_count") & facts["breakdown"].eq("total")
    ]
    assert years[["quarter_key", "value"]].to_numpy().tolist() == [["2019/20 Q4", 1.0]]


def test_a_quarter_that_has_not_ended_is_not_measured() -> None:
    facts = figures(
        Delivery("2020-03-30", {"referrals": [{"referral_date": "2020-01-01"}]}, covers_from="2019-04-01")
    )
    assert facts["quarter_key"].max() == "2019/20 Q3"

"""Stocks by team and age band or gender: a cell is the children of a team in a category, at quarter end."""

from __future__ import annotations

import pandas as pd

from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.measure.by_team import BY_TEAM, count_by_team
from cf_pipeline.kpi.measure.quarterly import measure_kpis, prepare_counter
from tests.spec.casebook import AUTHORITY, Delivery, core

REGISTRY = load_registry()
QUARTER = "2019/20 Q3"
CHILDREN = [
    # born, gender, team, since, until
    ("A", "2012-05-01", "F", "East", "2019-10-01", None),
    ("B", "2012-06-01", "F", "East", "2019-10-01", None),
    ("C", "2018-06-01", "M", "East", "2019-10-01", None),
    ("D", "2012-07-01", "M", "West", "2019-10-01", None),
    ("E", "2012-08-01", "M", "West", "2019-10-01", "2019-12-30"),
    ("F", None, None, None, "2019-10-01", None),
]


def plans(children: list[tuple[str | None, ...]]) -> Delivery:
    rows = [
        {
            "child_id": child,
            "date_of_birth": born,
            "gender": gender,
            "allocated_team": team,
            "cp_plan_start_date": since,
            "cp_plan_end_date": until,
        }
        for child, born, gender, team, since, until in children
    ]
    return Delivery("2019-12-31", {"child_protection_plans": rows}, covers_from="2019-04-01")


def cells(*deliveries: Delivery) -> pd.DataFrame:
    found = count_by_team(prepare_counter(core(*deliveries).tables, REGISTRY), AUTHORITY)
    return found[found["kpi_id"].eq("cpp_stock") & found["quarter_key"].eq(QUARTER)]


def by_team(breakdown: str) -> dict[tuple[str, str], float]:
    # A team of fewer than five children is named by the mapping alone, so each child stands six times.
    repeated = [(f"{child}{n}", *cells) for child, *cells in CHILDREN for n in range(6)]
    found = cells(plans(repeated))
    rows = found[found["breakdown"].eq(breakdown)]
    return {(row.team, row.category): row.numerator / 6 for row in rows.itertuples()}


def test_each_team_has_its_children_by_age() -> None:
    assert by_team("age_band") == {
        ("East", "5-9"): 2,
        ("East", "1-4"): 1,
        ("West", "5-9"): 1,
        ("unknown", "unknown"): 1,
    }


def test_each_team_has_its_children_by_gender() -> None:
    assert by_team("gender") == {
        ("East", "F"): 2,
        ("East", "M"): 1,
        ("West", "M"): 1,
        ("unknown", "unknown"): 1,
    }


def test_the_cells_of_every_stock_add_to_its_figure() -> None:
    tables = core(plans(CHILDREN)).tables
    found = count_by_team(prepare_counter(tables, REGISTRY), AUTHORITY)
    assert len(found)
    for (kpi_id, quarter, _), rows in found.groupby(["kpi_id", "quarter_key", "breakdown"], observed=True):
        facts = measure_kpis(tables, REGISTRY, AUTHORITY, [kpi_id], ["quarter"])
        total = facts[facts["quarter_key"].eq(quarter) & facts["breakdown"].eq("total")]["value"]
        assert rows["numerator"].sum() == total.item()


def test_a_list_without_teams_has_no_rows() -> None:
    rows = [{"child_id": "A", "cp_plan_start_date": "2019-10-01"}]
    delivery = Delivery(
        "2019-12-31",
        {"child_protection_plans": rows},
        covers_from="2019-04-01",
        without={"child_protection_plans": ["allocated_team"]},
    )
    found = cells(delivery)
    assert found.empty
    assert found.dtypes.astype(str).to_dict() == BY_TEAM.dtypes

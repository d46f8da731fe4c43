"""A fact's keys are those of the dimensions."""

import pandas as pd

from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.warehouse.dimensions.categories import dim_category
from cf_pipeline.warehouse.dimensions.fact_columns import add_fact_columns, category_keys, values_last_year
from cf_pipeline.warehouse.dimensions.kpis import dim_kpi

REGISTRY = load_registry()


def figures(*cells: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(cells), columns=["kpi_id", "breakdown", "category"], dtype="str")


def test_a_category_is_named_by_its_breakdown_and_a_band_by_its_code_set_too():
    rows = figures(
        ("cla_stock", "total", "all"), ("cla_stock", "age_band", "5-9"), ("cpp_duration_bands", "band", "2y+")
    )
    assert category_keys(rows, REGISTRY).tolist() == ["total:all", "age_band:5-9", "band:duration:2y+"]


def test_every_key_of_a_fact_is_one_of_the_dimension_and_those_are_unique():
    rows = figures(
        ("cla_placement_type", "band", "P1"),
        ("cl_activity", "band", "P1"),
        ("contacts_count", "team", "Team: A"),
        ("contacts_count", "gender", "unknown"),
        ("a_kpi_of_yesterday", "band", "many"),
        ("a_kpi_of_yesterday", "gender", "F"),
    )
    known = dim_category(rows, REGISTRY)
    assert known["category_key"].is_unique
    assert set(category_keys(rows, REGISTRY)) <= set(known["category_key"])


def test_columns_of_categories_give_the_same_keys():
    rows = figures(("cla_stock", "gender", "F"), ("cla_stock", "gender", "M"))
    assert category_keys(rows.astype("category"), REGISTRY).tolist() == ["gender:F", "gender:M"]


def test_a_forecast_has_the_quarter_it_rests_on_and_a_team_its_own_key():
    forecasts = figures(("cla_stock", "total", "all")).assign(fiscal_year="2019/20", quarters_used=3)
    teams = figures(("cla_stock", "gender", "F")).assign(team="West")
    tables = add_fact_columns({"fact_kpi_forecast": forecasts, "fact_kpi_by_team": teams}, REGISTRY)
    assert tables["fact_kpi_forecast"]["quarter_key"].tolist() == ["2019/20 Q3"]
    assert tables["fact_kpi_by_team"][["team_key", "category_key"]].to_numpy().tolist() == [
        ["team:West", "gender:F"]
    ]


def test_a_kpi_that_is_no_longer_measured_keeps_its_row_after_the_others():
    rows = dim_kpi(REGISTRY, ["cla_stock", "a_kpi_of_yesterday"])
    assert len(rows) == len(REGISTRY) + 1
    last = rows.iloc[-1]
    assert (last["kpi_id"], last["title"], last["position"]) == (
        "a_kpi_of_yesterday",
        "a_kpi_of_yesterday (no longer measured)",
        len(REGISTRY) + 1,
    )


def test_what_adds_up_over_a_year_is_no_stock():
    rows = dim_kpi(REGISTRY).set_index("kpi_id")
    assert rows.loc[["contacts_count", "contacts_rate_10k"], "is_additive"].all()
    assert not rows.loc[["cla_stock", "contacts_1wd_pct"], "is_additive"].any()
    assert rows.loc["cla_stock", "is_stock"]
    assert not rows.loc["contacts_count", "is_stock"]


def test_a_figure_has_the_value_of_the_same_quarter_a_year_before():
    series = [
        # KPI, basis, category, quarter, value, the value of the year before
        ("a", "quarter", "all", "2018/19 Q3", 5.0, None),
        ("a", "quarter", "all", "2019/20 Q2", 6.0, None),
        ("a", "quarter", "all", "2019/20 Q3", 7.0, 5.0),
        ("a", "ytd", "all", "2019/20 Q3", 8.0, None),
        ("a", "quarter", "F", "2019/20 Q3", 9.0, None),
        ("b", "quarter", "all", "2019/20 Q3", 1.0, None),
        ("a", "year", "all", "2018/19 Q4", 20.0, None),
        ("a", "year", "all", "2019/20 Q4", 30.0, 20.0),
        ("a", "quarter", "F", "2020/21 Q3", None, 9.0),
        ("a", "quarter", "F", "2021/22 Q3", 4.0, None),
    ]
    columns = ["kpi_id", "basis", "category", "quarter_key", "value", "expected"]
    rows = pd.DataFrame(series, columns=columns).assign(breakdown="any")
    for order in (rows, rows.iloc[::-1], rows.astype({"quarter_key": "category", "basis": "category"})):
        assert pd.Series(values_last_year(order)).equals(order["expected"].reset_index(drop=True))
    assert len(values_last_year(rows.iloc[:0])) == 0

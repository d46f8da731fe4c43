import pandas as pd
import pytest

from cf_pipeline.forecast import FORECASTS, CouncilChoices, forecast_year_ends
from cf_pipeline.kpi.definitions.registry import load_registry

PRO_RATA = CouncilChoices("pro_rata")

REGISTRY = load_registry()


def facts(rows):
    """kpi_quarterly from (quarter, basis, kpi, numerator, denominator or None, symbol or None)."""
    table = []
    for key, basis, kpi_id, top, bottom, *symbol in rows:
        has_value = not symbol and bottom != 0
        value = (top if bottom is None else top * 100 / bottom) if has_value else None
        table.append(
            ("E09000001", key, basis, kpi_id, "total", "all", top, bottom, value, *(symbol or [None]))
        )
    columns = "authority_code quarter_key basis kpi_id breakdown category numerator denominator value symbol"
    return pd.DataFrame(table, columns=columns.split()).astype(
        {"numerator": "Float64", "denominator": "Float64", "value": "Float64", "symbol": "str"}
    )


def forecasts(*rows):
    table = forecast_year_ends(facts(rows), REGISTRY, PRO_RATA)
    return table[table["method"].eq("pro_rata")].set_index(["kpi_id", "fiscal_year", "quarters_used"])


def one(kpi_id, so_far, last_year, quarter=3):
    top, bottom = so_far if isinstance(so_far, tuple) else (so_far, None)
    ly_top, ly_bottom = last_year if isinstance(last_year, tuple) else (last_year, None)
    rows = [(f"2019/20 Q{quarter}", "year" if quarter == 4 else "ytd", kpi_id, top, bottom)]
    if last_year is not None:
        rows.append(("2018/19 Q4", "year", kpi_id, ly_top, ly_bottom))
    return forecasts(*rows).loc[(kpi_id, "2019/20", quarter)]


def test_a_count_runs_on_at_the_pace_of_the_year_so_far():
    row = one("eh_referrals_count", 15, 27)
    assert (row["forecast"], row["last_year"], row["label"]) == (20, 27, "pro rata")


def test_a_forecast_is_stored_unrounded_with_the_integers_it_is_exact_from():
    row = one("contacts_count", 247, 324)
    assert row["forecast"] == pytest.approx(329.33, abs=0.01)
    assert (row["forecast_numerator"], row["forecast_denominator"]) == (988, 3)


def test_a_percentage_is_the_ratio_of_the_sums_so_far():
    row = one("contact_to_referral_pct", (74, 247), (81, 324))
    assert (row["forecast_numerator"], row["forecast_denominator"]) == (74, 247)
    assert row["forecast"] == pytest.approx(29.96, abs=0.01)
    assert row["last_year"] == 25


@pytest.mark.parametrize("kpi_id", ["cla_stock", "short_breaks_children_count"])
def test_stocks_and_different_children_are_carried_as_they_are(kpi_id):
    assert one(kpi_id, 5, 6)["forecast"] == 5


@pytest.mark.parametrize(
    ("kpi_id", "so_far", "label"),
    [
        ("contacts_count", 5, "pro rata"),
        ("contacts_1wd_pct", (4, 5), "pro rata"),
        ("short_breaks_children_count", 5, "children so far this year"),
        ("cla_stock", 5, "latest value carried forward"),
        ("cl_suitable_accom_pct", (4, 5), "latest value carried forward"),
        ("contacts_median_days", 5, "year to date carried forward"),
    ],
)
def test_only_what_runs_on_at_a_pace_is_called_pro_rata(kpi_id, so_far, label):
    assert one(kpi_id, so_far, so_far)["label"] == label


def test_children_so_far_are_called_so_by_every_method():
    rows = [("2019/20 Q3", "ytd", "short_breaks_children_count", 5, None)]
    rows.append(("2018/19 Q4", "year", "short_breaks_children_count", 6, None))
    table = forecast_year_ends(facts(rows), REGISTRY, PRO_RATA)
    assert set(table[table["quarters_used"].eq(3)]["label"]) == {"children so far this year"}


def test_what_is_carried_as_it_is_misses_no_season():
    assert one("short_breaks_children_count", 5, None)["label"] == "children so far this year"


def test_a_share_of_a_stock_is_carried_as_it_is():
    assert one("cl_suitable_accom_pct", (13, 26), (1, 1))["forecast"] == 50


@pytest.mark.parametrize(
    ("kpi_id", "outturn", "value"),
    [("contacts_count", 329, 329.0), ("contact_to_referral_pct", (1, 3), 100 / 3), ("cla_stock", 27, 27.0)],
)
def test_at_quarter_4_the_forecast_is_the_outturn_to_the_digit(kpi_id, outturn, value):
    row = one(kpi_id, outturn, None, quarter=4)
    assert (row["forecast"], row["label"]) == (value, "outturn")


def test_one_quarter_without_a_year_before_gives_no_forecast_and_says_why():
    row = one("contacts_count", 80, None, quarter=1)
    assert pd.isna(row["forecast"])
    assert row["symbol"] == "x"
    assert "fewer than two quarters" in row["label"]


@pytest.mark.parametrize("quarter", [2, 3])
def test_two_quarters_without_a_year_before_are_carried_on_and_labelled(quarter):
    row = one("contacts_count", 80, None, quarter=quarter)
    assert row["forecast"] == 80 * 4 / quarter
    assert row["label"] == "pro rata, no seasonality"
    assert pd.isna(row["symbol"])


def test_one_quarter_after_a_full_year_is_enough():
    assert one("contacts_count", 80, 324, quarter=1)["forecast"] == 320


def test_a_later_year_does_not_count_as_history():
    table = forecasts(
        ("2018/19 Q1", "ytd", "contacts_count", 80, None),
        ("2019/20 Q4", "year", "contacts_count", 324, None),
    )
    assert table.loc[("contacts_count", "2018/19", 1), "symbol"] == "x"


def test_an_incomplete_year_to_date_has_no_row():
    table = forecasts(
        ("2019/20 Q3", "ytd", "contacts_count", None, None, "x"),
        ("2019/20 Q3", "quarter", "contacts_count", 77, None),
        ("2018/19 Q4", "ytd", "contacts_count", 324, None),
    )
    assert table.empty


def test_a_share_of_nothing_so_far_has_no_forecast():
    row = one("icpc_15wd_pct", (0, 0), (1, 1))
    assert (row["symbol"], row["last_year"]) == ("z", 100)
    assert pd.isna(row["forecast"])


def test_a_kpi_without_a_forecast_rule_has_none():
    assert forecast_year_ends(
        facts([("2019/20 Q3", "ytd", "cin_duration_bands", 1, 2)]), REGISTRY, PRO_RATA
    ).empty


def test_breakdowns_are_forecast_for_the_newest_year_and_totals_for_every_year():
    rows = [(f"{year} Q3", "ytd", "contacts_count", 30, None) for year in ("2018/19", "2019/20")]
    gender = facts(rows).assign(breakdown="gender", category="F")
    table = forecast_year_ends(pd.concat([facts(rows), gender], ignore_index=True), REGISTRY)
    shown = table[table["is_selected"]]
    assert sorted(zip(shown["breakdown"], shown["fiscal_year"], strict=True)) == [
        ("gender", "2019/20"),
        ("total", "2018/19"),
        ("total", "2019/20"),
    ]


def test_every_column_has_its_type_even_when_empty():
    for table in (
        forecast_year_ends(facts([]), REGISTRY, PRO_RATA),
        forecast_year_ends(facts([("2019/20 Q3", "ytd", "contacts_count", 3, None)]), REGISTRY, PRO_RATA),
    ):
        assert {name: str(dtype) for name, dtype in table.dtypes.items()} == FORECASTS.dtypes


def test_the_selected_method_is_marked_and_must_exist():
    row = one("contacts_count", 247, 324)
    assert (row["method"], row["is_selected"]) == ("pro_rata", True)
    with pytest.raises(ValueError, match="crystal_ball"):
        forecast_year_ends(facts([]), REGISTRY, CouncilChoices("crystal_ball"))


def test_the_order_of_rows_is_irrelevant():
    rows = [(f"2019/20 Q{quarter}", "ytd", "contacts_count", 80 * quarter, None) for quarter in (1, 2, 3)]
    pd.testing.assert_frame_equal(
        forecast_year_ends(facts(rows), REGISTRY, PRO_RATA),
        forecast_year_ends(facts(rows[::-1]), REGISTRY, PRO_RATA),
    )

"""Figures beside earlier periods and London: what is compared, by how much, and in which words."""

import pandas as pd
import pytest

from cf_pipeline.compare.comparisons import kpi_comparisons
from cf_pipeline.compare.differences import WordingLimits
from cf_pipeline.compare.figures import figures_by_authority
from cf_pipeline.forecast import CouncilChoices, forecast_year_ends
from tests.unit.compare.compared_figures import REGISTRY, SHIPPED, compared, facts

PRO_RATA = CouncilChoices("pro_rata")

CONTACTS = [
    ("2018/19 Q3", "quarter", "contacts_count", 70, None),
    ("2018/19 Q3", "ytd", "contacts_count", 240, None),
    ("2018/19 Q4", "quarter", "contacts_count", 84, None),
    ("2018/19 Q4", "year", "contacts_count", 324, None),
    ("2019/20 Q1", "quarter", "contacts_count", 80, None),
    ("2019/20 Q2", "quarter", "contacts_count", 90, None),
    ("2019/20 Q3", "quarter", "contacts_count", 77, None),
    ("2019/20 Q3", "ytd", "contacts_count", 247, None),
]


def test_previous_quarters_are_the_mean_of_the_year_so_far():
    row = compared(CONTACTS).loc[("contacts_count", "2019/20 Q3", "quarter", "previous_quarters")]
    assert (row["value"], row["reference"], row["difference"]) == (77, 85, -8)
    assert row["difference_pct"] == pytest.approx(-9.41, abs=0.01)
    assert row["phrase"] == "slightly lower"


def test_quarter_1_compares_with_last_years_quarter_4():
    row = compared(CONTACTS).loc[("contacts_count", "2019/20 Q1", "quarter", "previous_quarters")]
    assert (row["reference"], row["phrase"]) == (84, "similar to")


def test_the_same_quarter_and_the_same_year_to_date_a_year_before():
    table = compared(CONTACTS)
    quarter = table.loc[("contacts_count", "2019/20 Q3", "quarter", "same_quarter_last_year")]
    so_far = table.loc[("contacts_count", "2019/20 Q3", "ytd", "same_quarter_last_year")]
    assert (quarter["reference"], quarter["phrase"]) == (70, "slightly higher")
    assert (so_far["reference"], so_far["phrase"]) == (240, "similar to")


def test_the_forecast_against_last_years_outturn():
    row = compared(CONTACTS).loc[("contacts_count", "2019/20 Q3", "year", "forecast_vs_last_year")]
    assert row["value"] == pytest.approx(247 * 4 / 3)
    assert (row["reference"], row["phrase"]) == (324, "mirrors")


def test_part_of_a_year_of_events_is_never_set_against_a_whole_year():
    table = compared(CONTACTS)
    assert "last_year" not in table.index.get_level_values("against")


def test_a_withheld_or_missing_side_has_no_row():
    table = compared(
        [
            ("2019/20 Q1", "quarter", "contacts_count", None, None, "x"),
            ("2019/20 Q2", "quarter", "contacts_count", 90, None),
            ("2019/20 Q3", "quarter", "contacts_count", 77, None),
        ]
    )
    assert table.empty
    assert len(table.columns) == 8


def test_a_share_of_nothing_has_no_row():
    table = compared([("2019/20 Q3", "quarter", "icpc_15wd_pct", 0, 0, "z")])
    assert table.empty


def test_a_percentage_year_to_date_against_last_year_and_london():
    table = compared(
        [
            ("2018/19 Q4", "year", "assess_45wd_pct", 51, 63),
            ("2019/20 Q3", "ytd", "assess_45wd_pct", 40, 50),
        ]
    )
    last_year = table.loc[("assess_45wd_pct", "2019/20 Q3", "ytd", "last_year")]
    assert last_year["phrase"] == "similar"
    assert pd.isna(last_year["difference_pct"])
    london = table.loc[("assess_45wd_pct", "2019/20 Q3", "ytd", "london")]
    # The year to 31 March 2020 had not ended on 31 December 2019: 2019 is the latest. 80 and 84 as displayed.
    assert (london["reference"], london["phrase"]) == (84.1, "slightly lower")
    assert table.loc[("assess_45wd_pct", "2019/20 Q3", "ytd", "england"), "reference"] == 83.1


def test_at_31_march_the_year_ending_that_day_is_the_latest():
    table = compared([("2019/20 Q4", "year", "assess_45wd_pct", 40, 50)])
    assert table.loc[("assess_45wd_pct", "2019/20 Q4", "year", "london"), "reference"] == 84.7


def test_counts_are_never_set_against_london():
    table = compared(
        [
            ("2019/20 Q3", basis, kpi, 27, None)
            for basis in ("quarter", "ytd")
            for kpi in ("cla_stock", "referrals_count")
        ]
    )
    assert not set(table.index.get_level_values("against")) & {"london", "england"}


def test_a_stock_against_the_last_31_march():
    table = compared(
        [
            ("2018/19 Q4", "quarter", "cla_stock", 20, None),
            ("2019/20 Q3", "quarter", "cla_stock", 27, None),
            ("2019/20 Q3", "ytd", "cla_stock", 27, None),
        ]
    )
    for basis in ("quarter", "ytd"):
        row = table.loc[("cla_stock", "2019/20 Q3", basis, "last_year_end")]
        assert (row["reference"], row["difference"], row["phrase"]) == (20, 7, "higher")


def test_against_zero_there_is_no_relative_difference():
    table = compared(
        [
            ("2019/20 Q1", "quarter", "contacts_count", 0, None),
            ("2019/20 Q2", "quarter", "contacts_count", 5, None),
        ]
    )
    row = table.loc[("contacts_count", "2019/20 Q2", "quarter", "previous_quarters")]
    assert pd.isna(row["difference_pct"])
    assert row["phrase"] == "higher"


def test_the_bands_are_settings():
    wide = WordingLimits(similar_pct=10)
    row = compared(CONTACTS, limits=wide).loc[
        ("contacts_count", "2019/20 Q3", "quarter", "previous_quarters")
    ]
    assert row["phrase"] == "similar to"


def test_breakdowns_and_bands_are_not_compared():
    quarterly = facts(CONTACTS).assign(breakdown="gender", category="F")
    assert kpi_comparisons(
        figures_by_authority(quarterly, forecast_year_ends(quarterly, REGISTRY, PRO_RATA), REGISTRY), SHIPPED
    ).empty


def test_an_empty_frame_has_the_columns():
    quarterly = facts([])
    table = kpi_comparisons(
        figures_by_authority(quarterly, forecast_year_ends(quarterly, REGISTRY, PRO_RATA), REGISTRY), SHIPPED
    )
    assert list(table.columns)[:5] == ["authority_code", "quarter_key", "basis", "kpi_id", "against"]

"""Figures beside published ones: neighbours, the authority itself, rates, years that end in September."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from cf_pipeline.comparators.lookup import ComparatorLookup
from cf_pipeline.comparators.releases import shipped_values
from cf_pipeline.compare.comparisons import kpi_comparisons
from cf_pipeline.compare.figures import figures_by_authority
from cf_pipeline.compare.references import BEYOND_ROUNDING, WITHIN_ROUNDING, rounding_note
from cf_pipeline.contracts.rounding import as_written
from cf_pipeline.forecast import CouncilChoices, forecast_year_ends
from tests.unit.compare.compared_figures import CITY, REGISTRY, SHIPPED, compared, facts

PRO_RATA = CouncilChoices("pro_rata")

NATIONAL = {"cin_open_stock", *shipped_values()["kpi_id"]}
NEIGHBOURS_OF_CITY = ["E09000007", "E09000013", "E09000020", "E09000028", "E09000022", "E09000019"]


def published(rows, kpi_id="assess_45wd_pct"):
    """Published figures from (place, year, value)."""
    table = [
        (kpi_id, "all", place, year, value, None, "cin", "2031 release", "a.csv", True)
        for place, year, value in rows
    ]
    names = "kpi_id category authority_code year_ending value symbol source release file is_current"
    return pd.DataFrame(table, columns=names.split()).astype({"value": "Float64", "year_ending": "Int64"})


def beside(rows, figures, registry=REGISTRY):
    quarterly = facts(rows)
    table = kpi_comparisons(
        figures_by_authority(quarterly, forecast_year_ends(quarterly, registry, PRO_RATA), registry), figures
    )
    return table.set_index(["kpi_id", "quarter_key", "basis", "against"])


def test_inner_london_is_a_place_of_its_own():
    table = compared([("2019/20 Q3", "ytd", "assess_45wd_pct", 40, 50)])
    row = table.loc[("assess_45wd_pct", "2019/20 Q3", "ytd", "inner_london")]
    assert (row["reference"], row["year_ending"]) == (81.4, 2019)


PLACES_OF_2019 = {
    "E12000007": 84.1,  # London
    "E13000001": 81.4,  # Inner London
    "E13000002": 86.0,  # Outer London
    "E12000008": 80.5,  # South East
    "E12000004": 79.0,  # East Midlands
    "E92000001": 83.1,  # England
}


@pytest.mark.parametrize(
    ("code", "beside"),
    [
        ("E09000001", {"london": 84.1, "inner_london": 81.4, "england": 83.1}),  # City of London
        ("E09000014", {"london": 84.1, "inner_london": 81.4, "england": 83.1}),  # Haringey
        ("E09000011", {"london": 84.1, "outer_london": 86.0, "england": 83.1}),  # Greenwich
        ("E09000003", {"london": 84.1, "outer_london": 86.0, "england": 83.1}),  # Barnet
        ("E10000002", {"region": 80.5, "england": 83.1}),  # Buckinghamshire
        ("E06000017", {"region": 79.0, "england": 83.1}),  # Rutland
        ("E08000037", {"england": 83.1}),  # Gateshead: nothing of the North East is published here
    ],
)
def test_a_figure_stands_beside_its_region_and_england_and_beside_london_only_in_london(code, beside):
    quarterly = facts([("2019/20 Q3", "ytd", "assess_45wd_pct", 40, 50)]).assign(authority_code=code)
    figures = published([(place, 2019, value) for place, value in PLACES_OF_2019.items()])
    table = kpi_comparisons(
        figures_by_authority(quarterly, forecast_year_ends(quarterly, REGISTRY), REGISTRY), figures
    )
    assert dict(zip(table["against"], table["reference"], strict=True)) == beside


def test_neighbours_are_the_median_of_those_that_published_and_how_close_they_are_is_said():
    figures = published([(code, 2019, 70 + n) for n, code in enumerate(NEIGHBOURS_OF_CITY)])
    table = beside([("2019/20 Q3", "ytd", "assess_45wd_pct", 40, 50)], figures)
    row = table.loc[("assess_45wd_pct", "2019/20 Q3", "ytd", "neighbours")]
    assert row["reference"] == 72.5
    assert row["note"] == "Median of 6 of its 10 statistical neighbours, all 6 not close."


def test_a_whole_year_is_set_beside_what_was_published_for_the_authority_itself():
    rows = [
        ("2018/19 Q4", "quarter", "referrals_count", 20, None),
        ("2018/19 Q4", "year", "referrals_count", 81, None),
        ("2019/20 Q4", "year", "referrals_count", 97, None),
        ("2018/19 Q4", "year", "assess_45wd_pct", 47, 58),
    ]
    table = compared(rows)
    own = table[table.index.get_level_values("against") == "own_published"]
    assert own.index.get_level_values("basis").unique().tolist() == ["year"]
    exact = own.loc[("referrals_count", "2018/19 Q4", "year", "own_published")]
    off = own.loc[("referrals_count", "2019/20 Q4", "year", "own_published")]
    share = own.loc[("assess_45wd_pct", "2018/19 Q4", "year", "own_published")]
    assert (exact["reference"], exact["difference"], exact["year_ending"]) == (81, 0, 2019)
    assert (off["reference"], off["difference"]) == (100, -3)
    assert (share["reference"], share["value"]) == (81.0, pytest.approx(81.03, abs=0.01))
    assert exact["note"] == share["note"] == "Within rounding of the authority's own published figure."
    assert off["note"].startswith("Further from")


def test_a_note_on_a_small_difference_is_said_with_every_published_figure():
    kpi = replace(REGISTRY["assess_45wd_pct"], comparator_note="The national figure differs a little.")
    rows = [("2018/19 Q4", "year", "assess_45wd_pct", 47, 58)]
    table = beside(rows, SHIPPED, REGISTRY | {kpi.id: kpi})
    notes = table.reset_index().set_index("against")["note"]
    assert notes["london"] == "The national figure differs a little."
    assert notes["own_published"] == f"{WITHIN_ROUNDING} The national figure differs a little."


def test_rounding_explains_half_of_the_last_published_place_and_no_more():
    for value, note in ((81.05, WITHIN_ROUNDING), (81.051, BEYOND_ROUNDING), (80.95, WITHIN_ROUNDING)):
        assert rounding_note(as_written(value), as_written(81), 1) == note


def rated(rule):
    """The registry with the referrals as a rate whose forecast follows a rule."""
    kpi = replace(REGISTRY["referrals_count"], kind="rate_10k", forecast_rule=rule, comparator_series="r")
    return {"referrals_count": kpi}


RATES = [
    ("2019/20 Q3", "quarter", "referrals_count", 1, 100),
    ("2019/20 Q3", "ytd", "referrals_count", 3, 100),
]


def rate_comparisons(rule, rows=RATES, forecasts=(), used=3):
    quarterly = facts(rows)
    registry = rated(rule)
    made = forecast_year_ends(facts([]), REGISTRY, PRO_RATA).reindex(range(len(forecasts))).astype(object)
    for at, (numerator, denominator) in enumerate(forecasts):
        made.loc[at] = pd.Series(
            {
                "authority_code": CITY,
                "fiscal_year": "2019/20",
                "quarters_used": used,
                "kpi_id": "referrals_count",
                "breakdown": "total",
                "category": "all",
                "is_selected": True,
                "forecast_numerator": numerator,
                "forecast_denominator": denominator,
                "forecast": numerator / denominator * 10_000,
            }
        )
    figures = published([("E12000007", 2019, 150.0)], "r")
    return kpi_comparisons(figures_by_authority(quarterly, made, registry), figures).set_index(
        ["basis", "against"]
    )


def test_a_flow_rate_stands_beside_london_for_a_whole_year_or_as_the_year_end_forecast_only():
    assert "london" not in rate_comparisons("rate_of_forecast").index.get_level_values("against")
    row = rate_comparisons("rate_of_forecast", forecasts=[(4, 100)]).loc[("year", "london")]
    assert (row["value"], row["reference"], row["note"]) == (400, 150, "The year-end forecast.")
    whole = rate_comparisons("rate_of_forecast", [("2019/20 Q4", "year", "referrals_count", 4, 100)])
    assert (whole.loc[("year", "london"), "value"], whole["note"].isna().all()) == (400, True)


def test_at_the_years_end_the_year_itself_stands_beside_london_and_not_its_forecast():
    rows = [("2019/20 Q4", basis, "referrals_count", 4, 100) for basis in ("ytd", "year")]
    table = rate_comparisons("rate_of_forecast", rows, forecasts=[(5, 100)], used=4)
    assert table.loc[[("year", "london")], "value"].tolist() == [400]


def test_a_stock_rate_stands_beside_london_at_any_quarter():
    bases = rate_comparisons("last_stock").index.to_list()
    assert ("quarter", "london") in bases
    assert ("ytd", "london") in bases


def test_a_year_that_ends_in_september_is_not_known_in_june():
    figures = ComparatorLookup(published([("E12000007", 2019, 15.0)], "wf_vacancy_rate"), [CITY])
    assert figures.latest_figure("wf_vacancy_rate", "london", CITY, dt.date(2019, 9, 29)) is None
    assert figures.latest_figure("wf_vacancy_rate", "london", CITY, dt.date(2019, 9, 30)).value == 15


def test_a_kpi_whose_definition_differs_names_no_published_series():
    differing = [kpi for kpi in REGISTRY.values() if kpi.area == "Care Leavers" or kpi.id == "cin_open_stock"]
    assert [kpi.id for kpi in differing if kpi.comparator_series] == []
    assert [kpi.id for kpi in differing if kpi.id in NATIONAL and not kpi.comparator_note] == []

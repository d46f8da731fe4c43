"""The questions of analysts and Members are answered by clicks alone, at most four from the overview.

Each number on the way is what SQL gives: the queries of docs/sql.md, over the same warehouse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pytest

from cf_pipeline.cli.serving.warehouse_source import WarehouseSource
from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.dashboard.access.identity import AccessSettings
from cf_pipeline.dashboard.app import make_app
from cf_pipeline.dashboard.pages.records.rows.labels import list_title
from cf_pipeline.outputs.charts.drawing.picture import draw_svg
from cf_pipeline.outputs.charts.words import quarter_text
from tests.integration.test_sql_questions import QUERIES
from tests.support.dashboard_example import KeptLog
from tests.support.page_visitor import Visitor
from tests.support.web_server import serve

pytestmark = [pytest.mark.browser, pytest.mark.slow]

METHODS = {
    "model": "model",
    "pro rata": "pro_rata",
    "rest as last year": "last_year_remainder",
    "latest quarter repeated": "latest_value",
}
BASES = {"the quarter": "quarter", "the year to date": "ytd", "the whole year": "year"}


@pytest.fixture(scope="module")
def sql(sample_project) -> Callable[[str], list[tuple[Any, ...]]]:
    """Runs a query; nothing stays open, because a process has one connection of each kind to a file."""
    path = str(sample_project / "data/warehouse/published.duckdb")

    def run(query: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(path, read_only=True) as warehouse:
            return warehouse.sql(query).fetchall()

    return run


@pytest.fixture(scope="module")
def address(sample_project) -> Iterator[str]:
    url = f"duckdb:///{sample_project}/data/warehouse/published.duckdb"
    with serve(make_app(WarehouseSource(url), KeptLog(), AccessSettings(), draw_svg)) as base:
        yield f"{base}/city-of-london"


@pytest.fixture
def visitor(browser, address) -> Iterator[Visitor]:
    context = browser.new_context()
    yield Visitor(context.new_page(), address)
    context.close()


def close(number: float | None) -> Any:
    return None if number is None else pytest.approx(float(number), rel=1e-9, abs=1e-9)


def quarter_words(key: str) -> str:
    return quarter_text(Quarter.parse(key))


def test_rereferrals_by_age_beside_london_england_and_last_year(visitor, sql):
    visitor.click("Contacts and Referrals").click("Re-referrals within 12 months").click("age band")
    shown = {(row["Period"], row["Age band"]): row for row in visitor.table("categories-by-period")}
    rows = sql(QUERIES[1, 1])
    assert len(shown) == len(rows) > 50
    for key, age_band, value, last_year, london, england in rows:
        row = shown[quarter_words(key), age_band]
        assert row["A year before"] == close(last_year)
        assert (row["London (everyone)"], row["England (everyone)"]) == (close(london), close(england))
        assert row["Figure"] == close(value)


def test_what_got_worse_the_largest_first_and_what_is_off_target(visitor, sql):
    visitor.click("Everything that is worse than the quarter before")
    shown = [
        (row["Measure"], row["Before"], row["Now"], row["Size, in standard errors"], row["Chance"])
        for row in visitor.table("worse-measures")
    ]
    expected = [
        (title, close(reference), close(value), close(errors and abs(errors)), chance)
        for title, reference, value, errors, chance in sql(QUERIES[2, 1])
    ]
    assert shown == expected
    assert shown
    targets = visitor.table("target-list")
    missed = {(row["Measure"], row["Target"]) for row in targets if row["Reached"] == "not reached"}
    assert missed == {(title, float(target)) for title, _, target in sql(QUERIES[2, 2])}
    assert missed


def test_open_errors_by_list_with_their_trend(visitor, sql):
    rows = sql(QUERIES[3, 1])
    expected = {list_title(name): (float(errors), close(change)) for name, errors, change in rows if name}
    visitor.click("Data quality")
    shown = {
        row["List"]: (row["Errors"], row["Errors since the delivery before"])
        for row in visitor.table("lists")
        if row["Errors"]
    }
    assert {name: shown[name] for name in expected} == expected


def test_year_end_forecasts_beside_targets_and_last_year(visitor, sql):
    visitor.click("Forecasts")
    names = ("Measure", "Year-end forecast", "Likely from", "Likely to", "Year-end target", "Last year")
    rows = [row for row in visitor.table("forecast-list") if row["Year-end target"] is not None]
    shown = [tuple(row[name] for name in names) for row in rows]
    expected = [(row[0], *map(close, row[1:])) for row in sql(QUERIES[4, 1])]
    assert sorted(shown, key=lambda row: row[0]) == expected
    assert expected


def test_how_a_quarter_changed_since_it_was_first_reported(visitor, sql):
    visitor.choose("Quarter", quarter_words("2018/19 Q4"))
    shown = sorted(
        (row["Measure"], BASES[row["Of"]], row["First reported"], row["Now"], row["Why"].rstrip(".").lower())
        for row in visitor.table("corrected-figures")
    )
    expected = sorted(
        (title, basis, close(before), close(after), reason.rstrip(".").lower())
        for title, basis, before, after, _, _, reason in sql(QUERIES[5, 1])
    )
    assert shown == expected
    assert expected


def test_contacts_by_team_and_month_with_the_share_in_time(visitor, sql):
    visitor.click("Compare").click("Contacts by team and month, with the share completed in one working day")
    labels = dict(sql("SELECT category, label FROM published_v1.dim_category WHERE breakdown = 'team'"))
    shown = sorted(
        (
            row["Period"],
            row["Team"],
            row["Contacts received"],
            row["Contacts completed within one working day"],
        )
        for row in visitor.table("comparison")
    )
    expected = sorted(
        (month, labels[team], float(count), share) for month, team, count, share in sql(QUERIES[6, 1])
    )
    assert [row[:3] for row in shown] == [row[:3] for row in expected]
    assert [row[3] for row in shown] == [close(row[3]) for row in expected]


def test_children_on_a_plan_by_team_and_age(visitor, sql):
    visitor.click("Child Protection").click("Children on child protection plans").click("team and age band")
    shown = {
        (row["Team"], age): count
        for row in visitor.table("categories")
        for age, count in row.items()
        if age != "Team" and count
    }
    assert shown == {(team, age): float(count) for team, age, count in sql(QUERIES[7, 1])}
    assert shown


def test_what_is_outside_firm_limits_and_on_which_side(visitor, sql):
    shown = sorted((row["Measure"], row["Figure"], row["Side"]) for row in visitor.table("outside-limits"))
    latest = sql(QUERIES[8, 1].replace("ORDER BY", "AND l.is_latest ORDER BY"))
    assert shown == sorted((title, close(value), side) for _, title, value, side in latest)
    assert shown


def test_the_best_method_of_each_measure_on_its_own_record(visitor, sql):
    visitor.click("Forecasts")
    shown = {row["Measure"]: row for row in visitor.table("best-methods")}
    rows = sql(QUERIES[9, 1])
    assert sorted(shown) == sorted(title for title, *_ in rows)
    errors = {
        (title, method): error
        for title, method, error in sql(
            "SELECT k.title, r.method, avg(r.abs_pct_error) FROM published_v1.fact_forecast_record r "
            "JOIN published_v1.dim_kpi k ON k.kpi_id = r.kpi_id GROUP BY k.title, r.method"
        )
    }
    for title, _, _, error in rows:
        assert shown[title]["Mean error in percent"] == close(error)
        assert errors[title, METHODS[shown[title]["Method"]]] == close(error)  # of equal ones either


def test_referrals_assessments_and_plans_as_one_row_a_month(visitor, sql):
    visitor.click("Compare").click("Referrals, assessments and plans started, month by month")
    shown = [tuple(row.values()) for row in reversed(visitor.table("comparison"))]
    assert shown == [(month, *map(close, counts)) for month, *counts in sql(QUERIES[10, 1])][-24:]
    assert len(shown) == 24


def test_what_should_worry_a_member_and_what_got_better(visitor, sql):
    changes = {
        (title, against): (value, reference, change, chance)
        for title, against, value, reference, change, chance in sql(
            "SELECT title, against, value, reference, change, chance FROM published_v1.v_kpi_change "
            "WHERE authority = 'City of London' AND is_latest"
        )
    }
    when = {
        "the quarter before": "previous_quarter",
        "in the same quarter last year": "same_quarter_last_year",
    }
    shown = visitor.table("changed")
    assert shown
    for row in shown:
        value, reference, change, chance = changes[row["Measure"], when[row["Since"]]]
        assert (row["Now"], row["Before"]) == (close(value), close(reference))
        assert (row["Change"], row["Chance"]) == (change, chance)
        assert chance in ("beyond chance", "at the edge of chance")


def test_whether_43_percent_is_good(visitor, sql):
    visitor.click("Contacts and Referrals").click("Conversion rate of contacts to referrals")
    words = dict(
        zip(
            visitor.page.locator("dl.pairs dt").all_text_contents(),
            visitor.page.locator("dl.pairs dd").all_text_contents(),
            strict=True,
        )
    )
    ((value, numerator, denominator, last_year),) = sql(
        "SELECT value, numerator, denominator, same_quarter_last_year FROM published_v1.v_kpi_latest "
        "WHERE authority = 'City of London' AND breakdown = 'total' "
        "AND title = 'Conversion rate of contacts to referrals'"
    )
    assert words["Figure"] == f"{value:.0f}% ({numerator:.0f} of {denominator:.0f})" == "43% (33 of 77)"
    assert words["Same quarter last year"].startswith(f"{last_year:.0f}%")
    assert words["Target"] == "none is set"
    assert words["Direction"] == "Neither higher nor lower is better."


def test_where_the_year_will_end_and_how_right_such_forecasts_were(visitor, sql):
    visitor.click("Contacts and Referrals").click("Contacts received")
    ((forecast, lower, upper),) = sql(
        "SELECT forecast, lower_80, upper_80 FROM published_v1.fact_kpi_forecast f "
        "JOIN published_v1.dim_authority a ON a.authority_code = f.authority_code "
        "AND a.latest_quarter_key = f.quarter_key WHERE a.name = 'City of London' AND is_selected "
        "AND f.kpi_id = 'contacts_count' AND f.breakdown = 'total'"
    )
    (shown,) = (row for row in visitor.table("forecasts") if row["Method"] == "model")
    assert (shown["Forecast"], shown["Likely from"], shown["Likely to"]) == (forecast, lower, upper)
    record = sql(
        "SELECT fiscal_year, method, forecast, outturn FROM published_v1.fact_forecast_record "
        "WHERE kpi_id = 'contacts_count' AND quarters_used = 3 ORDER BY fiscal_year DESC, method"
    )
    rows = [
        (row["Year"], METHODS[row["Method"]], row["Forecast"], row["The year came to"])
        for row in visitor.table("forecast-record")
    ]
    assert rows == [(year, method, close(forecast), close(end)) for year, method, forecast, end in record]
    assert rows


def test_whether_children_are_seen_and_decided_in_time(visitor, sql):
    latest = dict(
        sql(
            "SELECT title, value FROM published_v1.v_kpi_latest "
            "WHERE authority = 'City of London' AND breakdown = 'total'"
        )
    )
    shown = {row["Measure"]: row["Q3 2019/20"] for row in visitor.table("main-measure-list")}
    assert "Visits to children in care made in time" in shown
    assert shown == {title: close(latest[title]) for title in shown}


def test_what_is_not_known_and_why(visitor, sql):
    visitor.click("Measures without a figure")
    shown = [(row["Measure"], row["Why"]) for row in visitor.table("missing-figures")]
    assert shown == [(title, reason) for title, _, reason in sql(QUERIES[15, 1])]
    assert shown

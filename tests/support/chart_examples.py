"""A chart of every kind, of made-up figures that leave little room: crowded, long, large and small ones."""

from __future__ import annotations

from functools import cache

from cf_pipeline.contracts.authorities import authorities
from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.outputs.charts.chart import Chart
from cf_pipeline.outputs.charts.figures import trend_quarters
from cf_pipeline.outputs.charts.kinds.bands import bands_chart
from cf_pipeline.outputs.charts.kinds.durations import durations_chart
from cf_pipeline.outputs.charts.kinds.flow import flow_chart
from cf_pipeline.outputs.charts.kinds.panels import area_chart, teams_chart
from cf_pipeline.outputs.charts.kinds.places import places_chart
from cf_pipeline.outputs.charts.kinds.revisions import revisions_charts
from cf_pipeline.outputs.charts.kinds.sparkline import sparkline
from cf_pipeline.outputs.charts.kinds.trend import trend_chart
from cf_pipeline.outputs.charts.kinds.year_end import year_end_chart
from tests.support.chart_figures import (
    CODE,
    QUARTER,
    Row,
    band_rows,
    comparison,
    figures,
    forecast,
    limits,
    target,
    total,
    totals,
)

Q4 = Quarter(2019, 4)
LONG_TEAM = "Multi-Agency Safeguarding Hub and Emergency Out-of-Hours Duty Service (North and West)"


@cache
def example_charts() -> dict[str, Chart]:
    """What an example shows -> the chart, each with a picture."""
    charts = {**_trends(), **_year_ends(), **_rows(), **_panels()}
    assert all(chart.spec for chart in charts.values())
    return charts


def _trends() -> dict[str, Chart]:
    shares = totals("contacts_1wd_pct", [88, 89, 90, 91, 88, 87, 90, 92, 91, 90, 89], 100)
    beside = {
        "fact_kpi_comparison": [comparison("contacts_1wd_pct", "london", 89.4, "similar")],
        "fact_control_limit": limits("contacts_1wd_pct", 84.2, 94.7),
        "fact_target": [target("contacts_1wd_pct", 90)],
    }
    gaps = [74, None, 81, 76, 78, 84, None, 82, 80, 90, 1]
    large = [1204311, 1190000, 1304225, 1100250, 1250000, 1199999]
    year = [12, 11, 15, 9, 14, 13, 12, 10, 16, 11, 12, 13]
    return {
        "everything within five points": trend_chart(
            figures(fact_kpi_quarterly=shares, **beside), "contacts_1wd_pct"
        ),
        "shares of nineteen": trend_chart(
            figures(fact_kpi_quarterly=totals("contacts_1wd_pct", [15, 14] * 5, 19)), "contacts_1wd_pct"
        ),
        "every share is whole": trend_chart(
            figures(fact_kpi_quarterly=totals("contacts_1wd_pct", [16] * 11, 16)), "contacts_1wd_pct"
        ),
        "gaps": trend_chart(figures(fact_kpi_quarterly=totals("contacts_count", gaps)), "contacts_count"),
        "millions": trend_chart(
            figures(fact_kpi_quarterly=totals("contacts_count", large)), "contacts_count"
        ),
        "zeros": trend_chart(figures(fact_kpi_quarterly=totals("cla_stock", [0] * 11)), "cla_stock"),
        "twelve quarters": trend_chart(
            figures(Q4, fact_kpi_quarterly=totals("contacts_count", year, until=Q4)), "contacts_count"
        ),
        "sparkline": sparkline(figures(fact_kpi_quarterly=totals("contacts_count", gaps)), "contacts_count"),
    }


def _to_date(kpi_id: str, last: list[int], this: list[int], whole: int | None = None) -> list[Row]:
    quarters = [*Q4.previous(4).year_quarters(), *Q4.year_quarters()[: len(this)]]
    return [
        total(kpi_id, quarter, count, whole, basis="ytd")
        for quarter, count in zip(quarters, [*last, *this], strict=True)
    ]


def _year_ends() -> dict[str, Chart]:
    model = forecast("contacts_count", 327.0, lower_80=316.0, upper_80=340.0, lower_95=310.0, upper_95=348.0)
    counts = _to_date("contacts_count", [78, 162, 242, 324], [80, 170, 247])
    shares = _to_date("contacts_1wd_pct", [90, 91, 90, 91], [92, 91, 90], 100)
    return {
        "a fan": year_end_chart(
            figures(
                fact_kpi_quarterly=counts,
                fact_kpi_forecast=[
                    forecast("contacts_count", 329.33),
                    model | {"method": "model", "is_selected": False},
                ],
            ),
            "contacts_count",
        ),
        "a year end at its target": year_end_chart(
            figures(
                fact_kpi_quarterly=shares,
                fact_kpi_forecast=[forecast("contacts_1wd_pct", 91.0)],
                fact_target=[target("contacts_1wd_pct", 91)],
            ),
            "contacts_1wd_pct",
        ),
    }


def _rows() -> dict[str, Chart]:
    stacks = [
        row
        for place, quarter in enumerate(trend_quarters(QUARTER))
        for row in band_rows({"<=3m": 9 - place % 3, ">3-6m": place % 2, ">6m": 1}, quarter)
    ]
    bands = figures(fact_kpi_quarterly=band_rows({"<=3m": 1200, ">3-6m": 0, ">6m": 37}))
    changes = [
        {
            "quarter_key": quarter.key,
            "basis": "quarter",
            "kpi_id": "contacts_1wd_pct",
            "reason": "late entry: 3",
        }
        | {"from_value": before, "to_value": after}
        for quarter, before, after in zip(
            trend_quarters(QUARTER)[-4:-1], (99.0, 5.0, 50.0), (100.0, 19.0, 49.0), strict=True
        )
    ]
    return {
        "places": places_chart(figures(**_places()), "contacts_1wd_pct"),
        "bands": bands_chart(bands, "cin_duration_bands"),
        "durations": durations_chart(figures(fact_kpi_quarterly=stacks), "cin_duration_bands"),
        "revisions": revisions_charts(figures(kpi_revision=changes))[0],
        "flow": flow_chart(figures(fact_kpi_quarterly=_steps())),
    }


def _places() -> dict[str, list[Row]]:
    names = {place.name: place.authority_code for place in authorities().values()}
    neighbours = [names[name] for name in ("Hackney", "Bournemouth, Christchurch and Poole", "Camden")]
    values = dict.fromkeys(("E12000007", "E92000001", "E13000001", *neighbours), 84.0) | {
        neighbours[0]: 100.0
    }
    return {
        "fact_kpi_quarterly": totals("contacts_1wd_pct", [15] * 3, 19),
        "fact_kpi_comparison": [comparison("contacts_1wd_pct", "london", 84.0, "lower", value=100 * 15 / 19)],
        "fact_comparator": [
            {"authority_code": code, "kpi_id": "contacts_1wd_pct", "year_ending": 2019, "value": value}
            | {"is_comparable": True}
            for code, value in values.items()
        ],
        "dim_neighbour": [
            {"authority_code": CODE, "rank": rank, "neighbour_code": code}
            for rank, code in enumerate(neighbours)
        ],
    }


def _steps() -> list[Row]:
    steps = (
        ("contacts_count", 1280, 1277),
        ("referrals_count", 20, 33),
        ("assess_started_count", 16, 20),
        ("cpp_started_count", 3, 0),
    )
    return [row for kpi_id, before, now in steps for row in totals(kpi_id, [before, None, None, None, now])]


def _panels() -> dict[str, Chart]:
    teams = [
        row
        for team, whole in (("East", 100), ("West", 19), (LONG_TEAM, 100))
        for row in totals(
            "contacts_1wd_pct", [10, 19, 12, 11, 18, 19], whole, breakdown="team", category=team
        )
    ]
    measures = [
        row
        for kpi_id, most in (("contacts_count", 123456), ("referrals_count", 20), ("cla_stock", 0))
        for row in totals(kpi_id, [most, most // 2, most // 3, None, most, most // 2, most])
    ]
    return {
        "teams": teams_chart(figures(fact_kpi_quarterly=teams), "contacts_1wd_pct"),
        "an area": area_chart(figures(fact_kpi_quarterly=measures), "Contacts"),
    }

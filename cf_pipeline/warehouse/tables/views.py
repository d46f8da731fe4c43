"""The views: figures joined with the names and titles that people read, one SELECT each.

They are SQLAlchemy selects, so that each database gets its own SQL.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal,
    select,
    true,
)

from cf_pipeline.comparators.neighbours import NEIGHBOURS_SUFFIX
from cf_pipeline.contracts.authorities import LONDON
from cf_pipeline.warehouse.tables.change_view import kpi_change
from cf_pipeline.warehouse.tables.kpi_views import kpi_latest, kpi_trend

Tables = Mapping[str, FromClause]
"""The tables of the schema by name."""

VIEW_COMMENTS = {
    "v_kpi_headline": "KPI totals of each quarter, with year to date, year-end forecast and last year",
    "v_kpi_wide": "KPI values with the quarters of a financial year side by side",
    "v_kpi_vs_london": "KPI values beside London's published figures, with the comparison in words",
    "v_kpi_vs_region": "KPI values beside the region's published figures (a London borough's is London)",
    "v_kpi_vs_neighbours": "KPI values beside the median of statistical neighbours and how close they are",
    "v_committee_table": "The committee's table: Area and Headlines",
    "v_kpi_trend": "Each figure through the quarters, beside last year's, other places', target and forecast",
    "v_kpi_latest": "The newest quarter of v_kpi_trend of each authority, on basis quarter",
    "v_kpi_change": "What changed since the quarter before and the same quarter last year: better or worse, "
    "by how much, and whether chance explains it",
    "v_data_quality": "What is wrong in the newest delivery of each list; sort by position, then issues",
}


def views(tables: Tables) -> dict[str, Select[Any]]:
    """The SELECT behind each view of the schema, by name.

    Args:
        tables: the tables that the views read, by name (a staging schema has its own).
    """
    return {
        "v_kpi_headline": _kpi_headline(tables),
        "v_kpi_wide": _kpi_wide(tables),
        "v_kpi_vs_london": _kpi_vs_london(tables),
        "v_kpi_vs_region": _kpi_vs_region(tables),
        "v_kpi_vs_neighbours": _kpi_vs_neighbours(tables),
        "v_committee_table": _committee_table(tables),
        "v_kpi_trend": kpi_trend(tables),
        "v_kpi_latest": kpi_latest(tables),
        "v_kpi_change": kpi_change(tables),
    } | ({"v_data_quality": _data_quality(tables)} if "data_quality" in tables else {})


def _names(fact: FromClause, authority: FromClause, kpi: FromClause) -> list[ColumnElement[Any]]:
    """Whose figure of which KPI. A filter on a fact's own column reaches every table joined on it."""
    return [
        fact.c.authority_code,
        authority.c.name.label("authority"),
        kpi.c.area,
        fact.c.kpi_id,
        kpi.c.title,
        kpi.c.unit,
        kpi.c.polarity,
    ]


def _kpi_headline(tables: Tables) -> Select[Any]:
    authority, kpi, quarter = tables["dim_authority"], tables["dim_kpi"], tables["dim_quarter"]
    now = tables["fact_kpi_quarterly"].alias("now")
    ytd = tables["fact_kpi_quarterly"].alias("ytd")
    forecast = tables["fact_kpi_forecast"]
    joined = (
        now.join(authority, authority.c.authority_code == now.c.authority_code)
        .join(kpi, kpi.c.kpi_id == now.c.kpi_id)
        .join(quarter, quarter.c.quarter_key == now.c.quarter_key)
        .outerjoin(ytd, and_(*_same_figure(now, ytd), ytd.c.basis == "ytd"))
        .outerjoin(
            forecast,
            and_(
                forecast.c.authority_code == now.c.authority_code,
                forecast.c.fiscal_year == quarter.c.fiscal_year,
                forecast.c.quarters_used == quarter.c.quarter_no,
                forecast.c.kpi_id == now.c.kpi_id,
                forecast.c.breakdown == now.c.breakdown,
                forecast.c.category == now.c.category,
                forecast.c.is_selected == true(),
            ),
        )
    )
    return (
        select(
            *_names(now, authority, kpi),
            now.c.quarter_key,
            now.c.numerator,
            now.c.denominator,
            now.c.value,
            now.c.symbol,
            now.c.reason,
            now.c.note,
            ytd.c.value.label("ytd_value"),
            forecast.c.forecast.label("year_end_forecast"),
            forecast.c.method.label("forecast_method"),
            forecast.c.last_year,
            now.c.as_at,
        )
        .select_from(joined)
        .where(now.c.basis == "quarter", now.c.breakdown == "total")
    )


def _same_figure(one_table: FromClause, other_table: FromClause) -> list[ColumnElement[bool]]:
    keys = ("authority_code", "quarter_key", "kpi_id", "breakdown", "category")
    return [one_table.c[key] == other_table.c[key] for key in keys]


def _kpi_wide(tables: Tables) -> Select[Any]:
    authority, kpi, category = tables["dim_authority"], tables["dim_kpi"], tables["dim_category"]
    # The names are joined to a row a series and year: of the facts there are ten times as many.
    wide = _quarters_side_by_side(tables)
    values = [wide.c[name] for name in ("q1", "q2", "q3", "q4", "year", "note")]
    label, position = category.c.label.label("category_label"), category.c.position.label("category_position")
    keys = [wide.c.fiscal_year, wide.c.breakdown, wide.c.category]
    return select(*_names(wide, authority, kpi), *keys, *values, label, position).select_from(
        wide.join(authority, authority.c.authority_code == wide.c.authority_code)
        .join(kpi, kpi.c.kpi_id == wide.c.kpi_id)
        .outerjoin(category, category.c.category_key == wide.c.category_key)
    )


def _quarters_side_by_side(tables: Tables) -> Subquery:
    fact, quarter = tables["fact_kpi_quarterly"], tables["dim_quarter"]
    quarters = [
        func.max(case((and_(fact.c.basis == "quarter", quarter.c.quarter_no == number), fact.c.value))).label(
            f"q{number}"
        )
        for number in (1, 2, 3, 4)
    ]
    year = func.max(case((fact.c.basis == "year", fact.c.value))).label("year")
    # The quarters of a year share its population, and so the note on it.
    note = func.max(fact.c.note).label("note")
    key = [fact.c[name] for name in ("authority_code", "kpi_id", "breakdown", "category", "category_key")]
    return (
        select(*key, quarter.c.fiscal_year, *quarters, year, note)
        .select_from(fact.join(quarter, quarter.c.quarter_key == fact.c.quarter_key))
        .group_by(*key, quarter.c.fiscal_year)
        .subquery("wide")
    )


def _kpi_vs_london(tables: Tables) -> Select[Any]:
    return _kpi_vs_place(tables, ["london"], "london", literal(LONDON))


def _kpi_vs_region(tables: Tables) -> Select[Any]:
    authority = tables["dim_authority"]
    found = _kpi_vs_place(tables, ["region", "london"], "region", authority.c.region_code)
    return found.add_columns(authority.c.region_name)


def _kpi_vs_neighbours(tables: Tables) -> Select[Any]:
    own = tables["fact_kpi_comparison"].c.authority_code
    return _kpi_vs_place(tables, ["neighbours"], "neighbours_median", own + NEIGHBOURS_SUFFIX)


def _kpi_vs_place(tables: Tables, against: list[str], label: str, place: ColumnElement[str]) -> Select[Any]:
    """Comparisons with one other place, each with the published figure's year, source and release."""
    authority, kpi, fact = tables["dim_authority"], tables["dim_kpi"], tables["fact_kpi_comparison"]
    published = tables["fact_comparator"]
    return (
        select(
            *_names(fact, authority, kpi),
            fact.c.quarter_key,
            fact.c.basis,
            fact.c.value,
            fact.c.reference.label(label),
            fact.c.difference,
            fact.c.phrase,
            fact.c.year_ending,
            published.c.source,
            published.c.release,
            fact.c.note,
        )
        .select_from(
            fact.join(authority, authority.c.authority_code == fact.c.authority_code)
            .join(kpi, kpi.c.kpi_id == fact.c.kpi_id)
            .outerjoin(
                published,
                and_(
                    published.c.kpi_id == kpi.c.comparator_series,
                    published.c.category == "all",
                    published.c.authority_code == place,
                    published.c.year_ending == fact.c.year_ending,
                ),
            )
        )
        .where(fact.c.against.in_(against))
    )


def _committee_table(tables: Tables) -> Select[Any]:
    authority, fact = tables["dim_authority"], tables["fact_headline"]
    return select(
        fact.c.authority_code,
        authority.c.name.label("authority"),
        fact.c.quarter_key,
        fact.c.position,
        fact.c.area,
        fact.c.text.label("headlines"),
    ).select_from(fact.join(authority, authority.c.authority_code == fact.c.authority_code))


def _data_quality(tables: Tables) -> Select[Any]:
    authority, counts = tables["dim_authority"], tables["data_quality"]
    worst_first = case((counts.c.severity == "error", 1), (counts.c.severity == "warning", 2), else_=3)
    return (
        select(
            counts.c.authority_code,
            authority.c.name.label("authority"),
            worst_first.label("position"),
            counts.c.severity,
            counts.c.rule,
            counts.c.list,
            counts.c.issues,
            counts.c.trend,
            counts.c.message,
            counts.c.suggestion,
            counts.c.kpis,
            counts.c.delivery_id,
        )
        .select_from(counts.join(authority, authority.c.authority_code == counts.c.authority_code))
        .where(counts.c.is_newest == true())
    )

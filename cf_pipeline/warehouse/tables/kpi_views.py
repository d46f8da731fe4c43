"""The views of a KPI through time: each figure beside what it is compared with.

They are SQLAlchemy selects, so that each database gets its own SQL. Every join is on equal columns: DuckDB
joins on anything else row by row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
)

Tables = Mapping[str, FromClause]
"""The tables of the schema by name."""
PLACES = {
    "london": ["london"],
    "england": ["england"],
    "region": ["region", "london"],  # a London borough's region is London
    "neighbours": ["neighbours"],
}
"""The places beside a figure, by the words of `fact_kpi_comparison.against`."""
QUARTERS_A_YEAR = 4


def kpi_trend(tables: Tables) -> Select[Any]:
    """Each figure of each quarter with last year's, other places', target, forecast and limits."""
    return _trend(tables, tables["fact_kpi_quarterly"].alias("now"))


def kpi_latest(tables: Tables) -> Select[Any]:
    """The rows of the trend of each authority's newest quarter, on basis quarter."""
    authority, now = tables["dim_authority"], tables["fact_kpi_quarterly"].alias("now")
    is_latest = now.c.quarter_key == authority.c.latest_quarter_key
    return _trend(tables, now).where(is_latest, now.c.basis == "quarter")


def _trend(tables: Tables, now: FromClause) -> Select[Any]:
    """Each figure (`now`) beside what it is compared with."""
    authority, kpi, quarter = tables["dim_authority"], tables["dim_kpi"], tables["dim_quarter"]
    category = tables["dim_category"]
    before, year_ago = tables["fact_kpi_quarterly"].alias("before"), quarter.alias("year_ago")
    forecast, places, limit = tables["fact_kpi_forecast"], _places(tables), _limits(tables)
    target, end_target = (_targets(tables).subquery(name) for name in ("target", "end_target"))
    shown_target = case((or_(now.c.breakdown == "total", kpi.c.kind == "percentage"), target.c.value))
    # What adds up over a year has a target for a quarter: none for the year's end.
    year_end_target = case(
        (and_(now.c.breakdown == "total", kpi.c.is_additive != true()), end_target.c.value)
    )
    joined = (
        now.join(authority, authority.c.authority_code == now.c.authority_code)
        .join(kpi, kpi.c.kpi_id == now.c.kpi_id)
        .join(quarter, quarter.c.quarter_key == now.c.quarter_key)
        .outerjoin(category, category.c.category_key == now.c.category_key)
        .outerjoin(year_ago, year_ago.c.sequence == quarter.c.sequence - QUARTERS_A_YEAR)
        .outerjoin(
            before,
            and_(
                before.c.quarter_key == year_ago.c.quarter_key,
                *_equal(before, now, "authority_code", "basis", "kpi_id", "category_key"),
            ),
        )
        .outerjoin(places, and_(*_equal(places, now, "authority_code", "quarter_key", "basis", "kpi_id")))
        .outerjoin(target, _is_in_force(target, now, quarter.c.end_date))
        .outerjoin(end_target, _is_in_force(end_target, now, quarter.c.year_end_date))
        .outerjoin(
            forecast,
            and_(
                forecast.c.is_selected == true(),
                *_equal(forecast, now, "authority_code", "quarter_key", "kpi_id", "category_key"),
            ),
        )
        .outerjoin(
            limit,
            and_(*_equal(limit, now, "authority_code", "quarter_key", "kpi_id", "basis", "category_key")),
        )
    )
    return select(
        authority.c.authority_code,
        authority.c.name.label("authority"),
        kpi.c.area,
        kpi.c.kpi_id,
        kpi.c.title,
        kpi.c.unit,
        kpi.c.polarity,
        now.c.basis,
        now.c.breakdown,
        now.c.category,
        category.c.label.label("category_label"),
        category.c.position.label("category_position"),
        now.c.quarter_key,
        quarter.c.sequence,
        quarter.c.year_ending,
        quarter.c.end_date,
        cast(case((now.c.quarter_key == authority.c.latest_quarter_key, 1), else_=0), Boolean).label(
            "is_latest"
        ),
        now.c.numerator,
        now.c.denominator,
        now.c.value,
        now.c.symbol,
        now.c.reason,
        before.c.value.label("same_quarter_last_year"),
        *(places.c[name] for name in PLACES),
        shown_target.label("target"),
        year_end_target.label("year_end_target"),
        forecast.c.forecast.label("year_end_forecast"),
        forecast.c.lower_80.label("forecast_lower_80"),
        forecast.c.upper_80.label("forecast_upper_80"),
        forecast.c.last_year,
        limit.c.mean,
        limit.c.lower.label("lower_limit"),
        limit.c.upper.label("upper_limit"),
        limit.c.status.label("limit_status"),
        limit.c.variation,
    ).select_from(joined)


def _equal(one: FromClause, other: FromClause, *names: str) -> list[ColumnElement[bool]]:
    return [one.c[name] == other.c[name] for name in names]


def _is_in_force(target: FromClause, fact: FromClause, day: ColumnElement[Any]) -> ColumnElement[bool]:
    """Where a target is that of a fact's authority and KPI on a day."""
    return and_(
        *_equal(target, fact, "authority_code", "kpi_id"),
        target.c.valid_from <= day,
        target.c.last_day >= day,
    )


def _targets(tables: Tables) -> Select[Any]:
    """The targets with the last day they hold; the calendar's last where that is open."""
    target = tables["fact_target"]
    last_day = func.coalesce(target.c.valid_until, literal(dt.date.max))
    return select(target, last_day.label("last_day"))


def _places(tables: Tables) -> Subquery:
    """The published figures of other places beside each total, one column a place."""
    fact = tables["fact_kpi_comparison"]
    key = [fact.c[name] for name in ("authority_code", "quarter_key", "basis", "kpi_id")]
    references = [
        func.max(case((fact.c.against.in_(words), fact.c.reference))).label(name)
        for name, words in PLACES.items()
    ]
    words = sorted({word for words in PLACES.values() for word in words})
    return select(*key, *references).where(fact.c.against.in_(words)).group_by(*key).subquery("places")


def _limits(tables: Tables) -> Subquery:
    """The control limits, with the basis and the category of the totals that they are of."""
    limit = tables["fact_control_limit"]
    own = [literal("quarter").label("basis"), literal("total:all").label("category_key")]
    return select(limit, *own).subquery("limits")

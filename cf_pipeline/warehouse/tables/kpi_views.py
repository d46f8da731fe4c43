"""The views of a KPI through time: each figure beside what it is compared with.

They are SQLAlchemy selects, so that each database gets its own SQL. Every join is on equal columns: DuckDB
joins on anything else row by row.
"""

from __future__ import annotations

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
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.types import TypeEngine

Tables = Mapping[str, FromClause]
"""The tables of the schema by name."""
PLACES = {
    "london": ["london"],
    "england": ["england"],
    "region": ["region", "london"],  # a London borough's region is London
    "neighbours": ["neighbours"],
}
"""The places beside a figure, by the words of `fact_kpi_comparison.against`."""
TARGET_DAYS = {"target": "end_date", "year_end_target": "year_end_date"}
"""On which day of a quarter a target counts."""
BASES = ("quarter", "ytd", "year")
_BESIDE_KEY = ("authority_code", "quarter_key", "basis", "kpi_id")
_LIMITS = {
    "mean": "mean",
    "lower_limit": "lower",
    "upper_limit": "upper",
    "limit_status": "status",
    "variation": "variation",
}
"""The columns of the view, and those of `fact_control_limit`."""


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
    category, forecast, beside = tables["dim_category"], tables["fact_kpi_forecast"], _beside(tables)
    is_total = now.c.breakdown == "total"
    # What adds up over a year has a target for a quarter: none for the year's end.
    has_year_end_target = and_(is_total, kpi.c.is_additive != true())
    # Forecasts first: a join of many columns costs as much as it has columns before it. Then what stands
    # beside them: after the dimensions DuckDB would make its hash table of a council's many figures, and look
    # up these few rows in it.
    joined = (
        now.outerjoin(
            forecast,
            and_(
                forecast.c.is_selected == true(),
                *_equal(forecast, now, "authority_code", "quarter_key", "kpi_id", "category_key"),
            ),
        )
        .outerjoin(beside, and_(*_equal(beside, now, *_BESIDE_KEY)))
        .join(authority, authority.c.authority_code == now.c.authority_code)
        .join(kpi, kpi.c.kpi_id == now.c.kpi_id)
        .join(quarter, quarter.c.quarter_key == now.c.quarter_key)
        .outerjoin(category, category.c.category_key == now.c.category_key)
    )
    return select(
        *_names(tables, now),
        *(now.c[name] for name in ("numerator", "denominator", "value", "symbol", "reason")),
        now.c.value_last_year.label("same_quarter_last_year"),
        *(beside.c[name] for name in PLACES),
        case((or_(is_total, kpi.c.kind == "percentage"), beside.c.target)).label("target"),
        case((has_year_end_target, beside.c.year_end_target)).label("year_end_target"),
        forecast.c.forecast.label("year_end_forecast"),
        forecast.c.lower_80.label("forecast_lower_80"),
        forecast.c.upper_80.label("forecast_upper_80"),
        forecast.c.last_year,
        *(case((is_total, beside.c[name])).label(name) for name in _LIMITS),
    ).select_from(joined)


def _names(tables: Tables, now: FromClause) -> list[ColumnElement[Any]]:
    """Whose figure it is, of which KPI, category and quarter, in the words of the dimensions.

    A filter on a fact's own column reaches every table that is joined on it; on a dimension's it does not.
    """
    authority, kpi, quarter = tables["dim_authority"], tables["dim_kpi"], tables["dim_quarter"]
    category = tables["dim_category"]
    return [
        now.c.authority_code,
        authority.c.name.label("authority"),
        kpi.c.area,
        now.c.kpi_id,
        *(kpi.c[name] for name in ("title", "unit", "polarity")),
        *(now.c[name] for name in ("basis", "breakdown", "category")),
        category.c.label.label("category_label"),
        category.c.position.label("category_position"),
        now.c.quarter_key,
        *(quarter.c[name] for name in ("sequence", "year_ending", "end_date")),
        cast(case((now.c.quarter_key == authority.c.latest_quarter_key, 1), else_=0), Boolean).label(
            "is_latest"
        ),
    ]


def _equal(table: FromClause, other: FromClause, *names: str) -> list[ColumnElement[bool]]:
    return [table.c[name] == other.c[name] for name in names]


def _beside(tables: Tables) -> Subquery:
    """What stands beside a KPI's figures of a quarter and basis, one row for each.

    One join of one wide row costs a third of the joins of places, targets and limits one after the other.
    """
    parts = [_places(tables), _limits(tables)]
    parts += [_targets(tables, name, day) for name, day in TARGET_DAYS.items()]
    types = {column.name: column.type for part in parts for column in part.selected_columns}
    rows = union_all(*(_with_columns(part, types) for part in parts)).subquery("parts")
    key = [rows.c[name] for name in _BESIDE_KEY]
    values = [func.max(rows.c[name]).label(name) for name in types if name not in _BESIDE_KEY]
    return select(*key, *values).group_by(*key).subquery("beside")


def _with_columns(part: Select[Any], types: Mapping[str, TypeEngine[Any]]) -> Select[Any]:
    """The rows with all of these columns in order, null where they have none of the name."""
    rows = part.subquery()
    return select(
        *(rows.c[name] if name in rows.c else cast(null(), of).label(name) for name, of in types.items())
    )


def _targets(tables: Tables, name: str, day: str) -> Select[Any]:
    """The target that is in force on a day of each quarter (a column of `dim_quarter`), for every basis."""
    target, quarter = tables["fact_target"], tables["dim_quarter"]
    bases = union_all(*(select(literal(basis).label("basis")) for basis in BASES)).subquery("bases")
    is_in_force = and_(
        target.c.valid_from <= quarter.c[day],
        or_(target.c.valid_until.is_(None), target.c.valid_until >= quarter.c[day]),
    )
    return select(
        target.c.authority_code,
        quarter.c.quarter_key,
        bases.c.basis,
        target.c.kpi_id,
        target.c.value.label(name),
    ).select_from(target.join(quarter, is_in_force).join(bases, true()))


def _places(tables: Tables) -> Select[Any]:
    """The published figures of other places beside each total, one column a place."""
    fact = tables["fact_kpi_comparison"]
    references = [
        case((fact.c.against.in_(words), fact.c.reference)).label(name) for name, words in PLACES.items()
    ]
    words = sorted({word for words in PLACES.values() for word in words})
    key = [fact.c[name] for name in _BESIDE_KEY]
    return select(*key, *references).where(fact.c.against.in_(words))


def _limits(tables: Tables) -> Select[Any]:
    """The control limits of totals, with the basis that they are of."""
    limit = tables["fact_control_limit"]
    key = [limit.c.authority_code, limit.c.quarter_key, literal("quarter").label("basis"), limit.c.kpi_id]
    return select(*key, *(limit.c[column].label(name) for name, column in _LIMITS.items()))

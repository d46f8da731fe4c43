"""The view of what changed: each total beside the quarter before and the same quarter of last year.

Whether chance alone explains a change is said of events and their shares by the difference in standard errors
(two Poisson counts; two shares with their common share). A stock holds most of the children of the quarter
before, so its changes are judged by its control limits alone.

Source: Altman 1991, Practical Statistics for Medical Research (two proportions, two counts); `docs/sql.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    FromClause,
    Join,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)

PREVIOUS, LAST_YEAR = "previous_quarter", "same_quarter_last_year"
QUARTERS_BACK = {PREVIOUS: 1, LAST_YEAR: 4}
BEYOND, AT_EDGE, WITHIN = "beyond chance", "at the edge of chance", "within chance"
TOO_FEW, NOT_JUDGED = "too few to judge", "not judged"
INNER, OUTER = 1.96, 3.09
"""Standard errors of the 95% and of the 99.8% limits."""
FEWEST_EVENTS, FEWEST_EXPECTED = 10, 5
"""Events of both quarters together, and cases expected on either side of a share, below which neither is
judged."""
COUNTS = ("flow_count", "rate_10k")


def kpi_change(tables: Mapping[str, FromClause]) -> Select[Any]:
    """Each total of basis quarter that has a value, beside an earlier one: change, chance and size."""
    authority, kpi, quarter = tables["dim_authority"], tables["dim_kpi"], tables["dim_quarter"]
    now, before = (tables["fact_kpi_quarterly"].alias(name) for name in ("now", "before"))
    back, limit = _steps_back(), tables["fact_control_limit"]
    difference = now.c.value - before.c.value
    return (
        select(
            now.c.authority_code,
            authority.c.name.label("authority"),
            kpi.c.area,
            now.c.kpi_id,
            kpi.c.title,
            kpi.c.unit,
            kpi.c.polarity,
            now.c.quarter_key,
            quarter.c.sequence,
            cast(case((now.c.quarter_key == authority.c.latest_quarter_key, 1), else_=0), Boolean).label(
                "is_latest"
            ),
            back.c.against,
            now.c.value,
            before.c.value.label("reference"),
            difference.label("difference"),
            case((before.c.value != 0, 100 * difference / before.c.value)).label("difference_pct"),
            _judgement(difference, kpi.c.polarity).label("change"),
            _chance(kpi, now, before, back.c.against, limit.c.variation).label("chance"),
            _standard_errors(kpi, now, before).label("standard_errors"),
            limit.c.variation,
        )
        .select_from(_joined(tables, now, before, back))
        .where(
            now.c.basis == "quarter",
            now.c.category_key == "total:all",
            now.c.value.is_not(None),
            before.c.value.is_not(None),
        )
    )


def _joined(tables: Mapping[str, FromClause], now: FromClause, before: FromClause, back: FromClause) -> Join:
    """Each figure (`now`) with its names, the same one of the earlier quarter (`before`) and its limits."""
    authority, kpi, quarter = tables["dim_authority"], tables["dim_kpi"], tables["dim_quarter"]
    limit, earlier = tables["fact_control_limit"], quarter.alias("earlier")
    key = ("authority_code", "kpi_id", "basis", "category_key")
    return (
        now.join(authority, authority.c.authority_code == now.c.authority_code)
        .join(kpi, kpi.c.kpi_id == now.c.kpi_id)
        .join(quarter, quarter.c.quarter_key == now.c.quarter_key)
        .join(back, true())
        .join(earlier, earlier.c.sequence == quarter.c.sequence - back.c.quarters)
        .join(
            before,
            and_(
                before.c.quarter_key == earlier.c.quarter_key,
                *(before.c[name] == now.c[name] for name in key),
            ),
        )
        .outerjoin(
            limit,
            and_(*(limit.c[name] == now.c[name] for name in ("authority_code", "quarter_key", "kpi_id"))),
        )
    )


def _steps_back() -> FromClause:
    """What a figure is compared with, and how many quarters before it that is."""
    rows = [
        select(literal(name).label("against"), literal(quarters).label("quarters"))
        for name, quarters in QUARTERS_BACK.items()
    ]
    return union_all(*rows).subquery("back")


def _judgement(difference: ColumnElement[Any], polarity: ColumnElement[Any]) -> ColumnElement[str]:
    """'better' or 'worse' by the KPI's polarity; 'higher' or 'lower' where neither is; 'same'."""
    is_higher = difference > 0
    return case(
        (difference == 0, "same"),
        (polarity == "context", case((is_higher, "higher"), else_="lower")),
        (
            or_(
                and_(is_higher, polarity == "higher_better"), and_(difference < 0, polarity == "lower_better")
            ),
            "better",
        ),
        else_="worse",
    )


def _standard_errors(kpi: FromClause, now: FromClause, before: FromClause) -> ColumnElement[Any]:
    """The change in standard errors: of two counts, or of two shares; null for what is not judged so."""
    a, b, n, m = now.c.numerator, before.c.numerator, now.c.denominator, before.c.denominator
    share = (a + b) / (n + m)
    of_shares = (a / n - b / m) / func.sqrt(share * (1 - share) * (1 / n + 1 / m))
    can_vary = and_(n > 0, m > 0, a + b > 0, a + b < n + m)
    return case(
        (kpi.c.is_stock == true(), None),
        (and_(kpi.c.kind.in_(COUNTS), a + b > 0), (a - b) / func.sqrt(a + b)),
        (and_(kpi.c.kind == "percentage", can_vary), of_shares),
    )


def _chance(
    kpi: FromClause,
    now: FromClause,
    before: FromClause,
    against: ColumnElement[str],
    variation: ColumnElement[Any],
) -> ColumnElement[str]:
    a, b, n, m = now.c.numerator, before.c.numerator, now.c.denominator, before.c.denominator
    errors = func.abs(_standard_errors(kpi, now, before))
    expected = [share * size for share in ((a + b), (n + m - a - b)) for size in (n, m)]
    is_few = or_(*(each < FEWEST_EXPECTED * (n + m) for each in expected))
    is_share, is_count = kpi.c.kind == "percentage", kpi.c.kind.in_(COUNTS)
    by_limits = case(
        (or_(against != PREVIOUS, variation.is_(None)), NOT_JUDGED),
        (variation == "common_cause", WITHIN),
        else_=BEYOND,
    )
    return case(
        (or_(kpi.c.is_stock == true(), and_(~is_share, ~is_count)), by_limits),
        (and_(is_count, a + b < FEWEST_EVENTS), TOO_FEW),
        (and_(is_share, is_few), TOO_FEW),
        (errors >= OUTER, BEYOND),
        (errors >= INNER, AT_EDGE),
        else_=WITHIN,
    )

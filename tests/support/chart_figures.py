"""Made-up published rows for the tests of charts: one council, a few measures, up to eleven quarters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from cf_pipeline.contracts.dates.quarters import Quarter
from cf_pipeline.outputs.charts.figures import TABLES, Figures, trend_quarters

CODE, NAME = "E09000001", "City of London"
QUARTER = Quarter(2019, 3)
_KPIS = {
    "contacts_count": ("Contacts received", "flow_count", "contacts", "context"),
    "contacts_1wd_pct": ("Contacts completed within one working day", "percentage", "%", "higher_better"),
    "rereferrals_12m_pct": ("Re-referrals within 12 months", "percentage", "%", "lower_better"),
    "contacts_rate_10k": ("Contacts per 10,000 children", "rate_10k", "per 10,000", "context"),
    "referrals_count": ("Referrals received", "flow_count", "referrals", "context"),
    "assess_started_count": ("Assessments started", "flow_count", "assessments", "context"),
    "cpp_started_count": ("Child protection plans started", "flow_count", "episodes", "context"),
    "cla_stock": ("Children in care", "stock", "children", "context"),
    "cin_duration_bands": ("Open cases by duration", "distribution", "%", "context"),
}
BANDS = {"<=3m": "3 months or less", ">3-6m": "Over 3 months to 6 months", ">6m": "Over 6 months"}
_COLUMNS: Mapping[str, Sequence[str]] = {
    "fact_kpi_quarterly": (
        *("authority_code", "quarter_key", "basis", "kpi_id", "breakdown", "category"),
        *("numerator", "denominator", "value", "symbol", "reason", "note"),
    ),
    "fact_kpi_comparison": (
        *("authority_code", "quarter_key", "basis", "kpi_id", "against", "value", "reference", "phrase"),
        *("year_ending", "chance"),
    ),
    "fact_kpi_forecast": (
        *("authority_code", "fiscal_year", "quarters_used", "kpi_id", "breakdown", "method", "is_selected"),
        *("forecast", "lower_80", "upper_80", "lower_95", "upper_95", "label", "explanation", "symbol"),
    ),
    "fact_control_limit": (
        *(
            "authority_code",
            "quarter_key",
            "kpi_id",
            "lower",
            "upper",
            "status",
            "variation",
            "cause",
            "caveat",
        ),
    ),
    "fact_target": ("authority_code", "kpi_id", "valid_from", "valid_until", "value"),
    "fact_comparator": ("authority_code", "kpi_id", "year_ending", "value", "is_comparable"),
    "kpi_revision": (
        *("authority_code", "quarter_key", "basis", "kpi_id", "from_value", "to_value", "reason"),
    ),
    "dim_neighbour": ("authority_code", "rank", "neighbour_code"),
}
Row = dict[str, Any]


def total(
    kpi_id: str, quarter: Quarter, numerator: float | None, denominator: float | None = None, **more: Any
) -> Row:
    """A row of `fact_kpi_quarterly`; without a numerator it has the symbol x."""
    value = numerator if numerator is None or denominator is None else 100 * numerator / denominator
    row = {
        "quarter_key": quarter.key,
        "basis": "quarter",
        "kpi_id": kpi_id,
        "breakdown": "total",
        "category": "all",
        "numerator": numerator,
        "denominator": denominator,
        "value": value,
        "symbol": "x" if numerator is None else None,
        "reason": "Nothing was received." if numerator is None else None,
    }
    return row | more


def totals(
    kpi_id: str,
    counts: Iterable[float | None],
    whole: float | None = None,
    until: Quarter = QUARTER,
    **more: Any,
) -> list[Row]:
    """The rows of the last quarters up to one, oldest first, each of the same denominator."""
    known = list(counts)
    quarters = [until.previous(back) for back in reversed(range(len(known)))]
    return [
        total(kpi_id, quarter, count, None if count is None else whole, **more)
        for quarter, count in zip(quarters, known, strict=True)
    ]


def band_rows(counts: Mapping[str, int], quarter: Quarter = QUARTER) -> list[Row]:
    """The rows of one quarter of the distribution."""
    whole = sum(counts.values())
    return [
        total("cin_duration_bands", quarter, count, whole, breakdown="band", category=band)
        for band, count in counts.items()
    ]


def comparison(kpi_id: str, against: str, reference: float, phrase: str, **more: Any) -> Row:
    """A row of `fact_kpi_comparison` of the quarter, unless `quarter_key` names another."""
    row = {"quarter_key": QUARTER.key, "basis": "quarter", "kpi_id": kpi_id, "against": against}
    return row | {"reference": reference, "phrase": phrase, "year_ending": 2019} | more


def limits(
    kpi_id: str, lower: float, upper: float, variation: str = "common_cause", **more: Any
) -> list[Row]:
    """The same firm limits in every quarter, with a variation in the last."""
    rows = [
        {"quarter_key": quarter.key, "kpi_id": kpi_id, "lower": lower, "upper": upper, "status": "firm"}
        | {"variation": "common_cause"}
        for quarter in trend_quarters(QUARTER)
    ]
    return [*rows[:-1], rows[-1] | {"variation": variation} | more]


def target(kpi_id: str, value: float, valid_from: str = "2000-04-01", valid_until: str | None = None) -> Row:
    """A row of `fact_target`."""
    days = {"valid_from": pd.Timestamp(valid_from), "valid_until": pd.Timestamp(valid_until or pd.NaT)}
    return {"kpi_id": kpi_id, "value": value} | days


def forecast(kpi_id: str, value: float, **more: Any) -> Row:
    """A selected row of `fact_kpi_forecast` as it stood at the quarter."""
    row = {"fiscal_year": QUARTER.fiscal_year, "quarters_used": QUARTER.number, "kpi_id": kpi_id}
    row |= {"breakdown": "total", "method": "pro_rata", "is_selected": True, "forecast": value}
    return row | {"label": "pro rata", "explanation": "After three quarters the year ends there."} | more


def published_tables_of(rows: Mapping[str, Iterable[Row]], region: str = "London") -> dict[str, pd.DataFrame]:
    """The tables that charts read, with these rows of facts; the dimensions are always there."""
    tables = {
        name: pd.DataFrame(
            [{"authority_code": CODE} | row for row in rows.get(name, [])], columns=list(columns)
        )
        for name, columns in _COLUMNS.items()
    }
    kpis = [
        {
            "kpi_id": kpi_id,
            "title": title,
            "kind": kind,
            "unit": unit,
            "polarity": polarity,
            "position": place,
        }
        | {
            "area": "Contacts",
            "decimals": 0,
            "band_code_set": "duration",
            "is_additive": kind == "flow_count",
        }
        for place, (kpi_id, (title, kind, unit, polarity)) in enumerate(_KPIS.items())
    ]
    bands = [
        {"breakdown": "band", "code_set": "duration", "category": band, "label": label, "position": place}
        for place, (band, label) in enumerate(BANDS.items())
    ]
    authority = {"authority_code": CODE, "name": NAME, "region_name": region}
    teams = [
        {"breakdown": "team", "category": team, "label": team, "position": 0} for team in ("East", "West")
    ]
    found = tables | {
        "dim_authority": pd.DataFrame([authority]),
        "dim_kpi": pd.DataFrame(kpis),
        "dim_category": pd.DataFrame([*bands, *teams]),
    }
    assert set(found) == set(TABLES)
    return found


def figures(quarter: Quarter = QUARTER, **rows: Iterable[Row]) -> Figures:
    """The figures of a quarter, made from these rows of tables."""
    return Figures(published_tables_of(rows), CODE, quarter.key)

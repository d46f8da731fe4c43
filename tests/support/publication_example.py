"""A small publication for the tests of the warehouse and the outputs: made-up figures of one authority."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from cf_pipeline.contracts.tables import table_contract
from cf_pipeline.warehouse.assemble import AuthorityFigures, Publication
from tests.support.delivery_example import AS_AT, deliveries, issues, manifest, row_ledger
from tests.support.published_tables import published_tables, with_views
from tests.support.registry_example import REGISTRY

CODE, SLUG, NAME = "E09000001", "city-of-london", "City of London"
QUARTER = "2019/20 Q3"
BANDS = ("<=3m", ">3-6m", ">6m-<1y", "1-<2y", "2y+")


def row(
    kpi_id, quarter, basis, numerator=None, denominator=None, *, category="all", symbol=None, reason=None
):
    """One row of kpi_quarterly; the value follows from the integers."""
    value = None
    if numerator is not None:
        value = numerator if denominator is None else 100 * numerator / denominator if denominator else None
    return {
        "authority_code": CODE,
        "quarter_key": quarter,
        "basis": basis,
        "kpi_id": kpi_id,
        "breakdown": "total" if category == "all" else "band",
        "category": category,
        "numerator": numerator,
        "denominator": denominator,
        "value": value,
        "symbol": symbol,
        "reason": reason,
        "note": None,
        "as_at": AS_AT,
    }


def kpi_quarterly() -> pd.DataFrame:
    q = "2019/20 Q{}".format
    no_cover = "The deliveries do not cover this period: nothing was received for it."
    rows = [
        *(row("contacts_count", q(n), "quarter", v) for n, v in ((1, 80), (2, 90), (3, 77))),
        row("contacts_count", q(3), "ytd", 247),
        row("contacts_count", "2018/19 Q4", "year", 324),
        *(
            row("contacts_1wd_pct", q(n), "quarter", a, b)
            for n, a, b in ((1, 76, 80), (2, 84, 90), (3, 70, 77))
        ),
        row("contacts_1wd_pct", q(3), "ytd", 230, 247),
        row("assess_45wd_pct", q(2), "quarter", 9, 12),
        row("assess_45wd_pct", q(3), "quarter", 23, 40),
        row("assess_45wd_pct", q(3), "ytd", 40, 50),
        row("assess_45wd_pct", "2018/19 Q4", "year", 85, 105),
        *(
            row("cin_open_stock", q(n), b, v)
            for n, v in ((1, 27), (2, 29), (3, 28))
            for b in ("quarter", "ytd")
        ),
        row("icpc_15wd_pct", q(1), "quarter", 4, 4),
        row("icpc_15wd_pct", q(3), "quarter", 0, 0, symbol="z", reason="There were no conferences."),
        row("icpc_15wd_pct", q(3), "ytd", 4, 4),
        *(
            row("cla_3plus_placements_count", q(3), b, symbol="x", reason=no_cover)
            for b in ("quarter", "ytd", "year")
        ),
        row("cla_visits_in_time_pct", q(3), "quarter", 75, 77),
        *(
            row("cin_duration_bands", q(n), "quarter", count, sum(counts), category=band)
            for n, counts in ((2, (9, 9, 5, 4, 2)), (3, (8, 8, 6, 4, 2)))
            for band, count in zip(BANDS, counts, strict=True)
        ),
    ]
    return pd.DataFrame(rows).astype(
        {
            "numerator": "Float64",
            "denominator": "Float64",
            "value": "Float64",
            "symbol": "str",
            "reason": "str",
            "note": "str",
        }
    )


def kpi_forecast() -> pd.DataFrame:
    base = {
        "authority_code": CODE,
        "fiscal_year": "2019/20",
        "quarters_used": 3,
        "breakdown": "total",
        "category": "all",
        "method": "pro_rata",
        "is_selected": True,
        "lower_80": None,
        "upper_80": None,
        "lower_95": None,
        "upper_95": None,
        "label": "pro rata",
        "explanation": "After three quarters the year is expected to end there.",
        "exceptional_quarters": None,
        "outside_range": None,
        "symbol": None,
        "forecast_numerator": None,
        "forecast_denominator": None,
    }
    rows = [
        base | {"kpi_id": "contacts_count", "forecast": 247 * 4 / 3, "last_year": 324.0},
        base | {"kpi_id": "contacts_1wd_pct", "forecast": 100 * 230 / 247, "last_year": None},
        base | {"kpi_id": "assess_45wd_pct", "forecast": 80.0, "last_year": 100 * 85 / 105},
        base | {"kpi_id": "cla_3plus_placements_count", "forecast": None, "last_year": None, "symbol": "x"},
    ]
    return pd.DataFrame(rows)


def kpi_comparison() -> pd.DataFrame:
    base = {"authority_code": CODE, "quarter_key": QUARTER}
    rows = [
        base
        | {"basis": "quarter", "kpi_id": "contacts_count", "against": "previous_quarters", "value": 77.0}
        | {"reference": 85.0, "difference": -8.0, "difference_pct": -800 / 85, "phrase": "slightly lower"},
        base
        | {"basis": "quarter", "kpi_id": "assess_45wd_pct", "against": "london", "value": 57.5}
        | {"reference": 83.0, "difference": -25.5, "difference_pct": -2550 / 83, "phrase": "lower"},
    ]
    years = pd.array([None, 2019], dtype="Int64")
    return pd.DataFrame(rows).assign(year_ending=years, note=None, chance=None)


def headlines() -> pd.DataFrame:
    texts = {
        "Contacts and Referrals": "77 contacts in Q3 – slightly lower than the previous two quarters.",
        "Assessments": "Year to date figure for assessments authorised within 45 days at end of Q3 was 80%.",
        "Children in Need": "28 children in need cases at the end of Q3.",
    }
    return pd.DataFrame(
        [
            {"authority_code": CODE, "quarter_key": QUARTER, "area": area, "position": n, "text": text}
            | {"kpi_ids": "contacts_count"}
            for n, (area, text) in enumerate(texts.items(), start=1)
        ]
    )


def comparators() -> pd.DataFrame:
    rows = [
        ("assess_45wd_pct", "all", "E12000007", year, value, None, "Children in need", "made up")
        for year, value in ((2018, 82.0), (2019, 83.0), (2020, 84.0))
    ]
    rows.append(("not_ours", "all", "E12000007", 2019, 1.0, None, "elsewhere", "made up"))
    columns = ["kpi_id", "category", "authority_code", "year_ending", "value", "symbol", "source", "release"]
    return pd.DataFrame(rows, columns=columns).assign(file="made_up.csv", is_current=True)


def kpi_revision() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "quarter_key": ["2019/20 Q2"],
            "basis": ["quarter"],
            "kpi_id": ["contacts_count"],
            "from_value": [89.0],
            "to_value": [90.0],
            "from_as_at": [pd.Timestamp("2019-09-30")],
            "to_as_at": [AS_AT],
            "reason": ["late entry: 1"],
        }
    )


def forecast_record() -> pd.DataFrame:
    return table_contract("kpi/forecast_record").empty()


def kpi_monthly() -> pd.DataFrame:
    counts = {"2019-10": 30, "2019-11": 25, "2019-12": 22}
    rows = [
        {
            "authority_code": CODE,
            "month": month,
            "basis": "month",
            "kpi_id": "contacts_count",
            "breakdown": breakdown,
            "category": category,
            "numerator": count,
            "value": count,
            "as_at": AS_AT,
        }
        for month, count in counts.items()
        for breakdown, category in (("total", "all"), ("team", "West"), ("gender", "F"))
    ]
    contract = table_contract("kpi/monthly")
    return contract.cast(pd.DataFrame(rows).reindex(columns=contract.column_names))


def kpi_by_team() -> pd.DataFrame:
    split = [("West", "age_band", "5-9", 20), ("West", "age_band", "<1", 8), ("West", "gender", "F", 28)]
    key = (CODE, QUARTER, "cin_open_stock")
    return table_contract("kpi/by_team").frame([(*key, *cell) for cell in split])


def control_limits() -> pd.DataFrame:
    return table_contract("kpi/control_limits").empty()


def authority(**changed) -> AuthorityFigures:
    values = {
        "authority_code": CODE,
        "slug": SLUG,
        "name": NAME,
        "run_id": "run-1",
        "kpi_quarterly": kpi_quarterly(),
        "kpi_monthly": kpi_monthly(),
        "kpi_by_team": kpi_by_team(),
        "kpi_forecast": kpi_forecast(),
        "forecast_record": forecast_record(),
        "control_limits": control_limits(),
        "kpi_comparison": kpi_comparison(),
        "headlines": headlines(),
        "kpi_revision": kpi_revision(),
        "deliveries": deliveries(),
        "manifest": manifest(),
        "row_ledger": row_ledger(),
        "issues": issues(),
    }
    return AuthorityFigures(**(values | changed))


def publication(version: int = 1, run_id: str = "run-1") -> Publication:
    return Publication(version, run_id, dt.datetime(2020, 1, 6, 2, 0, tzinfo=dt.UTC), "a" * 64, "0.1.0")


def tables(version: int = 1, run_id: str = "run-1", targets=(), **changed) -> dict[str, pd.DataFrame]:
    return published_tables(
        [authority(run_id=run_id, **changed)],
        REGISTRY,
        comparators(),
        publication(version, run_id),
        targets=targets,
    )


def report_tables(version: int = 1, run_id: str = "run-1", **changed) -> dict[str, pd.DataFrame]:
    """The tables, and the views that the report reads."""
    return with_views(tables(version, run_id, **changed), "v_kpi_change")

"""A few KPIs of made-up words for the tests of the warehouse and the outputs."""

from __future__ import annotations

from types import SimpleNamespace

from cf_pipeline.kpi.definitions.sides import Band


def make_kpi(kpi_id, area, title, kind, **more):
    values = {
        "measure_class": "output",
        "unit": "%" if kind in ("percentage", "distribution") else "children",
        "polarity": "context",
        "decimals": 0,
        "numerator_text": f"What {kpi_id} counts.",
        "denominator_text": "All of them." if kind in ("percentage", "distribution") else "",
        "threshold": "",
        "legal_source": "",
        "comparator_note": "",
        "comparator_series": None,
        "breakdowns": (),
        "forecast_rule": {"flow_count": "run_rate", "stock": "last_stock"}.get(kind, "ratio_of_forecasts"),
        "numerator": SimpleNamespace(months=None, overlaps=None),
        "band": Band(start="cin_start_date") if kind == "distribution" else None,
    }
    return SimpleNamespace(id=kpi_id, area=area, title=title, kind=kind, **(values | more))


REGISTRY = {
    each.id: each
    for each in (
        make_kpi(
            "contacts_count", "Contacts and Referrals", "Contacts received", "flow_count", unit="contacts"
        ),
        make_kpi(
            "contacts_1wd_pct",
            "Contacts and Referrals",
            "Contacts completed within one working day",
            "percentage",
            polarity="higher_better",
            threshold="1 working day",
        ),
        make_kpi(
            "assess_45wd_pct",
            "Assessments",
            "Child and Family Assessments authorised within 45 working days",
            "percentage",
            polarity="higher_better",
            comparator_series="assess_45wd_pct",
            legal_source="Working Together to Safeguard Children",
        ),
        make_kpi("cin_open_stock", "Children in Need", "Children in need cases open", "stock"),
        make_kpi(
            "cin_duration_bands",
            "Children in Need",
            "Open children in need cases by duration",
            "distribution",
        ),
        make_kpi(
            "icpc_15wd_pct",
            "Child Protection",
            "Initial child protection conferences within 15 working days",
            "percentage",
            polarity="higher_better",
        ),
        make_kpi("cla_3plus_placements_count", "Children in Care", "Three or more placements", "stock"),
        make_kpi(
            "cla_visits_in_time_pct", "Children in Care", "Visits made in time", "percentage", decimals=1
        ),
    )
}

"""Records of made-up KPIs that are right, and a way to make them wrong."""

from __future__ import annotations

import copy

COUNT = {
    "id": "made_up_count",
    "area": "Contacts and Referrals",
    "title": "Made up",
    "measure_class": "output",
    "kind": "flow_count",
    "unit": "contacts",
    "polarity": "context",
    "forecast_rule": "run_rate",
    "numerator_text": "Made up.",
    "numerator": {"table": "contacts", "date": "contact_date"},
}
SHARE = COUNT | {
    "id": "made_up_pct",
    "kind": "percentage",
    "numerator": {"of": "denominator", "where": ["contact_waiting_working_days <= 1"]},
    "denominator": {"table": "contacts", "date": "contact_date"},
}
MEDIAN = COUNT | {"kind": "median_days", "numerator": COUNT["numerator"] | {"value": "age_reported"}}
SPLIT = SHARE | {"kind": "distribution", "band": {"codes": "contact_source"}}
PLANS = COUNT | {"numerator": {"table": "child_protection_plans", "date": "cp_plan_start_date"}}
LEDGER = COUNT | {"kind": "stock", "numerator": {"table": "row_ledger", "state": True, "sum": "rows_read"}}
CASES = COUNT | {"kind": "stock", "numerator": {"table": "open_cases", "state": True}}


def wrong(record: dict, **changes) -> dict:
    """The record with other entries; `numerator__date` is the date of its numerator, None leaves one out."""
    changed = copy.deepcopy(record)
    for path, value in changes.items():
        side, _, name = path.partition("__")
        entries, entry = (changed[side], name) if name else (changed, side)
        if value is None:
            del entries[entry]
        else:
            entries[entry] = value
    return changed

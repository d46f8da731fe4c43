"""The figures of the committee's paper as a frame of facts, and ways to change one of them.

Quarters are written oldest first from quarter 1; a percentage is (numerator, denominator); None is a figure
that is not available. Years to date follow: flows add up, shares add up each side, stocks take the latest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from cf_pipeline.compare.figures import figures_by_authority
from cf_pipeline.forecast import CouncilChoices, forecast_year_ends
from cf_pipeline.headlines.table import headlines
from cf_pipeline.kpi.definitions.registry import load_registry

PRO_RATA = CouncilChoices("pro_rata")

AUTHORITY = "E09000001"
REGISTRY = load_registry()
Number = int | tuple[int, int] | None
CONTACTS, EARLY_HELP, ASSESSMENTS = "Contacts and Referrals", "Early Help", "Assessments"
NEED, PROTECTION, CARE = "Children in Need", "Child Protection", "Children in Care"
MISSING, LEAVERS = "Children Missing", "Care Leavers"

PAPER: dict[str, list[Number]] = {
    "contacts_count": [80, 90, 77],
    "contacts_1wd_pct": [(75, 80), (85, 90), (70, 77)],
    "referrals_count": [18, 23, 33],
    "contact_to_referral_pct": [(18, 80), (23, 90), (33, 77)],
    "eh_referrals_count": [5, 4, 6],
    "short_breaks_children_count": [3, 4, 5],
    "assess_started_count": [15, 17, 20],
    "assess_completed_count": [16, 17, 17],
    "assess_45wd_pct": [(13, 16), (13, 17), (14, 17)],
    "cin_open_stock": [27, 29, 28],
    "cin_6m_or_less_pct": [(14, 27), (15, 29), (16, 28)],
    "cpp_stock": [5, 4, 4],
    "cpp_12_24m_count": [2, 3, 3],
    "icpc_15wd_pct": [(2, 3), (1, 1), (6, 6)],
    "cla_stock": [22, 25, 27],
    "cla_3plus_placements_count": [2, 3, 4],
    "cla_visits_in_time_pct": [(30, 33), (35, 36), (37, 38)],
    "missing_cla_open_stock": [0, 2, 1],
    "missing_episodes_count": [2, 3, 4],
    "missing_rhi_accepted_count": [1, 1, 2],
    "cl_stock": [23, 25, 26],
    "cl_eet_count": [18, 20, 22],
    "cl_suitable_accom_pct": [(23, 23), (25, 25), (26, 26)],
    "cl_plan_and_touch_pct": [(23, 23), (25, 25), (26, 26)],
    "cl_pathway_plan_uptodate_pct": [(23, 23), (25, 25), (26, 26)],
    "cl_in_touch_plan_pct": [(23, 23), (25, 25), (26, 26)],
}
LAST_YEAR: dict[str, Number] = {
    "contacts_count": 324,
    "contacts_1wd_pct": (300, 324),
    "referrals_count": 81,
    "contact_to_referral_pct": (81, 324),
    "eh_referrals_count": 27,
    "short_breaks_children_count": 6,
    "assess_started_count": 64,
    "assess_completed_count": 63,
    "assess_45wd_pct": (51, 63),
    "cin_open_stock": 24,
    "cla_stock": 20,
    "cl_stock": 22,
}
LAST_QUARTERS: dict[str, list[Number]] = {
    "contacts_count": [70, 80, 84, 90],
    "referrals_count": [20, 20, 21, 20],
    "assess_started_count": [16, 16, 16, 16],
    "cin_open_stock": [27, 25, 24, 24],
    "cl_stock": [20, 21, 22, 22],
}


def facts(
    quarters: Mapping[str, Sequence[Number]] = PAPER,
    last_year: Mapping[str, Number] = LAST_YEAR,
    last_quarters: Mapping[str, Sequence[Number]] = LAST_QUARTERS,
) -> pd.DataFrame:
    """kpi_quarterly of 2019/20 as far as it goes, and of 2018/19."""
    rows = []
    for kpi_id, numbers in quarters.items():
        for at, number in enumerate(numbers, start=1):
            key = f"2019/20 Q{at}"
            so_far = year_to_date(kpi_id, numbers[:at])
            rows += [(key, "quarter", kpi_id, number), (key, "ytd", kpi_id, so_far)]
            rows += [(key, "year", kpi_id, so_far)] if at == 4 else []
    for kpi_id, number in last_year.items():
        rows += [("2018/19 Q4", basis, kpi_id, number) for basis in ("ytd", "year")]
        if is_stock(kpi_id) and kpi_id not in last_quarters:
            rows.append(("2018/19 Q4", "quarter", kpi_id, number))
    for kpi_id, numbers in last_quarters.items():
        rows += [(f"2018/19 Q{at}", "quarter", kpi_id, number) for at, number in enumerate(numbers, start=1)]
    return (
        pd.DataFrame(
            [(key, basis, kpi_id, *_cells(kpi_id, number)) for key, basis, kpi_id, number in rows],
            columns=["quarter_key", "basis", "kpi_id", "numerator", "denominator", "value", "symbol"],
        )
        .assign(authority_code=AUTHORITY, breakdown="total", category="all", reason=None)
        .astype(
            {
                "numerator": "Float64",
                "denominator": "Float64",
                "value": "Float64",
                "symbol": "str",
                "reason": "str",
            }
        )
    )


def year_to_date(kpi_id: str, numbers: Sequence[Number]) -> Number:
    """The year to date of some quarters; not available when one of them is not."""
    if any(number is None for number in numbers):
        return numbers[-1] if is_stock(kpi_id) else None
    if is_stock(kpi_id):
        return numbers[-1]
    if isinstance(numbers[-1], tuple):
        return (sum(number[0] for number in numbers), sum(number[1] for number in numbers))
    return sum(numbers)


def is_stock(kpi_id: str) -> bool:
    """Whether its year to date is its latest: stocks, shares of one, different children as written here."""
    return REGISTRY[kpi_id].forecast_rule in ("last_stock", "last_ratio", "distinct_carry")


def _cells(kpi_id: str, number: Number) -> tuple[object, ...]:
    if number is None:
        return (None, None, None, "x")
    if not isinstance(number, tuple):
        return (number, None, number, None)
    top, bottom = number
    return (top, bottom, None, "z") if bottom == 0 else (top, bottom, top * 100 / bottom, None)


def headline_texts(
    changes: Mapping[str, Sequence[Number]] | None = None,
    last_year: Mapping[str, Number] | None = None,
    *,
    quarter: int = 3,
    last_quarters: Mapping[str, Sequence[Number]] = LAST_QUARTERS,
) -> dict[str, str]:
    """The headlines of a quarter by area, some figures changed (last year's None: that figure is unknown)."""
    quarters = {kpi_id: list(numbers) for kpi_id, numbers in {**PAPER, **(changes or {})}.items()}
    before = {**LAST_YEAR, **(last_year or {})}
    shorter = {kpi_id: numbers[:quarter] for kpi_id, numbers in quarters.items()}
    quarterly = facts(shorter, before, last_quarters)
    table = headlines(
        figures_by_authority(quarterly, forecast_year_ends(quarterly, REGISTRY, PRO_RATA), REGISTRY), REGISTRY
    )
    table = table[table["quarter_key"].eq(f"2019/20 Q{quarter}")]
    return dict(zip(table["area"], table["text"], strict=True))

"""Care leavers."""

from __future__ import annotations

from collections.abc import Callable

from tests.second_opinion.counting.days import Period, newest_quarter, plus_days, plus_months
from tests.second_opinion.counting.deliveries import Row
from tests.second_opinion.counting.history import History
from tests.second_opinion.counting.measures import Item, Kpi
from tests.second_opinion.counting.selecting import having, near, rows_having

IN_EET = ("F1", "P1", "F2", "P2", "F3", "P3", "F4", "P4", "F5", "P5")
NEET, HIGHER = ("G4", "G5", "G6"), ("F1", "P1")
DEFAULT_FREQUENCY_DAYS = 56
NEAR = near("care_leavers")


def leavers(history: History, period: Period) -> list[Item]:
    return [Item(row, period.end) for row in history.leavers(period.end)]


def plans_known(history: History, leaver: Row) -> list[Row]:
    """The care leaver's plan reviews up to the delivery's date, oldest first.

    Of newest rows alone up to the delivery near the quarter's end, where that is later (26).
    """
    until = leaver["_as_at"]
    if history.is_newest("pathway_plans"):
        until = max(until, history.newest_until("pathway_plans", newest_quarter(until).end))
    reviews = [
        row
        for row in history.of_child("pathway_plans", leaver["child_id"])
        if row["pathway_plan_review_date"] <= until
    ]
    return sorted(reviews, key=lambda row: row["pathway_plan_review_date"])


def has_plan(history: History, item: Item, period: Period) -> bool:
    """The latest review + 6 calendar months reaches the period's end."""
    days = [row["pathway_plan_review_date"] for row in plans_known(history, item.row)]
    if item.row["pathway_plan_review_date"] is not None:
        days.append(item.row["pathway_plan_review_date"])
    return bool(days) and plus_months(max(days), 6) >= period.end


def keeps_touch(history: History, item: Item, period: Period) -> bool:
    """In touch, and the latest contact + the plan's frequency reaches the period's end."""
    plans = plans_known(history, item.row)
    frequency = (plans[-1]["contact_frequency_days"] if plans else None) or DEFAULT_FREQUENCY_DAYS
    latest = item.row["latest_contact_date"]
    is_recent = latest is not None and plus_days(latest, int(frequency)) >= period.end
    return bool(item.row["in_touch"] == "YES" and is_recent)


def has_both(history: History, item: Item, period: Period) -> bool:
    return has_plan(history, item, period) and keeps_touch(history, item, period)


def share_of_leavers(test: Callable[[Row], bool]) -> Kpi:
    return Kpi("share_of_children", NEAR, rows_having(leavers, test), leavers)


def saying(column: str, *codes: str) -> Callable[[Row], bool]:
    return lambda row: row[column] in codes


def by(column: str) -> Kpi:
    return Kpi("bands_of_children", NEAR, leavers, leavers, lambda _, item, __: item.row[column])


KPIS = {
    "cl_stock": Kpi("children", NEAR, leavers),
    "cl_eet_count": Kpi("children", NEAR, rows_having(leavers, saying("activity_status", *IN_EET))),
    "cl_eet_pct": share_of_leavers(saying("activity_status", *IN_EET)),
    "cl_neet_pct": share_of_leavers(saying("activity_status", *NEET)),
    "cl_he_pct": share_of_leavers(saying("activity_status", *HIGHER)),
    "cl_activity": by("activity_status"),
    "cl_suitable_accom_pct": share_of_leavers(saying("accommodation_suitability", "1")),
    "cl_accommodation_type": by("accommodation_type"),
    "cl_in_touch_pct": share_of_leavers(saying("in_touch", "YES")),
    "cl_in_touch_plan_pct": Kpi("share_of_children", NEAR, having(leavers, keeps_touch), leavers),
    "cl_pathway_plan_uptodate_pct": Kpi("share_of_children", NEAR, having(leavers, has_plan), leavers),
    "cl_plan_and_touch_pct": Kpi("share_of_children", NEAR, having(leavers, has_both), leavers),
    "cl_pa_allocated_pct": share_of_leavers(lambda row: bool(row["allocated_personal_advisor"])),
    "cl_uasc_pct": share_of_leavers(saying("uasc_or_former", "Y")),
}

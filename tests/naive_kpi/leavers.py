"""Care leavers, adoption, workforce and context."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from tests.naive_kpi.days import Period, plus_days, plus_months
from tests.naive_kpi.deliveries import Row
from tests.naive_kpi.history import History
from tests.naive_kpi.measures import Item, Kpi, Select
from tests.naive_kpi.selecting import at_end, flow, having, near, rows_having, whole

IN_EET = ("F1", "P1", "F2", "P2", "F3", "P3", "F4", "P4", "F5", "P5")
NEET, HIGHER = ("G4", "G5", "G6"), ("F1", "P1")
DEFAULT_FREQUENCY_DAYS, A10_MONTHS = 56, 36
ENDS_OF_WAITING = (
    "matched_date",
    "placed_for_adoption_date",
    "adoption_order_date",
    "decision_reversed_date",
)
NEAR = near("care_leavers")
ADOPTION, ADOPTER = whole("adoptions"), whole("adopters")


def leavers(history: History, period: Period) -> list[Item]:
    return [Item(row, period.end) for row in history.leavers(period.end)]


def plans_known(history: History, leaver: Row) -> list[Row]:
    """The care leaver's plan reviews up to the delivery's date, oldest first."""
    reviews = [
        row
        for row in history.of_child("pathway_plans", leaver["child_id"])
        if row["pathway_plan_review_date"] <= leaver["_as_at"]
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


def waiting(history: History, period: Period) -> list[Item]:
    """A placement order by the period's end; by then not matched, placed or adopted, and not reversed."""
    found = []
    for row in history.rows("adoptions"):
        ordered = row["placement_order_date"]
        over = [row["_gone"], *(row[each] for each in ENDS_OF_WAITING)]
        if (
            ordered is not None
            and ordered <= period.end
            and all(day is None or day > period.end for day in over)
        ):
            found.append(Item(row, period.end))
    return found


def entry_to_placement(history: History, period: Period) -> list[Item]:
    """Days from entering care to placement, of adoptions of the 36 months to the period's end."""
    first = plus_days(plus_months(period.end, -A10_MONTHS), 1)
    found = []
    for row in history.events("adoptions", "adoption_order_date", first, period.end):
        placed = row["ffa_placement_date"] or row["placed_for_adoption_date"]
        if placed is not None and row["entered_care_date"] is not None:
            days = Fraction((placed - row["entered_care_date"]).days)
            found.append(Item(row, row["adoption_order_date"], days))
    return found


def three_years_covered(history: History, period: Period) -> bool:
    first = plus_days(plus_months(period.end, -A10_MONTHS), 1)
    return history.covers("adoptions", first, period.end)


def order_to_match(history: History, period: Period) -> list[Item]:
    found = []
    for item in flow("adoptions", "matched_date")(history, period):
        if item.row["placement_order_date"] is not None:
            days = Fraction((item.day - item.row["placement_order_date"]).days)
            found.append(item._replace(worth=days))
    return found


def stage_in_time(start: str, end: str, months: int, select: Select) -> Kpi:
    def is_in_time(_: History, item: Item, __: Period) -> bool:
        begun = item.row[start]
        return begun is not None and plus_months(begun, months) >= item.row[end]

    return Kpi("share", ADOPTER, having(select, is_in_time), select)


def adopted_from(column: str) -> Kpi:
    return Kpi("count", ADOPTION, flow("adoptions", column))


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
    "adopt_count": adopted_from("adoption_order_date"),
    "adopt_decisions_count": adopted_from("adm_decision_date"),
    "adopt_placed_count": adopted_from("placed_for_adoption_date"),
    "adopt_reversed_count": adopted_from("decision_reversed_date"),
    "adopt_waiting_stock": Kpi("children", at_end("adoptions"), waiting),
    "adopt_a10_days": Kpi("mean", three_years_covered, entry_to_placement),
    "adopt_a2_days": Kpi("mean", ADOPTION, order_to_match),
    "adopters_approved_count": Kpi("count", ADOPTER, flow("adopters", "approved_date")),
    "adopters_stage1_2m_pct": stage_in_time(
        "stage1_start_date", "stage1_end_date", 2, flow("adopters", "stage1_end_date")
    ),
    "adopters_stage2_4m_pct": stage_in_time(
        "stage2_start_date", "stage2_end_date", 4, flow("adopters", "stage2_end_date")
    ),
}

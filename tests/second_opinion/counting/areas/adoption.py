"""Adoption: children and prospective adopters."""

from __future__ import annotations

from fractions import Fraction

from tests.second_opinion.counting.days import Period, plus_days, plus_months
from tests.second_opinion.counting.history import History
from tests.second_opinion.counting.measures import Item, Kpi, Select
from tests.second_opinion.counting.selecting import at_end, flow, having, whole

A10_MONTHS = 36

ENDS_OF_WAITING = (
    "matched_date",
    "placed_for_adoption_date",
    "adoption_order_date",
    "decision_reversed_date",
)
ADOPTION, ADOPTER = whole("adoptions"), whole("adopters")


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

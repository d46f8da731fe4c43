"""Children in care: how many, how often they move, whether they are visited."""

from __future__ import annotations

import datetime as dt

from tests.second_opinion.counting.children_in_care import CARE, IN_CARE, IN_CARE_NEAR, in_care
from tests.second_opinion.counting.days import Period, plus_days
from tests.second_opinion.counting.deliveries import Row, as_day
from tests.second_opinion.counting.history import History
from tests.second_opinion.counting.measures import Item, Kpi
from tests.second_opinion.counting.selecting import flow, having, is_yes, share_of

LONG_TERM = ("LTFOST", "RESPLMT")
VISIT_DAYS, LONG_TERM_VISIT_DAYS, FIRST_VISIT_DAYS = 42, 91, 7


def often_moved(history: History, item: Item, period: Period) -> bool:
    shown = history.near_row(item.row, period.end)
    return shown is not None and (shown["placements_last_12m"] or 0) >= 3


def was_visited(history: History, item: Item, period: Period) -> bool:
    shown = history.near_row(item.row, period.end)
    if shown is None or shown["last_visit_date"] is None:
        return False
    days = LONG_TERM_VISIT_DAYS if shown["permanence_plan"] in LONG_TERM else VISIT_DAYS
    return bool(plus_days(shown["last_visit_date"], days) >= period.end)


def visit_due(history: History, row: Row) -> dt.date | None:
    """As delivered; else the last visit before plus the frequency, else a week after the placement began.

    Without a frequency of its own the visit has that of the plan of the period of care it falls in.
    """
    if row["cla_visit_due_date"] is not None or row["cla_visit_date"] is None:
        return as_day(row["cla_visit_due_date"])
    made, child = row["cla_visit_date"], row["child_id"]
    before = [
        other["cla_visit_date"]
        for other in history.of_child("cla_visits", child)
        if other["cla_visit_date"] is not None and other["cla_visit_date"] < made
    ]
    care = history.of_child(CARE, child)
    begun = [other for other in care if other["cla_start_date"] <= made]
    newest = max(begun, key=lambda other: other["cla_start_date"], default=None)
    is_long_term = newest is not None and newest["permanence_plan"] in LONG_TERM
    frequency = row["visit_frequency_days"] or (LONG_TERM_VISIT_DAYS if is_long_term else VISIT_DAYS)
    if before:
        return plus_days(max(before), frequency)
    placed = [day for other in care if (day := other["placement_start_date"]) is not None and day <= made]
    return plus_days(max(placed), FIRST_VISIT_DAYS) if placed else None


def visits_due(history: History, period: Period) -> list[Item]:
    """Statutory visits due in the period."""
    found = []
    for row in history.rows("cla_visits"):
        due, kind = visit_due(history, row), row["visit_type"]
        is_statutory = kind is None or kind.strip().lower() == "statutory"
        if is_statutory and due is not None and period.start <= due <= period.end:
            found.append(Item(row, due))
    return found


def made_in_time(row: Row, due: dt.date) -> bool:
    return row["cla_visit_date"] is not None and row["cla_visit_date"] <= due


def visits_known(history: History, period: Period) -> bool:
    """Every visit of the period is delivered, not each child's newest alone."""
    return history.covers("cla_visits", period.start, period.end) and not history.is_newest("cla_visits")


KPIS = {
    "cla_stock": Kpi("children", IN_CARE, in_care),
    "cla_3plus_placements_count": Kpi("children", IN_CARE_NEAR, having(in_care, often_moved)),
    "cla_3plus_placements_pct": Kpi("share_of_children", IN_CARE_NEAR, having(in_care, often_moved), in_care),
    "cla_visits_in_time_pct": Kpi(
        "share",
        visits_known,
        having(visits_due, lambda _, item, __: made_in_time(item.row, item.day)),
        visits_due,
    ),
    "cla_visit_uptodate_pct": Kpi("share_of_children", IN_CARE_NEAR, having(in_care, was_visited), in_care),
    "cla_seen_alone_pct": share_of(
        flow("cla_visits", "cla_visit_date"), is_yes("is_seen_alone"), visits_known
    ),
}

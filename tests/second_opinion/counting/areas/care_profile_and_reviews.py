"""Children in care: who they are, and their reviews."""

from __future__ import annotations

from fractions import Fraction

from tests.second_opinion.counting.children_in_care import (
    CARE,
    CARE_FLOW,
    IN_CARE,
    IN_CARE_NEAR,
    ceased,
    in_care,
    started,
)
from tests.second_opinion.counting.days import Period, plus_months, plus_working_days, working_days
from tests.second_opinion.counting.history import History
from tests.second_opinion.counting.measures import Item, Kpi, first_of_each
from tests.second_opinion.counting.selecting import at_end, every, having

FIRST_REVIEW_DAYS, SECOND_REVIEW_MONTHS, NEXT_REVIEW_MONTHS = 20, 3, 6


def is_return(history: History, item: Item, _: Period) -> bool:
    """Whether an earlier period of care of the child ended in the 365 days before this one began."""
    ended = [
        row["cla_end_date"]
        for row in history.of_child(CARE, item.person)
        if history.is_care(row) and row["cla_end_date"] is not None
    ]
    if any(1 <= (item.day - day).days <= 365 for day in ended):
        return True
    if history.reaches_a_year_back(CARE, item.day):
        return False
    return bool(item.row["second_or_subsequent_period_12m"] == "Y")


def days_in_care(history: History, period: Period) -> list[Item]:
    return [
        item._replace(worth=Fraction((period.end - item.row["cla_start_date"]).days))
        for item in first_of_each(in_care(history, period))
    ]


def is_reviewed_in_time(history: History, item: Item, period: Period) -> bool:
    """The first review within 20 working days, the second within 3 months, each next within 6, none overdue.

    Reviews before the first day that is delivered are not known: of an older period of care, the next is due
    within 6 months of that day.
    """
    start = item.row["cla_start_date"]
    known_from = min(each.covers_from("cla_reviews") for each in history.received.of("cla_reviews"))
    is_older = start < known_from
    is_newest = history.is_newest("cla_reviews")
    until = history.newest_until("cla_reviews", period.end) if is_newest else period.end
    held = sorted(
        row["cla_review_date"]
        for row in history.of_child("cla_reviews", item.person)
        if row["is_cancelled"] != "Y"
        and row["cla_review_date"] is not None
        and max(start, known_from) <= row["cla_review_date"] <= until
    )
    due = (
        plus_months(known_from, NEXT_REVIEW_MONTHS)
        if is_older
        else plus_working_days(start, FIRST_REVIEW_DAYS)
    )
    if is_newest and held:
        is_first = held[-1] <= due and not is_older
        months = SECOND_REVIEW_MONTHS if is_first else NEXT_REVIEW_MONTHS
        return period.end <= plus_months(held[-1], months)  # an older one may be hidden
    for number, day in enumerate(dict.fromkeys(held)):
        if day > due:
            return False
        is_first = number == 0 and not is_older
        due = plus_months(day, SECOND_REVIEW_MONTHS if is_first else NEXT_REVIEW_MONTHS)
    return period.end <= due


def is_20_days_in_care(_: History, item: Item, period: Period) -> bool:
    return (working_days(item.row["cla_start_date"], period.end) or 0) >= FIRST_REVIEW_DAYS


REVIEWABLE = having(in_care, is_20_days_in_care)


def by_near(column: str) -> Kpi:
    """Children in care by what the delivery near the period's end says."""

    def band(history: History, item: Item, period: Period) -> str | None:
        shown = history.near_row(item.row, period.end)
        return None if shown is None else shown[column]

    return Kpi("bands_of_children", IN_CARE_NEAR, in_care, in_care, band)


KPIS = {
    "cla_ceased_reason": Kpi(
        "bands", CARE_FLOW, ceased, ceased, lambda _, item, __: item.row["cla_end_reason"]
    ),
    "cla_repeat_12m_pct": Kpi("share", CARE_FLOW, having(started, is_return), started),
    "cla_placement_type": by_near("placement_type"),
    "cla_placement_provider": by_near("placement_provider"),
    "cla_legal_status": by_near("legal_status"),
    "cla_permanence_plan": by_near("permanence_plan"),
    "cla_review_in_time_pct": Kpi(
        "share_of_children",
        every(at_end(CARE), lambda history, period: history.shows_reviews("cla_reviews", period.end)),
        having(REVIEWABLE, is_reviewed_in_time),
        REVIEWABLE,
    ),
    "cla_time_in_care_median": Kpi("median", IN_CARE, days_in_care),
}

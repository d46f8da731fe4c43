"""Children in care: their numbers, placements, visits, reviews and health."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from tests.naive_kpi.cases import near_says
from tests.naive_kpi.days import Period, plus_days, plus_months, plus_working_days, working_days
from tests.naive_kpi.deliveries import Row, as_day
from tests.naive_kpi.history import History
from tests.naive_kpi.measures import Item, Kpi, Select, first_of_each
from tests.naive_kpi.selecting import (
    at_end,
    every,
    flow,
    having,
    is_yes,
    near,
    populated,
    share_of,
    whole,
)

CARE = "children_in_care"
LONG_TERM = ("LTFOST", "RESPLMT")
VISIT_DAYS, LONG_TERM_VISIT_DAYS, FIRST_VISIT_DAYS = 42, 91, 7
FIRST_REVIEW_DAYS, SECOND_REVIEW_MONTHS, NEXT_REVIEW_MONTHS = 20, 3, 6
FAR_MILES = 20
EPISODE_CHANGE = "X1"
ATTENDED = ("PN1", "PN2", "PN3", "PN4", "PN5", "PN6")


def in_care(history: History, period: Period) -> list[Item]:
    """Children in care, each by the period of care that began first."""
    return first_of_each([Item(row, period.end) for row in history.in_care_rows(period.end)])


def is_of_a_child(history: History, row: Row) -> bool:
    """Whether a period of care is care, of somebody who was under 18 when it began."""
    born = history.own_or_persons(row, "date_of_birth")
    return history.is_care(row) and (born is None or plus_months(born, 18 * 12) > row["cla_start_date"])


def started(history: History, period: Period) -> list[Item]:
    rows = history.events(CARE, "cla_start_date", period.start, period.end)
    return [Item(row, row["cla_start_date"]) for row in rows if is_of_a_child(history, row)]


def ceased(history: History, period: Period) -> list[Item]:
    """Periods of care that ended; X1 only changes the episode."""
    rows = history.events(CARE, "cla_end_date", period.start, period.end)
    return [
        Item(row, row["cla_end_date"])
        for row in rows
        if is_of_a_child(history, row) and row["cla_end_reason"] != EPISODE_CHANGE
    ]


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


def often_moved(history: History, item: Item, period: Period) -> bool:
    shown = history.near_row(item.row, period.end)
    return shown is not None and (shown["placements_last_12m"] or 0) >= 3


def been_in_care(months: int) -> Select:
    """In care at the period's end and for so many months by then."""
    return having(
        in_care, lambda _, item, period: plus_months(item.row["cla_start_date"], months) <= period.end
    )


def settled_candidate(history: History, item: Item, period: Period) -> bool:
    """Under 16 and in care for two and a half years."""
    age = history.age_at(item.row, period.end)
    return age is not None and age < 16 and plus_months(item.row["cla_start_date"], 30) <= period.end


def is_settled(history: History, item: Item, period: Period) -> bool:
    shown = history.near_row(item.row, period.end)
    since = None if shown is None else shown["placement_start_date"]
    return since is not None and plus_months(since, 24) <= period.end


def had_health_assessment(history: History, item: Item, period: Period) -> bool:
    age = history.age_at(item.row, period.end)
    return had_within(
        6 if age is not None and age < 5 else 12, "last_health_assessment_date", history, item, period
    )


def had_within(months: int, column: str, history: History, item: Item, period: Period) -> bool:
    shown = history.near_row(item.row, period.end)
    done = None if shown is None else shown[column]
    return done is not None and plus_months(done, months) >= period.end


def was_visited(history: History, item: Item, period: Period) -> bool:
    shown = history.near_row(item.row, period.end)
    if shown is None or shown["last_visit_date"] is None:
        return False
    days = LONG_TERM_VISIT_DAYS if shown["permanence_plan"] in LONG_TERM else VISIT_DAYS
    return bool(plus_days(shown["last_visit_date"], days) >= period.end)


def days_in_care(history: History, period: Period) -> list[Item]:
    return [
        item._replace(worth=Fraction((period.end - item.row["cla_start_date"]).days))
        for item in first_of_each(in_care(history, period))
    ]


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


def reviews(history: History, period: Period) -> list[Item]:
    """Reviews held in the period of children aged 4 or over; cancelled ones were not held."""
    found = []
    for row in history.events("cla_reviews", "cla_review_date", period.start, period.end):
        age = history.age_at(row, row["cla_review_date"])
        if row["is_cancelled"] != "Y" and age is not None and age >= 4:
            found.append(Item(row, row["cla_review_date"]))
    return found


def is_reviewed_in_time(history: History, item: Item, period: Period) -> bool:
    """The first review within 20 working days, the second within 3 months, each next within 6, none overdue.

    Reviews before the first day that is delivered are not known: of an older period of care, the next is due
    within 6 months of that day.
    """
    start = item.row["cla_start_date"]
    known_from = min(each.covers_from("cla_reviews") for each in history.received.of("cla_reviews"))
    is_older = start < known_from
    held = sorted(
        row["cla_review_date"]
        for row in history.of_child("cla_reviews", item.person)
        if row["is_cancelled"] != "Y"
        and row["cla_review_date"] is not None
        and max(start, known_from) <= row["cla_review_date"] <= period.end
    )
    due = (
        plus_months(known_from, NEXT_REVIEW_MONTHS)
        if is_older
        else plus_working_days(start, FIRST_REVIEW_DAYS)
    )
    for number, day in enumerate(dict.fromkeys(held)):
        if day > due:
            return False
        is_first = number == 0 and not is_older
        due = plus_months(day, SECOND_REVIEW_MONTHS if is_first else NEXT_REVIEW_MONTHS)
    return period.end <= due


def is_20_days_in_care(_: History, item: Item, period: Period) -> bool:
    return (working_days(item.row["cla_start_date"], period.end) or 0) >= FIRST_REVIEW_DAYS


def far_away(history: History, period: Period) -> list[Item]:
    """Placements open at the period's end, of children in care that day, more than 20 miles from home."""
    return [
        Item(row, period.end)
        for row in history.open_rows("cla_placements", period.end)
        if (row["placement_distance_miles"] or 0) > FAR_MILES
        and row["child_id"] in history.in_care(period.end)
    ]


IN_CARE, IN_CARE_NEAR = at_end(CARE), every(at_end(CARE), near(CARE))
CARE_FLOW = whole(CARE)
A_YEAR, SETTLED = been_in_care(12), having(in_care, settled_candidate)
REVIEWABLE = having(in_care, is_20_days_in_care)
SAME_CHILDREN = "share_of_children"


def by_near(column: str) -> Kpi:
    """Children in care by what the delivery near the period's end says."""

    def band(history: History, item: Item, period: Period) -> str | None:
        shown = history.near_row(item.row, period.end)
        return None if shown is None else shown[column]

    return Kpi("bands_of_children", IN_CARE_NEAR, in_care, in_care, band)


KPIS = {
    "cla_stock": Kpi("children", IN_CARE, in_care),
    "cla_rate_10k": Kpi("rate_of_children", every(IN_CARE, populated), in_care),
    "cla_started_count": Kpi("count", CARE_FLOW, started),
    "cla_ceased_count": Kpi("count", CARE_FLOW, ceased),
    "cla_ceased_reason": Kpi(
        "bands", CARE_FLOW, ceased, ceased, lambda _, item, __: item.row["cla_end_reason"]
    ),
    "cla_repeat_12m_pct": Kpi("share", CARE_FLOW, having(started, is_return), started),
    "cla_uasc_count": Kpi("children", IN_CARE_NEAR, having(in_care, near_says("uasc_last_12m", "Y"))),
    "cla_3plus_placements_count": Kpi("children", IN_CARE_NEAR, having(in_care, often_moved)),
    "cla_3plus_placements_pct": Kpi(SAME_CHILDREN, IN_CARE_NEAR, having(in_care, often_moved), in_care),
    "cla_longterm_stability_pct": Kpi(SAME_CHILDREN, IN_CARE_NEAR, having(SETTLED, is_settled), SETTLED),
    "cla_out_of_area_pct": Kpi(
        SAME_CHILDREN, IN_CARE_NEAR, having(in_care, near_says("placement_location", "OUT")), in_care
    ),
    "cla_20miles_pct": Kpi(SAME_CHILDREN, at_end(CARE, "cla_placements"), far_away, in_care),
    "cla_placement_type": by_near("placement_type"),
    "cla_placement_provider": by_near("placement_provider"),
    "cla_legal_status": by_near("legal_status"),
    "cla_permanence_plan": by_near("permanence_plan"),
    "cla_review_in_time_pct": Kpi(
        SAME_CHILDREN, at_end(CARE, "cla_reviews"), having(REVIEWABLE, is_reviewed_in_time), REVIEWABLE
    ),
    "cla_review_participation_pct": share_of(
        reviews, lambda row: row["participation"] in ATTENDED, whole("cla_reviews")
    ),
    "cla_visits_in_time_pct": Kpi(
        "share",
        whole("cla_visits"),
        having(visits_due, lambda _, item, __: made_in_time(item.row, item.day)),
        visits_due,
    ),
    "cla_visit_uptodate_pct": Kpi(SAME_CHILDREN, IN_CARE_NEAR, having(in_care, was_visited), in_care),
    "cla_seen_alone_pct": share_of(
        flow("cla_visits", "cla_visit_date"), is_yes("is_seen_alone"), whole("cla_visits")
    ),
    "cla_health_12m_pct": Kpi(SAME_CHILDREN, IN_CARE_NEAR, having(A_YEAR, had_health_assessment), A_YEAR),
    "cla_dental_12m_pct": Kpi(
        SAME_CHILDREN,
        IN_CARE_NEAR,
        having(A_YEAR, lambda h, item, period: had_within(12, "last_dental_check_date", h, item, period)),
        A_YEAR,
    ),
    "cla_time_in_care_median": Kpi("median", IN_CARE, days_in_care),
}

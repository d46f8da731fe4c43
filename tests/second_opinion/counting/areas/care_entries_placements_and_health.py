"""Children in care: who comes and goes, where they live, whether they are well."""

from __future__ import annotations

from tests.second_opinion.counting.children_in_care import (
    CARE,
    CARE_FLOW,
    IN_CARE,
    IN_CARE_NEAR,
    ceased,
    in_care,
    started,
)
from tests.second_opinion.counting.days import Period, plus_months
from tests.second_opinion.counting.history import History
from tests.second_opinion.counting.measures import Item, Kpi, Select
from tests.second_opinion.counting.selecting import (
    at_end,
    every,
    having,
    near_says,
    populated,
    share_of,
)

FAR_MILES = 20
ATTENDED = ("PN1", "PN2", "PN3", "PN4", "PN5", "PN6")


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


def reviews(history: History, period: Period) -> list[Item]:
    """Reviews held in the period of children aged 4 or over; cancelled ones were not held."""
    found = []
    for row in history.events("cla_reviews", "cla_review_date", period.start, period.end):
        age = history.age_at(row, row["cla_review_date"])
        if row["is_cancelled"] != "Y" and age is not None and age >= 4:
            found.append(Item(row, row["cla_review_date"]))
    return found


def far_away(history: History, period: Period) -> list[Item]:
    """Placements open at the period's end, of children in care that day, more than 20 miles from home."""
    return [
        Item(row, period.end)
        for row in history.open_rows("cla_placements", period.end)
        if (row["placement_distance_miles"] or 0) > FAR_MILES
        and row["child_id"] in history.in_care(period.end)
    ]


A_YEAR, SETTLED = been_in_care(12), having(in_care, settled_candidate)


def reviews_known(history: History, period: Period) -> bool:
    """Every review of the period is delivered, not each child's newest alone."""
    return history.covers("cla_reviews", period.start, period.end) and not history.is_newest("cla_reviews")


KPIS = {
    "cla_rate_10k": Kpi("rate_of_children", every(IN_CARE, populated), in_care),
    "cla_started_count": Kpi("count", CARE_FLOW, started),
    "cla_ceased_count": Kpi("count", CARE_FLOW, ceased),
    "cla_uasc_count": Kpi("children", IN_CARE_NEAR, having(in_care, near_says("uasc_last_12m", "Y"))),
    "cla_longterm_stability_pct": Kpi(
        "share_of_children", IN_CARE_NEAR, having(SETTLED, is_settled), SETTLED
    ),
    "cla_out_of_area_pct": Kpi(
        "share_of_children", IN_CARE_NEAR, having(in_care, near_says("placement_location", "OUT")), in_care
    ),
    "cla_20miles_pct": Kpi("share_of_children", at_end(CARE, "cla_placements"), far_away, in_care),
    "cla_review_participation_pct": share_of(
        reviews, lambda row: row["participation"] in ATTENDED, reviews_known
    ),
    "cla_health_12m_pct": Kpi(
        "share_of_children", IN_CARE_NEAR, having(A_YEAR, had_health_assessment), A_YEAR
    ),
    "cla_dental_12m_pct": Kpi(
        "share_of_children",
        IN_CARE_NEAR,
        having(A_YEAR, lambda h, item, period: had_within(12, "last_dental_check_date", h, item, period)),
        A_YEAR,
    ),
}

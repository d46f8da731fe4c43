"""Who is in care, and the periods of care that count."""

from __future__ import annotations

from tests.second_opinion.counting.days import Period, birthday
from tests.second_opinion.counting.deliveries import Row
from tests.second_opinion.counting.history import History
from tests.second_opinion.counting.measures import Item, first_of_each
from tests.second_opinion.counting.selecting import at_end, every, near, whole

CARE = "children_in_care"
EPISODE_CHANGE = "X1"


def in_care(history: History, period: Period) -> list[Item]:
    """Children in care, each by the period of care that began first."""
    return first_of_each([Item(row, period.end) for row in history.in_care_rows(period.end)])


def is_of_a_child(history: History, row: Row) -> bool:
    """Whether a period of care is care, of somebody who was under 18 when it began."""
    born = history.own_or_persons(row, "date_of_birth")
    return history.is_care(row) and (born is None or birthday(born, 18) > row["cla_start_date"])


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


IN_CARE, IN_CARE_NEAR = at_end(CARE), every(at_end(CARE), near(CARE))
CARE_FLOW = whole(CARE)

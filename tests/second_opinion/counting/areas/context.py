"""What the other figures depend on: the population, the rows that could not be used, what is not known."""

from __future__ import annotations

from tests.second_opinion.counting.areas.workforce import NEAR, children
from tests.second_opinion.counting.days import Period
from tests.second_opinion.counting.history import History
from tests.second_opinion.counting.measures import Item, Kpi
from tests.second_opinion.counting.selecting import having, populated

NOT_KNOWN = ("REFU", "NOBT", None)


def is_unknown(history: History, item: Item, _: Period) -> bool:
    return history.person(item.person, "ethnicity") in NOT_KNOWN


def persons(history: History, period: Period) -> list[Item]:
    """Everybody under 18 at the middle of the year before the reporting year."""
    number = history.persons(period.quarter.year) or 0
    return [Item({"_list": "population", "child_id": ""}, period.end)] * number


def rows_set_aside(history: History, period: Period) -> list[Item]:
    """The rows of the delivery near the period's end that could not be used."""
    delivery = history.received.near_any(period.end)
    aside = delivery.set_aside if delivery else {}
    return [row for name, number in aside.items() for row in _rows(name, number, period)]


def rows_read(history: History, period: Period) -> list[Item]:
    """Every row of that delivery."""
    delivery = history.received.near_any(period.end)
    used = {name: len(rows) for name, rows in delivery.lists.items()} if delivery else {}
    read = [row for name, number in used.items() for row in _rows(name, number, period)]
    return read + rows_set_aside(history, period)


def _rows(name: str, number: int, period: Period) -> list[Item]:
    return [Item({"_list": name, "child_id": "", "adopter_id": "", "list": name}, period.end)] * number


def delivered_near(history: History, period: Period) -> bool:
    return history.received.near_any(period.end) is not None


KPIS = {
    "pop_0_17": Kpi("count", populated, persons),
    "dq_rejected_rows_pct": Kpi("share", delivered_near, rows_set_aside, rows_read),
    "dq_unknown_ethnicity_pct": Kpi("share_of_children", NEAR, having(children, is_unknown), children),
}

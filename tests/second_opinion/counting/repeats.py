"""Whether the same happened to a child in the year before."""

from __future__ import annotations

from tests.second_opinion.counting.history import History
from tests.second_opinion.counting.measures import Item, Select
from tests.second_opinion.counting.selecting import having

YEAR_DAYS = 365


def has_earlier(history: History, name: str, column: str, item: Item) -> bool:
    """Whether our history holds another event of the child 1 to 365 days before."""
    days = [row[column] for row in history.of_child(name, item.person) if row[column] is not None]
    return any(1 <= (item.day - day).days <= YEAR_DAYS for day in days)


def is_repeat(history: History, item: Item, name: str, column: str, counter: str | None) -> bool:
    """From our history; the list's own count decides only where our history does not reach."""
    if has_earlier(history, name, column, item):
        return True
    if counter is None or history.reaches_a_year_back(name, item.day):
        return False
    return (item.row.get(counter) or 0) >= 1


def repeats(select: Select, name: str, column: str, counter: str | None) -> Select:
    return having(select, lambda history, item, _: is_repeat(history, item, name, column, counter))

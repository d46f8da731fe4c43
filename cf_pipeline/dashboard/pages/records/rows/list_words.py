"""How each of today's lists is shown: its title, its heading, and the names of its columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from cf_pipeline.dashboard.pages.records.rows.labels import read_data

LISTS_FILE, DEFAULT = "lists", "default"


@dataclass(frozen=True)
class ListWords:
    """The words of one list; a column without a name is not shown.

    Attributes:
        title: short; '' where the list's own title is used.
        group: the heading that it stands under.
        start, last, category, number, counted, since, working_days_since, message: headings of columns.
        codes: the set of codes of `category`; None where it is a text.
        waits: choices of a filter, in `waits_unit`.
        history: the delivered list whose events stand below the rows.
        is_recent: whether this week's and this month's rows are counted.
    """

    title: str = ""
    group: str = ""
    start: str = ""
    last: str = ""
    category: str = ""
    number: str = ""
    counted: str = ""
    since: str = ""
    working_days_since: str = ""
    message: str = ""
    codes: str | None = None
    waits: tuple[int, ...] = ()
    waits_unit: str = "days"
    history: str = ""
    is_recent: bool = False

    @property
    def own_columns(self) -> frozenset[str]:
        """The columns of `worklist_item` that a list with words of its own always has."""
        names = {"start": "start_date", "last": "last_date", "category": "category", "number": "number"}
        return frozenset(column for name, column in names.items() if self.title and getattr(self, name))


@cache
def list_words() -> dict[str, ListWords]:
    """The words of each list that has its own, in the order in which lists are shown."""
    return {name: _words(entry) for name, entry in read_data(LISTS_FILE).items() if name != DEFAULT}


def words_of(worklist: str) -> ListWords:
    """The words of a list; those of every other list where it has none of its own."""
    return list_words().get(worklist) or _words(read_data(LISTS_FILE)[DEFAULT])


def list_name(row: Any) -> str:
    """The title of a list for links and headings, of its row of `worklist`."""
    return words_of(str(row.worklist)).title or str(row.title)


def _words(entry: dict[str, Any]) -> ListWords:
    texts: dict[str, Any] = {**entry, "waits": tuple(entry.get("waits", ()))}
    return ListWords(**texts)

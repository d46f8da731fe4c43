"""The declarations of today's lists and of a child's events, read from `data/` and checked when loaded."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from typing import Any

from cf_pipeline.kpi.definitions.conditions import Condition, Term, parse_condition, parse_term
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.definitions.sides import AT_END, Side

BESIDE = "beside."
"""Prefix of a column that is worked out for a list and stands beside its records."""
INTERVAL = "interval."
"""Prefix of an interval of the council's own in the rule of a due date."""
_IF = " if "


@dataclass(frozen=True)
class DueDate:
    """One rule of a due date: a date with what is added to it, and the condition under which it holds.

    `interval` names the council's own interval that is added to the date; without that interval the rule
    gives no date.
    """

    date: str
    condition: Condition | None = None
    interval: str | None = None

    def term(self, intervals: Mapping[str, str]) -> Term | None:
        """The due date as a term of the records; None where the council has set no such interval."""
        if self.interval is None:
            return parse_term(self.date)
        own = intervals.get(self.interval)
        return None if own is None else parse_term(f"{self.date} + {own}")


@dataclass(frozen=True)
class Worklist:
    """One of today's lists; the fields are explained at the head of `data/worklists.toml`."""

    name: str
    title: str
    side: Side
    kpi: str | None = None
    counted_by: str | None = None
    beside: str | None = None
    where: tuple[Condition, ...] = ()
    start: str | None = None
    last: str | None = None
    due: tuple[DueDate, ...] = field(default=())
    category: str | None = None
    number: str | None = None

    @cached_property
    def columns_at_end(self) -> list[str]:
        """The columns that are read as the newest delivery states them."""
        named = {self.start, self.last, self.category, self.number}
        for due in self.due:
            named |= {parse_term(due.date).column, *(due.condition.columns if due.condition else ())}
        return sorted(name for name in named if name is not None and name.startswith(AT_END))

    def due_rule(self, intervals: Mapping[str, str]) -> str | None:
        """The rules of its due date in one text, for people; None where nothing is due."""
        texts = []
        for due in self.due:
            if due.interval is None or due.interval in intervals:
                added = "" if due.interval is None else f" + {intervals[due.interval]}"
                condition = "" if due.condition is None else f"{_IF}{due.condition.text}"
                texts.append(f"{due.date}{added}{condition}")
        return "; ".join(texts).replace(BESIDE, "").replace(AT_END, "") or None


@dataclass(frozen=True)
class Event:
    """One kind of event of a child: the list and the date it is read from, what it is called, its code."""

    list: str
    date: str
    name: str
    category: str | None = None
    where: Condition | None = None


@cache
def load_worklists() -> dict[str, Worklist]:
    """Every list by name, in the order of their declarations.

    Raises:
        ValueError: a declaration is wrong; the sentence names the list.
    """
    worklists = [_worklist(record) for record in _read("worklists.toml")["worklist"]]
    return {worklist.name: worklist for worklist in worklists}


@cache
def load_events() -> tuple[Event, ...]:
    """Every kind of event, in the order in which those of one day stand."""
    return tuple(
        Event(**record | ({"where": parse_condition(record["where"])} if "where" in record else {}))
        for record in _read("events.toml")["event"]
    )


def _read(name: str) -> dict[str, Any]:
    file = resources.files("cf_pipeline.worklists") / "data" / name
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _worklist(record: Mapping[str, Any]) -> Worklist:
    values, registry = dict(record), load_registry()
    source = values.pop("source", None)
    unknown = [
        name for name in (values.get("kpi"), values.get("counted_by")) if name not in (None, *registry)
    ]
    if unknown or (source is None) == ("kpi" not in values):
        raise ValueError(
            f"list {record['name']}: its records are those of a KPI or of a source, and KPIs exist."
        )
    side = _side(source) if source is not None else registry[values["kpi"]].numerator
    values["where"] = tuple(map(parse_condition, values.get("where", ())))
    values["due"] = tuple(map(_due_date, values.get("due", ())))
    return Worklist(side=side, **values)


def _side(source: Mapping[str, Any]) -> Side:
    values = dict(source) | {"where": tuple(map(parse_condition, source.get("where", ())))}
    if "open" in values:
        values["open"] = tuple(values["open"])
    return Side(**values)


def _due_date(text: str) -> DueDate:
    rule, _, condition = text.partition(_IF)
    date, _, interval = rule.partition(f" + {INTERVAL}")
    return DueDate(date, parse_condition(condition) if condition else None, interval or None)

"""What the rows of a list can be narrowed to: a team, a worker, when they are due, what was found of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from cf_pipeline.dashboard.content import Field, Form
from cf_pipeline.dashboard.pages.records.rows.cells import SOON_DAYS
from cf_pipeline.dashboard.pages.records.rows.labels import code_text, team_text, worker_text
from cf_pipeline.dashboard.pages.records.rows.list_words import ListWords
from cf_pipeline.dashboard.visit import Visit

NOBODY = "-"
"""The value of a choice of rows without a team, or without a worker."""
DUE = {
    "over": "over the last day",
    "over_or_undated": "over, or without a date",
    "week": f"within {SOON_DAYS} days",
    "this_month": "this month",
    "next_month": "next month",
}
_EVERY = ("", "all")


@dataclass(frozen=True)
class Choice:
    """One choice of the rows of a table.

    Attributes:
        name: in the address.
        label: for readers.
        options: value -> text, without the one for every row.
        is_chosen: the rows of a frame that a value stands for.
        is_open: whether other values than the options are valid: a team without a row today is still one.
    """

    name: str
    label: str
    options: Mapping[str, str]
    is_chosen: Callable[[pd.DataFrame, str], pd.Series]
    is_open: bool = False


def narrow_rows(visit: Visit, frame: pd.DataFrame, choices: list[Choice]) -> tuple[pd.DataFrame, Form | None]:
    """The rows that the address asks for, and the form to choose others; None where there is no choice.

    Raises:
        PageError: the address has a value that a choice has not.
    """
    fields, found = [], frame
    for choice in choices:
        value = visit.query.get(choice.name, "")
        options = dict(choice.options)
        if choice.is_open and value:
            options.setdefault(value, value)
        visit.choice(choice.name, ["", *options], "", f"choice of {choice.label!r}")
        if value:
            found = found[choice.is_chosen(found, value).fillna(value=False).astype(bool)]
        if value or len(options) > 1:
            fields.append(Field(choice.name, choice.label, value, (_EVERY, *options.items())))
    return found, Form("Which rows", tuple(fields)) if fields else None


def item_choices(items: pd.DataFrame, words: ListWords) -> list[Choice]:
    """The choices of one of today's lists.

    Args:
        items: its rows of `worklist_item`.
        words: its words; they say which columns it has.
    """
    choices = [team_choice(items), worker_choice(items)]
    if items["due_date"].notna().any():
        choices.append(Choice("due", "Due", DUE, find_due))
    if words.waits:
        waits = {str(number): f"over {number} {words.waits_unit} ago, or never" for number in words.waits}
        column = "working_days_since" if words.waits_unit == "working days" else "days_since"
        choices.append(Choice("wait", words.last or words.since, waits, _longer_than(column)))
    if words.counted and items["is_counted"].notna().any():
        choices.append(
            Choice(
                "counted",
                words.counted,
                {"yes": "yes", "no": "no"},
                lambda rows, value: rows["is_counted"].eq(value == "yes"),
            )
        )
    if words.category and words.codes is not None:
        choices.append(
            column_choice(items, "category", words.category, lambda code: code_text(code, words.codes))
        )
    return [*choices, column_choice(items, "severity", "Severity", str)]


def team_choice(rows: pd.DataFrame) -> Choice:
    """The choice of a team among the rows."""
    choice = column_choice(rows, "team", "Team", team_text)
    options = {**choice.options, NOBODY: team_text(None)} if rows["team"].isna().any() else choice.options
    return replace(choice, options=options, is_open=True)


def worker_choice(rows: pd.DataFrame) -> Choice:
    """The choice of a worker among the rows."""
    known = rows.dropna(subset=["worker"]).drop_duplicates("worker")
    names = {str(row.worker): worker_text(row.worker, row.worker_name) for row in known.itertuples()}
    options = dict(sorted(names.items(), key=lambda entry: entry[1]))
    if rows["worker"].isna().any():
        options[NOBODY] = worker_text(None)
    return Choice("worker", "Worker", options, _of_column("worker"), is_open=True)


def column_choice(rows: pd.DataFrame, column: str, label: str, text: Callable[[Any], str]) -> Choice:
    """The choice of a value of a column among those that there are, by their texts."""
    texts = {str(value): text(value) for value in rows[column].dropna().unique()}
    options = dict(sorted(texts.items(), key=lambda entry: entry[1]))
    return Choice(column, label, options, _of_column(column))


def find_due(items: pd.DataFrame, value: str) -> pd.Series:
    """Which rows of `worklist_item` are due as one of DUE says; months are those of the list's day."""
    left, due = items["days_left"], items["due_date"]
    month = items["as_at"].dt.to_period("M")
    tests: dict[str, Callable[[], pd.Series]] = {
        "over": lambda: left.lt(0),
        "over_or_undated": lambda: left.lt(0) | due.isna(),
        "week": lambda: left.between(0, SOON_DAYS),
        "this_month": lambda: due.dt.to_period("M").eq(month) & left.ge(0),
        "next_month": lambda: due.dt.to_period("M").eq(month + 1),
    }
    return tests[value]()


def _of_column(column: str) -> Callable[[pd.DataFrame, str], pd.Series]:
    return lambda rows, value: rows[column].isna() if value == NOBODY else rows[column].eq(value)


def _longer_than(column: str) -> Callable[[pd.DataFrame, str], pd.Series]:
    return lambda rows, value: rows[column].gt(int(value)) | rows["last_date"].isna() & rows[column].isna()

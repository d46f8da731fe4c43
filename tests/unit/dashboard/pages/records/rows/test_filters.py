"""Which rows of a list each choice stands for, at the edges of its days."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from cf_pipeline.dashboard.access.identity import ONLY_USER
from cf_pipeline.dashboard.page import PageError
from cf_pipeline.dashboard.pages.records.rows.filters import find_due, item_choices, narrow_rows
from cf_pipeline.dashboard.pages.records.rows.list_words import words_of
from cf_pipeline.dashboard.source import Publication
from cf_pipeline.dashboard.visit import Visit

DAY = pd.Timestamp("2019-12-31")


def visit(**query: str) -> Visit:
    now = Publication(1, "run", dt.datetime(2020, 1, 1))  # noqa: DTZ001 - UTC, as the warehouse stores it
    return Visit(ONLY_USER, now, {}, {}, query, {}, lambda _: {}, lambda _: {})


def items(**columns: list[Any]) -> pd.DataFrame:
    """Rows of `worklist_item`; columns that are not given are empty."""
    names = ("team", "worker", "worker_name", "category", "severity", "is_counted")
    count = len(next(iter(columns.values())))
    frame = pd.DataFrame({name: columns.get(name, [None] * count) for name in names}, dtype=object)
    for name in ("last_date", "due_date"):
        frame[name] = pd.to_datetime(pd.Series(columns.get(name, [None] * count)))
    for name in ("days_left", "days_since", "working_days_since"):
        frame[name] = pd.array(columns.get(name, [None] * count), dtype="Int64")
    return frame.assign(as_at=DAY, row=range(count))


@pytest.mark.parametrize(
    ("choice", "days", "chosen"),
    [
        ("over", [-1, 0, 1, None], [0]),
        ("over_or_undated", [-1, 0, 1, None], [0, 3]),
        ("week", [-1, 0, 7, 8, None], [1, 2]),
        ("this_month", [-1, 0, 1, None], [1]),
        ("next_month", [0, 1, 31, 32, None], [1, 2]),
    ],
)
def test_what_is_due(choice: str, days: list[int | None], chosen: list[int]) -> None:
    due = [None if each is None else DAY + pd.Timedelta(days=each) for each in days]
    found = find_due(items(days_left=days, due_date=due), choice).fillna(value=False)
    assert list(found[found.astype(bool)].index) == chosen


@pytest.mark.parametrize(
    ("worklist", "query", "columns", "chosen"),
    [
        ("protection_visits", {"wait": "10"}, {"working_days_since": [9, 10, 11, None]}, [2, 3]),
        ("care_leaver_contact", {"wait": "56"}, {"days_since": [55, 56, 57, None]}, [2, 3]),
        ("care_visits", {"counted": "yes"}, {"is_counted": [True, False, None]}, [0]),
        ("care_visits", {"counted": "no"}, {"is_counted": [True, False, None]}, [1]),
        ("care_visits", {"team": "A"}, {"team": ["A", "B", None]}, [0]),
        ("care_visits", {"team": "-"}, {"team": ["A", "B", None]}, [2]),
        ("care_visits", {"team": "of another authority"}, {"team": ["A", "B", None]}, []),
        ("care_visits", {"worker": "w1", "team": "A"}, {"worker": ["w1", "w1"], "team": ["A", "B"]}, [0]),
        ("data_errors", {"severity": "error"}, {"severity": ["error", "warning"]}, [0]),
        (
            "caseload",
            {"category": "children_in_care"},
            {"category": ["children_in_care", "care_leavers"]},
            [0],
        ),
        ("care_visits", {}, {"team": ["A", "B", None]}, [0, 1, 2]),
    ],
)
def test_what_is_chosen(
    worklist: str, query: dict[str, str], columns: dict[str, list[Any]], chosen: list[int]
) -> None:
    rows = items(**columns)
    found, _ = narrow_rows(visit(**query), rows, item_choices(rows, words_of(worklist)))
    assert list(found["row"]) == chosen


@pytest.mark.parametrize("query", [{"counted": "maybe"}, {"severity": "x"}, {"wait": "11"}, {"due": "soon"}])
def test_a_value_that_a_choice_has_not_is_told_with_the_way_back(query: dict[str, str]) -> None:
    rows = items(is_counted=[True], severity=["error"], due_date=[DAY], working_days_since=[1])
    with pytest.raises(PageError, match="There is no choice of") as refusal:
        narrow_rows(visit(**query), rows, item_choices(rows, words_of("protection_visits")))
    assert refusal.value.status == 404
    assert refusal.value.links


def test_the_form_offers_what_the_rows_have_and_keeps_what_was_chosen() -> None:
    rows = items(team=["B", "A", None], worker=["w" * 32, None, None])
    _, form = narrow_rows(visit(team="A"), rows, item_choices(rows, words_of("care_visits")))
    assert form is not None
    (team, worker) = form.fields
    assert (team.value, team.options) == ("A", (("", "all"), ("A", "A"), ("B", "B"), ("-", "no team")))
    assert worker.options[1:] == (("w" * 32, "worker wwwwwwww"), ("-", "no worker"))

"""The team manager's fifteen questions of docs/sql.md, asked of both databases.

What is expected comes from a plain recount of the deliveries, not from SQL. The history is a random one in
which every question has an answer.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest
from sqlalchemy import text

from cf_pipeline.history.issues_by_child import find_issue_people
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.measure.quarterly import prepare_counter
from cf_pipeline.warehouse import publish_tables
from cf_pipeline.warehouse.assemble import authority_records
from cf_pipeline.warehouse.dialects import database
from cf_pipeline.warehouse.tables.schemas import RESTRICTED
from cf_pipeline.worklists.day import Day
from cf_pipeline.worklists.today import list_today
from tests.second_opinion.comparison import as_cleaned
from tests.second_opinion.counting.days import plus_days, plus_months
from tests.second_opinion.counting.history import History
from tests.second_opinion.counting.today.changes import EVENTS, changes, events
from tests.second_opinion.counting.today.lists import every_list
from tests.second_opinion.counting.today.recount import Entry, Recount
from tests.second_opinion.random_history import Plan, deliveries
from tests.second_opinion.random_history import every_list as every_delivered_list
from tests.spec import casebook

PAGE = Path(__file__).parents[2] / "docs" / "sql.md"
SECTION = "## Team manager"
PLAN = Plan(seed=38, children=24, deliveries=3, lists=tuple(every_delivered_list()))
QUESTION = re.compile(r"^### (\d+)\. .+?\n+```sql\n(.+?)```", re.M | re.S)
Rows = Iterable[tuple[Any, ...]]


class Council(NamedTuple):
    """The tables of `restricted` of one history, its issues by child, and the recount."""

    tables: dict[str, pd.DataFrame]
    issues: pd.DataFrame
    child_ids: dict[str, str]
    history: History
    lists: dict[str, list[Entry]]

    @property
    def day(self) -> dt.date:
        return self.history.received.newest

    @property
    def journey(self) -> str:
        """The child of whom there is most to tell."""
        told = Counter(child for child, _, _ in events(self.history))
        return max(sorted(told), key=lambda child: told[child])


@cache
def council(plan: Plan = PLAN) -> Council:
    delivered = deliveries(plan)
    cleaned = [as_cleaned(delivery) for delivery in delivered]
    core = casebook.core(*cleaned)
    frames = casebook.clean_frames(cleaned)
    issues = find_issue_people(core.issues, frames, casebook.AUTHORITY, casebook.KEY)
    day = Day.newest(prepare_counter(core.tables, load_registry()))
    today, people = list_today(day, issues), core.tables["person"]
    records = {"worklist": today.lists, "worklist_item": today.items, "child_timeline": today.timeline}
    tables = authority_records(casebook.AUTHORITY, people, records | {"change_since": core.changes})
    child_ids = dict(zip(people["person_ref"], people["child_id"], strict=True))
    history = History(delivered)
    return Council(tables, issues, child_ids, history, every_list(history))


def queries() -> dict[int, str]:
    section = PAGE.read_text(encoding="utf-8").partition(SECTION)[2]
    return {int(number): query for number, query in QUESTION.findall(section)}


@pytest.fixture
def ask(url: str) -> Callable[..., list[dict[str, Any]]]:
    """Publishes the council and runs the query of a question; the rows as a database gives them."""
    tables = {name: contract.empty() for name, contract in RESTRICTED.contracts.items()}
    publish_tables(url, tables | council().tables, RESTRICTED)

    def run(number: int, **parameters: str) -> list[dict[str, Any]]:
        reader = database(url, RESTRICTED.name).reader()
        assert reader is not None
        with reader.connect() as connection:
            found = connection.execute(
                text(queries()[number]), {"authority": casebook.AUTHORITY} | parameters
            )
            return [dict(row) for row in found.mappings()]

    return run


def of(rows: list[dict[str, Any]], *names: str) -> Counter[tuple[Any, ...]]:
    """Some columns of the rows, in no order; a moment at midnight is its day."""

    def plain(value: Any) -> Any:
        return value.date() if isinstance(value, dt.datetime) else value

    return Counter(tuple(plain(row[name]) for name in names) for row in rows)


def entries(name: str, test: Callable[[Entry], bool] = lambda _: True) -> list[Entry]:
    return [entry for entry in council().lists[name] if test(entry)]


def not_visited() -> Rows:
    late = entries("protection_visits", lambda each: (each.working_days_since or 0) > 10)
    return [(each.team, each.child, each.last, each.working_days_since) for each in late]


def assessments_within_a_week() -> Rows:
    soon = entries("assessments_open", lambda each: 0 <= (each.days_left or 0) <= 7)
    return [(each.team, each.child, each.start, each.due, each.days_left) for each in soon]


def visits_overdue() -> Rows:
    late = entries("care_visits", lambda each: each.days_left is not None and each.days_left < 0)
    return [(each.team, each.child, each.due, -(each.days_left or 0)) for each in late]


def reviews_of_next_month() -> Rows:
    first = plus_months(council().day.replace(day=1), 1)
    for name in ("care_reviews", "protection_reviews"):
        for each in entries(name):
            if each.due is not None and first <= each.due < plus_months(first, 1):
                yield (name, each.team, each.child, each.last, each.due)


def conferences_not_held() -> Rows:
    waiting = entries("enquiries_awaiting_conference")
    return [(each.team, each.child, each.start, each.working_days_since, each.days_left) for each in waiting]


def missing_and_interviews() -> Rows:
    missing = [("missing_now", each.child, each.start) for each in entries("missing_now")]
    late = entries("return_interviews_due", lambda each: (each.days_left or 0) < 0)
    return [*missing, *(("return_interviews_due", each.child, each.start) for each in late)]


def leavers_without() -> Rows:
    edge = plus_days(council().day, -56)
    contact = {each.child for each in entries("care_leaver_contact") if each.last is None or each.last < edge}
    plan = {
        each.child for each in entries("care_leaver_plan") if each.due is None or each.due < council().day
    }
    return [(child, int(child in contact), int(child in plan)) for child in contact | plan]


def rereferred() -> Rows:
    return [(each.child, each.start, each.last, each.category) for each in entries("rereferrals")]


def placements() -> Rows:
    often = [each.child for each in entries("care_placements", lambda each: (each.number or 0) >= 3)]
    return [
        (child, day)
        for child, day, name in events(council().history)
        if name == "cla_placements" and child in often
    ]


def journey() -> Rows:
    return [(day, name) for child, day, name in events(council().history) if child == council().journey]


def recent_contacts() -> Rows:
    day = council().day
    monday, first = plus_days(day, -day.weekday()), day.replace(day=1)
    groups: dict[tuple[Any, Any], list[dt.date]] = {}
    for each in entries("contacts_recent"):
        if each.start is not None:
            groups.setdefault((each.team, each.category), []).append(each.start)
    return [
        (*group, sum(day >= monday for day in days), sum(day >= first for day in days))
        for group, days in groups.items()
    ]


def data_errors() -> Rows:
    issues = council().issues
    for row in issues[issues["as_at"].eq(pd.Timestamp(council().day))].to_dict("records"):
        if not pd.isna(row["person_ref"]) and row["list"] != "adopters":
            yield (council().child_ids[row["person_ref"]], row["severity"], row["rule"], row["excel_row"])


def waiting() -> Rows:
    return [(each.team, each.child, each.category, each.start) for each in entries("unallocated")]


ASKED: dict[int, tuple[tuple[str, ...], Callable[[], Rows]]] = {
    1: (("team", "child_id", "last_date", "working_days_since"), not_visited),
    2: (("team", "child_id", "start_date", "due_date", "days_left"), assessments_within_a_week),
    3: (("team", "child_id", "due_date", "days_over"), visits_overdue),
    4: (("worklist", "team", "child_id", "last_date", "due_date"), reviews_of_next_month),
    5: (("team", "child_id", "start_date", "working_days_since", "days_left"), conferences_not_held),
    6: (("worklist", "child_id", "start_date"), missing_and_interviews),
    7: (("child_id", "without_contact", "without_plan"), leavers_without),
    9: (("child_id", "referral_date", "closure_date", "closure_reason"), rereferred),
    10: (("child_id", "event_date"), placements),
    12: (("team", "source", "this_week", "this_month"), recent_contacts),
    13: (("child_id", "severity", "rule", "excel_row"), data_errors),
    14: (("team", "child_id", "status", "start_date"), waiting),
}


@pytest.mark.parametrize("number", ASKED)
def test_a_question_is_answered_as_a_plain_recount_answers_it(
    ask: Callable[..., list[dict[str, Any]]], number: int
) -> None:
    names, recount = ASKED[number]
    expected = Counter(recount())
    assert expected
    assert of(ask(number), *names) == expected


def test_a_caseload_counts_each_child_of_a_worker_once_by_status(
    ask: Callable[..., list[dict[str, Any]]],
) -> None:
    """Pseudonyms are not known to the recount: the workers are told apart by their children."""
    cases: dict[str, dict[str, set[str]]] = {}
    for item, entry in zip(_cases(), entries("caseload"), strict=True):
        if item is not None:
            cases.setdefault(item, {}).setdefault(str(entry.category), set()).add(entry.child)
    expected = Counter(
        frozenset((status, len(children)) for status, children in of_worker.items())
        for of_worker in cases.values()
    )
    found: dict[str, set[tuple[str, int]]] = {}
    for row in ask(8):
        found.setdefault(row["worker"], set()).add((row["status"], row["children"]))
    assert expected
    assert Counter(map(frozenset, found.values())) == expected


def _cases() -> list[str | None]:
    """The worker of each case of the recount, in its order."""
    return [item.row["allocated_worker"] for item in Recount(council().history).cases]


def test_a_journey_is_every_event_of_the_child_in_order(ask: Callable[..., list[dict[str, Any]]]) -> None:
    rows = ask(11, child_id=council().journey)
    assert [row["event_no"] for row in rows] == list(range(1, len(rows) + 1))
    dated = [row for row in rows if row["list"] in EVENTS and row["event"] != "initial conference"]
    assert of(dated, "event_date", "list") == Counter(journey())
    days = [row["event_date"] for row in rows]
    assert days == sorted(days)


def test_what_changed_is_new_closed_moved_or_corrected(ask: Callable[..., list[dict[str, Any]]]) -> None:
    rows = [row for row in ask(15) if row["list"] != "care_leavers"]
    told = [row for row in rows if row["change"] in ("new", "closed", "reopened", "team")]
    expected = Counter(
        (each.list, each.child, each.kind, each.before, each.after) for each in changes(council().history)
    )
    assert of(told, "list", "child_id", "change", "from_text", "to_text") == expected
    assert {row["change"] for row in rows} >= {"new", "closed", "reopened", "corrected"}


def test_the_page_asks_fifteen_questions_and_each_is_tested() -> None:
    assert list(queries()) == list(range(1, 16))
    assert {*ASKED, 8, 11, 15} == set(queries())

"""The team manager's fifteen questions, answered by clicks from the overview; each equals docs/sql.md.

The records are those of a random council in which every question has an answer, behind the sample's figures.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import text

from cf_pipeline.cli.serving.warehouse_source import WarehouseSource
from cf_pipeline.dashboard.access.identity import AccessSettings
from cf_pipeline.dashboard.app import make_app
from cf_pipeline.dashboard.pages.records.rows.labels import code_text, event_text, worker_text
from cf_pipeline.dashboard.pages.records.rows.list_words import words_of
from cf_pipeline.warehouse import keep_files_open, publish_tables, read_table
from cf_pipeline.warehouse.dialects import database
from cf_pipeline.warehouse.tables.schemas import RESTRICTED
from tests.integration.test_questions_of_team_managers import council, queries
from tests.spec import casebook
from tests.support.dashboard_example import KeptLog
from tests.support.web_server import serve

pytestmark = pytest.mark.browser
SLUG = "city-of-london"
MOST_CLICKS = 4
ROWS = """(name) => {
    const text = (cell) =>
        cell.querySelector('[aria-hidden]') ? '' : cell.querySelector('span')?.innerText ?? '';
    const rows = [...document.querySelectorAll(`#${name} tbody tr`)];
    return rows.map((row) => [...row.children].map((cell) => text(cell).trim()));
}"""
HEADINGS = "(name) => [...document.querySelectorAll(`#${name} thead th`)].map(cell => cell.innerText.trim())"


@dataclass
class Reader:
    """Someone who clicks; each page begins with the overview."""

    page: Any
    address: str
    clicks: int = 0
    seen: list[str] = field(default_factory=list)

    def start(self) -> Reader:
        self.page.goto(f"{self.address}/{SLUG}")
        self.clicks = 0
        return self

    def click(self, name: str) -> Reader:
        self.page.get_by_role("link", name=name, exact=True).first.click()
        self.clicks += 1
        return self

    def choose(self, **choices: str) -> Reader:
        """Choose in the page's form, and click its button once."""
        form = self.page.locator("form.choices").last
        for name, value in choices.items():
            form.locator(f"[name={name}]").select_option(value)
        form.get_by_role("button").click()
        self.clicks += 1
        return self

    def table(self, name: str = "rows") -> pd.DataFrame:
        """The rows of a table, of all its parts; within the clicks that a question may take."""
        assert self.clicks <= MOST_CLICKS
        links = self.page.locator(f"#{name} nav.parts a")
        parts = [link.get_attribute("href") for link in links.all()] or [None]
        rows, here = [], self.page.url.partition("?")[0]
        for part in parts:
            if part:
                self.page.goto(here + part)
            headings = self.page.evaluate(HEADINGS, name)
            rows += self.page.evaluate(ROWS, name)
        return pd.DataFrame(rows, columns=headings if rows else None)


@pytest.fixture(scope="module")
def warehouse(sample_project: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The sample's figures, and the records of the random council under the same publication."""
    folder = tmp_path_factory.mktemp("council") / "warehouse"
    shutil.copytree(sample_project / "data" / "warehouse", folder)
    url = f"duckdb:///{folder}/published.duckdb"
    tables = {name: contract.empty() for name, contract in RESTRICTED.contracts.items()} | council().tables
    said = read_table(url, "publication")[["version", "run_id", "published_at"]]
    publish_tables(url, tables | {"publication": said}, RESTRICTED)
    return url


@pytest.fixture(scope="module")
def reader(browser: Any, warehouse: str) -> Iterator[Reader]:
    app = make_app(WarehouseSource(warehouse), KeptLog(), AccessSettings(), lambda chart: "")
    with keep_files_open(), serve(app) as address:
        context = browser.new_context()
        yield Reader(context.new_page(), address)
        context.close()


@pytest.fixture(scope="module")
def ask(warehouse: str) -> Callable[..., list[dict[str, Any]]]:
    """Runs the SQL of a question."""

    def run(number: int, **parameters: str) -> list[dict[str, Any]]:
        engine = database(warehouse, RESTRICTED.name).reader()
        assert engine is not None
        with engine.connect() as connection:
            found = connection.execute(
                text(queries()[number]), {"authority": casebook.AUTHORITY} | parameters
            )
            return [dict(row) for row in found.mappings()]

    return run


def cell_text(value: Any) -> str:
    """A value of SQL as a page writes it."""
    if value is None or pd.isna(value):
        return ""
    if hasattr(value, "year"):
        return f"{value.day} {value:%b %Y}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def days_left(days: int | None) -> str:
    if days is None:
        return ""
    size = "1 day" if abs(days) == 1 else f"{abs(days):,} days"
    return f"{size} over" if days < 0 else f"{size} left" if days else "due today"


def columns(table: pd.DataFrame, *names: str) -> Counter[tuple[str, ...]]:
    return Counter(table[list(names)].itertuples(index=False, name=None)) if len(table) else Counter()


def values(rows: list[dict[str, Any]], *names: str) -> Counter[tuple[str, ...]]:
    found = Counter(tuple(cell_text(row[name]) for name in names) for row in rows)
    assert found, "the question has no answer: nothing would be compared"
    return found


def open_list(reader: Reader, worklist: str) -> Reader:
    return reader.start().click("Today's lists").click(words_of(worklist).title)


def test_1_children_on_a_plan_not_visited_in_ten_working_days(reader, ask) -> None:
    table = open_list(reader, "protection_visits").choose(wait="10").table()
    assert columns(table, "Child", "Last visit", "Working days since the visit") == values(
        ask(1), "child_id", "last_date", "working_days_since"
    )


def test_2_assessments_that_pass_45_working_days_within_a_week(reader, ask) -> None:
    table = open_list(reader, "assessments_open").choose(due="week").table()
    rows = [{**row, "left": days_left(row["days_left"])} for row in ask(2)]
    assert columns(table, "Child", "Started", "Last day in time", "Time left") == values(
        rows, "child_id", "start_date", "due_date", "left"
    )


def test_3_children_in_care_whose_visit_is_overdue(reader, ask) -> None:
    table = open_list(reader, "care_visits").choose(due="over").table()
    rows = [{**row, "over": days_left(-row["days_over"])} for row in ask(3)]
    assert columns(table, "Child", "Last visit", "Last day in time", "Time left") == values(
        rows, "child_id", "last_date", "due_date", "over"
    )


def test_4_reviews_due_next_month(reader, ask) -> None:
    found: Counter[tuple[str, ...]] = Counter()
    for worklist in ("care_reviews", "protection_reviews"):
        table = open_list(reader, worklist).choose(due="next_month").table()
        found += Counter(
            (worklist, *row) for row in columns(table, "Child", "Last review", "Last day in time").elements()
        )
    assert found == values(ask(4), "worklist", "child_id", "last_date", "due_date")


def test_5_enquiries_whose_conference_has_not_been_held(reader, ask) -> None:
    table = open_list(reader, "enquiries_awaiting_conference").table()
    rows = [{**row, "left": days_left(row["days_left"])} for row in ask(5)]
    assert columns(table, "Child", "Enquiry", "Working days since the enquiry", "Time left") == values(
        rows, "child_id", "start_date", "working_days_since", "left"
    )


def test_6_who_is_missing_and_whose_return_interview_is_late(reader, ask) -> None:
    missing = open_list(reader, "missing_now").table()
    late = open_list(reader, "return_interviews_due").choose(due="over").table()
    found = Counter(("missing_now", *row) for row in columns(missing, "Child", "Missing since").elements())
    found += Counter(("return_interviews_due", *row) for row in columns(late, "Child", "Returned").elements())
    assert found == values(ask(6), "worklist", "child_id", "start_date")


def test_7_care_leavers_without_contact_in_eight_weeks_or_a_plan_in_date(reader, ask) -> None:
    contact = open_list(reader, "care_leaver_contact").choose(wait="56").table()
    plan = open_list(reader, "care_leaver_plan").choose(due="over_or_undated").table()
    rows = ask(7)
    for table, name in ((contact, "without_contact"), (plan, "without_plan")):
        expected = [{**row, "who": worker_text(row["worker"])} for row in rows if row[name]]
        assert set(columns(table, "Worker", "Child")) == set(values(expected, "who", "child_id"))


def test_8_caseload_by_worker_with_children_by_status(reader, ask) -> None:
    table = reader.start().click("Caseload").table("workers").set_index("Worker")
    rows = ask(8)
    for row in rows:
        status = code_text(row["status"], "lists")
        assert table.loc[worker_text(row["worker"]), status] == str(row["children"])
    shown_counts = table.drop(columns=["Team", "Children"]).drop(index="no worker", errors="ignore")
    assert int((shown_counts != "0").sum().sum()) == len(rows) > 0


def test_9_who_was_re_referred_and_why_the_case_was_closed_before(reader, ask) -> None:
    table = open_list(reader, "rereferrals").table()
    rows = [{**row, "why": code_text(row["closure_reason"], "closure_reason")} for row in ask(9)]
    assert columns(table, "Child", "Referral", "Closed before", "Why it was closed") == values(
        rows, "child_id", "referral_date", "closure_date", "why"
    )


def test_10_the_placement_history_of_children_with_three_or_more(reader, ask) -> None:
    table = open_list(reader, "care_placements").choose(counted="yes").table("history")
    rows = [{**row, "what": event_text(row["event"], row["category"])} for row in ask(10)]
    assert columns(table, "Child", "Day", "Event", "What") == values(
        rows, "child_id", "event_date", "event", "what"
    )


@pytest.mark.parametrize("way", ["a list", "the case id"])
def test_11_one_child_s_journey(reader, ask, way: str) -> None:
    child = council().journey
    if way == "a list":
        table = open_list(reader, "caseload").table()
        child = table["Child"].iloc[0]
        reader.click(child)
    else:
        reader.start().click("Today's lists")
        reader.page.get_by_label("Case id of a child").fill(child)
        reader.page.get_by_role("button", name="Find").click()
        reader.clicks += 1
        assert child not in reader.page.url
    assert reader.page.locator("h1").inner_text() == f"Child {child}"
    table = reader.table("events")
    rows = [{**row, "what": event_text(row["event"], row["category"])} for row in ask(11, child_id=child)]
    assert list(table[["Day", "Event", "What"]].itertuples(index=False, name=None)) == [
        (cell_text(row["event_date"]), row["event"], row["what"]) for row in rows
    ]


def test_12_contacts_this_week_and_month_by_team_and_source(reader, ask) -> None:
    table = open_list(reader, "contacts_recent").table("recent")
    rows = [
        {**row, "who": row["team"] or "no team", "what": code_text(row["source"], "contact_referral_source")}
        for row in ask(12)
    ]
    assert columns(table, "Team", "Source", "This week", "This month") == values(
        rows, "who", "what", "this_week", "this_month"
    )


def test_13_data_errors_by_child(reader, ask) -> None:
    table = open_list(reader, "data_errors").table()
    assert columns(table, "Child", "Severity", "Rule", "What is wrong") == values(
        ask(13), "child_id", "severity", "rule", "message"
    )


def test_14_who_waits_without_a_worker(reader, ask) -> None:
    table = open_list(reader, "unallocated").table()
    rows = [{**row, "what": code_text(row["status"], "lists")} for row in ask(14)]
    assert columns(table, "Child", "Status", "Open since", "Days waiting") == values(
        rows, "child_id", "what", "start_date", "days_since"
    )


def test_15_what_changed_since_the_last_delivery(reader, ask) -> None:
    rows = ask(15)
    kinds = reader.start().click("What changed").table("kinds")
    words = {"team": "moved team", "worker": "moved worker", "placement": "moved placement"}
    counts = Counter(words.get(row["change"], row["change"]) for row in rows)
    assert dict(zip(kinds["Change"], kinds["Records"], strict=True)) == {
        name: str(n) for name, n in counts.items()
    }
    table = reader.table("changes")
    rows = [
        {**row, "kind": words.get(row["change"], row["change"]), "title": code_text(row["list"], "lists")}
        for row in rows
    ]
    assert columns(table, "Child", "Change", "List", "Date", "Ended") == values(
        rows, "child_id", "kind", "title", "record_date", "end_date"
    )

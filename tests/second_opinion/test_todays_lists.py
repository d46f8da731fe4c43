"""Today's lists, the timeline and what changed, row by row as a plain recount of the deliveries has them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cf_pipeline.clean import clean_lists
from cf_pipeline.history.issues_by_child import ISSUE_PEOPLE, find_issue_people
from cf_pipeline.history.merge.core import merge_deliveries
from cf_pipeline.ingest.receive import receive_deliveries
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.measure.quarterly import measure_counted, prepare_counter
from cf_pipeline.sample import write_sample
from cf_pipeline.worklists.day import Day
from cf_pipeline.worklists.declarations import load_worklists
from cf_pipeline.worklists.list_items import DATA_ERRORS
from cf_pipeline.worklists.today import Today, list_today
from tests.second_opinion.comparison import as_cleaned, delivered_rows, plain
from tests.second_opinion.counting.deliveries import as_day
from tests.second_opinion.counting.history import History
from tests.second_opinion.counting.today.care import PROTECTION_VISIT_WORKING_DAYS
from tests.second_opinion.counting.today.changes import EVENTS, Change, changes, events
from tests.second_opinion.counting.today.lists import every_list
from tests.second_opinion.counting.today.recount import Entry
from tests.second_opinion.random_history import Plan, deliveries
from tests.second_opinion.random_history import every_list as every_delivered_list
from tests.spec import casebook

SLUG = "city-of-london"
PAPER_SEED = 2019
NO_ISSUES = ISSUE_PEOPLE.empty()
every_seed = pytest.mark.parametrize(
    "seed", [PAPER_SEED, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (8, 15, 18))]
)
COLUMNS = {
    "start_date": "start",
    "last_date": "last",
    "due_date": "due",
    "is_counted": "is_counted",
    "category": "category",
    "number": "number",
    "team": "team",
    "days_since": "days_since",
    "working_days_since": "working_days_since",
    "days_left": "days_left",
}


class Council(NamedTuple):
    """What the product made of one sample, and the history in plain loops."""

    today: Today
    changes: pd.DataFrame
    issues: pd.DataFrame
    facts: pd.DataFrame
    child_ids: dict[str, str]
    history: History
    cleaned: dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Council]:
    return cache(lambda seed: council_of(tmp_path_factory.mktemp(f"seed_{seed}"), seed))


def council_of(raw: Path, seed: int) -> Council:
    write_sample(raw, seed=seed, years=1)
    received = receive_deliveries(raw, SLUG)
    cleaned = clean_lists(received.lists, received.manifest)
    core = merge_deliveries(
        *(cleaned.lists, cleaned.quarantine, received.manifest, casebook.AUTHORITY, casebook.KEY),
        declared_categories=casebook.own_texts(cleaned.lists),
    )
    issues = pd.concat([cleaned.issues, core.issues], ignore_index=True)
    by_child = find_issue_people(issues, cleaned.lists, casebook.AUTHORITY, casebook.KEY)
    registry = load_registry()
    counter = prepare_counter(core.tables, registry)
    kpis = {name for each in load_worklists().values() for name in (each.kpi, each.counted_by) if name}
    facts = measure_counted(counter, casebook.AUTHORITY, sorted(kpis | {"wf_caseload_avg"}))
    day = Day.newest(counter, {"protection_visit": f"{PROTECTION_VISIT_WORKING_DAYS} working days"})
    history = History(delivered_rows(cleaned.lists, cleaned.quarantine, received.manifest))
    people = core.tables["person"]
    child_ids = dict(zip(people["person_ref"], people["child_id"], strict=True))
    return Council(
        list_today(day, by_child), core.changes, by_child, facts, child_ids, history, cleaned.lists
    )


def entries(today: Today, child_ids: dict[str, str]) -> dict[str, Counter]:
    """The product's rows of each list, as the recount writes them."""
    rows = {}
    for worklist, items in today.items.groupby("worklist", observed=True):
        rows[str(worklist)] = Counter(
            Entry(
                child=child_ids[item["person_ref"]],
                has_worker=not pd.isna(item["worker"]),
                **{field: plain(item[column]) for column, field in COLUMNS.items()},
            )
            for item in items.to_dict("records")
        )
    return rows


@every_seed
def test_every_list_is_the_one_recounted(council: Callable[[int], Council], seed: int) -> None:
    found = entries(council(seed).today, council(seed).child_ids)
    recounted = every_list(council(seed).history)
    assert set(recounted) == set(load_worklists())
    for name, expected in recounted.items():
        assert found.get(name, Counter()) == Counter(expected), name


@every_seed
def test_each_list_is_as_long_as_its_kpi_counts(council: Callable[[int], Council], seed: int) -> None:
    """The newest delivery of a sample is of a quarter's last day, so the two are of one day."""
    lists, items, facts = council(seed).today.lists, council(seed).today.items, council(seed).facts
    newest = facts[facts["basis"].eq("quarter") & facts["breakdown"].eq("total")]
    newest = newest[newest["quarter_key"].eq(newest["quarter_key"].max())].set_index("kpi_id")["numerator"]
    assert len(lists)
    for row in lists.to_dict("records"):
        of_list = items[items["worklist"].eq(row["worklist"])]
        assert row["item_count"] == len(of_list)
        if not pd.isna(row["kpi_id"]):
            assert newest[row["kpi_id"]] == len(of_list), row["worklist"]
        if not pd.isna(row["counted_by"]):
            assert newest[row["counted_by"]] == of_list["is_counted"].sum(), row["worklist"]
    cases = items[items["worklist"].eq("caseload")].dropna(subset="worker")
    assert newest["wf_caseload_avg"] == len(cases[["worker", "person_ref"]].drop_duplicates())


@every_seed
def test_the_list_of_data_errors_has_every_issue_about_a_child(
    council: Callable[[int], Council], seed: int
) -> None:
    issues, items = council(seed).issues, council(seed).today.items
    newest = [
        (row["person_ref"], row["rule"], row["excel_row"])
        for row in issues.to_dict("records")
        if row["as_at"] == issues["as_at"].max() and not pd.isna(row["person_ref"])
    ]
    found = items[items["worklist"].eq(DATA_ERRORS)]
    assert Counter(zip(found["person_ref"], found["category"], found["excel_row"], strict=True)) == Counter(
        newest
    )
    assert newest


@every_seed
def test_the_row_of_a_file_is_that_of_the_child(council: Callable[[int], Council], seed: int) -> None:
    found = council(seed)
    for row in found.today.items[found.today.items["worklist"].ne(DATA_ERRORS)].to_dict("records"):
        rows = found.cleaned[row["list"]]
        place = rows[
            rows["delivery_id"].eq(row["delivery_id"])
            & rows["file"].eq(row["file"])
            & rows["sheet"].eq(row["sheet"])
            & rows["excel_row"].eq(row["excel_row"])
        ]
        assert found.child_ids[row["person_ref"]] in set(place["child_id"])


@every_seed
def test_the_timeline_has_every_dated_event(council: Callable[[int], Council], seed: int) -> None:
    found = council(seed)
    timeline = found.today.timeline
    rows = timeline[timeline["list"].isin(list(EVENTS)) & timeline["event"].ne("initial conference")]
    counted = Counter(
        (found.child_ids[row["person_ref"]], plain(row["event_date"]), row["list"])
        for row in rows.to_dict("records")
    )
    assert counted == Counter(events(found.history))
    assert set(timeline["list"]) - set(EVENTS) <= {"cla_reviews", "care_leavers", "adoptions"}


@every_seed
def test_the_events_of_a_child_are_numbered_in_the_order_of_their_days(
    council: Callable[[int], Council], seed: int
) -> None:
    for _, rows in council(seed).today.timeline.groupby("person_ref", observed=True):
        assert list(rows["event_no"]) == list(range(1, len(rows) + 1))
        assert rows["event_date"].is_monotonic_increasing


@every_seed
def test_what_changed_is_what_two_deliveries_show(council: Callable[[int], Council], seed: int) -> None:
    found = council(seed)
    rows = found.changes[found.changes["list"].ne("care_leavers")]
    rows = rows[rows["change"].isin(["new", "closed", "reopened", "team"])]
    counted = Counter(
        Change(
            row["list"],
            found.child_ids[row["person_ref"]],
            as_day(plain(row["record_date"])),
            row["change"],
            plain(row["from_text"]),
            plain(row["to_text"]),
        )
        for row in rows.to_dict("records")
    )
    assert counted == Counter(changes(found.history))
    assert set(rows["change"]) >= {"new", "closed"}


LISTS = tuple(every_delivered_list())
PLANS = st.builds(
    Plan,
    seed=st.integers(0, 2**32 - 1),
    children=st.integers(4, 14),
    deliveries=st.integers(1, 4),
    lists=st.just(LISTS),
)


@pytest.mark.slow
@settings(max_examples=30, deadline=None, derandomize=True)
@given(PLANS)
def test_the_lists_of_a_random_history_are_those_recounted(plan: Plan) -> None:
    """Its newest delivery is often dated between two quarters' ends."""
    delivered = deliveries(plan)
    tables = casebook.core(*(as_cleaned(delivery) for delivery in delivered)).tables
    counter = prepare_counter(tables, load_registry())
    day = Day.newest(counter, {"protection_visit": f"{PROTECTION_VISIT_WORKING_DAYS} working days"})
    people = tables["person"]
    found = entries(
        list_today(day, NO_ISSUES), dict(zip(people["person_ref"], people["child_id"], strict=True))
    )
    known = day_lists(day)
    recounted = every_list(History(delivered))
    for name in known:
        assert found.get(name, Counter()) == Counter(recounted[name]), name


def day_lists(day: Day) -> list[str]:
    """The lists that are known on a day, those counted by another KPI with it."""
    lists = list_today(day, NO_ISSUES).lists
    return list(lists.loc[lists["reason"].isna() & lists["counted_reason"].isna(), "worklist"])[:-1]

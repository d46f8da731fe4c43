"""The declarations of lists and events name columns, KPIs and intervals that exist."""

from __future__ import annotations

import pytest

from cf_pipeline.contracts.lists import list_contracts
from cf_pipeline.contracts.mapping import INTERVALS
from cf_pipeline.history.tables.core_tables import core_columns
from cf_pipeline.kpi.definitions.conditions import parse_term
from cf_pipeline.kpi.definitions.registry import load_registry
from cf_pipeline.kpi.definitions.sides import AT_END
from cf_pipeline.worklists.beside import BESIDE_COLUMNS
from cf_pipeline.worklists.declarations import BESIDE, Worklist, load_events, load_worklists
from cf_pipeline.worklists.list_items import DATA_ERRORS

WORKLISTS = list(load_worklists().values())
OPEN_CASE_COLUMNS = {"start_date", "child_status"}


def columns_of(worklist: Worklist) -> set[str]:
    named = {worklist.start, worklist.last, worklist.category, worklist.number, *worklist.side.columns}
    for due in worklist.due:
        named |= {parse_term(due.date).column, *(due.condition.columns if due.condition else ())}
    return {name for name in named if name is not None and not name.startswith(BESIDE)}


@pytest.mark.parametrize("worklist", WORKLISTS, ids=lambda each: each.name)
def test_a_list_names_what_exists(worklist: Worklist) -> None:
    known = set(core_columns(worklist.side.table)) | OPEN_CASE_COLUMNS
    assert {name.removeprefix(AT_END) for name in columns_of(worklist)} <= known
    assert {worklist.kpi, worklist.counted_by} <= {None, *load_registry()}
    assert worklist.beside in {None, *BESIDE_COLUMNS}
    assert {due.interval for due in worklist.due} <= {None, *INTERVALS}


def test_every_interval_of_the_mapping_is_one_of_a_list() -> None:
    used = {due.interval for worklist in WORKLISTS for due in worklist.due}
    assert set(INTERVALS) <= used


def test_names_of_lists_are_their_own() -> None:
    assert DATA_ERRORS not in load_worklists()
    assert len({each.title for each in WORKLISTS}) == len(WORKLISTS)


def test_an_event_names_a_date_and_a_code_of_its_list() -> None:
    for event in load_events():
        columns = core_columns(event.list)
        assert columns[event.date] == "datetime64[us]", event
        assert event.category is None or event.category in columns, event
        assert event.where is None or event.where.columns <= set(columns), event
    assert len({(event.list, event.date) for event in load_events()}) == len(load_events())


def test_every_list_about_children_that_has_a_key_date_has_an_event() -> None:
    dated = {
        (name, "missing_start_date" if name == "missing_episodes" else contract.key_date)
        for name, contract in list_contracts().items()
        if contract.is_about_children and contract.key_date
    }
    assert dated <= {(event.list, event.date) for event in load_events()}


def test_the_rule_of_a_due_date_reads_as_one_sentence() -> None:
    visits = load_worklists()["protection_visits"]
    assert visits.due_rule({}) is None
    assert visits.due_rule({"protection_visit": "28 days"}) == (
        "cp_last_visit_date + 28 days; cp_plan_start_date + 28 days"
    )
    assert (
        load_worklists()["care_visits"]
        .due_rule({})
        .startswith(
            "last_visit_date + 91 days if permanence_plan in (LTFOST, RESPLMT); last_visit_date + 42 days;"
        )
    )

"""When an alert is due, and when it is over."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from cf_pipeline.operations.alerts.alert import (
    CHECK_FAILED,
    COMMAND_FAILED,
    HELD,
    NOTHING_NEW,
    PUBLISH_OLD,
    REFUSED,
    RUN_FAILED,
    UNREAD,
    Alert,
)
from cf_pipeline.operations.alerts.conditions import find_alerts, find_ended, find_good_night
from cf_pipeline.operations.graph_state import PUBLISHING, EndedRun, FailedCheck, GraphState, OpenRun, Ticker
from cf_pipeline.operations.project_state import (
    LAKE,
    RECORDS,
    Hold,
    ProjectState,
    Publication,
    Refusal,
)
from cf_pipeline.project.operations.alert_settings import AlertSettings

NOW = dt.datetime(2026, 3, 1, 6, tzinfo=dt.UTC)
NIGHT = dt.datetime(2026, 3, 1, 2, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
SETTINGS = AlertSettings(True, 100, 30, None)
NIGHTLY = Ticker("nightly", "schedule", True, NIGHT, "success")
WELL = ProjectState(
    NOW,
    ("camden",),
    Publication(1, NOW - DAY, "1.0"),
    newest_files={"camden": NOW - 99 * DAY},
    graph=GraphState(
        runs=(EndedRun("camden", False, NOW), EndedRun(PUBLISHING, False, NOW)), tickers=(NIGHTLY,)
    ),
)


def state(**changes: object) -> ProjectState:
    return dataclasses.replace(WELL, **changes)


def graph(**changes: object) -> ProjectState:
    return state(graph=dataclasses.replace(WELL.graph, **changes))


def kinds(found: set[Alert]) -> list[tuple[str, str]]:
    return sorted((alert.kind, alert.authority) for alert in found)


def test_nothing_is_due_while_all_is_well() -> None:
    assert find_alerts(WELL, SETTINGS) == set()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (graph(runs=(EndedRun("camden", True, NOW),)), [(RUN_FAILED, "camden")]),
        (graph(runs=(EndedRun(PUBLISHING, True, NOW),)), [(RUN_FAILED, "")]),
        (graph(failed_checks=(FailedCheck("camden", "contract"),)), [(CHECK_FAILED, "camden")]),
        (graph(failed_checks=(FailedCheck("camden", "no_delivery_is_held"),)), []),
        (graph(failed_checks=(FailedCheck("camden", "every_file_was_read"),)), []),
        (state(holds=(Hold("camden", "a", ""), Hold("camden", "b", "contacts"))), [(HELD, "camden")] * 2),
        (state(refusals=(Refusal("camden", "a.xlsx: damaged"),)), [(REFUSED, "camden")]),
        (state(newest_files={"camden": NOW - 101 * DAY}), [(NOTHING_NEW, "camden")]),
        (state(publication=Publication(1, NOW - dt.timedelta(hours=31), "1.0")), [(PUBLISH_OLD, "")]),
        (state(unread={LAKE: "damaged"}), [(UNREAD, "")]),
    ],
)
def test_what_is_wrong_is_due(given: ProjectState, expected: list[tuple[str, str]]) -> None:
    assert kinds(find_alerts(given, SETTINGS)) == expected


REFUSED_RUN = EndedRun("camden", True, NOW, is_refusal=True)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"refusals": (Refusal("camden", "a.xlsx: damaged"),)}, [(REFUSED, "camden")]),
        ({"holds": (Hold("camden", "a", ""),)}, [(HELD, "camden")]),
        (
            {"refusals": (Refusal("hackney", "a.xlsx: damaged"),)},
            [(REFUSED, "hackney"), (RUN_FAILED, "camden")],
        ),
        ({}, [(RUN_FAILED, "camden")]),
    ],
)
def test_a_run_whose_whole_input_was_refused_or_held_is_told_once(
    given: dict[str, object], expected: list[tuple[str, str]]
) -> None:
    graph_state = dataclasses.replace(WELL.graph, runs=(REFUSED_RUN,))
    assert kinds(find_alerts(state(graph=graph_state, **given), SETTINGS)) == expected


def test_a_run_that_broke_is_told_beside_what_was_refused() -> None:
    broken = dataclasses.replace(WELL.graph, runs=(EndedRun("camden", True, NOW),))
    told = find_alerts(state(graph=broken, refusals=(Refusal("camden", "a.xlsx: damaged"),)), SETTINGS)
    assert kinds(told) == [(REFUSED, "camden"), (RUN_FAILED, "camden")]


def test_a_limit_of_nothing_is_never_passed() -> None:
    old = state(newest_files={"camden": NOW - 999 * DAY}, publication=Publication(1, NOW - 999 * DAY, "1.0"))
    assert find_alerts(old, AlertSettings(True, 0, 0, None)) == set()


def test_no_alert_holds_a_name_of_a_file_or_folder() -> None:
    named = state(holds=(Hold("camden", "Ana Smith", ""),), refusals=(Refusal("camden", "Ana Smith.xlsx"),))
    assert "Ana" not in str(find_alerts(named, SETTINGS))


def test_a_command_that_failed_is_due_unless_its_reason_is() -> None:
    assert find_alerts(WELL, SETTINGS, True) == {Alert(COMMAND_FAILED)}
    assert find_alerts(WELL, SETTINGS, False) == find_alerts(WELL, SETTINGS, None) == set()
    assert kinds(find_alerts(graph(runs=(EndedRun("camden", True, NOW),)), SETTINGS, True)) == [
        (RUN_FAILED, "camden")
    ]


def test_an_alert_is_over_once_its_source_says_so() -> None:
    told = {Alert(RUN_FAILED, "camden"), Alert(HELD, "camden", "1")}
    assert find_ended(told, set(), WELL, is_command_known=False) == told
    unread = state(unread={RECORDS: "down"})
    assert find_ended(told, set(), unread, is_command_known=False) == {Alert(HELD, "camden", "1")}
    assert find_ended(told, told, WELL, is_command_known=False) == set()


def test_only_the_end_of_a_command_says_that_commands_end_well() -> None:
    told = {Alert(COMMAND_FAILED)}
    assert find_ended(told, set(), WELL, is_command_known=False) == set()
    assert find_ended(told, set(), WELL, is_command_known=True) == told


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (WELL, NIGHT),
        (graph(open_runs=(OpenRun("camden", NOW),)), None),
        (graph(runs=(EndedRun("camden", True, NOW),)), None),
        (
            state(
                graph=dataclasses.replace(WELL.graph, runs=(REFUSED_RUN,)),
                refusals=(Refusal("camden", "a.xlsx: damaged"),),
            ),
            NIGHT,
        ),
        (graph(tickers=(dataclasses.replace(NIGHTLY, ended="failure"),)), None),
        (graph(tickers=(dataclasses.replace(NIGHTLY, ended="skipped"),)), NIGHT),
        (graph(tickers=()), None),
        (state(graph=None), None),
    ],
)
def test_a_night_is_good_when_all_that_it_started_ended_well(
    given: ProjectState, expected: dt.datetime | None
) -> None:
    assert find_good_night(given) == expected

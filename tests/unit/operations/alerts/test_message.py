"""The words of alerts: counts and names of authorities."""

from __future__ import annotations

from cf_pipeline.operations.alerts.alert import HELD, NOTHING_NEW, RUN_FAILED, SOURCE, UNREAD, Alert
from cf_pipeline.operations.alerts.message import alert_texts, write_message
from cf_pipeline.operations.project_state import LAKE
from cf_pipeline.project.operations.alert_settings import AlertSettings

SETTINGS = AlertSettings(True, 100, 30, None)


def test_every_kind_has_its_words() -> None:
    assert set(alert_texts()) == set(SOURCE)
    assert {frozenset(words) for words in alert_texts().values()} == {
        frozenset({"one", "many", "over", "fix"})
    }


def test_a_message_has_a_line_a_kind_and_authority() -> None:
    began = {Alert(HELD, "camden", "1"), Alert(HELD, "camden", "2"), Alert(HELD, "hackney", "3")}
    message = write_message(began, {Alert(RUN_FAILED, "", "publishing")}, SETTINGS)
    assert message.subject == "Children and Families pipeline: 3 new, 1 over"
    assert message.lines == (
        "New: camden: 2 deliveries or lists are held until someone decides. "
        "The data-quality workbook says what is in doubt.",
        "New: hackney: 1 delivery or list is held until someone decides. "
        "The data-quality workbook says what is in doubt.",
        "Over: All authorities: runs succeed again.",
    )


def test_limits_and_sources_are_named() -> None:
    lines = write_message({Alert(NOTHING_NEW, "camden"), Alert(UNREAD, "", LAKE)}, set(), SETTINGS).lines
    assert "more than 100 days" in lines[0] and "the lake cannot be read" in lines[1]

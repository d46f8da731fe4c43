import json

import pytest

from cf_pipeline.operations.audit import audit_log, read_actions, record_action, verify_actions
from cf_pipeline.project.logs.chained_log import LogError


def test_an_action_has_who_when_what_why_and_how_many(tmp_path):
    record_action(
        tmp_path, "accept", "camden/2019-12-31", by="A. Analyst", because="a new team", counts={"doubts": 2}
    )
    (entry,) = read_actions(tmp_path)
    assert (entry.action, entry.subject) == ("accept", "camden/2019-12-31")
    assert (entry.by, entry.because) == ("A. Analyst", "a new team")
    assert entry.counts == {"doubts": 2}
    assert entry.time.utcoffset() is not None


def test_an_action_of_the_program_is_by_the_user_of_the_system(tmp_path):
    record_action(tmp_path, "publish", "version 1")
    assert next(read_actions(tmp_path)).by


def test_a_line_that_somebody_changed_is_found(tmp_path):
    for number in (1, 2, 3):
        record_action(tmp_path, "publish", f"version {number}")
    assert verify_actions(tmp_path).lines == 3
    path = audit_log(tmp_path).path
    path.write_text(path.read_text().replace("version 2", "version 9"))
    with pytest.raises(LogError, match="line 2 was changed"):
        verify_actions(tmp_path)


def test_lines_that_are_missing_at_the_end_are_found(tmp_path):
    for number in (1, 2):
        record_action(tmp_path, "publish", f"version {number}")
    path = audit_log(tmp_path).path
    first, _ = path.read_text().splitlines(keepends=True)
    path.write_text(first)
    with pytest.raises(LogError, match="1 line is missing"):
        verify_actions(tmp_path)


def test_the_log_is_for_its_owner_alone(tmp_path):
    record_action(tmp_path, "publish", "version 1")
    assert audit_log(tmp_path).path.stat().st_mode & 0o077 == 0
    assert json.loads(audit_log(tmp_path).path.read_text())["action"] == "publish"

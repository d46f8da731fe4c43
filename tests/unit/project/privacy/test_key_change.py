"""The file of a change of the key: private, whole, and who may go on meanwhile."""

from dataclasses import replace

import pytest

from cf_pipeline.project.privacy.key_change import (
    BUILDING,
    FILE,
    PUBLISHING,
    KeyChange,
    KeyChangeError,
    KeyChangeUnderWayError,
    end_key_change,
    find_key_change,
    is_key_change_begun,
    is_key_changing,
    is_key_replaced,
    write_key_change,
)

OLD, NEW = "o" * 32, "n" * 32
CHANGE = KeyChange(
    OLD, NEW, True, "a loss", "DPO", "2026-03-01T12:00:00+00:00", ("camden",), {"camden": "h"}, PUBLISHING
)


def test_without_a_file_no_change_is_under_way(tmp_path):
    assert not is_key_change_begun(tmp_path)
    assert find_key_change(tmp_path) is None
    assert not is_key_changing(tmp_path, OLD.encode())


def test_a_change_is_read_as_it_was_written_by_its_owner_alone(tmp_path):
    write_key_change(tmp_path, CHANGE)
    assert is_key_change_begun(tmp_path)
    assert find_key_change(tmp_path) == CHANGE
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert OLD not in repr(CHANGE) and NEW not in repr(CHANGE)


def test_what_there_is_may_be_published_until_it_is_replaced(tmp_path):
    assert not is_key_replaced(tmp_path, OLD.encode())
    write_key_change(tmp_path, replace(CHANGE, phase=BUILDING))
    assert not is_key_replaced(tmp_path, OLD.encode())
    write_key_change(tmp_path, CHANGE)
    assert is_key_replaced(tmp_path, NEW.encode())
    with pytest.raises(KeyChangeUnderWayError):
        is_key_replaced(tmp_path, OLD.encode())


def test_only_a_process_with_the_new_key_goes_on(tmp_path):
    write_key_change(tmp_path, CHANGE)
    assert is_key_changing(tmp_path, NEW.encode())
    with pytest.raises(KeyChangeUnderWayError, match="is being changed") as refusal:
        is_key_changing(tmp_path, OLD.encode())
    assert refusal.value.may_pass
    end_key_change(tmp_path)
    assert not is_key_changing(tmp_path, OLD.encode())


@pytest.mark.parametrize("content", ["", "{", "[]", '{"old_key": "o"}'])
def test_a_damaged_file_is_told_and_nothing_is_guessed(tmp_path, content):
    (tmp_path / FILE).write_text(content)
    with pytest.raises(KeyChangeError, match="cannot be read"):
        find_key_change(tmp_path)

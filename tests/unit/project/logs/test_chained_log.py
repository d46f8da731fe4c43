"""A log that grows only: what somebody changed, removed, added or moved in it is found."""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import json
import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cf_pipeline.errors import MachineError
from cf_pipeline.project.logs import chained_log
from cf_pipeline.project.logs.chained_log import ChainedLog, End, LogError

NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
TRICKY = 'a "quoted",\n"hash":"' + "0" * 64 + '"} \u2028\u202e'


def log_of(folder: Path, lines: int = 5) -> ChainedLog:
    log = ChainedLog(folder / "logs", "access")
    for number in range(1, lines + 1):
        log.add({"user": "anna", "subject": f"list {number}", "row_count": None}, NOON)
    return log


def change(log: ChainedLog, action: Callable[[list[bytes]], list[bytes]]) -> None:
    log.path.write_bytes(b"".join(action(log.path.read_bytes().splitlines(keepends=True))))


def with_own_hash(line: bytes, old: bytes, new: bytes) -> bytes:
    """A line that was changed by someone who knows how its hash is made."""
    text = line.replace(old, new).rpartition(b',"hash"')[0]
    return text + b',"hash":"' + hashlib.sha256(text).hexdigest().encode() + b'"}\n'


def test_lines_are_numbered_and_chained_and_for_their_owner_alone(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    entries = list(log.entries())
    assert [entry["number"] for entry in entries] == [1, 2, 3, 4, 5]
    assert [entry["previous"] for entry in entries[1:]] == [entry["hash"] for entry in entries[:-1]]
    assert entries[0]["time"] == "2026-03-01T12:00:00.000+00:00"
    assert (entries[0]["user"], entries[0]["row_count"]) == ("anna", None)
    assert log.verify() == End(5, log.path.stat().st_size, str(entries[-1]["hash"]))
    assert {stat.S_IMODE(path.stat().st_mode) for path in log.path.parent.iterdir()} == {0o600}
    assert stat.S_IMODE(log.path.parent.stat().st_mode) == 0o700


def test_a_text_that_looks_like_the_end_of_a_line_is_one_line(tmp_path: Path) -> None:
    log = ChainedLog(tmp_path, "access")
    log.add({"subject": TRICKY}, NOON)
    log.add({"subject": "next"}, NOON)
    assert log.verify().lines == 2
    assert [entry["subject"] for entry in log.entries()] == [TRICKY, "next"]


@pytest.mark.parametrize(
    ("action", "said"),
    [
        (lambda ls: [ls[0], ls[1].replace(b"anna", b"anne"), *ls[2:]], "line 2 was changed"),
        (lambda ls: [ls[0], with_own_hash(ls[1], b"anna", b"anne"), *ls[2:]], "line 3 does not follow"),
        (lambda ls: [*ls[:4], with_own_hash(ls[4], b"anna", b"anne")], "line 5 is not the one"),
        (lambda ls: [ls[0], *ls[2:]], "line 2 is missing or not in its place; there stands line 3"),
        (lambda ls: [ls[0], ls[2], ls[1], *ls[3:]], "line 2 is missing or not in its place"),
        (lambda ls: [ls[0], ls[0], *ls[1:]], "line 2 is missing or not in its place"),
        (lambda ls: ls[1:], "line 1 is missing or not in its place"),
        (lambda ls: ls[:4], "1 line is missing after line 4"),
        (lambda ls: ls[:2], "3 lines are missing after line 2"),
        (lambda ls: [*ls[:4], ls[4][:-9]], "1 line is missing after line 4"),
        (lambda _: [], "5 lines are missing after line 0"),
        (lambda ls: [*ls[:2], b"\n", *ls[2:]], "line 3 was changed"),
        (lambda ls: [*ls[:2], b"{}\n", *ls[2:]], "line 3 was changed"),
        (lambda ls: [*ls, b"{}\n"], "line 6 was changed"),
        (lambda ls: [ls[0].replace(b'"number":1', b'"number": 1'), *ls[1:]], "line 1 was changed"),
    ],
)
def test_a_line_that_is_not_as_it_was_written_is_found(
    tmp_path: Path, action: Callable[[list[bytes]], list[bytes]], said: str
) -> None:
    log = log_of(tmp_path)
    change(log, action)
    with pytest.raises(LogError, match=said):
        log.verify()


def test_a_log_that_was_shortened_or_lengthened_takes_no_more_lines(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    whole = log.path.read_bytes()
    for content, said in (
        (whole[:-300], "shorter than it was left"),
        (whole + b"{}\n", "line 6 was changed"),
    ):
        log.path.write_bytes(content)
        with pytest.raises(LogError, match=said):
            log.add({"user": "anna"}, NOON)
        assert log.path.read_bytes() == content
    log.path.unlink()
    with pytest.raises(LogError, match="is gone"):
        log.verify()
    with pytest.raises(LogError, match="shorter than it was left"):
        log.add({"user": "anna"}, NOON)


def test_a_process_that_was_killed_between_a_line_and_its_note_spoils_nothing(tmp_path: Path) -> None:
    log = log_of(tmp_path, lines=2)
    noted = log.end_path.read_bytes()
    log.add({"subject": "written and not noted"}, NOON)
    log.end_path.write_bytes(noted)
    assert log.verify().lines == 3
    with log.path.open("ab") as file:
        file.write(b'{"number":4,"half')
    assert log.verify().lines == 3
    log.add({"subject": "next"}, NOON)
    assert [entry["number"] for entry in log.entries()] == [1, 2, 3, 4]
    assert log.verify().lines == 4


def test_several_at_once_make_one_chain(tmp_path: Path) -> None:
    def add(number: int) -> None:
        ChainedLog(tmp_path, "access").add({"subject": str(number)}, NOON)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(60)))
    log = ChainedLog(tmp_path, "access")
    assert log.verify().lines == 60
    assert {entry["subject"] for entry in log.entries()} == {str(number) for number in range(60)}


@pytest.mark.parametrize("writes", [0, 1])
def test_a_full_disk_is_one_sentence_and_leaves_the_log_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    log, pwrite, left = log_of(tmp_path), os.pwrite, [writes]
    before = log.path.read_bytes()

    def fill(file: int, content: bytes, place: int) -> int:
        if not left[0]:
            pwrite(file, content[:10], place)
            raise OSError(errno.ENOSPC, "full")
        left[0] -= 1
        return pwrite(file, content, place)

    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", fill)
        with pytest.raises(MachineError, match=r"access\.jsonl could not be written: the disk is full"):
            log.add({"user": "anna"}, NOON)
    assert log.path.read_bytes() == before


def test_a_note_of_the_end_that_cannot_be_read_stops_the_log(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    for content in (b"{", b"[]", json.dumps({"lines": 5}).encode() + b"x", b"\xff"):
        log.end_path.write_bytes(content)
        with pytest.raises(LogError, match="cannot be read: bring it back"):
            log.add({"user": "anna"}, NOON)


def test_a_folder_or_a_link_in_the_place_of_the_log_is_refused(tmp_path: Path) -> None:
    (tmp_path / "access.jsonl").mkdir()
    with pytest.raises(LogError, match="could not be written"):
        ChainedLog(tmp_path, "access").add({}, NOON)
    (tmp_path / "there").write_text("")
    (tmp_path / "other.jsonl").symlink_to(tmp_path / "there")
    with pytest.raises(LogError, match="could not be written"):
        ChainedLog(tmp_path, "other").add({}, NOON)
    assert (tmp_path / "there").read_text() == ""


def test_a_log_that_is_not_there_has_no_lines(tmp_path: Path) -> None:
    for read in (ChainedLog(tmp_path, "access").verify, ChainedLog(tmp_path, "access").entries):
        with pytest.raises(LogError, match="nothing was written to it"):
            list(read())  # type: ignore[call-overload]
    assert list(tmp_path.iterdir()) == []


def test_an_entry_has_no_name_of_the_log_s_own(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="names of its own: hash"):
        ChainedLog(tmp_path, "access").add({"hash": "x"}, NOON)


def test_a_text_is_replaced_in_every_line_and_the_log_is_whole_again(tmp_path):
    log = ChainedLog(tmp_path, "access")
    for subject in ("child 3f01", "list visits", "child 3f01"):
        log.add({"subject": subject}, NOON)
    before = log.verify()
    assert log.replace_texts({"3f01": "erased"}) == 2
    assert [entry["subject"] for entry in log.entries()] == ["child erased", "list visits", "child erased"]
    assert (log.verify().lines, log.verify().hash != before.hash) == (3, True)
    log.add({"subject": "the next"}, NOON)
    assert log.verify().lines == 4
    assert sorted(path.name for path in tmp_path.iterdir()) == ["access.end", "access.jsonl"]


def test_lines_of_before_a_time_are_removed_and_the_others_are_chained_again(tmp_path):
    log = ChainedLog(tmp_path, "access")
    assert (log.count_before(NOON), log.remove_before(NOON)) == (0, 0)
    days = [NOON - dt.timedelta(days=number) for number in (9, 2, 1)]
    for number, day in enumerate(days):
        log.add({"subject": f"list {number}"}, day)
    assert log.count_before(days[2]) == log.remove_before(days[2]) == 2
    assert [(entry["number"], entry["subject"]) for entry in log.entries()] == [(1, "list 2")]
    assert log.verify().lines == 1
    assert log.remove_before(days[2]) == 0
    assert log.remove_before(NOON) == 1
    assert log.verify().lines == 0
    log.add({"subject": "the next"}, NOON)
    assert log.verify().lines == 1


def test_a_log_without_the_text_and_one_that_is_not_there_stay(tmp_path):
    log = ChainedLog(tmp_path, "access")
    assert log.replace_texts({"3f01": "erased"}) == 0
    assert not log.path.exists()
    log.add({"subject": "list visits"}, NOON)
    before = log.path.read_bytes()
    assert log.replace_texts({"3f01": "erased"}) == 0
    assert log.path.read_bytes() == before


@pytest.mark.parametrize("next_command", ["verify", "add"])
def test_a_log_that_was_half_written_anew_is_completed_by_whoever_opens_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, next_command: str
) -> None:
    log = log_of(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(chained_log, "_write_end", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            log.replace_texts({"list": "page"})
    if next_command == "add":
        log.add({"subject": "page 6"}, NOON)
    assert log.verify().lines == 5 + (next_command == "add")
    assert [entry["subject"] for entry in log.entries()][:2] == ["page 1", "page 2"]
    assert len(list(log.path.parent.iterdir())) == 2

"""A log that only grows: each line holds the hash of the line before, and a small file beside it the end.

A line that somebody changed, removed, added or moved is found by its hash, lines that are missing at the end
by the file beside it. Someone who may write both files could write the whole log anew: whoever wants to rule
that out keeps a copy of the last hash elsewhere.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from cf_pipeline.errors import PlainError, is_machine_fault, machine_error, path_sentence
from cf_pipeline.project.private_files import private_folder, write_private

Entry: TypeAlias = "Mapping[str, str | int | None]"
FIRST_HASH = "0" * 64
"""What the first line holds in the place of the hash of the line before."""
OWN_NAMES = ("number", "time", "previous", "hash")
_HASH = re.compile(rb'^(\{.*),"hash":"([0-9a-f]{64})"\}$', re.DOTALL)
_END_LENGTH = 160
"""Bytes of the file that says where the log ends: always as many, so that a full disk has room for them."""


class LogError(PlainError):
    """The log cannot be written to, or is not as it was left."""


@dataclass(frozen=True)
class End:
    """Where a log ends: its lines, its bytes, and the hash of its last line."""

    lines: int = 0
    size: int = 0
    hash: str = FIRST_HASH


class ChainedLog:
    """One log: `<name>.jsonl` in a folder, a JSON object a line, for its owner alone (mode 0600)."""

    def __init__(self, folder: Path, name: str) -> None:
        """`folder`: made with the first line. `name`: of the log."""
        self.path = folder / f"{name}.jsonl"
        self.end_path = folder / f"{name}.end"
        self._new_path = folder / f"{name}.rewritten"

    def add(self, entry: Entry, time: dt.datetime) -> None:
        """Write a line, and wait until it is on the disk.

        Args:
            entry: what happened, by names other than those of OWN_NAMES.
            time: when, with its zone.

        Raises:
            LogError: the log is not as it was left; nothing was written.
            MachineError: the disk is full or fails; nothing was written.
        """
        with self._open() as (log, end_file):
            before = self._completed(log, self._read_end(end_file))
            line, line_hash = _write_line(entry, before.lines + 1, time, before.hash)
            try:
                _write_all(log, line, before.size)
                os.fsync(log)
                _write_end(end_file, End(before.lines + 1, before.size + len(line), line_hash))
            except OSError:
                os.ftruncate(log, before.size)  # else the next line would follow half a line
                raise

    def replace_texts(self, text_by_text: Mapping[str, str]) -> int:
        """Write the log anew with texts in the place of others; as of `rewrite`."""
        return self.rewrite(lambda line: _replace_all(line, text_by_text))

    def remove_before(self, time: dt.datetime) -> int:
        """Write the log anew without the lines of before a time; as of `rewrite`."""
        return self.rewrite(lambda line: "" if _time(json.loads(line)) < time else line)

    def count_before(self, time: dt.datetime) -> int:
        """How many lines are of before a time; 0 without a log."""
        return sum(_time(entry) < time for entry in self.entries()) if self.path.exists() else 0

    def rewrite(self, change: Callable[[str], str]) -> int:
        """Write the log anew with every line changed, chained again; returns how many lines are others.

        A log of which no line is another stays as it is. The new log lies beside the old one while it is
        written, and whoever opens the log completes what a process that was killed left undone.

        Args:
            change: gives the line of JSON to write for one, with the names of the log's own; '' for none.

        Raises:
            LogError: the log is not as it was left; nothing was written.
            MachineError: the disk is full or fails.
        """
        if not self.path.exists():
            return 0
        self.verify()
        with self._open() as (log, end_file):
            before = self._completed(log, self._read_end(end_file))
            lines = os.pread(log, before.size, 0).decode().splitlines()
            changed = [change(line) for line in lines]
            count = sum(new != old for new, old in zip(changed, lines, strict=True))
            if count:
                self._write_anew(log, end_file, [json.loads(line) for line in changed if line])
            return count

    def _write_anew(self, log: int, end_file: int, entries: list[dict[str, str | int | None]]) -> None:
        content, end = b"", End()
        for entry in entries:
            own = {name: value for name, value in entry.items() if name not in OWN_NAMES}
            time = dt.datetime.fromisoformat(str(entry["time"]))
            line, line_hash = _write_line(own, end.lines + 1, time, end.hash)
            content, end = content + line, End(end.lines + 1, end.size + len(line), line_hash)
        write_private(self._new_path, content)
        self._complete_rewriting(log, end_file)

    def _complete_rewriting(self, log: int, end_file: int) -> None:
        """Put a log that was written anew in the place of the one before, where there is one."""
        try:
            content = self._new_path.read_bytes()
        except FileNotFoundError:
            return
        lines = content.splitlines()
        _write_all(log, content, 0)
        os.ftruncate(log, len(content))
        os.fsync(log)
        _write_end(
            end_file, End(len(lines), len(content), json.loads(lines[-1])["hash"] if lines else FIRST_HASH)
        )
        self._new_path.unlink()

    def entries(self) -> Iterator[dict[str, str | int | None]]:
        """The lines as they stand, in order, unverified.

        Raises:
            LogError: there is no log, or a line is none of a log.
        """
        for number, line in enumerate(self._lines(), 1):
            try:
                yield json.loads(line)
            except ValueError:
                raise LogError(f"{self.path}: line {number} is no line of this log.") from None

    def verify(self) -> End:
        """Where the log ends, when every line is as it was written.

        Lines may be added meanwhile; they are not waited for.

        Raises:
            LogError: there is no log, or with the first line that is not as it was written, or that lines are
                missing at the end.
        """
        lines = self._lines()
        with self._open() as (log, end_file):
            noted, size = self._read_end(end_file), os.fstat(log).st_size
        end, is_met = End(), noted == End()
        for line in lines:
            if end.size + len(line) > size or not line.endswith(b"\n"):
                break
            end = self._next_end(end, line)
            is_met = is_met or end == noted
        if not is_met:
            missing = noted.lines - end.lines
            raise LogError(
                f"{self.path}: {_lines_words(missing)} missing after line {end.lines}."
                if missing > 0
                else f"{self.path}: line {noted.lines} is not the one that {self.end_path.name} says."
            )
        return end

    def _next_end(self, end: End, line: bytes) -> End:
        """The end after one more line, which must follow the end before it."""
        number = end.lines + 1
        found = _HASH.match(line.rstrip(b"\n"))
        if found is None or hashlib.sha256(found[1]).hexdigest().encode() != found[2]:
            raise LogError(f"{self.path}: line {number} was changed, or is no line of this log.")
        entry = json.loads(line)
        if entry["number"] != number:
            raise LogError(
                f"{self.path}: line {number} is missing or not in its place; there stands line "
                f"{entry['number']}."
            )
        if entry["previous"] != end.hash:
            raise LogError(f"{self.path}: line {number} does not follow the line before; one was changed.")
        return End(number, end.size + len(line), entry["hash"])

    def _completed(self, log: int, end: End) -> End:
        """The end of the log, after a process that was killed between a line and the note of it."""
        rest = _read_from(log, end.size)
        if rest is None:
            raise LogError(
                f"{self.path} is shorter than it was left: somebody removed lines. Keep it and "
                f"{self.end_path.name} elsewhere for whoever looks into that; a new log begins then."
            )
        *whole, half = rest.split(b"\n")
        for line in whole:
            end = self._next_end(end, line + b"\n")
        if half:
            os.ftruncate(log, end.size)
        return end

    def _read_end(self, end_file: int) -> End:
        content = os.pread(end_file, _END_LENGTH, 0)
        if not content and os.fstat(end_file).st_size == 0:
            return End()
        try:
            return End(**json.loads(content))
        except (ValueError, TypeError):
            raise LogError(f"{self.end_path} cannot be read: bring it back from a copy.") from None

    def _lines(self) -> Iterator[bytes]:
        if not self.path.exists():
            gone = "is gone" if self.end_path.exists() else "is not there yet: nothing was written to it"
            raise LogError(f"The log {self.path} {gone}.")
        return _lines_of(self.path)

    @contextmanager
    def _open(self) -> Iterator[tuple[int, int]]:
        """The log and the file of its end, open for one process at a time."""
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        fault, files = None, []
        try:
            private_folder(self.path.parent)
            files.append(os.open(self.path, flags, 0o600))
            files.append(os.open(self.end_path, flags, 0o600))
            fcntl.flock(files[0], fcntl.LOCK_EX)
            self._complete_rewriting(*files)
            yield files[0], files[1]
        except OSError as error:
            fault = error
        finally:
            for file in files:
                os.close(file)
        if fault is not None:
            subject = f"The log {self.path} could not be written"
            if is_machine_fault(fault):
                raise machine_error(subject, fault)
            raise LogError(f"{subject}: {path_sentence(fault) or 'check that it may be used.'}")


def _time(entry: Entry) -> dt.datetime:
    return dt.datetime.fromisoformat(str(entry["time"]))


def _replace_all(line: str, text_by_text: Mapping[str, str]) -> str:
    for old, new in text_by_text.items():
        line = line.replace(old, new)
    return line


def _write_line(entry: Entry, number: int, time: dt.datetime, previous: str) -> tuple[bytes, str]:
    """A line with its hash, and the hash."""
    if clashes := set(OWN_NAMES) & set(entry):
        raise ValueError(f"the log has names of its own: {', '.join(sorted(clashes))}")
    when = time.astimezone(dt.UTC).isoformat(timespec="milliseconds")
    content = {"number": number, "time": when, **entry, "previous": previous}
    text = json.dumps(content, ensure_ascii=True, separators=(",", ":")).removesuffix("}").encode()
    line_hash = hashlib.sha256(text).hexdigest()
    return text + f',"hash":"{line_hash}"}}\n'.encode(), line_hash


def _write_end(end_file: int, end: End) -> None:
    text = json.dumps({"lines": end.lines, "size": end.size, "hash": end.hash}).ljust(_END_LENGTH - 1) + "\n"
    _write_all(end_file, text.encode(), 0)
    os.fsync(end_file)


def _write_all(file: int, content: bytes, place: int) -> None:
    while content:
        count = os.pwrite(file, content, place)
        content, place = content[count:], place + count


def _lines_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from file


def _read_from(file: int, place: int) -> bytes | None:
    """What a file holds from a place on; None where it is shorter."""
    size = os.fstat(file).st_size
    return None if size < place else os.pread(file, size - place, place)


def _lines_words(count: int) -> str:
    return "1 line is" if count == 1 else f"{count} lines are"

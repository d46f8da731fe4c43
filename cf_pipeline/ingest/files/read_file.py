"""One file read through a child process with limits: the bytes parsed are the bytes hashed."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path

import numpy as np
import numpy.typing as npt

import cf_pipeline
from cf_pipeline.ingest.files import parser_process
from cf_pipeline.ingest.files.limits import MEGABYTE, Limits

ROOT = Path(cf_pipeline.__file__).parent.parent
START = f"import sys; sys.path.append({str(ROOT)!r}); sys.modules['numpy'] = None; \
from cf_pipeline.ingest.files import parser_process; sys.exit(parser_process.main(sys.argv[1]))"
"""openpyxl would import numpy when it is there: half of its start, and memory for threads."""
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "LANG", "TMPDIR")
"""The child gets no secret from the environment."""


@dataclass(frozen=True)
class Mark:
    """What reading noticed in a column (0-based; -1: the sheet), and in which rows (0-based) of it."""

    kind: str
    column: int
    rows: list[int]


@dataclass(frozen=True)
class Sheet:
    """One sheet as text: distinct texts of each column, and one number a row (-1: empty cell).

    `merged` are its merged ranges, as (first row, first column, last row, last column) from 0.
    """

    name: str
    visible: bool
    height: int
    texts: list[list[str]]
    codes: list[npt.NDArray[np.int32]]
    marks: list[Mark] = field(default_factory=list)
    merged: tuple[tuple[int, int, int, int], ...] = ()

    def rows(self, count: int) -> list[list[str | None]]:
        """The first `count` rows, cell by cell."""
        return [self.row(number) for number in range(min(count, self.height))]

    def row(self, number: int) -> list[str | None]:
        """One row (0-based), cell by cell."""
        return [
            None if codes[number] < 0 else texts[codes[number]]
            for texts, codes in zip(self.texts, self.codes, strict=True)
        ]


@dataclass(frozen=True)
class Reading:
    """What reading a file gave: its sheets, or the kind of its refusal."""

    sha256: str = ""
    size: int = 0
    is_text: bool = False
    sheets: list[Sheet] = field(default_factory=list)
    refused: str | None = None
    detail: str = ""


def read_file(path: Path, limits: Limits) -> Reading:
    """The sheets of a file as text, or why it is refused; never raises for what the file holds."""
    with tempfile.TemporaryDirectory(prefix="cf-read-") as folder:  # made 0700
        spool = Path(folder)
        copied = _copied(path, spool / "file", limits)
        if copied.refused:
            return copied
        result = _parsed(spool, limits)
        return Reading(
            copied.sha256, copied.size, result.is_text, result.sheets, result.refused, result.detail
        )


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's content, in hexadecimal; '' when it is no longer a file that can be read."""
    try:
        with _opened(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, NotAFileError):
        return ""


class NotAFileError(Exception):
    """A link, a device, a pipe: never opened for its content."""


def _opened(path: Path) -> BufferedReader:
    """A plain file, open for reading. What was looked at is what is opened: nothing can be put in between.

    Opening never waits (a pipe without a writer would) and never follows a link.
    """
    if not stat.S_ISREG(path.lstat().st_mode):
        raise NotAFileError  # opening a device may already do something
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotAFileError
    return os.fdopen(descriptor, "rb")


def _copied(path: Path, target: Path, limits: Limits) -> Reading:
    most = limits.file_mb * MEGABYTE
    digest, size = hashlib.sha256(), 0
    try:
        with _opened(path) as source, target.open("wb") as copy:
            before = os.fstat(source.fileno())
            while size <= most and (block := source.read(MEGABYTE)):
                size += len(block)
                digest.update(block)
                copy.write(block)
        after = path.lstat()
    except NotAFileError:
        return Reading(refused="not_a_file")
    except OSError:
        return Reading(refused="vanished")
    if size > most:
        return Reading(refused="too_large")
    seen = {(each.st_ino, each.st_size, each.st_mtime_ns) for each in (before, after)}
    if len(seen) > 1 or size != after.st_size:
        return Reading(refused="changing")
    return Reading(digest.hexdigest(), size)


def _parsed(spool: Path, limits: Limits) -> Reading:
    ended = _run(parser_process.order(spool / "file", spool, limits), spool, limits)
    if ended in ("memory", "crashed"):
        looked = _run(
            parser_process.order(spool / "file", spool, limits, look_for_far_cell=True), spool, limits
        )
        if looked == "refused" and _refusal(spool).refused == "far_cell":
            return _refusal(spool)
    if ended == "refused":
        return _refusal(spool)
    if ended != "read":
        return Reading(refused=ended)
    written = json.loads((spool / "sheets.json").read_text())
    codes = np.fromfile(spool / "codes.bin", dtype=np.int32)
    sheets, at = [], 0
    for sheet in written["sheets"]:
        height, width = sheet["height"], len(sheet["texts"])
        block = codes[at : at + height * width].reshape(width, height)
        at += height * width
        marks = [Mark(*mark) for mark in sheet["marks"]]
        merged = tuple((*first, *last) for first, last in sheet["merged"])
        sheets.append(
            Sheet(sheet["name"], sheet["visible"], height, sheet["texts"], list(block), marks, merged)
        )
    return Reading(is_text=written["kind"] == "text", sheets=sheets)


def _refusal(spool: Path) -> Reading:
    said = json.loads((spool / "refused.json").read_text())
    return Reading(refused=said["kind"], detail=said["detail"])


def _run(argument: str, spool: Path, limits: Limits) -> str:
    """How the child ended: 'read', 'refused', 'time', 'memory' or 'crashed'."""
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    try:
        ended = subprocess.run(  # noqa: S603 - our own interpreter and module, no shell
            [sys.executable, "-I", "-c", START, argument],
            cwd=spool,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,  # a panic's message may quote the file
            timeout=limits.wall_seconds,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        return "time"
    if ended in (-signal.SIGXCPU, -signal.SIGKILL):
        return "time"
    return {0: "read", 3: "refused", 4: "memory", -signal.SIGABRT: "memory"}.get(ended, "crashed")

"""One file, read through a parser process with limits: the bytes parsed are the bytes hashed."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field, replace
from io import BufferedReader
from pathlib import Path

import numpy as np
import numpy.typing as npt

import cf_pipeline
from cf_pipeline.errors import escape_invisible, is_machine_fault
from cf_pipeline.ingest.files import parser_process
from cf_pipeline.ingest.files.formats.file_format import FileFormat
from cf_pipeline.ingest.files.formats.table import format_named
from cf_pipeline.ingest.files.limits import MEGABYTE, Limits
from cf_pipeline.ingest.files.machine import (
    KILLS,
    error_of_clock,
    error_of_kill,
    error_of_reading,
    find_shortage,
)
from cf_pipeline.ingest.files.spool import Spool, open_spool

ROOT = Path(cf_pipeline.__file__).parent.parent
PARSER_PROGRAM = f"import os, sys; sys.path.insert(0, {str(ROOT)!r}); sys.modules['numpy'] = None; \
from cf_pipeline.ingest.files import parser_process; os._exit(parser_process.main(sys.argv[1]))"
"""The parser process runs the code of the process that starts it.

It gets no numpy: openpyxl would import it when it is there, for half of its start and memory for threads. It
ends at once: its files are closed, and freeing every cell one by one takes time.
"""
FAULTS = {parser_process.NO_ROOM: errno.ENOSPC, parser_process.DEVICE_FAILED: errno.EIO}
"""Ends of the parser process that are the machine's doing."""
ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "LANG", "TMPDIR")
"""The variables that the parser process gets: it gets no secret."""


@dataclass(frozen=True)
class Mark:
    """One kind of fault in a column (0-based; -1: the whole sheet), and its rows (0-based)."""

    kind: str
    column: int
    rows: list[int]


@dataclass(frozen=True)
class Sheet:
    """One sheet as text: the distinct texts of each column, and a number for each row (-1: empty cell).

    `merged_ranges` are, as (first row, first column, last row, last column) from 0.
    """

    name: str
    visible: bool
    height: int
    texts: list[list[str]]
    codes: list[npt.NDArray[np.int32]]
    marks: list[Mark] = field(default_factory=list)
    merged_ranges: tuple[tuple[int, int, int, int], ...] = ()

    @property
    def shown_name(self) -> str:
        """Its name as messages and tables have it: every character visible."""
        return escape_invisible(self.name)

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
    """The result of reading a file: its format and sheets, or the kind and detail of its refusal.

    `sha256` is '' for a file that could not be copied whole; `file_format` is None for a refused one.
    """

    sha256: str = ""
    size: int = 0
    file_format: FileFormat | None = None
    sheets: list[Sheet] = field(default_factory=list)
    refusal: str | None = None
    detail: str = ""


class NotAFileError(Exception):
    """A link, a device, a pipe: never opened for its content."""


def read_file(path: Path, limits: Limits) -> Reading:
    """The sheets of a file as text, or the kind of its refusal; never raises for what the file holds.

    Raises:
        MachineError: the machine kept it from being read (disk, memory, a killed process), which says nothing
            about the file.
    """
    location, folder, error = "/".join(path.parts[-3:]), Path(), None
    try:
        folder = Path(tempfile.gettempdir())
        with open_spool(folder) as spool:
            copied = _copy_file(path, spool.copy, limits)
            if copied.refusal:
                return copied
            reading = _parse_copy(location, folder, spool, limits)
            return replace(reading, sha256=copied.sha256, size=copied.size)
    except (OSError, MemoryError) as fault:
        error = fault
    raise error_of_reading(location, folder, error)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's content, in hexadecimal; '' when it is no longer a file that can be read."""
    try:
        with _open_plain_file(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, NotAFileError):
        return ""


def _open_plain_file(path: Path) -> BufferedReader:
    """A plain file, open for reading.

    The file that is checked is the file that is opened: none can be put in between. Opening never waits (a
    pipe without a writer would) and never follows a link.

    Raises:
        NotAFileError: it is a link, a device or a pipe.
        OSError: it cannot be opened.
    """
    if not stat.S_ISREG(path.lstat().st_mode):
        raise NotAFileError  # opening a device may already do something
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotAFileError
    return os.fdopen(descriptor, "rb")


def _copy_file(path: Path, target: Path, limits: Limits) -> Reading:
    """Copy a file to the spool: its hash and size, or its refusal when it is too large or still written.

    Raises:
        OSError: the copy cannot be written, or a fault of the machine keeps the file from being read.
    """
    most = limits.file_mb * MEGABYTE
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as copy:
        try:
            with _open_plain_file(path) as source:
                before = os.fstat(source.fileno())
                while size <= most and (block := source.read(MEGABYTE)):
                    size += len(block)
                    digest.update(block)
                    copy.write(block)
            after = path.lstat()
        except NotAFileError:
            return Reading(refusal="not_a_file")
        except OSError as error:
            if is_machine_fault(error):
                raise
            return Reading(refusal="vanished")
    if size > most:
        return Reading(refusal="too_large")
    versions = {(status.st_ino, status.st_size, status.st_mtime_ns) for status in (before, after)}
    if len(versions) > 1 or size != after.st_size:
        return Reading(refusal="changing")
    return Reading(digest.hexdigest(), size)


def _parse_copy(location: str, folder: Path, spool: Spool, limits: Limits) -> Reading:
    """Parse the copy; after a crash or lack of memory, name the far cell that may be its cause.

    A process that was killed or broke down is tried once more before anything is said.

    Raises:
        MachineError: the process was killed twice, or did not end in time.
        OSError, MemoryError: the machine lacks disk or memory; the file may be as it should be.
    """
    request = parser_process.parse_request(*spool, limits)
    outcome = _run_parser(request, spool, limits)
    if outcome in ("killed", "crashed"):
        outcome = _run_parser(request, spool, limits)
    if outcome == "killed":
        raise error_of_kill(location)
    if outcome == "clock":
        raise error_of_clock(location, limits)
    if outcome in ("memory", "crashed"):
        far_cell = _find_far_cell(spool, limits)
        shortage = None if far_cell else find_shortage(folder, limits)
        if shortage is not None:
            raise shortage
        return far_cell or Reading(refusal=outcome)
    if outcome == "refused":
        return _load_refusal(spool)
    return _load_sheets(spool) if outcome == "parsed" else Reading(refusal=outcome)


def _find_far_cell(spool: Spool, limits: Limits) -> Reading | None:
    """The refusal that names the cell at which the parser may have broken down; None without one."""
    request = parser_process.parse_request(*spool, limits, find_far_cell=True)
    if _run_parser(request, spool, limits) != "refused":
        return None
    refusal = _load_refusal(spool)
    return refusal if refusal.refusal == "far_cell" else None


def _load_sheets(spool: Spool) -> Reading:
    written = json.loads(spool.answer.read_text())
    codes = np.fromfile(spool.codes, dtype=np.int32)
    sheets, start = [], 0
    for sheet in written["sheets"]:
        height, width = sheet["height"], len(sheet["texts"])
        block = codes[start : start + height * width].reshape(width, height)
        start += height * width
        marks = [Mark(*mark) for mark in sheet["marks"]]
        merged_ranges = tuple((*first, *last) for first, last in sheet["merged_ranges"])
        sheets.append(
            Sheet(sheet["name"], sheet["visible"], height, sheet["texts"], list(block), marks, merged_ranges)
        )
    return Reading(file_format=format_named(written["format"]), sheets=sheets)


def _load_refusal(spool: Spool) -> Reading:
    written = json.loads(spool.answer.read_text())
    return Reading(refusal=written["kind"], detail=written["detail"])


def _run_parser(request: str, spool: Spool, limits: Limits) -> str:
    """How the parser process ended: 'parsed', 'refused', 'time', 'memory', 'crashed', 'killed' or 'clock'.

    'time' is the processor's, 'clock' that of the wall.

    Raises:
        OSError: the disk is full, another device fails, or no process can be started.
    """
    environment = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
    try:
        status = subprocess.run(  # noqa: S603 - our own interpreter and module, no shell
            [sys.executable, "-I", "-c", PARSER_PROGRAM, request],
            cwd="/",
            env=environment,
            pass_fds=spool.descriptors,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,  # stays empty; it closes with the process, which is then not polled for
            stderr=subprocess.DEVNULL,  # a panic's message may quote the file
            timeout=limits.wall_seconds,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        return "clock"
    if status in KILLS:
        return "killed"
    if status in FAULTS:
        raise OSError(FAULTS[status], "")
    outcomes = {
        -signal.SIGXCPU: "time",
        parser_process.PARSED: "parsed",
        parser_process.REFUSED: "refused",
        parser_process.OUT_OF_MEMORY: "memory",
        -signal.SIGABRT: "memory",
    }
    return outcomes.get(status, "crashed")

"""A fault of the machine is never told as the file's: the reading fails and refuses nothing."""

import errno
import resource
from contextlib import contextmanager
from dataclasses import replace

import pytest

from cf_pipeline.errors import MachineError
from cf_pipeline.ingest.files import machine, read_file
from cf_pipeline.ingest.files.limits import DEFAULT_LIMITS
from cf_pipeline.ingest.receive import receive_deliveries
from tests.support.workbooks import AUTHORITY, deliver_text

ROWS = b"Child Unique ID,Date of Contact,Contact Source\n" + b"A1,,\n" * 2000
# A process started to outlive its terminal ignores the signal of a terminal that is closed: here it kills.
KILL = "import os, signal; s = signal.{}; s == signal.SIGKILL or signal.signal(s, signal.SIG_DFL); \
os.kill(os.getpid(), s)"
ONCE = "import os; \
again = os.path.exists({0!r}); open({0!r}, 'w').close(); again or os.kill(os.getpid(), 9); "


@contextmanager
def largest_file(size):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def delivery(raw):
    deliver_text(raw, ROWS)
    return lambda limits=DEFAULT_LIMITS: receive_deliveries(raw, AUTHORITY, limits)


@pytest.mark.parametrize("size", [0, 4096, len(ROWS) - 1, len(ROWS), len(ROWS) + 100])
def test_wherever_the_temporary_folder_fills_the_reading_fails_and_nothing_is_refused(delivery, size):
    with largest_file(size), pytest.raises(MachineError) as failure:
        delivery()
    sentence = str(failure.value)
    assert sentence.startswith(
        "city-of-london/2019-12-31/list.csv could not be read (temporary files are in "
    )
    assert "the disk is full; free some space and run again" in sentence
    assert delivery().refusals == []
    assert len(delivery().lists["contacts"]) == 2000


def test_a_temporary_folder_that_is_gone_refuses_nothing(delivery, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    with pytest.raises(MachineError, match=r"gone\): no such file or directory"):
        delivery()


@pytest.mark.parametrize("signal", ["SIGKILL", "SIGTERM", "SIGHUP"])
def test_a_process_killed_twice_fails_the_reading(delivery, monkeypatch, signal):
    monkeypatch.setattr(read_file, "PARSER_PROGRAM", KILL.format(signal))
    with pytest.raises(MachineError, match="the process that reads it was killed"):
        delivery()


def test_a_process_killed_once_is_tried_again(delivery, monkeypatch, tmp_path):
    once = ONCE.format(str(tmp_path / "again"))
    monkeypatch.setattr(read_file, "PARSER_PROGRAM", once + read_file.PARSER_PROGRAM)
    assert delivery().refusals == []


def test_a_process_out_of_time_on_the_clock_fails_the_reading(delivery):
    with pytest.raises(MachineError, match="the machine is too busy"):
        delivery(replace(DEFAULT_LIMITS, wall_seconds=0.001))


@pytest.mark.parametrize("program", [KILL.format("SIGSEGV"), KILL.format("SIGABRT"), "raise SystemExit(1)"])
def test_a_file_at_which_the_reader_always_breaks_down_is_refused_by_name(delivery, monkeypatch, program):
    monkeypatch.setattr(read_file, "PARSER_PROGRAM", program)
    (sentence,) = delivery().refusals
    assert sentence.startswith("city-of-london/2019-12-31/list.csv: the file ")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [("free_memory_mb", lambda: 100, "no memory left"), ("LEAST_ROOM_MB", 10**12, "the disk is full")],
)
def test_a_reader_that_breaks_down_on_a_machine_in_need_refuses_nothing(
    delivery, monkeypatch, name, value, words
):
    monkeypatch.setattr(machine, name, value)
    monkeypatch.setattr(read_file, "PARSER_PROGRAM", KILL.format("SIGSEGV"))
    with pytest.raises(MachineError, match=words):
        delivery()


@pytest.mark.parametrize("number", [errno.EIO, errno.EMFILE, errno.ENOMEM, errno.ESTALE])
def test_a_device_that_fails_while_a_file_is_copied_refuses_nothing(delivery, monkeypatch, number):
    def fail(_path):
        raise OSError(number, "")

    monkeypatch.setattr(read_file, "_open_plain_file", fail)
    with pytest.raises(MachineError):
        delivery()


def test_the_memory_that_is_free_is_a_number_of_megabytes():
    assert 0 < machine.free_memory_mb() < 10**8

"""What a library in C prints is not seen; what the command prints before and after is."""

import os
import subprocess
import sys

import pytest

from cf_pipeline.cli.console import print_line
from cf_pipeline.cli.releasing.solver_output import discard_solver_output

PROGRAM = """
import ctypes
from cf_pipeline.cli.console import print_line
from cf_pipeline.cli.releasing.solver_output import discard_solver_output
print_line("before")
with discard_solver_output():
    ctypes.CDLL(None).puts(b"HighsMipSolverData::transformNewIntegerFeasibleSolution tmpSolver.run();")
print_line("after")
"""


@pytest.mark.parametrize("is_buffered", [True, False])
def test_the_lines_of_a_c_library_are_not_seen(is_buffered: bool) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    if not is_buffered:
        environment["PYTHONUNBUFFERED"] = "1"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["before", "after"]


def test_the_screen_is_back_after_an_error(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ZeroDivisionError), discard_solver_output():
        1 / 0  # noqa: B018 - the error is what is tested
    print_line("after")
    assert capfd.readouterr().out == "after\n"

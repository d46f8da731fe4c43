"""What Dagster prints when it cannot write its own records is kept off the screen."""

from __future__ import annotations

import sys

import pytest

from assets.support.screen import NOTE, without_notes_of_dagster


def test_only_dagsters_notes_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    with without_notes_of_dagster():
        sys.stderr.write(f"{NOTE}: database or disk is full\n[SQL: ...]\n[parameters: ('a', 'b')]\n")
        sys.stderr.write("hackney ...\n")
    assert capsys.readouterr().err == "hackney ...\n"

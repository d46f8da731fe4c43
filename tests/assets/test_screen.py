"""What Dagster prints when it cannot write its own records is kept off the screen."""

from __future__ import annotations

import sys
from pathlib import Path

import dagster
import pytest

from assets.support.screen import NOTES, without_notes_of_dagster

INSTANCE = Path(dagster.__file__).parent / "_core" / "instance"


@pytest.mark.parametrize("note", NOTES)
def test_only_dagsters_notes_are_left_out(note: str, capsys: pytest.CaptureFixture[str]) -> None:
    with without_notes_of_dagster():
        sys.stderr.write(f"{note}: database or disk is full\n[SQL: ...]\n[parameters: ('a', 'b')]\n")
        sys.stderr.write("hackney ...\n")
    assert capsys.readouterr().err == "hackney ...\n"


@pytest.mark.parametrize("note", NOTES)
def test_dagster_has_these_notes(note: str) -> None:
    files = (INSTANCE / "types.py", INSTANCE / "methods" / "event_methods.py")
    assert any(note in file.read_text(encoding="utf-8") for file in files)

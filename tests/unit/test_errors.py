"""A text from outside in a sentence: no terminal obeys it, and nobody is misled by what cannot be seen."""

from __future__ import annotations

import copy
import os
from pathlib import Path

import pytest

from cf_pipeline.cli.main import main
from cf_pipeline.errors import PlainError, escape_invisible, path_sentence
from tests.support.small_deliveries import deliver

HOSTILE = {
    "\x1b[31mRED\x1b]0;title\x07": r"\x1b[31mRED\x1b]0;title\x07",
    "\x9b2J": r"\x9b2J",
    "good\rREFUSED": r"good\rREFUSED",
    "one\ntwo\u2028three": r"one\ntwo\u2028three",
    "a\u202exslx": r"a\u202exslx",
    "a\u2066b\u2069\u200b": r"a\u2066b\u2069\u200b",
    os.fsdecode(b"na\xefve"): r"na\udcefve",
    "O’Connor – Müller 中": "O’Connor – Müller 中",
}


@pytest.mark.parametrize(("text", "shown"), list(HOSTILE.items()))
def test_what_is_invisible_is_written_out_once(text: str, shown: str) -> None:
    assert escape_invisible(text) == escape_invisible(shown) == shown
    error = PlainError(f"{text}: rename it.")
    assert str(error) == str(copy.copy(error)) == f"{shown}: rename it."


def test_every_command_shows_hostile_words_as_they_are_written(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    text = "\x1b[31m\u202eRED\x9b"
    file = deliver(project / "raw", "hackney")
    rows = file.read_text().splitlines()
    file.write_text("\n".join([f"{rows[0]},{text}", *(f"{row},v" for row in rows[1:])]))
    mapping = project / "raw" / "camden" / "mapping.toml"
    deliver(project / "raw", "camden")
    mapping.write_text('[headers.contacts]\n"Head" = "\\u001b[31m\\u202eRED\\u009b"\n')
    odd = file.with_name(f"{text}.csv")
    odd.write_text("x")
    commands = (
        ["check", str(project / "raw")],
        ["check", "--json", str(project / "raw")],
        ["accept", f"hackney/{text}", "--by", "A", "--because", "B"],
        ["explain", text, "2019/20 Q3"],
        ["forecast", text],
        [text],
    )
    for arguments in commands:
        try:
            main(arguments)
        except SystemExit as ended:
            assert ended.code == 1
        said = "".join(capfd.readouterr())
        assert said
        assert all(letter.isprintable() or letter == "\n" for letter in said)
    (project / "pipeline.toml").write_text('"\\u001b[31m" = 1\n')
    assert main(["check", str(file)]) == 1
    assert r"unknown setting \x1b[31m" in capfd.readouterr().err


def test_a_file_in_the_place_of_a_folder_is_named_itself(tmp_path: Path) -> None:
    file = tmp_path / "data"
    file.write_text("x")
    for make in ((file / "lake").mkdir, file.mkdir, (file / "a" / "b").touch):
        with pytest.raises(OSError) as caught:
            make()
        assert path_sentence(caught.value) == (
            f"{file} is a file where a folder should be; move it away and run again."
        )


def test_a_path_that_may_not_be_used_is_named_with_the_reason() -> None:
    error = PermissionError(13, "Permission denied", "/srv/cf/data")
    assert path_sentence(error) == "/srv/cf/data: permission denied; check that it may be used."
    assert path_sentence(OSError(5, "Input/output error")) == ""

"""The PDF: what happens where the machine has no browser or no font, and that its dates are fixed."""

from __future__ import annotations

from pathlib import Path

import pytest

from cf_pipeline.outputs.report.formats.paper_format import FormatUnavailableError
from cf_pipeline.outputs.report.formats.pdf import render_pdf

DATED = "%PDF-1.4 /Font /CreationDate (D:20991231235959+00'00') /ModDate (D:2099)"


def program(folder: Path, *lines: str) -> str:
    """A program in a browser's place."""
    path = folder / "browser"
    path.write_text("\n".join(["#!/bin/sh", *lines]), encoding="utf-8")
    path.chmod(0o700)
    return str(path)


def printing(folder: Path, content: str) -> str:
    """A program that prints this content where a browser is told to."""
    (folder / "content").write_text(content, encoding="utf-8")
    return program(
        folder,
        'for each in "$@"; do',
        f'case "$each" in --print-to-pdf=*) cp {folder}/content "${{each#--print-to-pdf=}}";; esac',
        "done",
    )


def test_without_a_browser_it_is_one_sentence() -> None:
    with pytest.raises(FormatUnavailableError, match="needs Chromium, and this machine has none: install"):
        render_pdf("<p>Report</p>", lambda: None)


def test_a_browser_that_prints_nothing_is_named(tmp_path: Path) -> None:
    with pytest.raises(FormatUnavailableError, match="browser printed no file"):
        render_pdf("<p>Report</p>", lambda: program(tmp_path, "exit 1"))


def test_a_browser_that_is_no_program_is_named(tmp_path: Path) -> None:
    with pytest.raises(FormatUnavailableError, match="printed no file"):
        render_pdf("<p>Report</p>", lambda: str(tmp_path / "gone"))


def test_a_machine_without_a_font_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(FormatUnavailableError, match="would have no text, because this machine has no font"):
        render_pdf("<p>Report</p>", lambda: printing(tmp_path, "%PDF-1.4 nothing drawn"))


def test_its_dates_are_fixed_and_no_byte_moves(tmp_path: Path) -> None:
    content = render_pdf("<p>Report</p>", lambda: printing(tmp_path, DATED))
    assert len(content) == len(DATED)
    assert b"2099" not in content
    assert b"/CreationDate (D:19800101000000+00'00')" in content


def test_the_browsers_temporary_folder_has_a_short_name_wherever_the_project_lies(tmp_path: Path) -> None:
    found = tmp_path / "found"
    with pytest.raises(FormatUnavailableError):
        render_pdf("<p>Report</p>", lambda: program(tmp_path, f'echo "$TMPDIR $(ls)" > {found}'))
    folder, _, files = found.read_text(encoding="utf-8").strip().partition(" ")
    assert folder == "."
    assert files == "report.html"

"""The report as PDF: its HTML, printed by a Chromium of this machine, tagged and with bookmarks.

The browser runs on a file in a folder of its own, without a network, and the folder is removed. The dates are
the same in every file: two files of a report differ in no date.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from os import environ, geteuid
from pathlib import Path

from cf_pipeline.outputs.report.formats.paper_format import FormatUnavailableError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""The names of programs that print, the first that is there is used."""
OPTIONS = (
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-extensions",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
    "--export-tagged-pdf",
)
LONGEST_SECONDS = 120
_DATE = re.compile(rb"/(CreationDate|ModDate) ?\(D:[^)]*\)")
_FIXED = b"D:19800101000000+00'00'"


def find_browser() -> str | None:
    """The path of a Chromium of this machine; None when there is none."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def render_pdf(html: str, browser: Callable[[], str | None] = find_browser) -> bytes:
    """The content of a PDF file of a page.

    Args:
        html: the page; it needs no other file.
        browser: finds the program that prints.

    Raises:
        FormatUnavailableError: there is no browser or no font, or the browser made no file.
    """
    program = browser()
    if program is None:
        raise FormatUnavailableError(
            "The PDF needs Chromium, and this machine has none: install Debian's package chromium and run "
            "`cf-pipeline report`."
        )
    with tempfile.TemporaryDirectory(prefix="cf-report-") as folder:
        content = _print(program, html, Path(folder))
    if not content.startswith(b"%PDF"):
        raise FormatUnavailableError(
            f"The PDF was not made: {program} printed no file; start it once by hand to see why."
        )
    if b"/Font" not in content:
        raise FormatUnavailableError(
            "The PDF would have no text, because this machine has no font: install Debian's package "
            "fonts-liberation and run `cf-pipeline report`."
        )
    return _DATE.sub(_with_fixed_date, content)


def _print(program: str, html: str, folder: Path) -> bytes:
    """What the browser printed; b'' when that is nothing."""
    page, printed = folder / "report.html", folder / "report.pdf"
    page.write_text(html, encoding="utf-8")
    command = [program, *OPTIONS, *_as_root(), f"--user-data-dir={folder / 'profile'}"]
    command += [f"--print-to-pdf={printed}", page.as_uri()]
    try:
        # Chromium makes a socket in its folder for temporary files, and a socket's path has at most 107
        # letters: the name of the folder it works in is short wherever the project lies.
        subprocess.run(  # noqa: S603 - the program found above, and no text of a user
            command,
            capture_output=True,
            timeout=LONGEST_SECONDS,
            check=False,
            cwd=folder,
            env={**environ, "TMPDIR": "."},
        )
    except (OSError, subprocess.TimeoutExpired):
        return b""
    return printed.read_bytes() if printed.is_file() else b""


def _as_root() -> Sequence[str]:
    """Chromium refuses to start as root with its sandbox."""
    return ("--no-sandbox",) if geteuid() == 0 else ()


def _with_fixed_date(date: re.Match[bytes]) -> bytes:
    """The date, in as many bytes as it had: the file's table of contents counts them."""
    whole = date[0]
    start = whole[: whole.index(b"(") + 1]
    room = len(whole) - len(start) - 1
    return start + _FIXED[:room].ljust(room) + b")"

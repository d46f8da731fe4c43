"""The screen: single lines, the progress of a run, and the tables of a run and of a checked file."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress
from rich.table import Table

from cf_pipeline.errors import escape_invisible
from cf_pipeline.project.runs.last_run import AuthorityResult, LastRun
from cf_pipeline.project.settings import Settings

MOST_AUTHORITIES = 3
"""With more authorities the files are named once, as a pattern."""
NARROWEST = 120
"""Fewest columns of a table that goes to a file or a pipe."""
HEADINGS = (
    "Authority",
    "Files read",
    "Rows read",
    "Rows loaded",
    "Quarantined",
    "Superseded",
    "KPIs published",
    "Missing",
    "As at",
)


def print_line(text: str, *, error: bool = False) -> None:
    """Print one line, never wrapped and never coloured; `error` prints it on standard error.

    A character that a terminal would obey, or that nobody sees, is written out.
    """
    _console(stderr=error).print(escape_invisible(text), soft_wrap=True, highlight=False, markup=False)


def print_table(table: Table) -> None:
    """Print a table; where the output is no terminal it is at least `NARROWEST` columns wide."""
    _console().print(table)


class Progress:
    """A bar over all steps of a run; where the output is no terminal, one line an authority instead."""

    def __init__(self, steps: int) -> None:
        console = _console(stderr=True)
        self._is_terminal = console.is_terminal
        self._bar = RichProgress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not self._is_terminal,
        )
        self._task = self._bar.add_task("", total=steps)

    def __enter__(self) -> Progress:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def start(self, subject: str) -> None:
        """Show what is worked on now: an authority, or publishing."""
        self._bar.update(self._task, description=subject)
        if not self._is_terminal:
            print_line(f"{subject} ...", error=True)

    def step(self, subject: str, name: str) -> None:
        """Advance the bar by one step, the one that has ended."""
        self._bar.update(self._task, advance=1, description=f"{subject}: {name.replace('_', ' ')}")


def print_run(settings: Settings, last: LastRun, refused_folders: list[str]) -> None:
    """Print the table of a run, what was refused, and where the files and the warehouse are."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in HEADINGS:
        left = heading in ("Authority", "As at")
        table.add_column(heading, justify="left" if left else "right", no_wrap=left, overflow="fold")
    for result in last.results:
        table.add_row(*_cells(result))
    print_line("")
    print_table(table)
    print_line("")
    for sentence in [*refused_folders, *last.refusals]:
        print_line(f"Refused: {sentence}")
    for result in last.results:
        if result.files_read is None:
            figures = (
                f"its figures of {result.as_at} stay published" if result.as_at else "it has no figures yet"
            )
            print_line(f"{result.authority}: nothing new could be worked out; {figures}.")
        if result.missing_sentence:
            print_line(f"{result.authority}: {result.missing_sentence}")
        if result.accepted_sentence:
            print_line(f"Accepted: {result.accepted_sentence}")
        if result.withdrawn_as_at:
            print_line(
                f"{result.authority}: the figures published as at {result.withdrawn_as_at} are withdrawn; "
                f"the newest delivery that counts is as at {result.as_at}."
            )
    authorities = [result.authority for result in last.results if result.files_read is not None]
    for line in _file_lines(settings, authorities, last):
        print_line(line)
    for sentence in last.notes:
        print_line(f"Published figures: {sentence}")
    if last.rollback_sentence:
        print_line(
            f"After a rollback: {last.rollback_sentence} `cf-pipeline publish` shows the newest again."
        )


def print_lists(lists: list[dict[str, Any]]) -> None:
    """Print the lists found in one file: rows read, loaded and quarantined, and how many issues."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("  List", "Sheet", "Rows read", "Rows loaded", "Quarantined", "Issues"):
        table.add_column(heading, justify="left" if heading in ("  List", "Sheet") else "right")
    for entry in lists:
        counts = (entry["rows_read"], entry["rows_loaded"], entry["rows_quarantined"])
        issues = sum(entry["issues"].values())
        table.add_row(
            f"  {entry['list']}",
            escape(entry["sheet"]),
            *(f"{count:,}" for count in (*counts, issues)),
        )
    print_table(table)


def _cells(result: AuthorityResult) -> list[str]:
    counts = (
        result.files_read,
        result.rows_read,
        result.rows_loaded,
        result.rows_quarantined,
        result.rows_superseded,
        result.kpis_published,
        result.kpis_missing,
    )
    return [result.authority, *("-" if count is None else f"{count:,}" for count in counts), result.as_at]


def _file_lines(settings: Settings, authorities: list[str], last: LastRun) -> list[str]:
    names = authorities if len(authorities) <= MOST_AUTHORITIES else ["<authority>"]
    places = [
        (
            f"{'  ' if file.is_restricted else ''}{file.title}:",
            str(settings.outputs / name / file.name),
        )
        for name in names
        for file in last.files
    ]
    places.append(("Warehouse:", settings.warehouse_shown))
    width = max(len(title) for title, _ in places)
    return [f"{title:<{width}} {place}" for title, place in places]


def _console(*, stderr: bool = False) -> Console:
    console = Console(stderr=stderr)
    if not console.is_terminal:
        console.width = max(console.width, NARROWEST)
    return console

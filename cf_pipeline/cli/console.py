"""What a run shows: a progress bar while it works, a table of every authority when it has ended."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress
from rich.table import Table

from cf_pipeline.project.last_run import LastRun, Line
from cf_pipeline.project.settings import Settings

FEW = 3
NARROWEST = 120
HEADINGS = (
    "Authority",
    "Files read",
    "Rows read",
    "Rows loaded",
    "Quarantined",
    "Superseded",
    "KPIs published",
    "As at",
)


def say(text: str, *, error: bool = False) -> None:
    """One line for the reader, as it is: never wrapped, never coloured by what it holds."""
    _console(stderr=error).print(text, soft_wrap=True, highlight=False, markup=False)


class Progress:
    """A bar over all steps of a run; on anything but a terminal one line an authority."""

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
        self._what = ""

    def __enter__(self) -> Progress:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def start(self, what: str) -> None:
        """Say what is worked on now."""
        self._what = what
        self._bar.update(self._task, description=what)
        if not self._is_terminal:
            say(f"{what} ...", error=True)

    def step(self, name: str) -> None:
        """One step has ended."""
        self._bar.update(self._task, advance=1, description=f"{self._what}: {name.replace('_', ' ')}")


def show(settings: Settings, last: LastRun, misnamed: list[str]) -> None:
    """The table of a run, its refusals, and where everything is."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in HEADINGS:
        left = heading in ("Authority", "As at")
        table.add_column(heading, justify="left" if left else "right", no_wrap=left, overflow="fold")
    for line in last.lines:
        table.add_row(*_cells(line))
    console = _console()
    console.print()
    console.print(table)
    console.print()
    for sentence in [*misnamed, *last.refusals]:
        say(f"Refused: {sentence}")
    for line in last.lines:
        if line.files_read is None:
            kept = f"its figures of {line.as_at} stay published" if line.as_at else "it has no figures yet"
            say(f"{line.authority}: nothing new could be worked out; {kept}.")
        if line.withdrawn_as_at:
            say(
                f"{line.authority}: the figures published as at {line.withdrawn_as_at} are withdrawn; "
                f"the newest delivery that counts is as at {line.as_at}."
            )
    for place in _places(settings, [line.authority for line in last.lines if line.files_read is not None]):
        say(place)


def list_table(lists: list[dict[str, Any]]) -> None:
    """The lists found in one file: rows read, loaded and quarantined, and how many issues."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("  List", "Sheet", "Rows read", "Rows loaded", "Quarantined", "Issues"):
        table.add_column(heading, justify="left" if heading in ("  List", "Sheet") else "right")
    for found in lists:
        counts = (found["rows_read"], found["rows_loaded"], found["rows_quarantined"])
        issues = sum(found["issues"].values())
        table.add_row(
            f"  {found['list']}", escape(found["sheet"]), *(f"{count:,}" for count in (*counts, issues))
        )
    _console().print(table)


def _cells(line: Line) -> list[str]:
    counts = (
        line.files_read,
        line.rows_read,
        line.rows_loaded,
        line.rows_quarantined,
        line.rows_superseded,
        line.kpis_published,
    )
    return [line.authority, *("-" if count is None else f"{count:,}" for count in counts), line.as_at]


def _places(settings: Settings, authorities: list[str]) -> list[str]:
    shown = authorities if len(authorities) <= FEW else ["<authority>"]
    lines = []
    for name in shown:
        lines.append(f"Committee report:      {settings.outputs / name / 'committee_report.html'}")
        lines.append(f"Data-quality workbook: {settings.outputs / name / 'data_quality.xlsx'}")
        restricted = settings.outputs / name / "restricted" / "data_quality_by_child.xlsx"
        lines.append(f"  with case ids:       {restricted}")
    lines.append(f"Warehouse:             {settings.warehouse_shown}")
    return lines


def _console(*, stderr: bool = False) -> Console:
    console = Console(stderr=stderr)
    if not console.is_terminal:
        console.width = max(console.width, NARROWEST)
    return console
